import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import type { Caller } from '../../../src-main/gateway/caller.ts';
import { loginPath, signInPath, startPath } from '../../../src-main/server/login-links.ts';
import { accountView } from './fake-logins.ts';
import { type OauthDoor, cookieOf, locationOf, openOauthDoor } from './open-oauth-door.ts';

let door: OauthDoor;
beforeEach(async () => {
  door = await openOauthDoor();
});
afterEach(() => door.close());

const lin = accountView('acc_lin', { name: '林小雨' });
const chen = accountView('acc_chen', { name: 'Chen <b>&' });
const caller: Caller = { keyId: 'default', accountId: null, address: '127.0.0.1', manualToken: null };

async function openSession(keyId = 'default') {
  return door.sessions.open({ ...caller, keyId }, 'streamable-http');
}

/** Opens a sign-in link and follows it to the page that waits. */
async function openWaitPage(path: string) {
  const start = await door.get(path);
  expect(start.status).toBe(303);
  const headers = { cookie: cookieOf(start) };
  return { wait: locationOf(start), headers, page: await door.get(locationOf(start), headers) };
}

describe('the page that waits for a scan', () => {
  test('shows a QR code, a link that opens beside it, the code to compare and the time left, and runs no script', async () => {
    const { wait, page } = await openWaitPage(startPath(door.signer));
    const html = await page.text();
    expect(html).toMatch(/<svg\s+role="img"\s+aria-label="[^"]+"\s+viewBox="0 0 \d+ \d+"/);
    expect(html).toContain(
      'href="https://accounts.feishu.cn/oauth/v1/device/verify?user_code=ABCD-EFGH" target="_blank" rel="noopener noreferrer"',
    );
    expect(html).toContain('ABCD-EFGH</span>');
    expect(html).toContain('http-equiv="refresh" content="3"');
    expect(html).not.toMatch(/<script|\son\w+=|style="/);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    door.logins.change(door.logins.last.id, { expiresAt: door.clock.now() + 125_000 });
    expect(await (await door.get(wait)).text()).toContain('2:05');
  });

  test('shows a link that is too long for a QR code without one', async () => {
    const { wait } = await openWaitPage(startPath(door.signer));
    const url = `https://accounts.feishu.cn/?q=${'x'.repeat(5000)}`;
    door.logins.change(door.logins.last.id, { url });
    const page = await door.get(wait);
    const html = await page.text();
    expect([page.status, html.includes('<svg'), html.includes(`href="${url}"`)]).toEqual([200, false, true]);
  });

  test('says which step it is, in both languages, and what Feishu answers meanwhile', async () => {
    const { wait } = await openWaitPage(startPath(door.signer));
    door.logins.change(door.logins.last.id, {
      steps: ['extend_app', 'sign_in'],
      step: 1,
      note: { zh: '网络不通', en: 'no network' },
    });
    const html = await (await door.get(wait)).text();
    for (const text of ['第 2 步，共 2 步：登录授权', 'Step 2 of 2: Sign in', '网络不通', 'no network'])
      expect(html).toContain(text);
  });

  test('says that a link is being prepared until there is one', async () => {
    const { wait } = await openWaitPage(startPath(door.signer));
    door.logins.change(door.logins.last.id, { state: 'starting', url: null, userCode: null });
    const html = await (await door.get(wait)).text();
    expect(html).toContain('正在准备链接');
    expect(html).toContain('http-equiv="refresh"');
    expect(html).not.toContain('<svg');
  });

  test('says who signed in, escaped, and stops refreshing', async () => {
    const { wait, headers } = await openWaitPage(startPath(door.signer));
    door.people.set(chen.id, chen);
    door.logins.finish(door.logins.last.id, chen);
    const html = await (await door.get(wait, headers)).text();
    expect(html).toContain('授权成功');
    expect(html).toContain('Chen &#60;b&#62;&#38;');
    expect(html).not.toContain('http-equiv="refresh"');
  });

  test('says why it failed in both languages, with a link that begins again', async () => {
    const { wait } = await openWaitPage(startPath(door.signer));
    const fault = new Fault('login_expired').toBody();
    door.logins.change(door.logins.last.id, { state: 'failed', url: null, fault });
    const html = await (await door.get(wait)).text();
    expect(html).toContain(fault.words.zh);
    expect(html).toContain(fault.words.en);
    expect(html).not.toContain('http-equiv="refresh"');
    const again = /<a class="button" href="([^"]+)"/.exec(html)?.[1];
    expect(again).toBe(startPath(door.signer));
    expect((await door.get(again ?? '')).status).toBe(303);
    expect(door.logins.begun).toHaveLength(2);
  });

  test.each(['', '?login=', '?login=bG9naW5fMQ.AAAA', '?login=login_1'])(
    'at an address that was not made here (%s) shows nothing but what to do',
    async (query) => {
      await openWaitPage(startPath(door.signer));
      const page = await door.get(`/oauth/wait${query}`);
      expect(page.status).toBe(400);
      const html = await page.text();
      expect(html).toContain('login_state');
      expect(html).not.toContain('ABCD-EFGH');
    },
  );

  test('for a login that is long over says so', async () => {
    const { wait } = await openWaitPage(startPath(door.signer));
    door.logins.forget(door.logins.last.id);
    const page = await door.get(wait);
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('login_state')]);
  });
});

