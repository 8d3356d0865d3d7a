import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { type Json, SandboxClient, withAddons } from '../sandbox-client.ts';

const second = 1000;
let client: SandboxClient;
beforeEach(async () => {
  client = await SandboxClient.open({ clock: new FakeClock() });
});
afterEach(() => client.close());

const poll = (begun: Json, at = client) => at.registration({ action: 'poll', device_code: begun.device_code });
const show = async (url: URL, language = 'zh') => {
  const answer = await fetch(url, { headers: { 'accept-language': language } });
  return { status: answer.status, html: await answer.text() };
};
const wish = { scopes: { user: ['offline_access', 'im:message', 'nobody:knows:this'] } };

describe('registering an app', () => {
  test('begins with a link for the person and how often to ask', async () => {
    const begun = await client.beginRegistration();
    expect(begun).toMatchObject({
      status: 200,
      device_code: expect.stringMatching(/^.{64}$/),
      user_code: expect.stringMatching(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/),
      verification_uri_complete: `${client.sandbox.url}/page/launcher?user_code=${begun.user_code}`,
      expires_in: 600,
      expire_in: 600,
      interval: 5,
    });
    expect(await client.registration({ action: 'init' })).toMatchObject({
      nonce: expect.any(String),
      supported_auth_methods: ['client_secret'],
    });
  });

  test.each([
    [{ action: 'constructor' }],
    [{ action: 'poll' }],
    [{ action: 'begin', archetype: 'Everything', auth_method: 'client_secret' }],
    [{ action: 'begin', archetype: 'PersonalAgent', auth_method: 'private_key_jwt' }],
  ])('refuses %o', async (members) => {
    expect(await client.registration(members)).toMatchObject({ status: 400, error: 'invalid_request' });
  });

  test('shows what will be created: name and known scopes, in either language', async () => {
    const begun = await client.beginRegistration();
    const link = withAddons(begun.verification_uri_complete, wish, {
      name: 'LarkGate ({user}) <b>',
      createOnly: 'true',
    });
    const { html } = await show(link);
    expect(html).toContain('LarkGate (&lt;你的名字&gt;) &lt;b&gt;');
    expect(html).toContain('im:message');
    expect(html).not.toContain('nobody:knows:this');
    for (const name of ['林晓雨', '周子涵', 'Olivia Carter']) expect(html).toContain(name);
    expect((await show(link, 'en')).html).toContain('An app will be created in your organization');
  });

  test('makes an app of the person who confirmed, with exactly the scopes that were shown', async () => {
    const begun = await client.beginRegistration();
    expect(await poll(begun)).toMatchObject({ status: 400, code: 20094, error: 'authorization_pending' });
    const link = withAddons(begun.verification_uri_complete, wish, {
      name: 'LarkGate ({user})',
      desc: '{user} 的网关',
    });
    await client.sandbox.confirmRegistration(link, { person: 'wang.siqi' });
    const made = await poll(begun);
    expect(made).toEqual({
      status: 200,
      client_id: expect.stringMatching(/^cli_[0-9a-f]{16}$/),
      client_secret: expect.stringMatching(/^sandbox-/),
      user_info: { open_id: '03'.repeat(16).replace(/^/, 'ou_'), tenant_brand: 'feishu' },
    });
    expect(await client.control('GET', `/__app?appId=${made.client_id}`)).toMatchObject({
      name: 'LarkGate (王思琪)',
      description: '王思琪 的网关',
      origin: 'PersonalAgent',
      owner: 'wang.siqi',
      scopes: ['offline_access', 'im:message'],
      selfManage: false,
    });
    expect(await poll(begun), 'the official SDK asks twice in a row').toEqual(made);
  });

  test('and its app signs people in by device code, but has no redirect address', async () => {
    const agent = client.as(await client.newAgent(['offline_access', 'im:message']));
    const begun = await agent.beginDevice('offline_access im:message im:chat');
    await client.sandbox.confirmDevice(new URL(begun.verification_uri_complete));
    expect(await agent.pollDevice(begun.device_code)).toMatchObject({ code: 0, scope: 'offline_access im:message' });
    await expect(agent.newCode({ scope: 'im:message' })).rejects.toMatchObject({
      details: { why: expect.stringContaining('重定向地址') },
    });
  });

  test('lets the app look at itself when that was asked for', async () => {
    const begun = await client.beginRegistration();
    const tenant = ['application:application:self_manage'];
    await client.sandbox.confirmRegistration(withAddons(begun.verification_uri_complete, { scopes: { tenant } }));
    const { client_id } = await poll(begun);
    expect(await client.control('GET', `/__app?appId=${client_id}`)).toMatchObject({ selfManage: true, scopes: [] });
  });

  test.each([
    ['not gzip', Buffer.from('{}').toString('base64url')],
    ['nothing', ''],
  ])('drops addons that are %s', async (_, addons) => {
    const { verification_uri_complete } = await client.beginRegistration();
    const link = new URL(verification_uri_complete);
    link.searchParams.set('addons', addons);
    expect(await show(link)).toMatchObject({ status: 200, html: expect.stringContaining('仅获取你的基本身份信息') });
  });

  test('drops addons as a whole when they hold anything that cannot be asked for', async () => {
    const { verification_uri_complete } = await client.beginRegistration();
    const link = withAddons(verification_uri_complete, { ...wish, security: { redirect_urls: ['http://x'] } });
    expect((await show(link)).html).not.toContain('im:message');
  });

  test('ends when the person declines', async () => {
    const begun = await client.beginRegistration();
    await client.sandbox.confirmRegistration(new URL(begun.verification_uri_complete), { deny: true });
    expect(await poll(begun)).toMatchObject({ status: 400, error: 'access_denied' });
    expect(await client.control('GET', '/__apps')).toHaveLength(1);
  });

  test('ends after ten minutes, for the app and for the person', async () => {
    const begun = await client.beginRegistration();
    await client.advance(600 * second);
    expect(await poll(begun)).toMatchObject({ status: 400, error: 'expired_token' });
    const link = new URL(begun.verification_uri_complete);
    expect(await show(link)).toMatchObject({ status: 400, html: expect.stringContaining('已过期') });
    await expect(client.sandbox.confirmRegistration(link)).rejects.toMatchObject({ code: 'login_failed' });
  });

  test('asks for patience, and knows no code that nobody was given', async () => {
    const begun = await client.beginRegistration();
    await poll(begun);
    expect(await poll(begun)).toMatchObject({ status: 400, error: 'slow_down' });
    expect(await poll({ device_code: 'unknown' })).toMatchObject({ status: 400, error: 'invalid_grant' });
    const wrong = new URL(begun.verification_uri_complete);
    wrong.searchParams.set('user_code', 'ZZZZ-ZZZZ');
    expect(await show(wrong)).toMatchObject({ status: 400, html: expect.stringContaining('用户码不正确') });
  });
});

