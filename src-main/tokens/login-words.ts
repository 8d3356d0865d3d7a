import { Fault } from '../base/fault.ts';
import type { FaultCode } from '../contract/fault-codes.ts';
import type { LoginView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import type { RegistrationNote } from './registrar.ts';

/** What a page shows while it waits, where there is more to say than that. */
export const loginNotes: Readonly<Record<RegistrationNote, Words | null>> = {
  waiting: null,
  slow_down: {
    zh: '飞书要求放慢查询：确认之后可能要多等几秒。',
    en: 'Feishu asked to be asked less often: after you confirm, it may take some seconds longer.',
  },
  domain_switched: {
    zh: '这个账号属于 Lark 国际版，已转到 Lark 继续，请稍候。',
    en: 'This account belongs to Lark international. It goes on there; please wait.',
  },
  network: {
    zh: '暂时连不上飞书，正在重试。请检查网络；已经确认的不用再确认。',
    en: 'Feishu cannot be reached just now; trying again. Check the network. What you confirmed need not be confirmed again.',
  },
};

/** For endings that say "nothing was stored" when an earlier step was confirmed and kept. */
const afterKept: Partial<Record<FaultCode, Words>> = {
  login_denied: {
    zh: '你在飞书页面上取消了这一步。之前确认的步骤已保留，可以从这里重新登录。',
    en: 'You declined this step on the Feishu page. What you confirmed before is kept; sign in again to go on from there.',
  },
  login_expired: {
    zh: '这一步的链接或二维码已过期。之前确认的步骤已保留，可以从这里重新登录。',
    en: 'The link or QR code of this step expired. What you confirmed before is kept; sign in again to go on from there.',
  },
  login_canceled: {
    zh: '登录已取消。之前确认的步骤已保留，可以随时重新登录。',
    en: 'The sign-in was canceled. What you confirmed before is kept; sign in again whenever you like.',
  },
  account_mismatch: {
    zh: '授权这一步的不是原来的飞书账号，这一步没有保存。请用原来的账号重新登录。',
    en: 'Another Feishu account consented to this step, which was not stored. Sign in again as the account that asked.',
  },
};

/**
 * How an attempt ends. App troubles and what the person did keep their code, so that a page can say where to go; all else
 * is a failed sign-in, with the reason.
 */
export function asLoginFault(fault: Fault, login: LoginView): Fault {
  const { words, details } = fault;
  const more = { cause: fault, ...(details && { details }) };
  const kept = login.step > 0 ? afterKept[fault.code] : undefined;
  if (kept) return new Fault(fault.code, { ...more, words: kept });
  return /^(app|login)_|^account_mismatch$|^stopping$/.test(fault.code)
    ? fault
    : new Fault('login_failed', { ...more, words });
}

export const tooMany: Words = {
  zh: '同时进行的登录太多，最早的一个已取消，没有保存任何内容。需要时请重新开始。',
  en: 'Too many sign-ins at once: the oldest was canceled and nothing was stored. Start it again if you need it.',
};

export const answerLost: Words = {
  zh: '网络中断，没有收到飞书的回答，没有保存任何内容。请重新开始。',
  en: "The network broke and Feishu's answer was lost. Nothing was stored. Start again.",
};

export const tokenRefused: Words = {
  zh: '飞书不接受这个令牌：可能复制不完整、已过期（两小时），或属于另一个服务（飞书 / Lark）。请重新获取后粘贴。',
  en: 'The token is not accepted: it was cut, is over (two hours), or belongs to the other service (Feishu or Lark). Get a new one and paste it.',
};

export const tokenCannotGrow: Words = {
  zh: '手动粘贴的令牌不能增加权限。请粘贴带有所需权限的新令牌，或改为登录。',
  en: 'A pasted token cannot be granted more. Paste a new one that has the permission, or sign in instead.',
};

export const otherApp: Words = {
  zh: '这个账号登录的是另一个应用。请选择它登录的应用，或另一个账号。',
  en: 'This account is signed in to another app. Choose its own app, or another account.',
};

export const noRedirect: Words = {
  zh: '这个应用由 LarkGate 创建，没有重定向 URL，不能用浏览器方式登录。请改用扫码或链接登录。',
  en: 'This app was created here and has no redirect URL, so the browser way does not work. Sign in by a scan or by the link.',
};
