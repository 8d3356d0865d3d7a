import { createInterface } from 'node:readline';
import type { Credential } from '../../src-main/tokens/credential.ts';
import { openSandboxAccounts } from './sandbox-accounts.ts';

// A process on a data folder, such as a gateway or the command, that obeys lines on its standard input and answers each
// with a line of JSON. argv: data folder, address of the sandbox, account id, `child` to renew in a child process.
const [folder = '', url = '', accountId = '', how = ''] = process.argv.slice(2);
const { accounts, events } = await openSandboxAccounts({ folder, url, child: how === 'child' });
let held: Credential | undefined;

/** Whom Feishu takes the account for, with the tokens of now. */
async function person(): Promise<{ person: string }> {
  held = await accounts.credential(accountId);
  const issuer = accounts.apps.issuerOf(held.appId ?? '');
  return { person: (await issuer.whoIs(held.accessToken)).openId };
}

const orders: Record<string, () => Promise<unknown>> = {
  use: person,
  /** As a gateway does when Feishu refused the tokens that were used last. */
  refused: async () => {
    if (held) await accounts.renew(held);
    return person();
  },
  /** As the command does. */
  'renew now': async () => {
    await accounts.renewNow(accountId);
    return person();
  },
  renewals: async () => events.filter(({ kind }) => kind === 'token.renewal').length,
};

for await (const order of createInterface({ input: process.stdin })) {
  const answer = await orders[order]?.().catch((error: unknown) => ({ failed: String(error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
