import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import type { Brand } from '../../src-main/contract/views.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { createHome, type TemporaryHome } from '../helpers/run-node.ts';
import { openSandboxAccounts } from '../helpers/sandbox-accounts.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { signInByCode } from '../helpers/sign-in-by-code.ts';

let sandbox: Sandbox;
let home: TemporaryHome;

beforeEach(async () => {
  sandbox = await createSandbox({ clock: systemClock });
  home = await createHome();
});

afterEach(async () => {
  await sandbox.close();
  await home.remove();
});

/** Token requests that each of the two services got. */
async function counts(): Promise<Record<Brand, number>> {
  const count = async (url: string) => (await logOf({ url }, '/oauth/v3/token')).length;
  return { feishu: await count(sandbox.url), lark: await count(sandbox.larkUrl) };
}

test.each([
  { child: false, where: 'the gateway' },
  { child: true, where: 'its child' },
])(
  'accounts of Feishu and of Lark are renewed side by side in $where, each at its own service alone',
  async ({ child }) => {
    const { url, larkUrl, appId, appSecret, larkAppId, larkAppSecret } = sandbox;
    const { accounts, close } = await openSandboxAccounts({ folder: home.path, url, larkUrl, child });
    await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
    await accounts.apps.add({ appId: larkAppId, appSecret: larkAppSecret, brand: 'lark', origin: 'given' });
    const ada = await signInByCode(accounts, { sandbox, issuer: accounts.apps.issuerOf(appId) });
    const olivia = await signInByCode(accounts, { sandbox, issuer: accounts.apps.issuerOf(larkAppId), brand: 'lark' });
    expect(await counts()).toEqual({ feishu: 1, lark: 1 });
    expect((await accounts.renewNow(olivia.id)).lastRenewal?.outcome).toBe('renewed');
    expect(await counts()).toEqual({ feishu: 1, lark: 2 });
    expect((await accounts.renewNow(ada.id)).lastRenewal?.outcome).toBe('renewed');
    expect(await counts()).toEqual({ feishu: 2, lark: 2 });
    const { accessToken, brand } = await accounts.credential(olivia.id);
    expect(brand).toBe('lark');
    expect((await accounts.apps.issuerOf(larkAppId).whoIs(accessToken)).name).toBe(olivia.name);
    await expect(accounts.apps.issuerOf(appId).whoIs(accessToken)).rejects.toMatchObject({ code: 'login_failed' });
    await close();
  },
);
