import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { type Json, SandboxClient, deviceGrant } from '../sandbox-client.ts';

const second = 1000;
let clock: FakeClock;
let client: SandboxClient;
beforeEach(async () => {
  clock = new FakeClock();
  client = await SandboxClient.open({ clock });
});
afterEach(() => client.close());

const pageOf = (begun: Json) => new URL(begun.verification_uri_complete);
const show = async (url: URL, language = 'zh') => {
  const answer = await fetch(url, { headers: { 'accept-language': language } });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};

describe('an app begins', () => {
  test('and gets a code for itself, a code and a link for the person, and how often to ask', async () => {
    const { url } = client.sandbox;
    expect(await client.beginDevice()).toEqual({
      status: 200,
      device_code: expect.stringMatching(/^.{64}$/),
      user_code: expect.stringMatching(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/),
      verification_uri: `${url}/oauth/v1/device/verify`,
      verification_uri_complete: expect.stringContaining(`${url}/oauth/v1/device/verify?user_code=`),
      expires_in: 240,
      interval: 5,
    });
  });

  test('with its secret in a Basic header, as the official client does, but not in both places', async () => {
    const { appId, appSecret } = client.sandbox;
    const basic = { authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}` };
    const begin = (members: Record<string, string>, headers: Record<string, string>) =>
      client.form('/oauth/v1/device_authorization', members, headers);
    expect(await begin({ client_id: appId, scope: 'im:message' }, basic)).toMatchObject({ status: 200 });
    expect(await begin({ client_id: appId, client_secret: appSecret }, basic)).toMatchObject({ code: 20070 });
    expect(await begin({ client_id: 'cli_other' }, basic)).toMatchObject({ code: 20063 });
  });

  test.each([
    [20048, { client_id: 'cli_unknown' }],
    [20002, { client_secret: 'wrong' }],
    [20001, { client_secret: undefined }],
    [20063, { scope: Array.from({ length: 51 }, (_, at) => `scope:${at}`).join(' ') }],
  ])('refused with %i: %o', async (code, changes) => {
    expect(await client.beginDevice(undefined, changes)).toMatchObject({
      status: 400,
      code,
      error: expect.any(String),
      error_description: expect.any(String),
    });
  });

  test('refused while the app never went online', async () => {
    await client.control('POST', '/__app', { published: false });
    expect(await client.beginDevice()).toMatchObject({ status: 400, code: 20069 });
  });
});

describe('the person', () => {
  test('sees the app, the code to compare and what is asked for, in either language and without scripts', async () => {
    const begun = await client.beginDevice('offline_access im:message');
    const chinese = await show(pageOf(begun));
    expect(chinese.status).toBe(200);
    for (const text of ['LarkGate Demo', begun.user_code, '林晓雨', '查看和更改你的消息与群组'])
      expect(chinese.html).toContain(text);
    expect(chinese.html).not.toContain('Olivia');
    expect(chinese.html).not.toContain('<script');
    expect(chinese.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await show(pageOf(begun), 'en')).html).toContain('Confirm the sign-in');
  });

  test('may type the code, in small letters and without the hyphen', async () => {
    const begun = await client.beginDevice();
    const blank = new URL(begun.verification_uri);
    expect((await show(blank)).html).toContain('name="user_code"');
    blank.searchParams.set('user_code', begun.user_code.toLowerCase().replace('-', ' '));
    expect((await show(blank)).html).toContain(begun.user_code);
  });

  test('reads that a wrong, used or expired code leads nowhere', async () => {
    const wrong = pageOf(await client.beginDevice());
    wrong.searchParams.set('user_code', 'ZZZZ-ZZZZ');
    expect(await show(wrong)).toMatchObject({ status: 400, html: expect.stringContaining('用户码不正确') });
    const used = pageOf(await client.beginDevice());
    await client.sandbox.confirmDevice(used);
    expect(await show(used)).toMatchObject({ status: 400, html: expect.stringContaining('已经使用过') });
    await expect(client.sandbox.confirmDevice(used)).rejects.toMatchObject({ code: 'login_failed' });
    const late = pageOf(await client.beginDevice());
    await client.advance(240 * second);
    expect(await show(late, 'en')).toMatchObject({ status: 400, html: expect.stringContaining('has expired') });
    await expect(client.sandbox.confirmDevice(late)).rejects.toMatchObject({ code: 'login_failed' });
  });

  test('reads after the answer that the page can be closed', async () => {
    const answer = async (decision: string) => {
      const body = new URLSearchParams({ person: 'lin.xiaoyu', decision });
      return (await fetch(pageOf(await client.beginDevice()), { method: 'POST', body })).text();
    };
    expect(await answer('allow')).toContain('可以关闭此页面，回到应用继续');
    expect(await answer('deny')).toContain('没有授权任何内容');
  });

  test('of the other service is not offered and cannot answer', async () => {
    const page = pageOf(await client.beginDevice());
    await expect(client.sandbox.confirmDevice(page, { person: 'olivia.carter' })).rejects.toMatchObject({
      code: 'login_failed',
    });
  });
});

describe('the app asks', () => {
  test('and waits until the person has said yes, then gets the tokens once', async () => {
    const begun = await client.beginDevice();
    expect(await client.pollDevice(begun.device_code)).toEqual({
      status: 400,
      code: 20094,
      error: 'authorization_pending',
      error_description: expect.any(String),
    });
    await client.sandbox.confirmDevice(pageOf(begun), { person: 'chen.zhiyuan' });
    const tokens = await client.pollDevice(begun.device_code);
    expect(tokens).toMatchObject({ status: 200, code: 0, token_type: 'Bearer', scope: 'offline_access im:message' });
    const who = await client.callWith(tokens.access_token)('GET', '/authen/v1/user_info');
    expect(who.data.name).toBe('陈志远');
    expect(await client.refresh(tokens.refresh_token)).toMatchObject({ code: 0 });
    expect(await client.pollDevice(begun.device_code)).toMatchObject({ code: 20065, error: 'invalid_grant' });
  });

  test('too often and is told to slow down, by the clock of the sandbox', async () => {
    const { device_code } = await client.beginDevice();
    const ask = async () => (await client.pollDevice(device_code)).error;
    expect(await ask()).toBe('authorization_pending');
    expect(await ask()).toBe('slow_down');
    await client.advance(4 * second);
    expect(await ask()).toBe('slow_down');
    await client.advance(5 * second);
    expect(await ask()).toBe('authorization_pending');
  });

  test('as often as the test says', async () => {
    await client.control('POST', '/__app', { deviceIntervalS: 1 });
    const { device_code, interval } = await client.beginDevice();
    expect(interval).toBe(1);
    expect((await client.pollDevice(device_code)).error).toBe('authorization_pending');
    await client.advance(second);
    expect((await client.pollDevice(device_code)).error).toBe('authorization_pending');
    const quick = await SandboxClient.open({ deviceIntervalS: 2 });
    expect(await quick.beginDevice()).toMatchObject({ interval: 2 });
    expect(await quick.beginRegistration()).toMatchObject({ interval: 2 });
    await quick.close();
  });

  test('and hears that the person declined', async () => {
    const begun = await client.beginDevice();
    await client.sandbox.confirmDevice(pageOf(begun), { deny: true });
    expect(await client.pollDevice(begun.device_code)).toMatchObject({ status: 400, error: 'access_denied' });
  });

  test('and hears that the time is up, even when the person has said yes', async () => {
    const [never, yes] = [await client.beginDevice(), await client.beginDevice()];
    await client.sandbox.confirmDevice(pageOf(yes));
    await client.advance(240 * second);
    for (const { device_code } of [never, yes])
      expect(await client.pollDevice(device_code)).toMatchObject({ status: 400, error: 'expired_token' });
  });

  test.each([
    ['an unknown code', 'never-issued', {}, 'invalid_grant'],
    ['no code', '', {}, 'invalid_request'],
    ['a wrong secret', 'never-issued', { client_secret: 'wrong' }, 'invalid_client'],
  ])('with %s and is refused', async (_, code, changes, error) => {
    expect(await client.pollDevice(code, changes)).toMatchObject({ status: 400, error });
  });

  test('about the code of another app and is refused', async () => {
    const begun = await client.beginDevice();
    const other = client.as(await client.newAgent(['im:message']));
    await client.sandbox.confirmDevice(pageOf(begun));
    expect(await other.pollDevice(begun.device_code)).toMatchObject({ code: 20024, error: 'invalid_grant' });
    expect(await client.pollDevice(begun.device_code)).toMatchObject({ code: 0 });
  });

  test('at the v2 endpoint too, in a form and not in JSON', async () => {
    const { appId, appSecret, url } = client.sandbox;
    const { device_code } = await client.beginDevice();
    const members = { grant_type: deviceGrant, device_code, client_id: appId, client_secret: appSecret };
    const path = '/open-apis/authen/v2/oauth/token';
    const headers = { 'content-type': 'application/json' };
    const json = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(members) });
    expect(await json.json()).toMatchObject({ code: 20063 });
    expect(await client.form(path, members)).toMatchObject({ status: 400, error: 'authorization_pending' });
  });
});

describe('what is granted', () => {
  test('leaves out what the app has not enabled, without a word', async () => {
    await client.control('POST', '/__app', { withheldScopes: ['im:chat'] });
    const begun = await client.beginDevice('offline_access im:message im:chat nobody:knows:this');
    await client.sandbox.confirmDevice(pageOf(begun));
    expect((await client.pollDevice(begun.device_code)).scope).toBe('offline_access im:message');
  });

  test('adds to what this person granted to this app before, whichever way', async () => {
    await client.signIn({ scope: 'offline_access task:task:write' });
    const begun = await client.beginDevice('im:message');
    await client.sandbox.confirmDevice(pageOf(begun));
    expect((await client.pollDevice(begun.device_code)).scope).toBe('offline_access task:task:write im:message');
  });
});
