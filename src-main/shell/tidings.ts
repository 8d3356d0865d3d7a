import type { Words } from '../contract/words.ts';
import type { TrayState } from './tray-state.ts';

/** What is worth interrupting a person for. */
export interface Tiding {
  title: Words;
  body: Words;
  /** The account to sign in when it is clicked; otherwise the window opens. */
  accountId: string | null;
}

/** What became worth saying between two states. Each is said once, until it is over and happens again. */
export function tidingsBetween(before: TrayState, after: TrayState): Tiding[] {
  const lost = after.accounts
    .filter(({ state }) => state === 'sign_in_needed')
    .filter(({ id }) => !before.accounts.some((account) => account.id === id && account.state === 'sign_in_needed'))
    .map(({ id, name, reason }) => ({
      title: { zh: `${name} 需要重新登录飞书`, en: `${name} must sign in to Feishu again` },
      body: reason ?? clickToSignIn,
      accountId: id,
    }));
  const raised = after.notices
    .filter(({ id, level }) => level === 'error' || id.startsWith('tokens.expiring.'))
    .filter(({ id }) => !before.notices.some((notice) => notice.id === id))
    .map(({ words }) => ({ title: attention, body: words, accountId: null }));
  const stopped = after.phase === 'stopped' && before.phase !== 'stopped' && after.why;
  return [...lost, ...raised, ...(stopped ? [{ title: gatewayStopped, body: stopped, accountId: null }] : [])];
}

const attention: Words = { zh: 'LarkGate 需要留意', en: 'LarkGate needs attention' };
const gatewayStopped: Words = { zh: 'LarkGate 网关已停止', en: 'The LarkGate gateway stopped' };
const clickToSignIn: Words = { zh: '点击这里重新登录。', en: 'Click here to sign in.' };
