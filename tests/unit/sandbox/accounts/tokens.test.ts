import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { SandboxClient, redirectUri, verifier } from '../sandbox-client.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

let client: SandboxClient;
beforeEach(async () => {
  client = await SandboxClient.open();
});
afterEach(() => client.close());

const whoIs = (token: string) => client.callWith(token)('GET', '/authen/v1/user_info');
const signIn = () => client.signIn({ scope: 'offline_access im:message im:chat' });

describe('a code becomes tokens', () => {
  test('in the documented flat shape, from a form at the v3 endpoint', async () => {
    const answer = await client.exchange(await client.newCode({ scope: 'offline_access im:message' }));
    expect(answer).toEqual({
      status: 200,
      code: 0,
      access_token: expect.stringMatching(/^eyJ.{1000,4096}$/),
      expires_in: 7200,
      refresh_token: expect.stringMatching(/^eyJ.{1000,4096}$/),
      refresh_token_expires_in: 604_800,
      token_type: 'Bearer',
      scope: 'offline_access im:message',
    });
  });

  test('from JSON at the v2 endpoint, which takes nothing else', async () => {
    const { appId, appSecret, url } = client.sandbox;
    const members = {
      grant_type: 'authorization_code',
      client_id: appId,
      client_secret: appSecret,
      code: await client.newCode(),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    const post = async (headers: Record<string, string>, body: string) =>
      (await fetch(`${url}/open-apis/authen/v2/oauth/token`, { method: 'POST', headers, body })).json();
    const form = await post(
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams(members).toString(),
    );
    expect(form).toMatchObject({ code: 20063, error: 'invalid_request' });
    expect(await post({ 'content-type': 'application/json' }, '{"grant_type"')).toMatchObject({ code: 20063 });
    expect(await post({ 'content-type': 'application/json; charset=utf-8' }, JSON.stringify(members))).toMatchObject({
      code: 0,
      token_type: 'Bearer',
    });
  });

  test('with the secret in a Basic header instead of the form', async () => {
    const { appId, appSecret, url } = client.sandbox;
    const headers = { authorization: `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}` };
    const form = {
      grant_type: 'authorization_code',
      code: await client.newCode(),
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    const post = async (body: Record<string, string>) =>
      (await fetch(`${url}/oauth/v3/token`, { method: 'POST', headers, body: new URLSearchParams(body) })).json();
    expect(await post({ ...form, client_secret: appSecret })).toMatchObject({ code: 20070 });
    expect(await post(form)).toMatchObject({ code: 0 });
  });

  test('without a refresh token unless offline_access was granted', async () => {
    const answer = await client.signIn({ scope: 'im:message', person: 'wang.siqi' });
    expect(answer.code).toBe(0);
    expect(answer).not.toHaveProperty('refresh_token');
    expect(answer).not.toHaveProperty('refresh_token_expires_in');
  });

  test('that carry everything the person ever granted to the app', async () => {
    await client.signIn({ scope: 'offline_access im:message' });
    expect((await client.signIn({ scope: 'task:task:write' })).scope).toBe('offline_access im:message task:task:write');
  });

  test('that carry less when less is asked for', async () => {
    const narrowed = await client.exchange(await client.newCode(), { scope: 'offline_access im:chat' });
    expect(narrowed.scope).toBe('offline_access im:chat');
    expect(await client.exchange(await client.newCode(), { scope: 'im:chat im:chat' })).toMatchObject({
      code: 20067,
      error: 'invalid_scope',
    });
    expect(await client.exchange(await client.newCode(), { scope: 'sheets:spreadsheet:create' })).toMatchObject({
      code: 20068,
    });
  });

  test('once: a second try and a late one are refused', async () => {
    const code = await client.newCode();
    await client.exchange(code);
    expect(await client.exchange(code)).toMatchObject({ status: 400, code: 20065, error: 'invalid_grant' });
    const late = await client.newCode();
    await client.advance(5 * minute);
    expect(await client.exchange(late)).toMatchObject({ code: 20004 });
  });

  test.each([
    ['another verifier', { code_verifier: `${verifier}x` }],
    ['a verifier that was left out', { code_verifier: undefined }],
  ])('only for whoever began: %s', async (_, changes) => {
    expect(await client.exchange(await client.newCode(), changes)).toMatchObject({ status: 400, code: 20049 });
  });

  test('with a plain challenge and without any', async () => {
    const plain = await client.newCode({ code_challenge: verifier, code_challenge_method: 'plain' });
    expect(await client.exchange(plain)).toMatchObject({ code: 0 });
    const bare = await client.newCode({ code_challenge: undefined, code_challenge_method: undefined });
    expect(await client.exchange(bare, { code_verifier: undefined })).toMatchObject({ code: 0 });
  });

  test.each([
    [20001, { code: undefined }],
    [20001, { client_secret: undefined }],
    [20001, { grant_type: undefined }],
    [20002, { client_secret: 'wrong' }],
    [20002, { client_secret: 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6' }],
    [20003, { code: 'never-issued' }],
    [20036, { grant_type: 'password' }],
    [20036, { grant_type: 'constructor' }],
    [20048, { client_id: 'cli_other' }],
    [20071, { redirect_uri: 'http://localhost:5275/oauth/callback' }],
  ])('refused with %i: %o', async (code, changes) => {
    expect(await client.exchange(await client.newCode(), changes)).toMatchObject({
      status: 400,
      code,
      error: expect.any(String),
      error_description: expect.any(String),
    });
  });
});

describe('a refresh token', () => {
  test('is good for one refresh, and brings the next one', async () => {
    const first = await signIn();
    const second = await client.refresh(first.refresh_token);
    expect(second).toMatchObject({ status: 200, code: 0, expires_in: 7200, scope: first.scope });
    expect(await client.refresh(first.refresh_token)).toMatchObject({
      status: 400,
      code: 20073,
      error: 'invalid_grant',
    });
    expect(await client.refresh(second.refresh_token)).toMatchObject({ code: 0 });
    expect(await client.control('GET', '/__state')).toMatchObject({ refreshes: 2, liveRefreshTokens: 1 });
  });

  test('leaves the old access token alive for one more minute', async () => {
    const { access_token, refresh_token } = await signIn();
    const next = await client.refresh(refresh_token);
    await client.advance(minute - 1000);
    expect((await whoIs(access_token)).code).toBe(0);
    await client.advance(1000);
    expect((await whoIs(access_token)).code).toBe(99991677);
    expect((await whoIs(next.access_token)).code).toBe(0);
  });

  test('dies after 7 idle days', async () => {
    const { refresh_token } = await signIn();
    await client.advance(7 * day - 1000);
    const next = await client.refresh(refresh_token);
    expect(next.code).toBe(0);
    await client.advance(7 * day);
    expect(await client.refresh(next.refresh_token)).toMatchObject({ code: 20037 });
  });

  test('dies 365 days after the consent, however often it was renewed', async () => {
    let { refresh_token } = await signIn();
    for (let weeks = 0; weeks < 60; weeks += 1) {
      await client.advance(6 * day);
      const next = await client.refresh(refresh_token);
      expect(next.code).toBe(0);
      refresh_token = next.refresh_token;
    }
    await client.advance(5 * day);
    expect(await client.refresh(refresh_token)).toMatchObject({ code: 20037 });
  });

  test.each([
    [20026, 'was never issued', 'eyJ.unknown'],
    [20001, 'is missing', ''],
  ])('%i when it %s', async (code, _, token) => {
    expect(await client.refresh(token)).toMatchObject({ status: 400, code });
  });

  test('20026 when it is an access token', async () => {
    expect(await client.refresh((await signIn()).access_token)).toMatchObject({ code: 20026 });
  });

  test('is not taken while the console switch is off, and works again afterwards', async () => {
    const { refresh_token } = await signIn();
    await client.control('POST', '/__app', { allowRefresh: false });
    expect(await client.refresh(refresh_token)).toMatchObject({ code: 20074, error: 'unauthorized_client' });
    await client.control('POST', '/__app', { allowRefresh: true });
    expect(await client.refresh(refresh_token)).toMatchObject({ code: 0 });
  });

  test('may ask for fewer scopes, never for more', async () => {
    const { refresh_token } = await signIn();
    expect(await client.refresh(refresh_token, { scope: 'offline_access task:task:write' })).toMatchObject({
      code: 20068,
    });
    expect((await client.refresh(refresh_token, { scope: 'offline_access im:chat' })).scope).toBe(
      'offline_access im:chat',
    );
  });

  test('never works twice and never dies while it is the newest, whatever happens in between', async () => {
    const step = fc.oneof(fc.constant('newest'), fc.constant('stale'), fc.integer({ min: 1, max: 6 * 24 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const spent: string[] = [];
        let { refresh_token: newest } = await signIn();
        for (const what of steps) {
          if (typeof what === 'number') await client.advance(minute * what);
          else if (what === 'newest') {
            const next = await client.refresh(newest);
            expect(next.code).toBe(0);
            spent.push(newest);
            newest = next.refresh_token;
          } else if (spent.length > 0) expect((await client.refresh(spent.at(-1) ?? '')).code).toBe(20073);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('signing out', () => {
  test('revokes both tokens of the sign-in and no others', async () => {
    const mine = await signIn();
    const other = await client.signIn({ person: 'chen.zhiyuan' });
    const { appId, appSecret, url } = client.sandbox;
    const body = new URLSearchParams({ client_id: appId, client_secret: appSecret, token: mine.refresh_token });
    const answer = await fetch(`${url}/oauth/v1/revoke`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect((await whoIs(mine.access_token)).code).toBe(99991668);
    expect(await client.refresh(mine.refresh_token)).toMatchObject({ code: 20064 });
    expect((await whoIs(other.access_token)).code).toBe(0);
  });

  test('of an unknown token is no error, of a wrong client it is', async () => {
    const { appId, appSecret, url } = client.sandbox;
    const revoke = (secret: string) =>
      fetch(`${url}/oauth/v1/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: appId, client_secret: secret, token: 'unknown' }),
      });
    expect((await revoke(appSecret)).status).toBe(200);
    expect((await revoke('wrong')).status).toBe(400);
  });
});

describe('the app and its tenant', () => {
  const ask = async (kind: string, changes: object = {}) => {
    const { appId, appSecret, url } = client.sandbox;
    const body = JSON.stringify({ app_id: appId, app_secret: appSecret, ...changes });
    const answer = await fetch(`${url}/open-apis/auth/v3/${kind}_access_token/internal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { status: answer.status, ...(await answer.json()) };
  };

  test('get the same token until half an hour before its end, and then another while both work', async () => {
    const first = await ask('tenant');
    expect(first).toMatchObject({ status: 200, code: 0, msg: 'ok', tenant_access_token: expect.stringMatching(/^t-/) });
    expect((await ask('tenant')).tenant_access_token).toBe(first.tenant_access_token);
    await client.advance((first.expire - 29 * 60) * 1000);
    const second = await ask('tenant');
    expect(second.tenant_access_token).not.toBe(first.tenant_access_token);
    for (const { tenant_access_token } of [first, second]) {
      expect((await client.callWith(tenant_access_token)('GET', '/im/v1/chats')).code).toBe(0);
    }
    expect(await ask('app')).toMatchObject({ code: 0, app_access_token: expect.stringMatching(/^a-/) });
  });

  test.each([
    [10003, { app_id: undefined }],
    [10014, { app_id: 'cli_other' }],
    [10015, { app_secret: 'wrong' }],
    [10015, { app_secret: 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6' }],
  ])('are refused with %i and HTTP 200: %o', async (code, changes) => {
    expect(await ask('tenant', changes)).toMatchObject({ status: 200, code, msg: expect.any(String) });
  });
});

describe('a real secret is kept out', () => {
  test('the token endpoints say why they refuse it', async () => {
    const answer = await client.exchange(await client.newCode(), { client_secret: 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6' });
    expect(answer).toMatchObject({ code: 20002, error_description: expect.stringContaining('looks real') });
  });

  test('the sandbox does not start with one', async () => {
    const appSecret = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6';
    const starting = SandboxClient.open({ appId: 'cli_a1b2c3d4e5f60718', appSecret });
    await expect(starting).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('looks real'),
    });
    await expect(starting).rejects.not.toMatchObject({ message: expect.stringContaining(appSecret) });
  });
});

describe('with a state file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('a killed sandbox remembers who is signed in, which tokens are spent, and what was written', async () => {
    const stateFile = join(folder, 'sandbox.sqlite');
    const clock = new FakeClock();
    const before = await SandboxClient.open({ clock, stateFile });
    const first = await before.signIn();
    const second = await before.refresh(first.refresh_token);
    await before.advance(5 * minute);
    const chat = await before.callWith(second.access_token)('POST', '/im/v1/chats', { name: '断电演练' });

    // Another process opens the file while the first one never closed it: what a kill leaves behind.
    const after = await SandboxClient.open({ clock, stateFile });
    expect(await after.refresh(first.refresh_token)).toMatchObject({ code: 20073 });
    expect(await after.control('GET', '/__state')).toMatchObject({ refreshes: 1, now: clock.now() + 5 * minute });
    const found = await after.callWith(second.access_token)('GET', `/im/v1/chats/${chat.data.chat_id}`);
    expect(found.data.name).toBe('断电演练');
    // Ids of the new run overwrite nothing of the old one.
    for (let made = 0; made < 10; made += 1) {
      await after.callWith(second.access_token)('POST', '/im/v1/chats', { name: '新群' });
    }
    const { items } = (await after.callWith(second.access_token)('GET', '/im/v1/chats?page_size=100')).data;
    expect(items.map((one: { name: string }) => one.name)).toEqual([
      '产品群',
      '研发周报',
      '市场活动小组',
      '断电演练',
      ...Array.from({ length: 10 }, () => '新群'),
    ]);
    expect(await after.refresh(second.refresh_token)).toMatchObject({ code: 0 });
    await after.close();
    await before.close();
  });
});
