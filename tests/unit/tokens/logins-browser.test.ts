import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { appId, person } from './fake-feishu.ts';
import { openLogins, codeOf, faultOf, startLogins } from './open-logins.ts';

const minute = 60_000;
const mine = 'my browser';

async function prepare(change: Parameters<typeof startLogins>[0] = {}) {
  const started = await startLogins(change);
  const { logins, feishu } = started;
  const exchanges: { code: string; codeVerifier: string }[] = [];
  const plain = feishu.issuer;
  feishu.issuer = (app) => {
    const issuer = plain(app);
    return {
      ...issuer,
      exchangeCode: (code, proof) => {
        exchanges.push({ code, codeVerifier: proof.codeVerifier });
        return issuer.exchangeCode(code, proof);
      },
    };
  };
  const visit = async (loginId: string, browser = mine) => {
    const url = await logins.browserStart(loginId, browser);
    return { url, state: url.searchParams.get('state') ?? '' };
  };
  const begin = async (browser = mine) => {
    const login = await logins.begin({ way: 'browser' });
    return { login, ...(await visit(login.id, browser)) };
  };
  return { ...started, exchanges, begin, visit };
}

describe('signing in through the browser', () => {
  test('shows our own page as the link, and ends with the account and with who began it', async () => {
    const { logins, accounts, visit } = await prepare();
    const binding = { sessionKey: 'session-1' };
    const login = await logins.begin({ way: 'browser', binding });
    expect(login).toMatchObject({ state: 'waiting', url: `http://127.0.0.1:5275/oauth/start?login=${login.id}` });
    const { state } = await visit(login.id);
    const done = await logins.complete({ code: 'code-ada', state }, mine);
    expect(done).toMatchObject({ binding, next: null, account: { name: 'ada', way: 'browser', state: 'signed_in' } });
    expect(done.login).toMatchObject({ state: 'done', accountId: done.account?.id });
    expect(accounts.list()).toEqual([done.account]);
  });

  test('proves itself with the verifier of the challenge that it sent (PKCE S256)', async () => {
    const { logins, exchanges, begin } = await prepare();
    const { url, state } = await begin();
    await logins.complete({ code: 'code-ada', state }, mine);
    const verifier = exchanges[0]?.codeVerifier ?? '';
    expect(verifier).toMatch(/^[\w-]{43,128}$/);
    expect(url.searchParams.get('codeChallenge')).toBe(createHash('sha256').update(verifier).digest('base64url'));
  });

  test('never uses a state or a verifier twice', async () => {
    const { logins, visit } = await prepare();
    const { id } = await logins.begin({ way: 'browser' });
    const visits = await Promise.all(Array.from({ length: 50 }, () => visit(id)));
    expect(new Set(visits.map(({ state }) => state)).size).toBe(50);
    expect(new Set(visits.map(({ url }) => url.searchParams.get('codeChallenge'))).size).toBe(50);
    expect(Buffer.from(visits[0]?.state ?? '', 'base64url')).toHaveLength(32);
  });

  test('of a second person adds a second account', async () => {
    const { logins, accounts, begin } = await prepare();
    for (const code of ['code-ada', 'code-bob', 'code-ada']) {
      await logins.complete({ code, state: (await begin()).state }, mine);
    }
    const names = accounts.list().map(({ name }) => name);
    expect(names.sort()).toEqual(['ada', 'bob']);
  });

  test('goes on in parallel in two windows', async () => {
    const { logins, begin } = await prepare();
    const [one, two] = [await begin(), await begin('another window')];
    expect((await logins.complete({ code: 'code-bob', state: two.state }, 'another window')).account?.name).toBe('bob');
    expect((await logins.complete({ code: 'code-ada', state: one.state }, mine)).account?.name).toBe('ada');
  });

  test('goes on by itself when more than fifty scopes are to be granted', async () => {
    const wide = Array.from({ length: 60 }, (_, n) => `scope:${n}`);
    const { logins, accounts, feishu, begin } = await prepare({ usualScopes: async () => wide });
    const { login, state } = await begin();
    const first = await logins.complete({ code: 'code-ada', state }, mine);
    expect(first).toMatchObject({ login: { state: 'waiting', step: 1 }, account: { name: 'ada' } });
    const next = first.next?.searchParams.get('state') ?? '';
    const second = await logins.complete({ code: 'code-ada', state: next }, mine);
    expect([second.login.state, second.next]).toEqual(['done', null]);
    expect(feishu.asked.map((scopes) => scopes.length)).toEqual([50, 12]);
    expect([accounts.list()[0]?.missingScopes, logins.get(login.id)?.state]).toEqual([[], 'done']);
  });

  test('starts again from the same link while it waits', async () => {
    const { logins, begin, visit, clock, view } = await prepare();
    const { login, state: former } = await begin();
    await clock.advance(9 * minute);
    const { state } = await visit(login.id);
    expect(await codeOf(logins.complete({ code: 'code-ada', state: former }, mine))).toBe('login_state');
    await clock.advance(9 * minute);
    expect(view(login).state).toBe('waiting');
    expect(await codeOf(logins.complete({ code: 'code-ada', state }, mine))).toBe('it worked');
    expect(await codeOf(visit(login.id))).toBe('login_state');
  });
});

