import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { appId, person } from './fake-feishu.ts';
import { snapshotName } from './open-accounts.ts';
import { codeOf, faultOf, startLogins } from './open-logins.ts';

const minute = 60_000;

describe('signing in by a scan', () => {
  test('shows a link and a code, and ends with the account', async () => {
    const { logins, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.begin({ way: 'device' });
    expect(login).toMatchObject({
      state: 'waiting',
      way: 'device',
      steps: ['sign_in'],
      step: 0,
      appId,
      brand: 'feishu',
    });
    expect(login.url).toContain(login.userCode);
    feishu.devices.confirm(login.url, person('ada'));
    await pass(5000);
    const [ada] = accounts.list();
    expect(ada).toMatchObject({
      name: 'ada',
      way: 'device',
      scopes: ['offline_access', 'im:message'],
      missingScopes: [],
    });
    expect(view(login)).toMatchObject({ state: 'done', accountId: ada?.id, url: null, userCode: null, fault: null });
  });

  test('tells the pages of every move, and who asked to be told when it is done', async () => {
    const { logins, accounts, events, feishu, pass } = await startLogins();
    const told: unknown[] = [];
    logins.onDone((...done) => told.push(done));
    const binding = { sessionKey: 'session-1' };
    const login = await logins.begin({ way: 'device', binding });
    expect(told).toEqual([]);
    feishu.devices.confirm(login.url, person('ada'));
    await pass(5000);
    expect(told).toEqual([[logins.get(login.id), accounts.list()[0], binding]]);
    const moves = events.flatMap((event) => (event.kind === 'login.changed' ? [event.login.state] : []));
    expect(moves).toEqual(['starting', 'waiting', 'done']);
  });

  test('tells what was asked for and not granted', async () => {
    const { logins, accounts, feishu, pass } = await startLogins();
    feishu.withheld.add('mail:send');
    const login = await logins.begin({ way: 'device', scopes: ['mail:send', 'drive:read'] });
    expect(login.scopes).toEqual(['offline_access', 'im:message', 'mail:send', 'drive:read']);
    feishu.devices.confirm(login.url, person('ada'));
    await pass(5000);
    expect(accounts.list()[0]?.missingScopes).toEqual(['mail:send']);
  });

  test('asks for more than fifty scopes in several confirmations by the same person', async () => {
    const wide = Array.from({ length: 99 }, (_, n) => `scope:${n}`);
    const { logins, accounts, feishu, view, pass } = await startLogins({ usualScopes: async () => wide });
    const login = await logins.begin({ way: 'device' });
    expect(login.steps).toEqual(['sign_in', 'sign_in', 'sign_in']);
    for (const step of [0, 1, 2]) {
      expect(view(login)).toMatchObject({ state: 'waiting', step });
      feishu.devices.confirm(view(login).url, person('ada'));
      await pass(6000);
    }
    expect(view(login).state).toBe('done');
    expect(accounts.list()[0]).toMatchObject({ name: 'ada', missingScopes: [] });
    expect(feishu.devices.begun.map(({ scopes }) => scopes.length)).toEqual([50, 50, 2]);
  });

  test('says while it waits that Feishu cannot be reached, until it can', async () => {
    const { logins, feishu, view, pass } = await startLogins();
    feishu.devices.trouble.push('network');
    const login = await logins.begin({ way: 'device' });
    await pass(5000);
    expect(view(login).note?.en).toContain('cannot be reached');
    await pass(6000);
    expect(view(login)).toMatchObject({ state: 'waiting', note: null });
  });
});

describe('more scopes for somebody who is signed in', () => {
  test('are asked for alone, and the account has what it had besides', async () => {
    const { logins, accounts, feishu, signIn, pass } = await startLogins();
    const { id } = await signIn('ada');
    const grown: string[] = [];
    accounts.onScopesGrown((accountId) => grown.push(accountId));
    const login = await logins.begin({ way: 'device', accountId: id, scopes: ['mail:send'] });
    expect(login).toMatchObject({ accountId: id, scopes: ['offline_access', 'mail:send'] });
    feishu.devices.confirm(login.url, person('ada'));
    await pass(5000);
    expect(accounts.list()).toMatchObject([{ id, scopes: ['offline_access', 'im:message', 'mail:send'] }]);
    expect(grown).toEqual([id]);
  });

  test('granted by another person are refused, and nothing is stored', async () => {
    const { logins, accounts, feishu, folder, signIn, view, pass } = await startLogins();
    const { id } = await signIn('ada');
    const before = await readFile(join(folder, snapshotName), 'utf8');
    const login = await logins.begin({ way: 'device', accountId: id, scopes: ['mail:send'] });
    feishu.devices.confirm(login.url, person('eve'));
    await pass(5000);
    expect(view(login)).toMatchObject({ state: 'failed', fault: { code: 'account_mismatch' } });
    expect(accounts.list().map(({ name }) => name)).toEqual(['ada']);
    expect(await readFile(join(folder, snapshotName), 'utf8')).toBe(before);
  });

  test('granted in a later step by another person are refused; what was granted before is kept and said so', async () => {
    const wide = Array.from({ length: 60 }, (_, n) => `scope:${n}`);
    const { logins, accounts, feishu, view, pass } = await startLogins({ usualScopes: async () => wide });
    const login = await logins.begin({ way: 'device' });
    feishu.devices.confirm(login.url, person('ada'));
    await pass(6000);
    feishu.devices.confirm(view(login).url, person('eve'));
    await pass(6000);
    expect(view(login)).toMatchObject({ state: 'failed', fault: { code: 'account_mismatch' } });
    expect(view(login).fault?.words.en).not.toContain('Nothing was stored');
    expect(accounts.list().map(({ name, scopes }) => [name, scopes.length])).toEqual([['ada', 50]]);
  });

  test('are not to be had for a pasted token, and the words say what to do', async () => {
    const { logins, accounts, feishu } = await startLogins();
    const token = feishu.signIn(person('ada')).accessToken;
    const { id } = await accounts.addToken({ token, brand: 'feishu' });
    const fault = await faultOf(logins.begin({ way: 'device', accountId: id, scopes: ['mail:send'] }));
    expect([fault.code, fault.words.en]).toEqual(['invalid_request', expect.stringContaining('Paste a new one')]);
  });
});

describe('nothing is stored, and it is said why, when', () => {
  test('the person declines', async () => {
    const { logins, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.begin({ way: 'device' });
    feishu.devices.deny(login.url);
    await pass(5000);
    expect(view(login)).toMatchObject({ state: 'failed', url: null, fault: { code: 'login_denied' } });
    expect(accounts.list()).toEqual([]);
  });

  test('the link runs out, also while the machine sleeps', async () => {
    const { logins, accounts, feishu, clock, view, pass } = await startLogins();
    const [one, two] = [await logins.begin({ way: 'device' }), await logins.begin({ way: 'device' })];
    clock.jump(4 * minute);
    await pass(5000);
    feishu.devices.confirm(one.url, person('ada'));
    await pass(10_000);
    for (const login of [one, two]) {
      expect(view(login)).toMatchObject({ state: 'failed', fault: { code: 'login_expired' } });
    }
    expect(accounts.list()).toEqual([]);
  });

  test('it is canceled, even in the moment after the person confirmed', async () => {
    const { logins, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.begin({ way: 'device' });
    await pass(4000);
    feishu.devices.confirm(login.url, person('ada'));
    expect(logins.cancel(login.id)).toMatchObject({ state: 'canceled', fault: { code: 'login_canceled' }, url: null });
    await pass(minute);
    expect([accounts.list(), feishu.devices.polls]).toEqual([[], []]);
    expect(logins.cancel(login.id)).toEqual(view(login));
  });

  test('the app is forgotten while the person confirms', async () => {
    const { logins, accounts, feishu, view, pass } = await startLogins();
    const login = await logins.begin({ way: 'device' });
    await accounts.apps.forget(appId);
    feishu.devices.confirm(login.url, person('ada'));
    await pass(5000);
    expect(view(login)).toMatchObject({ state: 'failed', fault: { code: 'app_missing' } });
    expect(accounts.list()).toEqual([]);
  });

  test.each([
    ['app_credentials', 'app_credentials'],
    ['app_unavailable', 'app_unavailable'],
    ['upstream_unreachable', 'login_failed'],
    ['internal', 'login_failed'],
  ] as const)('Feishu gives no link for %s', async (code, shown) => {
    const { logins, feishu } = await startLogins();
    feishu.devices.beginFault = new Fault(code);
    const { state, fault } = await logins.begin({ way: 'device' });
    expect([state, fault?.code, fault?.words]).toEqual(['failed', shown, new Fault(code).words]);
  });
});

describe('a sign-in cannot begin', () => {
  test.each([
    ['to an app that is not known', { appId: 'cli_unknown' }, 'app_missing'],
    ['for an account that is not there', { accountId: 'acc_0000000000000000' }, 'sign_in_required'],
  ])('%s', async (_, wish, code) => {
    const { logins } = await startLogins();
    expect(await codeOf(logins.begin({ way: 'device', ...wish }))).toBe(code);
    expect(logins.list()).toEqual([]);
  });

  test('after the gateway closed, and what was under way is canceled', async () => {
    const { logins, view, clock } = await startLogins();
    const login = await logins.begin({ way: 'device' });
    logins.close();
    expect(view(login).state).toBe('canceled');
    expect(await codeOf(logins.begin({ way: 'device' }))).toBe('stopping');
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the list of attempts', () => {
  test('keeps twenty under way: the oldest falls away, and says so', async () => {
    const { logins, view } = await startLogins();
    const first = await logins.begin({ way: 'device' });
    for (let n = 0; n < 20; n += 1) await logins.begin({ way: 'device' });
    expect(view(first)).toMatchObject({ state: 'canceled', fault: { code: 'login_canceled' } });
    expect(view(first).fault?.words.en).toContain('Too many');
    expect(logins.list().filter(({ state }) => state === 'waiting')).toHaveLength(20);
  });

  test('forgets those that ended ten minutes ago, and never holds more than a hundred', async () => {
    const { logins, clock } = await startLogins();
    for (let n = 0; n < 130; n += 1) logins.cancel((await logins.begin({ way: 'browser' })).id);
    expect(logins.list()).toHaveLength(100);
    await clock.advance(10 * minute);
    const last = await logins.begin({ way: 'device' });
    expect(logins.list()).toEqual([last]);
  });

  test('knows no attempt by a made-up id', async () => {
    const { logins } = await startLogins();
    const cancel = async () => logins.cancel('login_made_up');
    expect([logins.get('login_made_up'), await codeOf(cancel())]).toEqual([undefined, 'login_state']);
  });
});
