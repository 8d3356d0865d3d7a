import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { SandboxClient, redirectUri } from '../sandbox-client.ts';

let client: SandboxClient;
beforeEach(async () => {
  client = await SandboxClient.open();
});
afterEach(() => client.close());

const signInByDevice = async (at: SandboxClient, scope: string) => {
  const begun = await at.beginDevice(scope);
  await at.sandbox.confirmDevice(new URL(begun.verification_uri_complete));
  return at.pollDevice(begun.device_code);
};

describe('two apps of one service', () => {
  test('cannot use each other’s codes and refresh tokens', async () => {
    const other = client.as(await client.newAgent(['offline_access', 'im:message']));
    expect(await other.exchange(await client.newCode())).toMatchObject({ code: 20024, error: 'invalid_grant' });
    const mine = await client.signIn({ scope: 'offline_access im:message' });
    expect(await other.refresh(mine.refresh_token)).toMatchObject({ code: 20024, error: 'invalid_grant' });
    expect(await client.refresh(mine.refresh_token), 'it was not spent by the other').toMatchObject({ code: 0 });
  });

  test('are granted scopes apart from each other', async () => {
    await client.signIn({ scope: 'offline_access task:task:write' });
    const other = client.as(await client.newAgent(['im:message', 'task:task:write']));
    expect((await signInByDevice(other, 'im:message')).scope).toBe('im:message');
  });

  test('are told apart when a scope is not enabled: 99991672 for the one, an answer for the other', async () => {
    const other = client.as(await client.newAgent(['im:message']));
    const [mine, theirs] = [await client.signIn(), await signInByDevice(other, 'im:message')];
    expect((await client.callWith(mine.access_token)('GET', '/wiki/v2/spaces')).code).toBe(0);
    const refused = await client.callWith(theirs.access_token)('GET', '/wiki/v2/spaces');
    expect(refused).toMatchObject({ code: 99991672, error: { permission_violations: expect.any(Array) } });
    await client.control('POST', `/__app?appId=${client.sandbox.appId}`, { withheldScopes: ['im:message'] });
    expect((await client.callWith(theirs.access_token)('GET', '/im/v1/chats')).code).toBe(99991672);
  });

  test('revoke their own tokens alone', async () => {
    const other = client.as(await client.newAgent(['im:message']));
    const mine = await client.signIn();
    const { appId, appSecret } = other.sandbox;
    const body = new URLSearchParams({ client_id: appId, client_secret: appSecret, token: mine.refresh_token });
    expect((await fetch(`${client.sandbox.url}/oauth/v1/revoke`, { method: 'POST', body })).status).toBe(200);
    expect(await client.refresh(mine.refresh_token)).toMatchObject({ code: 0 });
  });

  test('have tenant tokens of their own', async () => {
    const other = client.as(await client.newAgent(['im:message']));
    expect(await other.tenantToken()).not.toBe(await client.tenantToken());
  });
});

describe('the console settings of an app', () => {
  test('settings that a patch does not name stay as they are', async () => {
    await client.control('POST', '/__app', { allowRefresh: false });
    expect(await client.control('POST', '/__app', { selfManage: false })).toMatchObject({ allowRefresh: false });
  });

  test('strict redirects: the loopback callback must be on the list like any other', async () => {
    await client.control('POST', '/__app', { strictRedirects: true });
    await expect(client.newCode()).rejects.toMatchObject({ details: { why: expect.stringContaining(redirectUri) } });
    await client.control('POST', '/__app', { redirectUris: [redirectUri] });
    expect(await client.newCode()).not.toBe('');
    await expect(client.newCode({ redirect_uri: redirectUri.replace('5275', '5276') })).rejects.toThrow();
  });

  test('not published: nobody can sign in, and the page says what to do', async () => {
    const code = await client.newCode();
    await client.control('POST', '/__app', { published: false });
    const page = await fetch(client.authorizeUrl());
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('请先发布一个版本');
    expect(await client.exchange(code)).toMatchObject({ code: 20069, error: 'invalid_client' });
  });

  test('are set for the app that is named, and not for one that nobody knows', async () => {
    const { appId } = await client.newAgent(['im:message']);
    await client.control('POST', `/__app?appId=${appId}`, { allowRefresh: false });
    const settings = async (query: string) => (await client.control('GET', `/__app${query}`)).allowRefresh;
    expect([await settings(`?appId=${appId}`), await settings('')]).toEqual([false, true]);
    expect(await client.control('POST', '/__app?appId=cli_unknown', {})).toEqual({ error: 'no such app' });
    expect(await client.control('POST', '/__app', { published: 'maybe' })).toHaveProperty('error');
  });

  test('are told without the secret', async () => {
    const { appSecret } = await client.newAgent(['im:message']);
    const told = JSON.stringify([await client.control('GET', '/__apps'), await client.control('GET', '/__app')]);
    expect(told).not.toContain(appSecret);
    expect(told).not.toContain(client.sandbox.appSecret);
  });
});

test('the request log holds no device code, user code or app secret', async () => {
  const begun = await client.beginDevice();
  const registration = await client.beginRegistration();
  await fetch(begun.verification_uri_complete);
  await client.sandbox.confirmRegistration(new URL(registration.verification_uri_complete));
  const made = await client.registration({ action: 'poll', device_code: registration.device_code });
  await client.sandbox.confirmDevice(new URL(begun.verification_uri_complete));
  const { appId: client_id, appSecret: client_secret } = client.sandbox;
  const poll = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: begun.device_code };
  const tokens = await client.form('/open-apis/authen/v2/oauth/token', { ...poll, client_id, client_secret });
  expect(tokens.code).toBe(0);
  const log = JSON.stringify(await client.control('GET', '/__log'));
  const secrets = [begun.device_code, begun.user_code, registration.device_code, registration.user_code];
  for (const secret of [...secrets, made.client_secret, client_secret, tokens.access_token, tokens.refresh_token])
    expect(log).not.toContain(secret);
});

describe('with a state file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('registered apps, waiting confirmations and Lark data outlive the process', async () => {
    const stateFile = join(folder, 'sandbox.sqlite');
    const clock = new FakeClock();
    const before = await SandboxClient.open({ clock, stateFile });
    const agent = await before.newAgent(['offline_access', 'im:message'], 'chen.zhiyuan');
    const waiting = await before.as(agent).beginDevice();
    const lark = await before.lark.signIn({ scope: 'im:chat im:message' });
    const chat = await before.callWith(lark.access_token)('GET', '/authen/v1/user_info');
    expect(chat.code, 'a Lark token means nothing at the Feishu origin').toBe(99991668);
    const made = await before.lark.callWith(lark.access_token)('POST', '/im/v1/chats', { name: 'Offsite' });
    await before.control('POST', `/__app?appId=${agent.appId}`, { strictRedirects: false });

    const after = await SandboxClient.open({ clock, stateFile });
    const link = new URL(waiting.verification_uri_complete);
    await after.sandbox.confirmDevice(new URL(after.sandbox.url + link.pathname + link.search));
    expect(await after.as(agent).pollDevice(waiting.device_code)).toMatchObject({ code: 0 });
    expect(await after.control('GET', `/__app?appId=${agent.appId}`)).toMatchObject({
      owner: 'chen.zhiyuan',
      strictRedirects: false,
    });
    const found = await after.lark.callWith(lark.access_token)('GET', `/im/v1/chats/${made.data.chat_id}`);
    expect(found.data.name).toBe('Offsite');
    await after.close();
    await before.close();
  });
});