describe('a sign-in that was begun elsewhere', () => {
  const begin = (way: 'browser' | 'device') => door.logins.begin({ way });

  test('goes on in any browser of this machine, which is remembered', async () => {
    const { id } = await begin('browser');
    const start = await door.get(loginPath(id, door.signer));
    expect(start.status).toBe(302);
    expect(locationOf(start)).toBe(`https://accounts.feishu.cn/authorize?login=${id}&browser=43`);
    expect(start.headers.get('set-cookie')).toMatch(
      /^larkgate_login=[\w-]{43}\.[\w-]{43}; Path=\/oauth; .*HttpOnly; SameSite=Lax$/,
    );
  });

  test.each(['done', 'failed', 'canceled'] as const)('and is %s opens no page of Feishu any more', async (state) => {
    const { id } = await begin('browser');
    door.logins.change(id, { state });
    const page = await door.get(loginPath(id, door.signer));
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('Begin again where you began it')]);
  });

  test('cannot be named without the signature', async () => {
    const { id } = await begin('browser');
    const sealed = loginPath(id, door.signer);
    for (const path of [`/oauth/start?login=${id}`, `${sealed}x`, sealed.replace(id, 'login_9')])
      expect((await door.get(path)).status).toBe(400);
  });

  test('by scanning is not one for the browser', async () => {
    const { id } = await begin('device');
    expect((await door.get(loginPath(id, door.signer))).status).toBe(400);
  });
});

describe('coming back from Feishu', () => {
  test('with more to grant goes straight on to the next consent', async () => {
    const login = await door.logins.begin({ way: 'browser' });
    door.logins.completion = () => ({
      login,
      account: null,
      next: new URL('https://accounts.feishu.cn/next'),
      binding: null,
    });
    const answer = await door.get('/oauth/callback?code=c&state=s');
    expect([answer.status, locationOf(answer)]).toEqual([302, 'https://accounts.feishu.cn/next']);
  });

  test('with a refusal says so in both languages and shows nothing of what came along', async () => {
    door.logins.completion = () => {
      throw new Fault('login_denied');
    };
    const page = await door.get(
      '/oauth/callback?error=%3Cscript%3Ecanary%3C/script%3E&state=canary-state&code=canary-code',
    );
    const html = await page.text();
    expect(page.status).toBe(400);
    expect(html).toContain('没有保存任何内容');
    expect(html).toContain('Nothing was stored');
    expect(html).not.toContain('canary');
  });

  test('without offline_access says that it ends in two hours', async () => {
    const login = await door.logins.begin({ way: 'browser' });
    door.logins.completion = () => door.logins.finish(login.id, { ...lin, refreshExpiresAt: null });
    expect(await (await door.get('/oauth/callback?code=c&state=s')).text()).toContain('sign in again in two hours');
  });
});

describe('a client whose person signs in', () => {
  test('works as that person from then on', async () => {
    const session = await openSession();
    await openWaitPage(signInPath(session, door.signer));
    door.logins.finish(door.logins.last.id, lin);
    expect(door.sessions.views()).toMatchObject([{ accountId: lin.id }]);
    expect(door.events.at(-1)).toMatchObject({ kind: 'session.changed', session: { accountId: lin.id } });
  });

  test('works as that person, too, when the link names its session by the id that it alone knows', async () => {
    const session = await openSession();
    await openWaitPage(`/oauth/start?sessionId=${session.id}`);
    door.logins.finish(door.logins.last.id, lin);
    expect(door.sessions.views()).toMatchObject([{ accountId: lin.id }]);
  });

  test('when its link is not whole, is told so, and no sign-in begins', async () => {
    const session = await openSession();
    const page = await door.get(`${signInPath(session, door.signer)}x`);
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('login_state')]);
    expect(door.logins.begun).toEqual([]);
  });
});

