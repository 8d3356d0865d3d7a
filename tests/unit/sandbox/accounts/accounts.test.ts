import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SandboxClient, redirectUri } from '../sandbox-client.ts';

let client: SandboxClient;
beforeAll(async () => {
  client = await SandboxClient.open();
});
afterAll(() => client.close());

const open = async (changes: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) => {
  const answer = await fetch(client.authorizeUrl(changes), { headers });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};

describe('the consent page', () => {
  test('shows three colleagues, somebody of another company, and what the app asks for in words', async () => {
    const { status, html } = await open({ scope: 'im:message calendar:calendar:readonly offline_access' });
    expect(status).toBe(200);
    for (const name of ['林晓雨', '陈志远', '王思琪', '周子涵', '远山咨询']) expect(html).toContain(name);
    expect(html).toContain('查看和更改你的消息与群组');
    expect(html).toContain('查看你的日历与日程');
    expect(html).toContain('在你离开后继续保持登录');
  });

  test('speaks the language that the browser asks for, unless the query names one', async () => {
    expect((await open()).html).toContain('lang="zh-CN"');
    expect((await open({}, { 'accept-language': 'en-GB,en;q=0.9' })).html).toContain('Authorize');
    const chinese = await open({ lang: 'zh' }, { 'accept-language': 'en' });
    expect(chinese.html).toContain('授权');
    expect(chinese.html).toMatch(/<a href="\?[^"]*lang=en"/);
  });

  test('needs no script, lets nobody frame it, and may send its form on to the app', async () => {
    const { headers, html } = await open();
    const policy = headers.get('content-security-policy');
    expect(html).not.toContain('<script');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`form-action 'self' ${new URL(redirectUri).origin}`);
  });

  test('goes back to the app with a long code and the very state it was given', async () => {
    const state = 'a b&c=d/é';
    const back = await client.sandbox.consent(client.authorizeUrl({ state }));
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get('state')).toBe(state);
    expect(back.searchParams.get('code')?.length).toBeGreaterThanOrEqual(64);
  });

  test('goes back with access_denied and no code when the person says no', async () => {
    const back = await client.sandbox.consent(client.authorizeUrl(), { deny: true });
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: 'access_denied', state: 'the-state' });
  });

  test('signs in the person who was picked', async () => {
    const { access_token } = await client.signIn({ person: 'zhou.zihan' });
    expect((await client.callWith(access_token)('GET', '/authen/v1/user_info')).data).toMatchObject({
      name: '周子涵',
      tenant_key: '736588c9260f175d',
    });
  });
});

describe('instead of the consent page a person reads what is wrong', () => {
  const tooMany = Array.from({ length: 51 }, (_, at) => `scope:${at}`).join(' ');
  test.each([
    [20048, 'an unknown app', { client_id: 'cli_unknown' }],
    [20001, 'another response type', { response_type: 'token' }],
    [20029, 'a redirect address that is not registered', { redirect_uri: 'https://evil.example/oauth/callback' }],
    [20029, 'a loopback address with another path', { redirect_uri: 'http://127.0.0.1:5275/elsewhere' }],
    [20029, 'no redirect address', { redirect_uri: undefined }],
    [20027, 'a scope that the app has not enabled', { scope: 'im:message hire:everything' }],
    [20063, 'more than 50 scopes', { scope: tooMany }],
    [20063, 'an unknown PKCE method', { code_challenge_method: 'S512' }],
    [20063, 'an unknown prompt', { prompt: 'none' }],
  ])('%i: %s', async (code, _, changes) => {
    const { status, html } = await open(changes);
    expect(status).toBe(400);
    expect(html).toContain(`错误码 ${code}`);
    await expect(client.sandbox.consent(client.authorizeUrl(changes))).rejects.toMatchObject({ code: 'login_failed' });
  });

  test('what the address said is shown as text, never as markup', async () => {
    const { html } = await open({ redirect_uri: 'http://x/<img src=x onerror=alert(1)>' });
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });

  test('query and fragment do not count when redirect addresses are compared', async () => {
    const back = await client.sandbox.consent(client.authorizeUrl({ redirect_uri: `${redirectUri}?session=7` }));
    expect(back.searchParams.get('session')).toBe('7');
  });

  test('an address registered in the console is accepted, a scope switched off there is not', async () => {
    const elsewhere = 'http://localhost:3000/callback';
    await client.control('POST', '/__app', { redirectUris: [elsewhere], withheldScopes: ['im:chat'] });
    expect((await open({ redirect_uri: `${elsewhere}?then=home`, scope: 'im:message' })).status).toBe(200);
    expect((await open({ scope: 'im:chat' })).html).toContain('错误码 20027');
    await client.control('POST', '/__app', { redirectUris: [], withheldScopes: [] });
  });
});

test('consent for another server is refused', async () => {
  await expect(client.sandbox.consent(new URL('https://accounts.feishu.cn/x'))).rejects.toMatchObject({
    code: 'login_failed',
  });
});
