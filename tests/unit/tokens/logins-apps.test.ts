import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { appId, person } from './fake-feishu.ts';
import { readEverything } from './open-accounts.ts';
import { codeOf, commonScopes, startLogins } from './open-logins.ts';

const minute = 60_000;

async function withOwnApp() {
  const started = await startLogins();
  const { logins, registrar, accounts, feishu, view, pass } = started;
  const login = await logins.createApp({ brand: 'feishu' });
  registrar.confirm(login.url);
  await pass(1000);
  feishu.devices.confirm(view(login).url, person('ada'));
  await pass(5000);
  const ada = accounts.list()[0];
  return { ...started, ownApp: view(login).appId ?? '', adaId: ada?.id ?? '' };
}

describe('creating an app of one’s own', () => {
  test('takes two confirmations and nothing typed: the app, then the person', async () => {
    const { logins, registrar, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.createApp({ brand: 'feishu', name: 'Mine' });
    expect(login).toMatchObject({
      state: 'waiting',
      steps: ['create_app', 'sign_in'],
      step: 0,
      appId: null,
      way: 'device',
    });
    expect(registrar.registrations[0]).toMatchObject({ brand: 'feishu', name: 'Mine', scopes: commonScopes });
    registrar.confirm(login.url, { appId: 'cli_new' });
    await pass(1000);
    expect(view(login)).toMatchObject({ state: 'waiting', step: 1, appId: 'cli_new' });
    expect(view(login).url).not.toBe(login.url);
    feishu.devices.confirm(view(login).url, person('ada'));
    await pass(5000);
    expect(view(login)).toMatchObject({ state: 'done', accountId: accounts.list()[0]?.id });
    expect(accounts.list()).toMatchObject([{ name: 'ada', appId: 'cli_new', way: 'device' }]);
    expect(accounts.apps.get('cli_new')).toMatchObject({ origin: 'registered', name: 'Mine', brand: 'feishu' });
    expect(accounts.apps.enabledScopes('cli_new')).toEqual(commonScopes);
  });

  test('makes it the default when there was none, and leaves another default alone', async () => {
    const { accounts } = await withOwnApp();
    expect(accounts.apps.defaultId()).toBe(appId);
    const { accounts: alone, logins, registrar, pass } = await startLogins();
    await alone.apps.forget(appId);
    registrar.confirm((await logins.createApp({ brand: 'feishu' })).url, { appId: 'cli_new' });
    await pass(1000);
    expect(alone.apps.defaultId()).toBe('cli_new');
  });

  test('by a person of Lark international gives a Lark app and a Lark account', async () => {
    const { logins, registrar, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.createApp({ brand: 'feishu' });
    registrar.registrations[0]?.onNote('domain_switched');
    expect(view(login).note?.en).toContain('Lark international');
    registrar.confirm(login.url, { appId: 'cli_lark', brand: 'lark' });
    await pass(1000);
    expect(view(login)).toMatchObject({ brand: 'lark', note: null });
    feishu.devices.confirm(view(login).url, person('lee'));
    await pass(5000);
    const [lee] = accounts.list();
    expect(lee).toMatchObject({ brand: 'lark', appId: 'cli_lark' });
    expect(await accounts.credential(lee?.id ?? '')).toMatchObject({ brand: 'lark', appId: 'cli_lark' });
  });

  test.each(['login_denied', 'login_expired', 'upstream_unreachable'] as const)(
    'that ends by %s stores nothing and says so',
    async (code) => {
      const { logins, registrar, accounts, view, pass } = await startLogins();
      const login = await logins.createApp({ brand: 'feishu' });
      const before = accounts.apps.list();
      registrar.end(login.url, new Fault(code));
      await pass(1000);
      const shown = code === 'upstream_unreachable' ? 'login_failed' : code;
      expect(view(login)).toMatchObject({ state: 'failed', url: null, fault: { code: shown } });
      expect(accounts.apps.list()).toEqual(before);
    },
  );

  test('that Feishu refuses at once fails before there is a link', async () => {
    const { logins, registrar } = await startLogins();
    registrar.beginFault = new Fault('upstream_unreachable');
    expect(await logins.createApp({ brand: 'feishu' })).toMatchObject({ state: 'failed', url: null });
  });

  test('ends with its link, also while the machine sleeps; what is confirmed later is not stored', async () => {
    const { logins, registrar, accounts, clock, view, pass } = await startLogins();
    const login = await logins.createApp({ brand: 'feishu' });
    const before = accounts.apps.list();
    clock.jump(10 * minute);
    await pass(11_000);
    expect(view(login)).toMatchObject({ state: 'failed', fault: { code: 'login_expired' } });
    expect(registrar.registrations[0]?.signal.aborted).toBe(true);
    registrar.confirm(login.url);
    await pass(1000);
    expect(accounts.apps.list()).toEqual(before);
  });

  test('that is canceled stores nothing, even in the moment after the person confirmed', async () => {
    const { logins, registrar, accounts, view, pass, clock } = await startLogins();
    const login = await logins.createApp({ brand: 'feishu' });
    const before = accounts.apps.list();
    registrar.confirm(login.url);
    logins.cancel(login.id);
    await pass(1000);
    expect([view(login).state, accounts.apps.list(), clock.pendingTimers]).toEqual(['canceled', before, 0]);
  });

  test('keeps the app when the person declines to sign in to it, and the words say so', async () => {
    const { logins, registrar, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.createApp({ brand: 'feishu' });
    registrar.confirm(login.url, { appId: 'cli_new' });
    await pass(1000);
    feishu.devices.deny(view(login).url);
    await pass(5000);
    expect(view(login)).toMatchObject({ state: 'failed', appId: 'cli_new', fault: { code: 'login_denied' } });
    expect(view(login).fault?.words.en).toContain('kept');
    expect(accounts.apps.get('cli_new')).toBeDefined();
    const again = await logins.begin({ way: 'device', appId: 'cli_new' });
    expect(again).toMatchObject({ state: 'waiting', appId: 'cli_new' });
  });

  test('never shows its secret to pages, logs or the disk', async () => {
    const { logins, registrar, events, folder, pass } = await startLogins();
    const login = await logins.createApp({ brand: 'feishu' });
    registrar.confirm(login.url, { appSecret: 'canary-app-secret' });
    await pass(1000);
    expect(JSON.stringify([events, logins.list()])).not.toContain('canary');
    expect(await readEverything(folder)).not.toContain('canary');
  });
});

describe('extending one’s own app', () => {
  test('takes a confirmation for the app and one by the person, and the account has grown', async () => {
    const { logins, registrar, accounts, feishu, ownApp, adaId, view, pass } = await withOwnApp();
    const secret = accounts.apps.credentials(ownApp).appSecret;
    const login = await logins.extendApp({ appId: ownApp, accountId: adaId, scopes: ['mail:send'] });
    expect(login).toMatchObject({
      state: 'waiting',
      steps: ['extend_app', 'sign_in'],
      appId: ownApp,
      accountId: adaId,
    });
    expect(registrar.registrations[1]).toMatchObject({ appId: ownApp, scopes: ['mail:send'] });
    registrar.confirm(login.url, { appSecret: secret });
    await pass(1000);
    expect(feishu.devices.begun.at(-1)).toEqual({ app: ownApp, scopes: ['offline_access', 'mail:send'] });
    feishu.devices.confirm(view(login).url, person('ada'));
    await pass(5000);
    expect(view(login).state).toBe('done');
    expect(accounts.get(adaId)?.scopes).toContain('mail:send');
    expect(accounts.apps.enabledScopes(ownApp)).toEqual([...commonScopes, 'mail:send']);
    expect(accounts.apps.get(ownApp)).toMatchObject({ origin: 'registered' });
  });

  test('is not possible for an app from the developer console', async () => {
    const { logins } = await startLogins();
    expect(await codeOf(logins.extendApp({ appId, scopes: ['mail:send'] }))).toBe('app_scope_required');
  });

  test('is not possible for an account of another app', async () => {
    const { logins, ownApp, signIn } = await withOwnApp();
    const { id } = await signIn('bob');
    expect(await codeOf(logins.extendApp({ appId: ownApp, accountId: id, scopes: ['mail:send'] }))).toBe(
      'invalid_request',
    );
  });

  test('by confirming another app fails and stores nothing', async () => {
    const { logins, registrar, accounts, ownApp, view, pass } = await withOwnApp();
    const before = accounts.apps.list();
    const login = await logins.extendApp({ appId: ownApp, scopes: ['mail:send'] });
    registrar.confirm(login.url, { appId: 'cli_other' });
    await pass(1000);
    expect(view(login)).toMatchObject({ state: 'failed', fault: { code: 'login_failed' } });
    expect(accounts.apps.list()).toEqual(before);
  });
});
