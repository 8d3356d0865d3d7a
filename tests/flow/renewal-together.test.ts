import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { createHome, type TemporaryHome } from '../helpers/run-node.ts';
import { openSandboxAccounts } from '../helpers/sandbox-accounts.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { signInByCode } from '../helpers/sign-in-by-code.ts';
import { startHolder } from '../helpers/start-holder.ts';

const tokenPath = '/oauth/v3/token';

let sandbox: Sandbox;
let home: TemporaryHome;
let accountId: string;

beforeEach(async () => {
  sandbox = await createSandbox({ clock: systemClock });
  home = await createHome();
  const { accounts, close } = await openSandboxAccounts({ folder: home.path, url: sandbox.url });
  const { appId, appSecret } = sandbox;
  await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
  accountId = (await signInByCode(accounts, { sandbox, issuer: accounts.apps.issuerOf(appId) })).id;
  await close();
});

afterEach(async () => {
  await sandbox.close();
  await home.remove();
});

/** Every access token is over by then; refresh tokens are not. */
async function passThreeHours(): Promise<void> {
  await fetch(`${sandbox.url}/__clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 3 * 3_600_000 }) });
}

test.each([
  { rounds: 200, how: 'itself' as const, where: 'in their own processes' },
  { rounds: 20, how: 'child' as const, where: 'in children of theirs' },
])(
  'two gateways and the command renew at the same moment $where, $rounds times: one renewal each time, nobody signed out',
  async ({ rounds, how }) => {
    const start = () => startHolder({ folder: home.path, url: sandbox.url, accountId, how });
    const processes = [start(), start(), start()];
    const all = (one: 'use' | 'refused', command: 'use' | 'renew now') =>
      Promise.all(processes.map((process, index) => process.order(index < 2 ? one : command)));
    const [first] = await all('use', 'use');
    expect(first).toEqual({ person: expect.stringMatching(/^ou_/) });
    for (let round = 0; round < rounds; round += 1) {
      await passThreeHours();
      await fetch(`${sandbox.url}/__log`, { method: 'DELETE' });
      expect(await all('refused', 'renew now'), `round ${round}`).toEqual([first, first, first]);
      expect(await logOf(sandbox, tokenPath), `round ${round}`).toMatchObject([{ status: 200 }]);
    }
    expect(await all('use', 'use')).toEqual([first, first, first]);
    const shares = await Promise.all(processes.map((process) => process.order('renewals')));
    console.log(
      `${rounds} rounds ${how === 'child' ? 'with children' : 'without children'}: renewed by ${shares.join(' + ')}`,
    );
    expect(shares.reduce((sum: number, share) => sum + Number(share), 0)).toBe(rounds);
    await Promise.all(processes.map((process) => process.kill()));
  },
);
