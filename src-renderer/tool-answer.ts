import type { TryResultView } from '../src-main/contract/tool-views.ts';
import type { Language } from '../src-main/contract/words.ts';
import { isRecord } from './tool-form.ts';

/** What a tool answered, for people to read. */
export interface ToolAnswer {
  /** JSON is laid out in lines; anything else is as it came. */
  text: string;
  /** What went wrong, in words. */
  message: string | null;
  /** A page that mends it, such as a sign-in. */
  link: string | null;
}

/** Makes the text that a client would get readable. */
export function toolAnswer({ isError, text }: Pick<TryResultView, 'isError' | 'text'>, language: Language): ToolAnswer {
  const value = parse(text);
  const shown = value === undefined ? text : JSON.stringify(value, undefined, 2);
  const error = isError && isRecord(value) && isRecord(value['error']) ? value['error'] : undefined;
  if (!error) return { text: shown, message: null, link: null };
  const { message } = error;
  const words = isRecord(error['words']) ? error['words'][language] : undefined;
  const said = typeof words === 'string' ? words : message;
  return { text: shown, message: typeof said === 'string' ? said : null, link: linkIn(error) };
}

/** Only https leads out of the page, and plain http to this machine. */
function linkIn(error: Record<string, unknown>): string | null {
  const places = [error['signInUrl'], error['grantUrl'], error['consoleUrl']];
  const link = places.find((place): place is string => typeof place === 'string');
  return link !== undefined && /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/])/.test(link) ? link : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
