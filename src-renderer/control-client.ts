import type { ControlEvent, ControlInput, ControlMethod, ControlOutput } from '../src-main/contract/control.ts';
import type { FaultBody } from '../src-main/contract/fault-codes.ts';
import type { Words } from '../src-main/contract/words.ts';

/** Why the gateway did not do something, in words for people. `code` is null when it did not answer at all. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: FaultBody['code'] | null;
  readonly words: Words;
  /** Facts that help, such as the fields at fault. */
  readonly details: Record<string, unknown>;

  constructor(code: FaultBody['code'] | null, words: Words, details: Record<string, unknown> = {}) {
    super(words.en);
    this.code = code;
    this.words = words;
    this.details = details;
  }

  /** Whether the gateway names this field of the input as the one at fault. */
  isAbout(field: string): boolean {
    const { field: one, fields } = this.details;
    return one === field || (Array.isArray(fields) && fields.includes(field));
  }

  static from(thrown: unknown): ControlError {
    return thrown instanceof ControlError ? thrown : new ControlError(null, unreachable);
  }
}

/** Asks the gateway. Rejects with a ControlError. The browser adds the cookie that lets this page in. */
export async function callControl<M extends ControlMethod>(
  method: M,
  input: ControlInput<M>,
  signal?: AbortSignal,
): Promise<ControlOutput<M>> {
  const response = await send(method, JSON.stringify(input), signal);
  const answer: ControlOutput<M> & { fault?: FaultBody } = await response.json().catch(() => {
    throw new ControlError(null, unreachable);
  });
  if (response.ok) return answer;
  const { fault } = answer;
  throw fault ? new ControlError(fault.code, fault.words, fault.details) : new ControlError(null, unreachable);
}

async function send(method: string, body: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    const headers = { 'content-type': 'application/json' };
    return await fetch(`/control/${method}`, { method: 'POST', headers, body, ...(signal && { signal }) });
  } catch {
    throw new ControlError(null, unreachable);
  }
}

export interface EventsReader {
  event(event: ControlEvent): void;
  /** Events are flowing. */
  open(): void;
  /** Connection lost; the browser is trying again by itself. */
  lost(): void;
  /** Events were missed, or the gateway refused: only a new snapshot helps. */
  ended(reason: 'gap' | 'refused'): void;
}

/** Follows the events after `since` until the returned function is called. */
export function followEvents(since: number, reader: EventsReader): () => void {
  const source = new EventSource(`/control/events?since=${since}`);
  const end = (reason: 'gap' | 'refused') => {
    source.close();
    reader.ended(reason);
  };
  source.addEventListener('open', () => reader.open());
  source.addEventListener('message', (message) => reader.event(JSON.parse(message.data)));
  source.addEventListener('gap', () => end('gap'));
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) end('refused');
    else reader.lost();
  });
  return () => source.close();
}

const unreachable: Words = {
  zh: '连不上网关。请确认 LarkGate 正在运行，页面会自动重连。',
  en: 'The gateway cannot be reached. Check that LarkGate is running; this page reconnects by itself.',
};
