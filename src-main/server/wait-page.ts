import type { FaultBody } from '../contract/fault-codes.ts';
import type { AccountView, LoginStep, LoginView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import { type Html, html } from './html.ts';
import { type Page, both, codeText, notCompleted } from './pages.ts';
import { qrCode } from './qr-code.ts';

export interface WaitFacts {
  login: LoginView;
  /** The client whose call asks for more. */
  asker: string | null;
  /** Where another attempt begins. */
  again: string | null;
  now: number;
}

/** What a person confirms just now, and how; or why nothing is to be confirmed any more. */
export function waitPage(facts: WaitFacts): Page {
  const { login } = facts;
  if (login.state === 'failed' || login.state === 'canceled') return failedPage(login.fault, facts.again);
  const title = stepTitle(login);
  if (login.url === null) return { title, text: preparing, more: noteOf(login), refreshSeconds: 2 };
  return {
    title,
    text: whatToDo[stepOf(login)],
    more: html`${askedFor(facts)}${wayToConfirm(login, login.url)}${noteOf(login)}${timeLeft(login, facts.now)}`,
    refreshSeconds: 3,
  };
}

export function signedInPage(account: AccountView): Page {
  const { zh, en } = account.refreshExpiresAt === null ? cannotRenew : goBack;
  return {
    title: { zh: '授权成功', en: 'Signed in' },
    text: { zh: `${account.name}，${zh}`, en: `${account.name}: ${en}` },
  };
}

/** Asks which of the two the client shall work as. `token` proves that this page was sent to the browser that answers. */
export function conflictPage(account: AccountView, former: AccountView | undefined, token: string): Page {
  const formerName = former ? labelOf(former) : unknownAccount;
  const { zh, en } = labelOf(account);
  return {
    title: { zh: '授权成功', en: 'Signed in' },
    text: {
      zh: `你以 ${zh} 的身份登录了；这个客户端此前使用的是 ${formerName.zh}，目前没有改变。要改用 ${zh} 吗？`,
      en: `You signed in as ${en}; this client works as ${formerName.en}, and that was not changed. Use ${en} instead?`,
    },
    more: html`<form class="actions" method="post" action="/oauth/rebind">
      <input type="hidden" name="token" value="${token}" /><button class="button" name="choice" value="use">
        改用 ${zh} / Use ${en}</button
      ><button class="button plain" name="choice" value="keep">保持 ${formerName.zh} / Keep ${formerName.en}</button>
    </form>`,
    hasForm: true,
  };
}

export function chosenPage(choice: 'use' | 'keep', account: Words): Page {
  const text =
    choice === 'use'
      ? { zh: `这个客户端从现在起以 ${account.zh} 的身份工作`, en: `This client works as ${account.en} from now on` }
      : { zh: `这个客户端仍以 ${account.zh} 的身份工作`, en: `This client still works as ${account.en}` };
  return {
    title: choice === 'use' ? { zh: '已切换', en: 'Switched' } : { zh: '未改变', en: 'Nothing changed' },
    text: { zh: `${text.zh}。${goBack.zh}`, en: `${text.en}. You can ${goBack.en}` },
  };
}

/** How an account is called where two are compared: a pasted token may be the same person's. */
export function labelOf({ name, way }: Pick<AccountView, 'name' | 'way'>): Words {
  return way === 'token' ? { zh: `${name}（粘贴的令牌）`, en: `${name} (pasted token)` } : { zh: name, en: name };
}

export const unknownAccount: Words = { zh: '一个已退出登录的账号', en: 'an account that is signed out' };

function failedPage(fault: FaultBody | null, again: string | null): Page {
  return {
    title: notCompleted,
    text: fault?.words ?? ended,
    more:
      again === null ? undefined : html`<p class="actions"><a class="button" href="${again}">重试 / Try again</a></p>`,
    code: fault ? codeText(fault.code, fault.details) : undefined,
  };
}

function stepOf({ steps, step }: LoginView): LoginStep {
  return steps[step] ?? 'sign_in';
}

function stepTitle(login: LoginView): Words {
  const { zh, en } = stepNames[stepOf(login)];
  const { length } = login.steps;
  if (length < 2) return { zh, en };
  const step = login.step + 1;
  return { zh: `第 ${step} 步，共 ${length} 步：${zh}`, en: `Step ${step} of ${length}: ${en}` };
}

/** What a call needs, by name: this page was opened because of it, and the person judges it. */
function askedFor({ login, asker }: WaitFacts): Html | undefined {
  if (asker === null) return undefined;
  const scopes = login.scopes.filter((scope) => scope !== 'offline_access');
  return html`${both({ zh: `“${asker}”的调用需要以下权限：`, en: `A call of “${asker}” needs:` })}
    <ul>
      ${scopes.map((scope) => html`<li>${scope}</li>`)}
    </ul>`;
}

function wayToConfirm(login: LoginView, url: string): Html {
  const isDevice = login.way === 'device' || stepOf(login) !== 'sign_in';
  const button = html`<p class="actions">
    <a class="button" href="${url}" target="_blank" rel="noopener noreferrer">在浏览器中打开 / Open in the browser</a>
  </p>`;
  if (!isDevice) return button;
  const code =
    login.userCode === null
      ? undefined
      : html`<p>核对码 / <span lang="en">Code to compare</span>: <span class="mark">${login.userCode}</span></p>`;
  return html`${qrCode(url, scanLabel)}${button}${code}`;
}

function noteOf({ note }: LoginView): Html | undefined {
  return note === null ? undefined : html`<div role="status">${both(note)}</div>`;
}

function timeLeft({ expiresAt }: LoginView, now: number): Html | undefined {
  if (expiresAt === null) return undefined;
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return html`<p class="quiet">${time} 后过期 · <span lang="en">expires in ${time}</span></p>`;
}

const stepNames: Record<LoginStep, Words> = {
  create_app: { zh: '创建应用', en: 'Create the app' },
  extend_app: { zh: '为应用开通权限', en: 'Enable permissions on the app' },
  sign_in: { zh: '登录授权', en: 'Sign in' },
};

const whatToDo: Record<LoginStep, Words> = {
  create_app: {
    zh: '用飞书扫码或打开链接，确认创建应用。本页会自动更新。',
    en: 'Scan with Feishu/Lark or open the link, and confirm the new app. This page goes on by itself.',
  },
  extend_app: {
    zh: '用飞书扫码或打开链接，确认为应用开通权限。本页会自动更新。',
    en: 'Scan with Feishu/Lark or open the link, and confirm what the app may do. This page goes on by itself.',
  },
  sign_in: {
    zh: '用飞书扫码或打开链接，核对后确认授权。本页会自动更新。',
    en: 'Scan with Feishu/Lark or open the link, check what it says and consent. This page goes on by itself.',
  },
};

const scanLabel: Words = { zh: '登录二维码', en: 'QR code to sign in' };

const preparing: Words = { zh: '正在准备链接，请稍候。', en: 'Getting a link, one moment.' };

const ended: Words = {
  zh: '登录已结束，没有保存任何内容。请重新开始。',
  en: 'The sign-in is over. Nothing was stored. Start again.',
};

const goBack: Words = {
  zh: '可以关闭此页，回到你的 AI 客户端继续。',
  en: 'close this page and go on in your AI client.',
};

const cannotRenew: Words = {
  zh: '但应用没有授予 offline_access：两小时后需要重新登录。请管理员开通该权限。',
  en: 'but the app did not grant offline_access, so you must sign in again in two hours. Ask an administrator to enable it.',
};
