import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logOf } from '../../../helpers/sandbox-control.ts';
import { SandboxClient } from '../sandbox-client.ts';

let feishu: SandboxClient;
let lark: SandboxClient;
beforeAll(async () => {
  feishu = await SandboxClient.open();
  lark = feishu.lark;
});
afterAll(() => feishu.close());

describe('Lark international beside Feishu', () => {
  test('is an origin of its own with its own people', async () => {
    expect(lark.sandbox.url).not.toBe(feishu.sandbox.url);
    const names = async (at: SandboxClient) =>
      (await at.control('GET', '/__people')).map((one: { enName: string }) => one.enName);
    expect(await names(lark)).toEqual(['Olivia Carter', 'Noah Tanaka']);
    expect(await names(feishu)).not.toContain('Olivia Carter');
  });

  test('signs its people in, by redirect and by device code', async () => {
    const { access_token, code } = await lark.signIn({ person: 'noah.tanaka' });
    expect(code).toBe(0);
    const who = await lark.callWith(access_token)('GET', '/authen/v1/user_info');
    expect(who.data).toMatchObject({ name: 'Noah Tanaka', tenant_key: '15c8f2d04b7a9e63' });
    const begun = await lark.beginDevice('im:message');
    const link = new URL(begun.verification_uri_complete);
    expect(link.origin).toBe(lark.sandbox.url);
    await lark.sandbox.confirmDevice(link);
    expect(await lark.pollDevice(begun.device_code)).toMatchObject({ code: 0 });
  });

  test('shows its people alone, under its own name', async () => {
    const html = await (await fetch(lark.authorizeUrl({ lang: 'en' }))).text();
    for (const text of ['Lark sandbox', 'Olivia Carter', 'Maple Labs']) expect(html).toContain(text);
    expect(html).not.toContain('Lin Xiaoyu');
    await expect(lark.newCode({}, 'lin.xiaoyu')).rejects.toMatchObject({ code: 'login_failed' });
    await expect(feishu.newCode({}, 'olivia.carter')).rejects.toMatchObject({ code: 'login_failed' });
  });

  test('knows no app of Feishu, and Feishu none of its', async () => {
    const { appId, appSecret, larkAppId, larkAppSecret, url, larkUrl } = feishu.sandbox;
    const stranger = feishu.at(larkUrl, { appId, appSecret });
    expect(await stranger.beginDevice()).toMatchObject({ code: 20048 });
    expect(await (await fetch(stranger.authorizeUrl())).text()).toContain('20048');
    expect(await stranger.tenantToken()).toBeUndefined();
    const other = feishu.at(url, { appId: larkAppId, appSecret: larkAppSecret });
    expect(await other.beginDevice()).toMatchObject({ code: 20048 });
  });

  test('takes no token of Feishu, and Feishu none of its', async () => {
    const tokens = { feishu: await feishu.signIn(), lark: await lark.signIn() };
    const whoIs = async (at: SandboxClient, token: string) =>
      (await at.callWith(token)('GET', '/authen/v1/user_info')).code;
    expect(await whoIs(lark, tokens.feishu.access_token)).toBe(99991668);
    expect(await whoIs(feishu, tokens.lark.access_token)).toBe(99991668);
    expect(await lark.refresh(tokens.feishu.refresh_token)).toMatchObject({ code: 20026 });
    expect(await feishu.refresh(tokens.feishu.refresh_token)).toMatchObject({ code: 0 });
    expect((await lark.callWith(await feishu.tenantToken())('GET', '/im/v1/chats')).code).toBe(99991663);
  });

  test('redeems no code and no device code of Feishu', async () => {
    expect(await lark.exchange(await feishu.newCode())).toMatchObject({ code: 20003 });
    const begun = await feishu.beginDevice();
    expect(await lark.pollDevice(begun.device_code)).toMatchObject({ code: 20003, error: 'invalid_grant' });
  });

  test('has data of its own, for people and for the app', async () => {
    const read = async (at: SandboxClient, token: string) => {
      const chats = await at.callWith(token)('GET', '/im/v1/chats');
      return chats.data.items.map((one: { name: string }) => one.name);
    };
    expect(await read(lark, (await lark.signIn()).access_token)).toEqual(['Launch team']);
    expect(await read(lark, await lark.tenantToken())).toEqual(['Launch team']);
    expect(await read(feishu, (await feishu.signIn()).access_token)).not.toContain('Launch team');
    const call = lark.callWith((await lark.signIn()).access_token);
    const found = await call('POST', '/suite/docs-api/search/object', { search_key: 'brief' });
    expect(found.data.docs_entities).toMatchObject([{ title: expect.stringContaining('brief') }]);
    expect((await call('GET', '/search/v1/user?query=Noah')).data.users).toMatchObject([{ name: 'Noah Tanaka' }]);
    expect((await call('GET', `/search/v1/user?query=${encodeURIComponent('陈')}`)).data.users).toEqual([]);
  });

  test('has a log and faults of its own, and one clock with Feishu', async () => {
    await lark.control('DELETE', '/__log');
    await lark.callWith(undefined)('GET', '/im/v1/chats');
    expect(await logOf(lark.sandbox, '/open-apis/*')).toHaveLength(1);
    await lark.control('POST', '/__fault', { path: '/oauth/v3/token', kind: 'status', status: 503 });
    expect((await feishu.signIn()).code).toBe(0);
    expect(await lark.control('GET', '/__fault')).toHaveLength(1);
    await lark.control('DELETE', '/__fault');
    const { now } = await lark.control('POST', '/__clock', { advanceMs: 60_000 });
    expect((await feishu.control('GET', '/__state')).now).toBeGreaterThanOrEqual(now);
  });

  test('names its own console when a permission is missing', async () => {
    await lark.control('POST', '/__app', {
      withheldScopes: ['wiki:wiki', 'wiki:wiki:readonly', 'wiki:space:retrieve'],
    });
    const refused = await lark.callWith(await lark.tenantToken())('GET', '/wiki/v2/spaces');
    expect(refused).toMatchObject({ code: 99991672, msg: expect.stringContaining('https://open.larksuite.com/app/') });
    await lark.control('POST', '/__app', { withheldScopes: [] });
  });
});
