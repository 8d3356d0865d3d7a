import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { Fault } from '../../src-main/base/fault.ts';
import { createLog } from '../../src-main/base/log.ts';
import type { AccountView } from '../../src-main/contract/views.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { Logins } from '../../src-main/tokens/logins.ts';
import { createHome } from '../helpers/run-node.ts';
import { openSandboxAccounts } from '../helpers/sandbox-accounts.ts';

const redirectUri = 'http://127.0.0.1:5275/oauth/callback';
const browser = 'mine';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ clock: systemClock, appSecret: 'canary-app-secret', deviceIntervalS: 1 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await fetch(`${sandbox.url}/__fault`, { method: 'DELETE' });
  await fetch(`${sandbox.url}/__log`, { method: 'DELETE' });
});

async function prepare(tokenEndpoint: 'v2' | 'v3' = 'v3') {
  const home = await createHome();
  const log = await createLog(home.path, { level: 'debug', megabytes: 1, files: 1 });
  const opened = await openSandboxAccounts({ folder: home.path, url: sandbox.url, tokenEndpoint, log });
  onTestFinished(async () => {
    await opened.close();
    await home.remove();
  });
  const app = { appId: sandbox.appId, appSecret: sandbox.appSecret, brand: 'feishu' as const };
  const keepApp = (appSecret: string) => opened.accounts.apps.add({ ...app, appSecret, origin: 'given' });
  await keepApp(app.appSecret);
  let usual: string[] = [];
  const logins = new Logins({
    clock: systemClock,
    bus: new EventBus(systemClock),
    log,
    accounts: opened.accounts,
    registrar: () => Promise.reject(new Error('nobody registers an app here')),
    usualScopes: async () => usual,
    commonScopes: [],
    redirectUri: () => redirectUri,
    startUrl: () => 'http://127.0.0.1:5275/oauth/start',
  });
  const signIn = async (choice: { person?: string; deny?: boolean } = {}, scopes = ['offline_access']) => {
    usual = scopes;
    const { id } = await logins.begin({ way: 'browser' });
    const back = await sandbox.consent(await logins.browserStart(id, browser), choice);
    const { account } = await logins.complete(Object.fromEntries(back.searchParams), browser);
    if (!account) throw new Error('not signed in');
    return account;
  };
  const signInByDevice = async (person: string): Promise<AccountView> => {
    const done = new Promise<AccountView>((resolve) => logins.onDone((_login, account) => resolve(account)));
    const { url } = await logins.begin({ way: 'device' });
    await sandbox.confirmDevice(new URL(url ?? ''), { person });
    return done;
  };
  return { ...opened, folder: home.path, log, signIn, signInByDevice, keepApp, issuer: opened.issuerFor(app) };
}

async function spoil(fault: Record<string, unknown>): Promise<void> {
  await fetch(`${sandbox.url}/__fault`, { method: 'POST', body: JSON.stringify(fault) });
}

async function changeApp(change: Record<string, unknown>): Promise<void> {
  await fetch(`${sandbox.url}/__app`, { method: 'POST', body: JSON.stringify(change) });
}

async function requests(path: string): Promise<{ path: string; code: number | null }[]> {
  const answer = await fetch(`${sandbox.url}/__log?path=${encodeURIComponent(path)}`);
  return (await answer.json()) as { path: string; code: number | null }[];
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  return Fault.from(
    await work.then(
      () => new Error('it worked'),
      (thrown: unknown) => thrown,
    ),
  );
}

describe.each([
  ['v3', '/oauth/v3/token'],
  ['v2', '/open-apis/authen/v2/oauth/token'],
] as const)('on the %s token endpoint', (version, path) => {
  test('a person signs in, is renewed and signs out', async () => {
    const { accounts, signIn, issuer } = await prepare(version);
    const account = await signIn();
    expect(account).toMatchObject({ state: 'signed_in', scopes: ['offline_access'], isDefault: true });
    const first = await accounts.credential(account.id);
    const second = await accounts.renew(first);
    expect((await issuer.whoIs(second.accessToken)).name).toBe(account.name);
    await accounts.signOut(account.id);
    expect((await faultOf(issuer.whoIs(second.accessToken))).code).not.toBe('internal');
    expect((await requests(path)).map(({ code }) => code)).toEqual([0, 0]);
    expect(await requests('/oauth/v1/revoke')).not.toEqual([]);
  });
});

