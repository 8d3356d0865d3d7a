import { dieInstead } from './effects.ts';
import { openSandboxAccounts } from './sandbox-accounts.ts';

// A gateway that renews one account and ends, unless it dies before. argv: data folder, address of the sandbox, account
// id, and either the program of its child, or the trace file and the index of the effect that it dies of.
const [folder = '', url = '', accountId = '', how = '', trace = '', dieAt = ''] = process.argv.slice(2);
const { accounts } = await openSandboxAccounts({ folder, url, ...(how !== 'itself' && { child: how }) });
if (how === 'itself') dieInstead({ trace, dieAt: Number(dieAt) });
await accounts.renewNow(accountId);
process.exit(0);
