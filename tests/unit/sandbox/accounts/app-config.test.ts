import { Client } from '@larksuiteoapi/node-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Json, SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let call: ReturnType<SandboxClient['callWith']>;
let own: string;
beforeEach(async () => {
  client = await SandboxClient.open();
  call = client.callWith(await client.tenantToken());
  own = `/application/v6/applications/${client.sandbox.appId}?lang=zh_cn`;
});
afterEach(() => client.close());

const subjects = (answer: Json) => answer.error.permission_violations.map((one: { subject: string }) => one.subject);
const selfManage = 'application:application:self_manage';

describe('an app reads its own configuration', () => {
  test('with what a doctor needs to know', async () => {
    await client.control('POST', '/__app', { redirectUris: ['http://127.0.0.1:5275/oauth/callback'] });
    const { app } = (await call('GET', own)).data;
    expect(app).toMatchObject({
      app_id: client.sandbox.appId,
      app_name: 'LarkGate Demo',
      create_source: 'developer_console',
      redirect_urls: ['http://127.0.0.1:5275/oauth/callback'],
      security: { redirect_urls: ['http://127.0.0.1:5275/oauth/callback'] },
      allow_refresh_token: true,
      online_version_id: expect.stringMatching(/^oav_/),
      unaudit_version_id: '',
      status: 1,
    });
    expect(app.scopes).toContainEqual(
      expect.objectContaining({ scope: 'im:message', level: 1, token_types: ['user', 'tenant'] }),
    );
    expect(app.scopes).toContainEqual(expect.objectContaining({ scope: 'offline_access', token_types: ['user'] }));
    expect(app.scopes).toContainEqual(expect.objectContaining({ scope: selfManage, token_types: ['tenant'] }));
  });

  test('as its console shows it: a withheld scope, a switch that is off, no version', async () => {
    await client.control('POST', '/__app', { withheldScopes: ['im:message'], allowRefresh: false, published: false });
    const { app } = (await call('GET', own)).data;
    expect(app.scopes.map((one: { scope: string }) => one.scope)).not.toContain('im:message');
    expect(app).toMatchObject({ allow_refresh_token: false, online_version_id: '', status: 0 });
  });

  test('only when it may, and only its own', async () => {
    const other = await client.newAgent(['im:message']);
    const foreign = await call('GET', `/application/v6/applications/${other.appId}?lang=zh_cn`);
    expect(foreign.code).toBe(99991672);
    expect(subjects(foreign)).not.toContain(selfManage);
    await client.control('POST', '/__app', { selfManage: false });
    const refused = await call('GET', own);
    expect(refused).toMatchObject({ status: 400, code: 99991672 });
    expect(subjects(refused)).toContain(selfManage);
  });

  test('not with a person’s token, and not without a language', async () => {
    const asPerson = client.callWith((await client.signIn()).access_token);
    expect((await asPerson('GET', own)).code).toBe(99991668);
    expect((await call('GET', own.replace('zh_cn', 'xx'))).code).toBe(99992402);
  });

  test('and which scopes are granted to it, for which no permission is needed', async () => {
    await client.control('POST', '/__app', { selfManage: false, withheldScopes: ['im:message'] });
    const { scopes } = (await call('GET', '/application/v6/scopes')).data;
    expect(scopes).toContainEqual({ scope_name: 'im:chat', scope_type: 'user', grant_status: 1 });
    const names = scopes.map((one: { scope_name: string }) => one.scope_name);
    expect(names).not.toContain('im:message');
    expect(names).not.toContain(selfManage);
    await client.control('POST', '/__app', { published: false });
    expect((await call('GET', '/application/v6/scopes')).code).toBe(212100);
  });

  test('and who its bot is', async () => {
    const answer: Json = await call('GET', '/bot/v3/info');
    expect(answer.bot).toMatchObject({ app_name: 'LarkGate Demo', activate_status: 2, open_id: expect.any(String) });
  });

  test('as the official SDK reads it', async () => {
    const { appId, appSecret, url } = client.sandbox;
    const sdk = new Client({ appId, appSecret, domain: url, logger: silent });
    const path = { app_id: appId };
    const answer = await sdk.application.v6.application.get({ path, params: { lang: 'en_us' } });
    expect(answer.data?.app).toMatchObject({ app_id: appId, allow_refresh_token: true });
  });
});

const nothing = () => {};
const silent = { error: nothing, warn: nothing, info: nothing, debug: nothing, trace: nothing };

describe('an app changes its own configuration', () => {
  const path = () => `/application/v7/applications/${client.sandbox.appId}`;
  const patch = (body: object) => call('PATCH', `${path()}/config`, body);

  test('redirect addresses and scopes, at once', async () => {
    const callback = 'http://127.0.0.1:5275/oauth/callback';
    await client.control('POST', '/__app', { strictRedirects: true, withheldScopes: ['im:chat'] });
    const add_scopes = [{ scope_name: 'im:chat', token_type: 'user' }];
    const remove_scopes = [{ scope_name: 'im:message', token_type: 'user' }];
    const security = { add: { redirect_urls: [callback] } };
    expect((await patch({ scope: { add_scopes, remove_scopes }, security })).code).toBe(0);
    expect(await client.newCode({ scope: 'im:chat' })).not.toBe('');
    await expect(client.newCode({ scope: 'im:message' })).rejects.toThrow();
    await patch({ security: { remove: { redirect_urls: [callback] } } });
    await expect(client.newCode({ scope: 'im:chat' })).rejects.toThrow();
  });

  test('the switch for refreshing, once it publishes', async () => {
    await client.control('POST', '/__app', { allowRefresh: false });
    const { refresh_token } = await client.signIn();
    expect((await patch({ security: { allow_refresh_token: true } })).code).toBe(0);
    expect(await client.refresh(refresh_token)).toMatchObject({ code: 20074 });
    const published = await call('POST', `${path()}/publish`, { remark: 'r', changelog: 'c' });
    expect(published.data).toEqual({ version_id: expect.stringMatching(/^oav_/), version: '1.0.2' });
    expect(await client.refresh(refresh_token)).toMatchObject({ code: 0 });
  });

  test('publishing brings an app online', async () => {
    await client.control('POST', '/__app', { published: false });
    expect(await client.beginDevice()).toMatchObject({ code: 20069 });
    expect((await call('POST', `${path()}/publish`, { remark: 'r' })).code).toBe(99992402);
    await call('POST', `${path()}/publish`, { remark: 'r', changelog: 'c' });
    expect(await client.beginDevice()).toMatchObject({ status: 200 });
  });

  test('unless it was self-registered, may not look at itself, or is another one', async () => {
    const agent = client.as(await client.newAgent(['im:message']));
    const asAgent = client.callWith(await agent.tenantToken());
    const target = `/application/v7/applications/${agent.sandbox.appId}/config`;
    expect((await call('PATCH', target, {})).code).toBe(99991672);
    expect((await asAgent('PATCH', target, {})).code).toBe(99991672);
    await client.control('POST', `/__app?appId=${agent.sandbox.appId}`, { selfManage: true });
    expect((await asAgent('PATCH', target, {})).code).toBe(211002);
  });

  test('not at Lark international, which does not know the paths', async () => {
    const { lark } = client;
    const asLark = lark.callWith(await lark.tenantToken());
    const id = lark.sandbox.appId;
    expect((await asLark('GET', `/application/v6/applications/${id}?lang=en_us`)).data.app.app_id).toBe(id);
    expect((await asLark('PATCH', `/application/v7/applications/${id}/config`, {})).status).toBe(404);
  });
});