describe('nothing is asked of Feishu and nothing is stored when', () => {
  test.each<[string, (state: string) => { state?: string; browser?: string; waitMs?: number; jumpMs?: number }]>([
    ['the state is missing', () => ({})],
    ['the state is made up', () => ({ state: 'x'.repeat(43) })],
    ['the state began in another browser', (state) => ({ state, browser: 'their browser' })],
    ['the browser lost its cookie', (state) => ({ state, browser: '' })],
    ['the state is ten minutes old', (state) => ({ state, waitMs: 10 * minute })],
    ['the machine slept since for ten minutes', (state) => ({ state, jumpMs: 10 * minute })],
  ])('%s', async (_, forge) => {
    const { logins, accounts, exchanges, clock, begin } = await prepare();
    const { state, browser = mine, waitMs = 0, jumpMs = 0 } = forge((await begin()).state);
    clock.jump(jumpMs);
    await clock.advance(waitMs);
    expect(await codeOf(logins.complete({ code: 'code-eve', state }, browser))).toBe('login_state');
    expect([exchanges, accounts.list()]).toEqual([[], []]);
  });

  test('a foreign browser tried the state: it is void for its own browser too, and the link still works', async () => {
    const { logins, exchanges, begin, visit } = await prepare();
    const { login, state } = await begin();
    expect(await codeOf(logins.complete({ code: 'code-eve', state }, 'their browser'))).toBe('login_state');
    expect(await codeOf(logins.complete({ code: 'code-ada', state }, mine))).toBe('login_state');
    expect(exchanges).toEqual([]);
    const again = await visit(login.id);
    expect(await codeOf(logins.complete({ code: 'code-ada', state: again.state }, mine))).toBe('it worked');
  });

  test('the answer comes a second time', async () => {
    const { logins, exchanges, begin } = await prepare();
    const { state } = await begin();
    const answers = [1, 2, 3].map(() => codeOf(logins.complete({ code: 'code-ada', state }, mine)));
    expect((await Promise.all(answers)).sort()).toEqual(['it worked', 'login_state', 'login_state']);
    expect(exchanges).toHaveLength(1);
  });

  test('the gateway was restarted in between', async () => {
    const started = await prepare();
    const { state } = await started.begin();
    const restarted = openLogins(started, await started.start());
    expect(await codeOf(restarted.logins.complete({ code: 'code-ada', state }, mine))).toBe('login_state');
    restarted.logins.close();
  });

  test('the login was canceled', async () => {
    const { logins, exchanges, begin } = await prepare();
    const { login, state } = await begin();
    logins.cancel(login.id);
    expect(await codeOf(logins.complete({ code: 'code-ada', state }, mine))).toBe('login_state');
    expect(exchanges).toEqual([]);
  });

  test('a flood of other attempts came after it', async () => {
    const { logins, exchanges, begin } = await prepare();
    const { state } = await begin();
    for (let attempt = 0; attempt < 20; attempt += 1) await begin('flood');
    expect(await codeOf(logins.complete({ code: 'code-ada', state }, mine))).toBe('login_state');
    expect(exchanges).toEqual([]);
  });

  test('the link is of a login that knows no browser, or of none at all', async () => {
    const { logins, visit } = await prepare();
    const device = await logins.begin({ way: 'device' });
    expect(await codeOf(visit(device.id))).toBe('login_state');
    expect(await codeOf(visit('login_made_up'))).toBe('login_state');
  });
});

describe('the person is told apart', () => {
  test.each([
    ['that they declined', { error: 'access_denied' }, 'login_denied'],
    ['that Feishu found fault', { error: 'invalid_scope' }, 'login_failed'],
    ['that no code came', {}, 'login_failed'],
    ['that the code was refused', { code: 'stolen' }, 'login_failed'],
    ['that Feishu could not be reached', { code: 'unreachable' }, 'login_failed'],
    ['that Feishu did not say who they are', { code: 'code-nobody' }, 'login_failed'],
  ])('%s, and nothing is stored', async (_, answer, code) => {
    const { logins, accounts, begin } = await prepare();
    const { login, state } = await begin();
    expect(await codeOf(logins.complete({ ...answer, state }, mine))).toBe(code);
    expect(logins.get(login.id)).toMatchObject({ state: 'failed', url: null, fault: { code } });
    expect(accounts.list()).toEqual([]);
  });

  test('why, in the words of the fault underneath', async () => {
    const { logins, feishu, begin } = await prepare();
    const plain = feishu.issuer;
    const refused = new Fault('app_unavailable', { details: { code: 20010 } });
    feishu.issuer = (app) => ({ ...plain(app), exchangeCode: () => Promise.reject(refused) });
    const { state } = await begin();
    const fault = await faultOf(logins.complete({ code: 'code-ada', state }, mine));
    expect([fault.code, fault.details, fault.words]).toEqual(['app_unavailable', { code: 20010 }, refused.words]);
  });

  test('that another account consented than the one that had to, and nothing is stored', async () => {
    const { logins, accounts, signIn, visit } = await prepare();
    const { id } = await signIn('ada');
    const before = accounts.list();
    const login = await logins.begin({ way: 'browser', accountId: id, scopes: ['mail:send'] });
    const { state } = await visit(login.id);
    const fault = await faultOf(logins.complete({ code: 'code-eve', state }, mine));
    expect([fault.code, logins.get(login.id)?.accountId]).toEqual(['account_mismatch', id]);
    expect(accounts.list()).toEqual(before);
  });

  test('that a sign-in that nobody finished has run out', async () => {
    const { logins, begin, clock } = await prepare();
    const { login } = await begin();
    await clock.advance(10 * minute);
    expect(logins.get(login.id)).toMatchObject({ state: 'failed', fault: { code: 'login_expired' } });
  });
});

test('no state, code or verifier is in what pages and logs are told', async () => {
  const { logins, events, exchanges, begin } = await prepare();
  const { state } = await begin();
  await logins.complete({ code: 'code-ada', state }, mine);
  const told = JSON.stringify([events, logins.list()]);
  for (const secret of [state, 'code-ada', exchanges[0]?.codeVerifier ?? '', mine, 'canary-']) {
    expect(told).not.toContain(secret);
  }
  expect(told).toContain(appId);
  expect(told).toContain(person('ada').name);
});
