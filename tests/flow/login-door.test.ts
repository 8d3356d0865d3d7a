import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../helpers/fake-clock.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { createHome } from '../helpers/run-node.ts';
import { logOf, spoil } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
afterEach(() => gateway.close());

const begin = (headers: Record<string, string> = {}) => fetch(gateway.app.urls.signIn, { redirect: 'manual', headers });
const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
const locationOf = (answer: Response) => answer.headers.get('location') ?? '';
const vault = () => readFile(join(gateway.data, 'token-snapshot.json'), 'utf8');
const exchanges = async () => (await logOf(gateway.sandbox, '/oauth/v3/token')).length;

/** Up to where Feishu sends the browser back, as a person who is not signed in yet. */
async function consent(person = 'chen.zhiyuan') {
  const start = await begin();
  const callback = await gateway.sandbox.consent(new URL(locationOf(start)), { person });
  return { callback, cookie: cookieOf(start) };
}

const comeBack = (callback: URL, cookie?: string) => fetch(callback, { headers: cookie ? { cookie } : {} });

describe('starting to sign in', () => {
  beforeEach(async () => {
    gateway = await startGateway({ signedIn: false });
  });

  test('two tabs of one browser each finish what they began', async () => {
    const first = await begin();
    const second = await begin({ cookie: cookieOf(first) });
    for (const tab of [first, second]) {
      const callback = await gateway.sandbox.consent(new URL(locationOf(tab)));
      const page = await fetch(callback, { headers: { cookie: cookieOf(second) } });
      expect(await page.text()).toContain('授权成功');
    }
  });

  test('a picture on somebody’s page starts nothing', async () => {
    expect((await begin({ 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await begin({ 'sec-fetch-dest': 'document' })).status).toBe(302);
  });

  test('however often it is started, the clients’ requests are not used up', async () => {
    const session = await openRawSession(gateway);
    const answers = await Promise.all(Array.from({ length: 250 }, () => begin()));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect(await session.ask('tools/list')).toHaveProperty('tools');
  });
});

/** The page refuses in both languages and says what to do; nothing was stored, and nothing that came along is shown. */
async function expectRefusal(page: Response, before: string, callback?: URL): Promise<void> {
  const html = await page.text();
  expect(page.status).toBe(400);
  expect(html).toContain('重新开始登录');
  expect(html).toContain('Start signing in again');
  const secrets = [...(callback?.searchParams.values() ?? [])].filter((secret) => secret !== '');
  expect(secrets.filter((secret) => html.includes(secret))).toEqual([]);
  expect((await vault()) === before).toBe(true);
}

describe('coming back with what does not belong to this browser’s sign-in', () => {
  beforeEach(async () => {
    gateway = await startGateway();
  });

  test.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['an empty state', (url: URL) => url.searchParams.set('state', '')],
    ['another state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
    ['two states', (url: URL) => url.searchParams.append('state', 'A'.repeat(43))],
  ])('%s is refused before Feishu is asked', async (_what, spoilUrl) => {
    const { callback, cookie } = await consent();
    const [before, asked] = [await vault(), await exchanges()];
    spoilUrl(callback);
    await expectRefusal(await comeBack(callback, cookie), before, callback);
    expect(await exchanges()).toBe(asked);
  });

  test('a state that was used is refused, and its code is not exchanged again', async () => {
    const { callback, cookie } = await consent();
    expect((await comeBack(callback, cookie)).status).toBe(200);
    const [before, asked] = [await vault(), await exchanges()];
    await expectRefusal(await comeBack(callback, cookie), before, callback);
    expect(await exchanges()).toBe(asked);
  });

  test('of two that come back at once one signs in, with one exchange', async () => {
    const { callback, cookie } = await consent();
    const asked = await exchanges();
    const pages = await Promise.all([comeBack(callback, cookie), comeBack(callback, cookie)]);
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200, 400]));
    expect(await exchanges()).toBe(asked + 1);
  });

  test.each([
    ['no cookie', async () => undefined],
    ['another browser’s cookie', async () => cookieOf(await begin())],
    ['a cookie that was made elsewhere', async () => `larkgate_login=${'B'.repeat(43)}`],
    ['a cookie that is none', async () => 'larkgate_login='],
  ])('%s is refused, and the state is burnt', async (_what, foreign) => {
    const { callback, cookie } = await consent();
    const stranger = await foreign();
    const [before, asked] = [await vault(), await exchanges()];
    await expectRefusal(await comeBack(callback, stranger), before, callback);
    await expectRefusal(await comeBack(callback, cookie), before, callback);
    expect(await exchanges()).toBe(asked);
  });

  test('a state of before a restart is refused', async () => {
    const home = await createHome();
    const first = await startGateway({ data: home.path, sandbox: gateway.sandbox });
    const start = await fetch(first.app.urls.signIn, { redirect: 'manual' });
    const callback = await gateway.sandbox.consent(new URL(locationOf(start)), { person: 'chen.zhiyuan' });
    await first.close();
    const second = await startGateway({ data: home.path, sandbox: gateway.sandbox, signedIn: false });
    const after = new URL(callback.pathname + callback.search, second.app.urls.signIn);
    const page = await comeBack(after, cookieOf(start));
    const people = second.app.accounts().map(({ name }) => name);
    await second.close();
    await home.remove();
    expect([page.status, people.length]).toEqual([400, 1]);
    expect(await page.text()).toContain('Start signing in again');
  });

  test('a login that was begun elsewhere and canceled is refused', async () => {
    const { login } = await gateway.app.call('login', { way: 'browser' });
    const start = await fetch(login.url ?? '', { redirect: 'manual' });
    expect(start.status).toBe(302);
    const callback = await gateway.sandbox.consent(new URL(locationOf(start)), { person: 'chen.zhiyuan' });
    await gateway.app.call('cancelLogin', { loginId: login.id });
    const before = await vault();
    await expectRefusal(await comeBack(callback, cookieOf(start)), before, callback);
    const again = await fetch(login.url ?? '', { redirect: 'manual' });
    expect([again.status, await again.text()]).toEqual([
      400,
      expect.stringContaining('Begin again where you began it'),
    ]);
  });

  test('the link of a login opened in a second browser takes it over from the first', async () => {
    const { login } = await gateway.app.call('login', { way: 'browser' });
    const first = await fetch(login.url ?? '', { redirect: 'manual' });
    const callback = await gateway.sandbox.consent(new URL(locationOf(first)), { person: 'chen.zhiyuan' });
    const second = await fetch(login.url ?? '', { redirect: 'manual' });
    const before = await vault();
    await expectRefusal(await comeBack(callback, cookieOf(first)), before, callback);
    const own = await gateway.sandbox.consent(new URL(locationOf(second)), { person: 'chen.zhiyuan' });
    expect((await comeBack(own, cookieOf(second))).status).toBe(200);
  });
});

