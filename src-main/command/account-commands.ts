import { Fault } from '../base/fault.ts';
import type { AccountView } from '../contract/views.ts';
import { chooseAccount } from './choose-account.ts';
import type { GatewayLink } from './gateway-link.ts';
import type { Terminal } from './terminal.ts';

export interface CommandParts {
  link: GatewayLink;
  terminal: Terminal;
}

/** `larkgate accounts`. */
export async function listAccounts({ link, terminal }: CommandParts): Promise<void> {
  const { accounts } = await link.call('snapshot', {});
  terminal.result({ accounts }, accounts.map((account) => lineOf(account)).join('\n'));
  if (accounts.length === 0)
    terminal.say({ zh: '还没有登录。运行 larkgate login。', en: 'Nobody is signed in. Run larkgate login.' });
}

/** `larkgate accounts default WHO`. */
export async function makeDefault(who: string | undefined, parts: CommandParts): Promise<void> {
  const { link } = parts;
  const { accounts } = await link.call('snapshot', {});
  await link.call('setDefaultAccount', { accountId: chooseAccount(accounts, who).id });
  await listAccounts(parts);
}

/** `larkgate logout`: tells Feishu too, so that the tokens die. */
export async function logOut(
  wanted: { subject: string | undefined; all: boolean },
  parts: CommandParts,
): Promise<void> {
  const { link, terminal } = parts;
  for (const { id, name } of await chosen(wanted, link)) {
    await link.call('signOut', { accountId: id });
    terminal.result({ signedOut: id }, '');
    terminal.say({ zh: `已退出：${name}（${id}）`, en: `Signed out: ${name} (${id})` });
  }
}

/** `larkgate renew`. Goes on after a failure, and rejects with the first one at the end. */
export async function renew(wanted: { subject: string | undefined; all: boolean }, parts: CommandParts): Promise<void> {
  const { link, terminal } = parts;
  let failure: Fault | undefined;
  for (const { id, name } of await chosen(wanted, link)) {
    try {
      const { account } = await link.call('renew', { accountId: id });
      terminal.result({ account }, lineOf(account));
    } catch (thrown) {
      const fault = Fault.from(thrown);
      failure ??= fault;
      terminal.result({ accountId: id, fault: fault.toBody() }, '');
      terminal.say({ zh: `${name}：${fault.words.zh}`, en: `${name}: ${fault.words.en}` });
    }
  }
  if (failure) throw failure;
}

async function chosen({ subject, all }: { subject: string | undefined; all: boolean }, link: GatewayLink) {
  const { accounts } = await link.call('snapshot', {});
  return all ? accounts : [chooseAccount(accounts, subject)];
}

/** One account on one line: id, name, app, state, until when. */
function lineOf(account: AccountView): string {
  const until = account.state === 'manual' ? account.accessExpiresAt : account.refreshExpiresAt;
  const state = account.state === 'sign_in_needed' ? account.reason?.zh : until && new Date(until).toISOString();
  const { id, name, brand, appId } = account;
  return [id, name, `${brand}:${appId}`, account.state, state ?? '', account.isDefault ? '*' : '']
    .map((field) => String(field).replaceAll(/\s+/g, ' '))
    .join('\t')
    .trimEnd();
}
