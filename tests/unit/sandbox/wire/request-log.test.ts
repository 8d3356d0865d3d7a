import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { RequestLog } from '../../../../src-main/sandbox/wire/request-log.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { type TokenAnswer, SandboxClient } from '../sandbox-client.ts';

const clock = new FakeClock();
let client: SandboxClient;
let tokens: TokenAnswer;
beforeAll(async () => {
  client = await SandboxClient.open({ clock });
  tokens = await client.signIn();
});
beforeEach(() => client.control('DELETE', '/__log'));
afterAll(() => client.close());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const log = (path?: string) =>
  client.control('GET', `/__log${path === undefined ? '' : `?path=${encodeURIComponent(path)}`}`);

test('each request is recorded with who asked, what for, and what was answered', async () => {
  const body = { receive_id: 'oc_unknown', msg_type: 'text', content: '{"text":"你好"}' };
  await client.callWith(tokens.access_token)('POST', '/im/v1/messages?receive_id_type=chat_id', body);
  expect(await log()).toEqual([
    {
      seq: expect.any(Number),
      at: clock.now(),
      method: 'POST',
      path: '/open-apis/im/v1/messages',
      query: { receive_id_type: 'chat_id' },
      bodySha256: sha256(JSON.stringify(body)),
      body,
      authorization: { kind: 'user', sha256: sha256(tokens.access_token), person: 'lin.xiaoyu' },
      status: 400,
      code: 230001,
    },
  ]);
});

test('no token, secret, code or verifier is in it, only what it hashes to', async () => {
  const renewed = await client.refresh(tokens.refresh_token);
  const code = await client.newCode({}, 'chen.zhiyuan');
  const answer = await client.exchange(code);
  await client.callWith(answer.access_token)('GET', `/authen/v1/user_info?access_token=${answer.access_token}`);
  await client.callWith(answer.access_token)('POST', '/im/v1/chats', {
    name: 'x',
    refresh_token: answer.refresh_token,
  });
  await client.tenantToken();
  const text = JSON.stringify(await log());
  const secrets = [
    tokens.access_token,
    tokens.refresh_token,
    renewed.access_token,
    renewed.refresh_token,
    answer.access_token,
    answer.refresh_token,
  ];
  for (const secret of [...secrets, code, client.sandbox.appSecret, 'a-verifier-of'])
    expect(text).not.toContain(secret);
  expect(text).toContain(sha256(answer.access_token));
});

test('kinds of authorization are told apart', async () => {
  for (const token of ['t-unknown', 'a-unknown', 'u-unknown', undefined])
    await client.callWith(token)('GET', '/im/v1/chats');
  const kinds = (await log()).map((entry: { authorization: { kind: string } }) => entry.authorization.kind);
  expect(kinds).toEqual(['tenant', 'app', 'user', 'none']);
});

test('paths are recorded as they came, still encoded, and can be filtered by', async () => {
  const call = client.callWith(undefined);
  await call('GET', '/docx/v1/documents/..%2F..%2Fcontact/raw_content');
  await call('GET', '/im/v1/chats');
  await call('GET', '/nowhere');
  const paths = async (filter: string) => (await log(filter)).map((entry: { path: string }) => entry.path);
  expect(await paths('/open-apis/docx/*')).toEqual(['/open-apis/docx/v1/documents/..%2F..%2Fcontact/raw_content']);
  expect(await paths('/open-apis/im/v1/chats')).toEqual(['/open-apis/im/v1/chats']);
  expect(await paths('/open-apis/nowhere')).toEqual(['/open-apis/nowhere']);
});

test('it can be emptied', async () => {
  await client.callWith(undefined)('GET', '/im/v1/chats');
  await client.control('DELETE', '/__log');
  expect(await log()).toEqual([]);
});

test('of a long run the last 5000 requests are kept, oldest first', () => {
  const long = new RequestLog();
  const bearer = { kind: 'none', wellFormed: true, sha256: null, token: undefined, person: undefined } as const;
  for (let at = 1; at <= 12_345; at += 1) {
    long.record({ at, method: 'GET', path: '/', query: {}, rawBody: undefined, body: undefined, bearer });
  }
  const kept = long.list().map((entry) => entry.seq);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([5000, 7346, 12_345]);
});

test('the people and the state of the sandbox can be asked for', async () => {
  const people = await client.control('GET', '/__people');
  expect(people).toHaveLength(5);
  expect(people[0]).toMatchObject({ key: 'lin.xiaoyu', name: '林晓雨', openId: expect.stringMatching(/^ou_/) });
  const state = await client.control('GET', '/__state');
  expect(state).toMatchObject({ now: clock.now(), refreshes: 1, liveAccessTokens: expect.any(Number) });
});

test('moving the clock moves what tokens are judged by, and nothing else', async () => {
  const before = clock.now();
  expect(await client.control('POST', '/__clock', { advanceMs: 5000 })).toEqual({ now: before + 5000 });
  expect(clock.now()).toBe(before);
  expect(await client.control('POST', '/__clock', { advanceMs: -1 })).toHaveProperty('error');
});
