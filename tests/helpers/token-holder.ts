import { createInterface } from 'node:readline';
import type { Credential } from '../../src-main/tokens/credential.ts';
import { openSandboxAccounts } from './sandbox-accounts.ts';

// A process that holds the accounts of a data folder, as a gateway does, and obeys lines on its standard input. It
// answers each with a line of JSON. argv: data folder, address of the sandbox, app id and account id.
const [folder = '', url = '', appId = '', accountId = ''] = process.argv.slice(2);
const { accounts, issuerFor } = await openSandboxAccounts({ folder, url, child: true });
const issuer = issuerFor(appId, (await accounts.appSecret(appId)) ?? '');
let held: Credential = { accountId, accessToken: '' };

const orders: Record<string, () => Promise<unknown>> = {
  /** Gets a credential and lets Feishu say whom it stands for. */
  use: async () => {
    held = await accounts.credential(accountId);
    return { person: (await issuer.whoIs(held.accessToken)).openId };
  },
  /** As after Feishu refused the credential that was used last. */
  refused: async () => {
    held = await accounts.renew(held);
    return { person: (await issuer.whoIs(held.accessToken)).openId };
  },
};

for await (const order of createInterface({ input: process.stdin })) {
  const answer = await orders[order]?.().catch((error: unknown) => ({ failed: String(error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