test('a sign-in that is not finished in ten minutes is refused', async () => {
  const clock = new FakeClock(Date.now());
  gateway = await startGateway({ clock, signedIn: false });
  const { callback, cookie } = await consent();
  await clock.advance(10 * 60_000 + 1);
  const asked = await exchanges();
  const page = await comeBack(callback, cookie);
  expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('Start signing in again')]);
  // Not the bytes of the vault: it is written every ten minutes anyway.
  expect([gateway.app.accounts(), await exchanges()]).toEqual([[], asked]);
});

describe('coming back with what Feishu or the person refused', () => {
  beforeEach(async () => {
    gateway = await startGateway();
  });

  async function refused(page: Response, before: string) {
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect((await vault()) === before).toBe(true);
    expect(gateway.app.accounts()).toHaveLength(1);
    return page.text();
  }

  test('a refusal with a script in it is a friendly page, and the client stays signed out', async () => {
    const { callback, cookie } = await consent();
    const before = await vault();
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'access_denied');
    callback.searchParams.set('error_description', '<script>canary</script>');
    const html = await refused(await comeBack(callback, cookie), before);
    expect(html).toContain('你在飞书页面上取消了授权，没有保存任何内容');
    expect(html).toContain('You declined on the Feishu page. Nothing was stored.');
    expect(html).not.toContain('canary');
  });

  test('an error that nobody knows is not shown, only what to do', async () => {
    const { callback, cookie } = await consent();
    const before = await vault();
    callback.searchParams.set('error', '<img src=x onerror=canary>');
    const html = await refused(await comeBack(callback, cookie), before);
    expect(html).toContain('Start again');
    expect(html).not.toContain('canary');
  });

  test('a code that is too old', async () => {
    const { callback, cookie } = await consent();
    await fetch(`${gateway.sandbox.url}/__clock`, {
      method: 'POST',
      body: JSON.stringify({ advanceMs: 5 * 60_000 + 1 }),
    });
    const before = await vault();
    const html = await refused(await comeBack(callback, cookie), before);
    expect(html).toMatch(/重新|again/);
  });

  test.each([
    ['an app that is not available to the person', 20_010, '管理员', 'administrator'],
    ['a redirect URL that differs', 20_071, '回调地址', 'redirect'],
    ['a wrong app secret', 20_002, 'App Secret', 'secret'],
    ['an error of Feishu', 20_050, '重新', 'again'],
  ])('%s says so in both languages', async (_what, code, zh, en) => {
    const { callback, cookie } = await consent();
    await spoil(gateway.sandbox, { path: '/oauth/v3/token', kind: 'code', code });
    const before = await vault();
    const html = await refused(await comeBack(callback, cookie), before);
    expect(html).toContain(zh);
    expect(html.toLowerCase()).toContain(en);
    expect(html).toContain(`(${code})`);
  });

  test.each([
    ['a page', { kind: 'html' }],
    ['a redirect', { kind: 'redirect' }],
    ['half an answer', { kind: 'truncate' }],
    ['no answer', { kind: 'reset' }],
  ])('%s instead of tokens: one try, nothing stored, and the next sign-in works', async (_what, fault) => {
    const { callback, cookie } = await consent();
    const [before, asked] = [await vault(), await exchanges()];
    await spoil(gateway.sandbox, { path: '/oauth/v3/token', ...fault });
    const html = await refused(await comeBack(callback, cookie), before);
    expect(html).toContain('login_failed');
    expect((await exchanges()) - asked).toBeLessThanOrEqual(1);
    const next = await consent();
    expect((await comeBack(next.callback, next.cookie)).status).toBe(200);
  });
});
