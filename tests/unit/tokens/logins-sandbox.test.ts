import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import type { LoginView } from '../../../src-main/contract/views.ts';
import { createSandbox, type Sandbox } from '../../../src-main/sandbox/sandbox.ts';
import { openSandboxAccounts, type SandboxAccounts, sandboxScopes } from '../../helpers/sandbox-accounts.ts';
import { snapshotName } from './open-accounts.ts';
import { faultOf } from './open-logins.ts';

interface Place extends SandboxAccounts {
  sandbox: Sandbox;
  folder: string;
  /** The login as soon as it is like this. */
  until(id: string, like: Partial<LoginView>): Promise<LoginView>;
}

async function open(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'larkgate-logins-'));
  const sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
  const running = await openSandboxAccounts({ folder, url: sandbox.url, larkUrl: sandbox.larkUrl });
  onTestFinished(async () => {
    await running.close();
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const until: Place['until'] = async (id, like) => {
    for (;;) {
      const login = running.logins.get(id);
      const over = login?.state === 'failed' || login?.state === 'canceled';
      if (login && Object.entries(like).every(([key, value]) => Reflect.get(login, key) === value)) return login;
      if (!login || (over && like.state !== login.state)) throw new Error(JSON.stringify(login));
      await systemClock.sleep(50);
    }
  };
  return { ...running, sandbox, folder, until };
}

const link = ({ url }: LoginView) => new URL(url ?? '');
const vaultOf = ({ folder }: Place) => readFile(join(folder, snapshotName), 'utf8').catch(() => 'no file');

test('from nothing to a signed-in person in two confirmations, then a permission more in two others', async () => {
  const { logins, accounts, sandbox, until } = await open();
  const created = await logins.createApp({ brand: 'feishu' });
  await sandbox.confirmRegistration(link(created));
  await sandbox.confirmDevice(link(await until(created.id, { step: 1, state: 'waiting' })));
  const done = await until(created.id, { state: 'done' });
  const [account] = accounts.list();
  expect(account).toMatchObject({
    id: done.accountId,
    appId: done.appId,
    brand: 'feishu',
    way: 'device',
    state: 'signed_in',
  });
  expect(account).toMatchObject({ scopes: sandboxScopes, missingScopes: [] });
  const extended = await logins.extendApp({
    appId: done.appId ?? '',
    accountId: done.accountId ?? '',
    scopes: ['drive:drive:readonly'],
  });
  await sandbox.confirmRegistration(link(extended));
  await sandbox.confirmDevice(link(await until(extended.id, { step: 1, state: 'waiting' })));
  await until(extended.id, { state: 'done' });
  expect(accounts.list()).toMatchObject([{ id: account?.id, scopes: [...sandboxScopes, 'drive:drive:readonly'] }]);
});

test('an app and a person of Lark international stand beside those of Feishu, each token good for its own service', async () => {
  const { logins, accounts, sandbox, until, issuerFor } = await open();
  const { appId, appSecret, larkAppId, larkAppSecret } = sandbox;
  await accounts.apps.add({ appId, appSecret, brand: 'feishu', origin: 'given' });
  await accounts.apps.add({ appId: larkAppId, appSecret: larkAppSecret, brand: 'lark', origin: 'given' });
  for (const app of [appId, larkAppId]) {
    const login = await logins.begin({ way: 'device', appId: app });
    await sandbox.confirmDevice(link(login));
    await until(login.id, { state: 'done' });
  }
  expect(accounts.list().map((account) => [account.brand, account.appId])).toEqual([
    ['feishu', appId],
    ['lark', larkAppId],
  ]);
  const [ours, theirs] = await Promise.all(accounts.list().map(({ id }) => accounts.credential(id)));
  const whoIs = (brand: 'feishu' | 'lark', token = '') => issuerFor({ appId, appSecret, brand }).whoIs(token);
  expect((await whoIs('lark', theirs?.accessToken)).name).toBe(accounts.list()[1]?.name);
  expect((await faultOf(whoIs('lark', ours?.accessToken))).code).toBe('login_failed');
  expect((await faultOf(whoIs('feishu', theirs?.accessToken))).code).toBe('login_failed');
});

test('whoever declines, in either step, leaves nothing behind but what was confirmed', async () => {
  const place = await open();
  const { logins, accounts, sandbox, until } = place;
  const before = await vaultOf(place);
  const refused = await logins.createApp({ brand: 'feishu' });
  await sandbox.confirmRegistration(link(refused), { deny: true });
  expect((await until(refused.id, { state: 'failed' })).fault?.code).toBe('login_denied');
  expect(await vaultOf(place)).toBe(before);
  await accounts.apps.add({ appId: sandbox.appId, appSecret: sandbox.appSecret, brand: 'feishu', origin: 'given' });
  const withApp = await vaultOf(place);
  const login = await logins.begin({ way: 'device' });
  await sandbox.confirmDevice(link(login), { deny: true });
  expect((await until(login.id, { state: 'failed' })).fault?.code).toBe('login_denied');
  expect(await vaultOf(place)).toBe(withApp);
});

test('a wrong app secret is said at once, in words that name it', async () => {
  const { logins, accounts, sandbox } = await open();
  await accounts.apps.add({ appId: sandbox.appId, appSecret: 'sandbox-wrong', brand: 'feishu', origin: 'given' });
  const login = await logins.begin({ way: 'device' });
  expect([login.state, login.fault?.code]).toEqual(['failed', 'app_credentials']);
  expect(login.fault?.words.en).toContain('secret');
});

test('a pasted token signs in where it belongs, and nowhere else', async () => {
  const place = await open();
  const { logins, accounts, sandbox, until } = place;
  await accounts.apps.add({ appId: sandbox.appId, appSecret: sandbox.appSecret, brand: 'feishu', origin: 'given' });
  const login = await logins.begin({ way: 'device' });
  await sandbox.confirmDevice(link(login));
  const { accountId } = await until(login.id, { state: 'done' });
  const { accessToken } = await accounts.credential(accountId ?? '');
  const pasted = await logins.addToken({ token: accessToken, brand: 'feishu' });
  expect(pasted).toMatchObject({ state: 'manual', name: accounts.get(accountId ?? '')?.name });
  const before = await vaultOf(place);
  for (const pasted of [
    { token: accessToken, brand: 'lark' },
    { token: 'u-nonsense-canary', brand: 'feishu' },
  ] as const) {
    const fault = await faultOf(logins.addToken(pasted));
    expect([fault.code, fault.words.en]).toEqual(['login_failed', expect.stringContaining('Get a new one')]);
  }
  expect(await vaultOf(place)).toBe(before);
});
