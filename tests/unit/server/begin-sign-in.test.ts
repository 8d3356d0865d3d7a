import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Signer } from '../../../src-main/base/signer.ts';
import { dashboardCookieName, dashboardCookieValue } from '../../../src-main/server/dashboard-cookie.ts';
import { loginPath, startPath } from '../../../src-main/server/login-links.ts';
import { type OauthDoor, cookieOf, locationOf, openOauthDoor } from './open-oauth-door.ts';

/** Of another installation. */
const foreign = new Signer(Buffer.alloc(32, 8));

let door: OauthDoor;
beforeEach(async () => {
  door = await openOauthDoor();
});
afterEach(() => door.close());

describe('a sign-in for nobody’s client in particular', () => {
  const cookieUntil = (signer: Signer, until: number) => ({
    cookie: `${dashboardCookieName}=${dashboardCookieValue(signer, until)}`,
  });
  test('begins by the gateway’s own link', async () => {
    expect((await door.get(startPath(door.signer))).status).toBe(303);
    expect(door.logins.begun).toMatchObject([{ way: 'device', binding: { sessionKey: null } }]);
  });

  test('begins without a link for who is let into the dashboard', async () => {
    const headers = cookieUntil(door.signer, door.clock.now() + 1000);
    expect((await door.get('/oauth/start', headers)).status).toBe(303);
    await door.clock.advance(1001);
    expect((await door.get('/oauth/start', headers)).status).toBe(400);
    expect((await door.get('/oauth/start', cookieUntil(foreign, door.clock.now() + 1000))).status).toBe(400);
    expect(door.logins.begun).toHaveLength(1);
  });

  test.each([
    ['nothing', ''],
    ['an empty link', '?start='],
    ['a made-up link', `?start=${'A'.repeat(43)}`],
    ['two links', `?start=${'A'.repeat(43)}&start=${'B'.repeat(43)}`],
    ['the link of another installation', startPath(foreign).replace('/oauth/start', '')],
    ['a session that is not there', `?sessionId=${'a'.repeat(64)}`],
  ])('begins by %s for nobody, and the page says where to begin', async (_what, query) => {
    const page = await door.get(`/oauth/start${query}`);
    const html = await page.text();
    expect([page.status, html.includes('login_state')]).toEqual([400, true]);
    expect(html).toContain('请从控制台、启动时打印的登录链接或 AI 客户端给出的链接开始登录');
    expect(html).toContain('Begin signing in on the dashboard');
    expect(door.logins.begun).toEqual([]);
  });

  test('is not begun by a browser that looks ahead, or by a picture or a frame', async () => {
    const path = startPath(door.signer);
    for (const headers of [
      { 'sec-purpose': 'prefetch' },
      { 'sec-purpose': 'prefetch;prerender', 'sec-fetch-dest': 'document' },
      { 'sec-fetch-dest': 'image' },
      { 'sec-fetch-dest': 'iframe' },
    ])
      expect((await door.get(path, headers)).status).toBe(403);
    expect(door.logins.begun).toEqual([]);
    expect((await door.get(path, { 'sec-fetch-dest': 'document' })).status).toBe(303);
  });

  test('goes on at the address to which Feishu sends the browser back, whatever name this machine was called by', async () => {
    const path = startPath(door.signer);
    const answer = await fetch(new URL(path, door.url.replace('127.0.0.1', 'localhost')), { redirect: 'manual' });
    expect([answer.status, locationOf(answer), answer.headers.get('set-cookie')]).toEqual([302, door.url + path, null]);
    expect(door.logins.begun).toEqual([]);
  });
});

describe('the cookie of a browser that signs in', () => {
  const begin = async (cookie?: string) => {
    const { id } = await door.logins.begin({ way: 'browser' });
    return door.get(loginPath(id, door.signer), cookie === undefined ? {} : { cookie });
  };

  test('is kept by its tabs, and names the browser when it comes back', async () => {
    const cookie = cookieOf(await begin());
    expect(cookieOf(await begin(cookie))).toBe(cookie);
    await door.get('/oauth/callback?code=c&state=s', { cookie });
    const [first, ...others] = door.logins.browsers;
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual([first, first]);
  });

  test.each([
    ['a nonce of its own', 'P'.repeat(43)],
    ['one that another installation sealed', foreign.seal('login-browser', 'P'.repeat(43))],
    ['one that was sealed here for something else', ''],
  ])('planted by a page on another port with %s names nobody', async (_what, value) => {
    const planted = `larkgate_login=${value || door.signer.seal('login-link', 'P'.repeat(43))}`;
    const start = await begin(planted);
    expect(start.headers.get('set-cookie')).not.toContain('P'.repeat(43));
    await door.get('/oauth/callback?code=c&state=s', { cookie: planted });
    const [began, cameBack] = door.logins.browsers;
    expect([began, cameBack]).toEqual([expect.not.stringContaining('P'.repeat(43)), '']);
  });
});
