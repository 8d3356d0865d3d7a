import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { LoginStep, LoginView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import type { GatewayLink } from './gateway-link.ts';
import { qrCode } from './qr-code.ts';
import type { Terminal } from './terminal.ts';

const pollMs = 1000;

export interface FollowParts {
  link: GatewayLink;
  terminal: Terminal;
  clock: Clock;
  /** The person gave up: the login is canceled. */
  signal: AbortSignal;
}

/** Shows each step of a login until it ends, and resolves to how it ended. */
export async function followLogin(begun: LoginView, parts: FollowParts): Promise<LoginView> {
  let login = begun;
  let shown = '';
  for (;;) {
    const now = JSON.stringify([login.state, login.step, login.url, login.note]);
    if (now !== shown) show(login, parts);
    shown = now;
    if (login.state !== 'starting' && login.state !== 'waiting') return login;
    login = await next(login, parts);
  }
}

async function next(login: LoginView, { link, clock, signal }: FollowParts): Promise<LoginView> {
  await clock.sleep(pollMs, signal).catch(() => {});
  if (signal.aborted) return (await link.call('cancelLogin', { loginId: login.id })).login;
  const { logins } = await link.call('logins', {});
  // The gateway was restarted meanwhile: nothing is under way any more.
  return logins.find(({ id }) => id === login.id) ?? { ...login, state: 'canceled', url: null };
}

function show(login: LoginView, { terminal }: FollowParts): void {
  terminal.result({ login }, '');
  if (login.note) terminal.say(login.note);
  if (login.state !== 'waiting' || login.url === null) return;
  const step = login.steps[login.step];
  const count = login.steps.length > 1 ? `（${login.step + 1}/${login.steps.length}）` : '';
  const { zh, en } = asked[step ?? 'sign_in'];
  terminal.say({ zh: `\n${zh}${count}`, en });
  if (terminal.interactive && login.way === 'device') terminal.draw(qrCode(login.url));
  terminal.line(`\n  ${login.url}\n`);
  if (login.userCode !== null)
    terminal.say({ zh: `核对码：${login.userCode}`, en: `Code to compare: ${login.userCode}` });
  if (login.expiresAt !== null) {
    const until = new Date(login.expiresAt).toLocaleTimeString('zh-CN', { hour12: false });
    terminal.say({ zh: `${until} 前有效，Ctrl-C 取消。`, en: `Valid until ${until}. Ctrl-C cancels.` });
  }
}

const asked: Readonly<Record<LoginStep, Words>> = {
  create_app: {
    zh: '用飞书扫码，或打开链接，确认创建你的应用：',
    en: 'Scan with Feishu, or open the link, to create your app:',
  },
  extend_app: {
    zh: '用飞书扫码，或打开链接，为应用开通权限：',
    en: 'Scan with Feishu, or open the link, to enable permissions on the app:',
  },
  sign_in: { zh: '用飞书扫码，或打开链接，登录并授权：', en: 'Scan with Feishu, or open the link, to sign in:' },
};

/** Why a login that did not come to a good end failed. */
export function failureOf({ fault }: LoginView): Fault {
  return fault ? new Fault(fault.code, { words: fault.words }) : new Fault('login_canceled');
}