describe('a client that is bound to one person while another signs in', () => {
  async function conflict(keyId = 'default') {
    for (const person of [lin, chen]) door.people.set(person.id, person);
    const session = await openSession(keyId);
    if (keyId === 'default') door.sessions.bind(session.shortId, lin.id);
    else await door.clientKeys.bind(keyId, lin.id);
    const { wait, headers } = await openWaitPage(signInPath(session, door.signer));
    door.logins.finish(door.logins.last.id, chen);
    const page = await door.get(wait, headers);
    const html = await page.text();
    return { session, headers, page, html, token: /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '' };
  }
  const accountsNow = () => door.sessions.views().map(({ accountId }) => accountId);

  test('stays as it was and asks, in both languages, on a page that may only send its answer here', async () => {
    const { html, page } = await conflict();
    expect(accountsNow()).toEqual([lin.id]);
    expect(html).toContain('这个客户端此前使用的是 林小雨');
    expect(html).toContain('this client works as 林小雨');
    expect(html).toContain('<form class="actions" method="post" action="/oauth/rebind">');
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    // Otherwise the browser would send "Origin: null" with the form, and the door refuses that.
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
  });

  test('asks after coming back from Feishu by the browser, too', async () => {
    for (const person of [lin, chen]) door.people.set(person.id, person);
    const session = await openSession();
    door.sessions.bind(session.shortId, lin.id);
    const login = await door.logins.begin({ way: 'browser', binding: { sessionKey: session.shortId } });
    door.logins.completion = () => door.logins.finish(login.id, chen);
    expect(await (await door.get('/oauth/callback?code=c&state=s')).text()).toContain('action="/oauth/rebind"');
    expect(accountsNow()).toEqual([lin.id]);
  });

  test('switches when the person says so, once', async () => {
    const { token, headers } = await conflict();
    const page = await door.post('/oauth/rebind', { token, choice: 'use' }, headers);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('已切换')]);
    expect(accountsNow()).toEqual([chen.id]);
    expect((await door.post('/oauth/rebind', { token, choice: 'keep' }, headers)).status).toBe(400);
  });

  test('keeps its account when the person says so, and that is final', async () => {
    const { token, headers } = await conflict();
    const page = await door.post('/oauth/rebind', { token, choice: 'keep' }, headers);
    expect(await page.text()).toContain('未改变');
    expect((await door.post('/oauth/rebind', { token, choice: 'use' }, headers)).status).toBe(400);
    expect(accountsNow()).toEqual([lin.id]);
  });

  test('cannot switch to a person who signed out meanwhile, and is asked on', async () => {
    const { token, headers } = await conflict();
    door.people.delete(chen.id);
    const page = await door.post('/oauth/rebind', { token, choice: 'use' }, headers);
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('Nothing was changed')]);
    expect(accountsNow()).toEqual([lin.id]);
    expect((await door.post('/oauth/rebind', { token, choice: 'keep' }, headers)).status).toBe(200);
  });

  test('by its key switches with all that use the key', async () => {
    const { id } = await door.clientKeys.add('Cursor');
    const { token, headers } = await conflict(id);
    await openSession(id);
    expect(accountsNow()).toEqual([lin.id, lin.id]);
    await door.post('/oauth/rebind', { token, choice: 'use' }, headers);
    expect(door.clientKeys.accountOf(id)).toBe(chen.id);
    expect(accountsNow()).toEqual([chen.id, chen.id]);
  });

  test('is not switched by another browser, another site, a made-up answer or a foreign token', async () => {
    const { token, headers } = await conflict();
    const attempts = [
      door.post('/oauth/rebind', { token, choice: 'use' }),
      door.post('/oauth/rebind', { token, choice: 'use' }, { cookie: `larkgate_login=${'A'.repeat(43)}` }),
      door.post(
        '/oauth/rebind',
        { token, choice: 'use' },
        { cookie: cookieOf(await door.get(startPath(door.signer))) },
      ),
      door.post('/oauth/rebind', { token, choice: 'use' }, { ...headers, 'sec-fetch-site': 'cross-site' }),
      door.post('/oauth/rebind', { token, choice: 'use' }, { ...headers, 'sec-fetch-site': 'same-site' }),
      door.post('/oauth/rebind', { token, choice: 'both' }, headers),
      door.post('/oauth/rebind', { token: `${token}x`, choice: 'use' }, headers),
      door.post('/oauth/rebind', { choice: 'use' }, headers),
      door.post('/oauth/rebind', {}, headers),
    ];
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400, 403, 403, 400, 400, 400, 400]);
    expect(accountsNow()).toEqual([lin.id]);
  });

  test('and has ended meanwhile is left alone', async () => {
    const { session, token, headers } = await conflict();
    await door.sessions.end(session, 'client');
    expect((await door.post('/oauth/rebind', { token, choice: 'use' }, headers)).status).toBe(400);
  });

  test('whose former person signed out is asked about, too', async () => {
    const { wait, headers } = await (async () => {
      const session = await openSession();
      door.sessions.bind(session.shortId, 'acc_gone');
      return openWaitPage(signInPath(session, door.signer));
    })();
    door.people.set(chen.id, chen);
    door.logins.finish(door.logins.last.id, chen);
    expect(await (await door.get(wait, headers)).text()).toContain('an account that is signed out');
    expect(accountsNow()).toEqual(['acc_gone']);
  });
});

