import type { Words } from '../../contract/words.ts';
import { peopleOf } from '../company/people.ts';
import type { Answer } from '../wire/envelope.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { decisionForm } from './decision-form.ts';
import { escape, page, type PageFrame } from './page.ts';
import type { SandboxApp } from './sandbox-app.ts';
import { scopeList } from './scope-words.ts';

const words = {
  title: { zh: '授权登录', en: 'Sign in' },
  allow: { zh: '授权', en: 'Authorize' },
  deny: { zh: '取消', en: 'Cancel' },
  returns: { zh: '完成后返回', en: 'Afterwards you return to' },
} as const satisfies Record<string, Words>;

/** What an app asks for when somebody signs in to it. */
export function asksOf(app: SandboxApp): Words {
  const { name } = app.record;
  return { zh: `「${name}」申请以你的身份：`, en: `“${name}” asks to act as you:` };
}

/** The consent page: who signs in, what the app asks for, yes or no. */
export function consentPage(frame: PageFrame, app: SandboxApp, request: AuthorizeRequest): Answer {
  const { language } = frame;
  const target = new URL(request.redirectUri);
  const body = `<p>${escape(asksOf(app)[language])}</p>${scopeList(request.scopes, language)}
${decisionForm(frame, { people: peopleOf(frame.brand), allow: words.allow, deny: words.deny })}
<small>${words.returns[language]} <code>${escape(target.origin + target.pathname)}</code></small>`;
  return page(frame, { title: words.title, body, formTarget: target.origin });
}