describe('a sign-in', () => {
  test('without offline_access, which the app has not enabled, is kept until it expires', async () => {
    const { signInByDevice } = await prepare();
    await changeApp({ withheldScopes: ['offline_access'] });
    const account = await signInByDevice('wang.siqi');
    await changeApp({ withheldScopes: [] });
    expect(account).toMatchObject({
      state: 'signed_in',
      refreshExpiresAt: null,
      missingScopes: expect.arrayContaining(['offline_access']),
    });
  });

  test('that the person declines stores nothing', async () => {
    const { accounts, signIn } = await prepare();
    expect((await faultOf(signIn({ deny: true }))).code).toBe('login_denied');
    expect(accounts.list()).toEqual([]);
  });

  test.each([
    ['an error of Feishu', { kind: 'code', code: 20050 }],
    ['a page instead of an answer', { kind: 'html' }],
    ['a redirect', { kind: 'redirect' }],
    ['half an answer', { kind: 'truncate' }],
    ['a lost answer', { kind: 'disconnect', when: 'after' }],
  ])('that meets %s stores nothing and can be begun again', async (_, fault) => {
    const { accounts, signIn } = await prepare();
    await spoil({ path: '/oauth/v3/token', ...fault });
    expect((await faultOf(signIn())).code).toBe('login_failed');
    expect(accounts.list()).toEqual([]);
    expect((await signIn()).state).toBe('signed_in');
  });

  test('with a wrong app secret says that it is the secret', async () => {
    const { signIn, keepApp } = await prepare();
    await keepApp('sandbox-wrong');
    expect((await faultOf(signIn())).code).toBe('app_credentials');
  });
});

describe('a renewal', () => {
  test.each([
    ['is limited', { kind: 'rate', resetSeconds: 2 }, 'upstream_busy'],
    ['meets an error of Feishu', { kind: 'code', code: 20050 }, 'upstream_broken'],
    ['meets a page', { kind: 'html' }, 'upstream_broken'],
    ['is redirected', { kind: 'redirect' }, 'redirect_refused'],
  ])('that %s keeps the tokens, and the next one works', async (_, fault, code) => {
    const { accounts, signIn, issuer } = await prepare();
    const { id } = await signIn();
    await spoil({ path: '/oauth/v3/token', ...fault });
    const refused = await accounts.credential(id);
    expect((await faultOf(accounts.renew(refused))).code).toBe(code);
    await accounts.renewNow(id);
    const { accessToken } = await accounts.credential(id);
    expect(accessToken).not.toBe(refused.accessToken);
    expect((await issuer.whoIs(accessToken)).unionId).toBeTruthy();
  });

  test('whose request is cut before it took effect is made again at once', async () => {
    const { accounts, signIn } = await prepare();
    const { id } = await signIn();
    await spoil({ path: '/oauth/v3/token', kind: 'reset' });
    expect((await accounts.renewNow(id)).lastRenewal?.outcome).toBe('renewed');
  });

  test('whose answer is lost ends in "sign in again", with the reason', async () => {
    const { accounts, signIn } = await prepare();
    const { id } = await signIn();
    await spoil({ path: '/oauth/v3/token', kind: 'disconnect', when: 'after' });
    const fault = await faultOf(accounts.renewNow(id));
    expect([fault.code, fault.details?.code]).toEqual(['sign_in_again', 20073]);
    expect(accounts.get(id)?.reason?.en).toContain('lost');
    expect(await signIn()).toMatchObject({ id, state: 'signed_in', reason: null });
  });

  test('that the app may not do names the switch to turn on', async () => {
    const { accounts, signIn, notices } = await prepare();
    const { id } = await signIn();
    await changeApp({ allowRefresh: false });
    const fault = await faultOf(accounts.renewNow(id));
    await changeApp({ allowRefresh: true });
    expect(fault.words.zh).toContain('刷新 user_access_token');
    expect(notices.standing().map((notice) => notice.words.zh)).toEqual([fault.words.zh]);
    await accounts.renewNow(id);
    expect(notices.standing()).toEqual([]);
  });
});

test('no token and no secret is in any file, log line, event or notice', async () => {
  const { accounts, signIn, events, notices, folder, log } = await prepare();
  const { id } = await signIn();
  const secrets = ['canary-app-secret', (await accounts.credential(id)).accessToken];
  await spoil({ path: '/oauth/v3/token', kind: 'code', code: 20050 });
  await faultOf(accounts.renewNow(id));
  await accounts.renewNow(id);
  secrets.push((await accounts.credential(id)).accessToken);
  await spoil({ path: '/oauth/v1/revoke', kind: 'reset' });
  await accounts.signOut(id);
  await new Promise<void>((resolve) => log.flush(() => resolve()));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  expect(texts.some((text) => text.includes('tokens not revoked'))).toBe(true);
  const everything = [...texts, JSON.stringify(events), JSON.stringify(notices.standing())].join('\n');
  for (const secret of secrets) expect(everything.includes(secret)).toBe(false);
});