describe('a link for one more permission', () => {
  const wish = { kind: 'grant' as const, accountId: lin.id, scopes: ['im:message:readonly'], asker: 'Cursor' };
  beforeEach(() => void door.people.set(lin.id, lin));

  test('asks that account for that permission, and says which client needs it', async () => {
    const { page } = await openWaitPage(door.grants.path(wish));
    expect(door.logins.begun).toMatchObject([{ way: 'device', accountId: lin.id, scopes: wish.scopes }]);
    const html = await page.text();
    expect(html).toContain('A call of “Cursor” needs:');
    expect(html).toContain('<li>im:message:readonly</li>');
  });

  test('of somebody who signed in by the browser leads to Feishu’s page', async () => {
    door.people.set(lin.id, { ...lin, way: 'browser' });
    expect(locationOf(await door.get(door.grants.path(wish)))).toContain('https://accounts.feishu.cn/authorize');
  });

  test('has the app extended first where the app lacks it', async () => {
    await openWaitPage(door.grants.path({ ...wish, kind: 'extend' }));
    expect(door.logins.extended).toMatchObject([{ appId: 'cli_app', accountId: lin.id, scopes: wish.scopes }]);
  });

  test('opened again while it waits leads to the same sign-in, also by two tabs at once', async () => {
    const path = door.grants.path(wish);
    await Promise.all([door.get(path), door.get(path)]);
    await door.get(path);
    expect(door.logins.begun).toHaveLength(1);
  });

  test('begins anew after a refusal or an expiry, and is used up by a consent', async () => {
    const path = door.grants.path(wish);
    await door.get(path);
    door.logins.change(door.logins.last.id, { state: 'failed' });
    await door.get(path);
    expect(door.logins.begun).toHaveLength(2);
    door.logins.finish(door.logins.last.id, lin);
    const { id } = door.logins.last;
    expect((await door.get(path)).status).toBe(400);
    door.logins.forget(id);
    const page = await door.get(path);
    expect(page.status).toBe(400);
    const html = await page.text();
    expect(html).toContain('请在 AI 客户端里重试刚才的调用');
    expect(html).toContain('Repeat the call in your AI client to get a new link');
    expect(door.logins.begun).toHaveLength(2);
  });

  test('dies after an hour, however the wall clock is set', async () => {
    const path = door.grants.path(wish);
    door.clock.jump(-8 * 3_600_000);
    await door.clock.advance(59 * 60_000);
    expect((await door.get(path)).status).toBe(303);
    door.logins.change(door.logins.last.id, { state: 'failed' });
    await door.clock.advance(60_001);
    expect((await door.get(path)).status).toBe(400);
    expect(door.logins.begun).toHaveLength(1);
  });

  test('of an earlier run, tampered with, or for somebody who signed out, begins nothing', async () => {
    const other = await openOauthDoor();
    const foreign = other.grants.path(wish);
    await other.close();
    const path = door.grants.path(wish);
    const gone = door.grants.path({ ...wish, accountId: 'acc_gone' });
    const tampered = path.replace(/grant=(.)/, (_, first: string) => `grant=${first === 'e' ? 'f' : 'e'}`);
    for (const link of [foreign, tampered, `${path}x`, gone, '/oauth/start?grant=', '/oauth/start?grant=a.b'])
      expect((await door.get(link)).status).toBe(400);
    expect(door.logins.begun).toEqual([]);
  });

  test('does not bind the client that follows the default account', async () => {
    const session = await openSession();
    await door.get(door.grants.path(wish));
    door.logins.finish(door.logins.last.id, lin);
    expect(session.accountId).toBeNull();
  });
});
