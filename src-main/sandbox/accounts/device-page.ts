import type { Words } from '../../contract/words.ts';
import { peopleOf } from '../company/people.ts';
import type { Answer } from '../wire/envelope.ts';
import { asksOf } from './consent-page.ts';
import { decisionForm } from './decision-form.ts';
import type { DeviceRequest } from './device-book.ts';
import { escape, page, type PageFrame, type PageProblem } from './page.ts';
import type { SandboxApp } from './sandbox-app.ts';
import { scopeList } from './scope-words.ts';

const words = {
  title: { zh: '确认登录', en: 'Confirm the sign-in' },
  compare: { zh: '请核对用户码与你看到的一致：', en: 'Check that this is the code you were shown:' },
  allow: { zh: '授权', en: 'Authorize' },
  deny: { zh: '取消', en: 'Cancel' },
  enter: { zh: '输入用户码', en: 'Enter the user code' },
  next: { zh: '下一步', en: 'Next' },
  allowed: { zh: '已授权', en: 'Authorized' },
  goBack: { zh: '可以关闭此页面，回到应用继续。', en: 'You can close this page and go back to the app.' },
  refused: { zh: '已取消', en: 'Canceled' },
  nothing: { zh: '没有授权任何内容，可以关闭此页面。', en: 'Nothing was granted. You can close this page.' },
} as const satisfies Record<string, Words>;

/** Why a user code leads nowhere. */
export const deviceProblems: Record<'unknown' | 'expired', PageProblem> = {
  unknown: {
    code: null,
    words: {
      zh: '用户码不正确，或者已经使用过。请回到应用重新开始。',
      en: 'The user code is wrong or was used before. Go back to the app and start again.',
    },
  },
  expired: {
    code: null,
    words: {
      zh: '用户码已过期。请回到应用重新开始。',
      en: 'The user code has expired. Go back to the app and start again.',
    },
  },
};

/** Who signs in to which app with which scopes, yes or no. Nothing leads back to the app. */
export function devicePage(frame: PageFrame, app: SandboxApp, request: DeviceRequest): Answer {
  const { language } = frame;
  const body = `<p>${words.compare[language]} <strong>${request.userCode}</strong></p>
<p>${escape(asksOf(app)[language])}</p>${scopeList(request.scopes, language)}
${decisionForm(frame, { people: peopleOf(frame.brand), allow: words.allow, deny: words.deny })}`;
  return page(frame, { title: words.title, body });
}

export function askForCode(frame: PageFrame): Answer {
  const { language } = frame;
  const body = `<form method="get"><p><input name="user_code" aria-label="${words.enter[language]}" placeholder="XXXX-XXXX" autocomplete="off" autofocus required></p>
<p class="buttons"><button class="allow">${words.next[language]}</button></p></form>`;
  return page(frame, { title: words.enter, body });
}

export function decidedPage(frame: PageFrame, allowed: boolean): Answer {
  const { language } = frame;
  const body = `<p role="status">${(allowed ? words.goBack : words.nothing)[language]}</p>`;
  return page(frame, { title: allowed ? words.allowed : words.refused, body });
}
