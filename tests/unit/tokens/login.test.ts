import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { Login, type LoginBinding } from '../../../src-main/tokens/login.ts';
import { appId, FakeFeishu, person } from './fake-feishu.ts';
import { createMachine } from './open-accounts.ts';

const minute = 60_000;
const mine: LoginBinding = { sessionKey: 'session-1', keyId: 'key-1', browser: 'my browser' };
const request = { appId, redirectUri: 'http://127.0.0.1:5275/oauth/callback', scopes: ['offline_access'] };

async function prepare() {
  const machine = await createMachine();
  const running = await machine.start();
  const exchanges: { code: string; codeVerifier: string }[] = [];
  const issuerOf = (app: string) => {
    const issuer = machine.feishu.issuer(app);
    const exchangeCode: typeof issuer.exchangeCode = (code, proof) => {
      exchanges.push({ code, codeVerifier: proof.codeVerifier });
      return issuer.exchangeCode(code, proof);
    };
    return { ...issuer, exchangeCode };
  };
  const { accounts } = running;
  const login = new Login({ clock: machine.clock, accounts: { issuerOf, add: (...added) => accounts.add(...added) } });
  return { ...machine, ...running, login, exchanges };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it worked',
    (thrown: unknown) => Fault.from(thrown).code,
  );
}

describe('signing in through the browser', () => {
  test('ends with the account and with who began it', async () => {
    const { login, accounts } = await prepare();
    const { state } = await login.begin(mine, request);
    const { account, binding } = await login.complete({ code: 'code-ada', state }, mine.browser);
    expect([account.name, account.state, binding]).toEqual(['ada', 'signed_in', mine]);
    expect(accounts.list()).toEqual([account]);
  });

  test('proves itself with the verifier of the challenge that it sent (PKCE S256)', async () => {
    const { login, exchanges } = await prepare();
    const { url, state } = await login.begin(mine, request);
    await login.complete({ code: 'code-ada', state }, mine.browser);
    const verifier = exchanges[0]?.codeVerifier ?? '';
    expect(verifier).toMatch(/^[\w-]{43,128}$/);
    expect(url.searchParams.get('codeChallenge')).toBe(createHash('sha256').update(verifier).digest('base64url'));
  });

  test('never uses a state or a verifier twice', async () => {
    const { login } = await prepare();
    const begun = await Promise.all(Array.from({ length: 50 }, () => login.begin(mine, request)));
    expect(new Set(begun.map(({ state }) => state)).size).toBe(50);
    expect(new Set(begun.map(({ url }) => url.searchParams.get('codeChallenge'))).size).toBe(50);
    expect(Buffer.from(begun[0]?.state ?? '', 'base64url')).toHaveLength(32);
  });

  test('of a second person adds a second account', async () => {
    const { login, accounts } = await prepare();
    for (const code of ['code-ada', 'code-bob', 'code-ada']) {
      const { state } = await login.begin(mine, request);
      await login.complete({ code, state }, mine.browser);
    }
    expect(
      accounts
        .list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['ada', 'bob']);
  });

  test('goes on in parallel in two windows', async () => {
    const { login } = await prepare();
    const other = { ...mine, browser: 'another window' };
    const [one, two] = [await login.begin(mine, request), await login.begin(other, request)];
    expect((await login.complete({ code: 'code-bob', state: two.state }, other.browser)).account.name).toBe('bob');
    expect((await login.complete({ code: 'code-ada', state: one.state }, mine.browser)).account.name).toBe('ada');
  });

  test('cannot begin without the secret of the app', async () => {
    const { accounts, clock } = await prepare();
    const login = new Login({ clock, accounts });
    expect(await codeOf(login.begin(mine, { ...request, appId: 'cli_unknown' }))).toBe('app_missing');
  });
});

describe('nothing is asked of Feishu and nothing is stored when', () => {
  test.each<[string, (state: string) => { state?: string; browser?: string; waitMs?: number }]>([
    ['the state is missing', () => ({})],
    ['the state is made up', () => ({ state: 'x'.repeat(43) })],
    ['the state began in another browser', (state) => ({ state, browser: 'their browser' })],
    ['the browser lost its cookie', (state) => ({ state, browser: '' })],
    ['the state is ten minutes old', (state) => ({ state, waitMs: 10 * minute })],
  ])('%s', async (_, forge) => {
    const { login, accounts, exchanges, clock } = await prepare();
    const { state, browser = mine.browser, waitMs = 0 } = forge((await login.begin(mine, request)).state);
    await clock.advance(waitMs);
    expect(await codeOf(login.complete({ code: 'code-eve', state }, browser))).toBe('login_state');
    expect([exchanges, accounts.list()]).toEqual([[], []]);
  });

  test('the answer comes a second time', async () => {
    const { login, exchanges } = await prepare();
    const { state } = await login.begin(mine, request);
    const answers = [1, 2, 3].map(() => codeOf(login.complete({ code: 'code-ada', state }, mine.browser)));
    expect((await Promise.all(answers)).sort()).toEqual(['it worked', 'login_state', 'login_state']);
    expect(exchanges).toHaveLength(1);
  });

  test('the gateway was restarted in between', async () => {
    const { login, accounts, clock } = await prepare();
    const { state } = await login.begin(mine, request);
    const restarted = new Login({ clock, accounts });
    expect(await codeOf(restarted.complete({ code: 'code-ada', state }, mine.browser))).toBe('login_state');
  });

  test('a flood of other attempts came after it', async () => {
    const { login, exchanges } = await prepare();
    const { state } = await login.begin(mine, request);
    for (let attempt = 0; attempt < 100; attempt += 1) await login.begin({ ...mine, browser: 'flood' }, request);
    expect(await codeOf(login.complete({ code: 'code-ada', state }, mine.browser))).toBe('login_state');
    expect(exchanges).toEqual([]);
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
    const { login, accounts } = await prepare();
    const { state } = await login.begin(mine, request);
    expect(await codeOf(login.complete({ ...answer, state }, mine.browser))).toBe(code);
    expect(accounts.list()).toEqual([]);
  });

  test('why, in the words of the fault underneath', async () => {
    const { clock, accounts } = await prepare();
    const feishu = new FakeFeishu(clock);
    const exchangeCode = () => Promise.reject(new Fault('app_unavailable', { details: { code: 20010 } }));
    const issuerOf = (app: string) => ({ ...feishu.issuer(app), exchangeCode });
    const login = new Login({
      clock,
      accounts: { issuerOf, add: () => accounts.add(appId, feishu.signIn(person('ada')), person('ada')) },
    });
    const { state } = await login.begin(mine, request);
    expect(await codeOf(login.complete({ code: 'code-ada', state }, mine.browser))).toBe('app_unavailable');
  });
});