describe('extending an app', () => {
  const extend = async (appId: string, user: string[], query: Record<string, string> = {}) => {
    const begun = await client.beginRegistration();
    const link = withAddons(begun.verification_uri_complete, { scopes: { user } }, { clientID: appId, ...query });
    return { begun, link };
  };

  test('adds the scopes that were shown, and the app keeps its secret', async () => {
    const agent = await client.newAgent(['offline_access', 'im:message'], 'chen.zhiyuan');
    const { begun, link } = await extend(agent.appId, ['im:message', 'wiki:wiki']);
    const { html } = await show(link);
    expect(html).toContain('新增权限');
    expect(html).toContain('wiki:wiki');
    expect(html).not.toContain('im:message');
    await client.sandbox.confirmRegistration(link);
    expect(await poll(begun)).toMatchObject({ client_id: agent.appId, client_secret: agent.appSecret });
    expect(await client.control('GET', `/__app?appId=${agent.appId}`)).toMatchObject({
      scopes: ['offline_access', 'im:message', 'wiki:wiki'],
    });
  });

  test('gives back a scope that was withheld from it', async () => {
    const agent = await client.newAgent(['im:message']);
    await client.control('POST', `/__app?appId=${agent.appId}`, { withheldScopes: ['im:message'] });
    const { link } = await extend(agent.appId, ['im:message']);
    await client.sandbox.confirmRegistration(link);
    expect(await client.control('GET', `/__app?appId=${agent.appId}`)).toMatchObject({ scopes: ['im:message'] });
  });

  test('is for its owner alone', async () => {
    const agent = await client.newAgent(['im:message'], 'chen.zhiyuan');
    const { begun, link } = await extend(agent.appId, ['wiki:wiki']);
    const other = client.sandbox.confirmRegistration(link, { person: 'lin.xiaoyu' });
    await expect(other).rejects.toMatchObject({ details: { why: expect.stringContaining('所有者') } });
    await expect(client.sandbox.confirmRegistration(link, { person: 'olivia.carter' })).rejects.toThrow();
    expect((await poll(begun)).error).toBe('authorization_pending');
  });

  test('is not for apps of the developer console, nor for unknown ones', async () => {
    const console = await extend(client.sandbox.appId, ['wiki:wiki']);
    expect(await show(console.link)).toMatchObject({ status: 400, html: expect.stringContaining('开发者后台') });
    await expect(client.sandbox.confirmRegistration(console.link)).rejects.toMatchObject({ code: 'login_failed' });
    const unknown = await extend('cli_0000000000000000', ['wiki:wiki']);
    expect(await show(unknown.link)).toMatchObject({ status: 400, html: expect.stringContaining('20048') });
  });

  test('does not happen when the link says that it may only create', async () => {
    const agent = await client.newAgent(['im:message']);
    const { begun, link } = await extend(agent.appId, ['wiki:wiki'], { createOnly: 'true' });
    await client.sandbox.confirmRegistration(link);
    expect((await poll(begun)).client_id).not.toBe(agent.appId);
  });
});

describe('a person of Lark international', () => {
  test('is sent from the Feishu host to the Lark host, where the app is', async () => {
    const begun = await client.beginRegistration();
    const link = withAddons(begun.verification_uri_complete, wish);
    await client.sandbox.confirmRegistration(link, { person: 'noah.tanaka' });
    expect(await poll(begun)).toEqual({ status: 200, user_info: { tenant_brand: 'lark' } });
    const made = await poll(begun, client.lark);
    expect(made).toMatchObject({ client_id: expect.stringMatching(/^cli_/), user_info: { tenant_brand: 'lark' } });
    const app = { appId: made.client_id, appSecret: made.client_secret };
    expect(await client.as(app).beginDevice()).toMatchObject({ code: 20048 });
    expect(await client.at(client.sandbox.larkUrl, app).beginDevice()).toMatchObject({ status: 200 });
  });

  test('may begin at the Lark host, which offers its own people alone', async () => {
    const begun = await client.lark.beginRegistration();
    const link = new URL(begun.verification_uri_complete);
    expect(link.origin).toBe(client.sandbox.larkUrl);
    const { html } = await show(link, 'en');
    expect(html).toContain('Olivia Carter');
    expect(html).not.toContain('林晓雨');
    await client.sandbox.confirmRegistration(link);
    expect(await poll(begun, client.lark)).toMatchObject({ user_info: { tenant_brand: 'lark' } });
  });
});
