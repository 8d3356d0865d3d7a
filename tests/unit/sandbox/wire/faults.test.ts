import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { type TokenAnswer, SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let tokens: TokenAnswer;
beforeAll(async () => {
  client = await SandboxClient.open();
  tokens = await client.signIn();
});
afterEach(() => client.control('DELETE', '/__fault'));
afterAll(() => client.close());

const inject = (fault: Record<string, unknown>) =>
  client.control('POST', '/__fault', { path: '/open-apis/im/v1/chats', ...fault });
const listChats = () => client.callWith(tokens.access_token)('GET', '/im/v1/chats');
const createChat = () => client.callWith(tokens.access_token)('POST', '/im/v1/chats', { name: '故障演练' });
const countChats = async () => (await listChats()).data.items.length;

describe('an injected fault', () => {
  test('meets as many requests as it was given times, and then no more', async () => {
    await inject({ kind: 'code', code: 99991663, times: 2 });
    expect(await client.control('GET', '/__fault')).toMatchObject([{ kind: 'code', times: 2 }]);
    const codes = [await listChats(), await listChats(), await listChats()].map((answer) => answer.code);
    expect(codes).toEqual([99991663, 99991663, 0]);
    expect(await client.control('GET', '/__fault')).toEqual([]);
  });

  test('waits for its method and path; a star means "begins with"', async () => {
    await inject({ kind: 'code', code: 1500, method: 'POST' });
    await inject({ kind: 'code', code: 1663, path: '/open-apis/contact/*' });
    expect((await listChats()).code).toBe(0);
    expect((await createChat()).code).toBe(1500);
    expect((await client.callWith(tokens.access_token)('GET', '/contact/v3/users')).code).toBe(1663);
  });

  test('must be one that there is', async () => {
    expect(await client.control('POST', '/__fault', { path: '/x', kind: 'earthquake' })).toHaveProperty('error');
    expect(await client.control('POST', '/__fault', { path: '/x', kind: 'code', unknown: 1 })).toHaveProperty('error');
    expect(await client.control('GET', '/__fault')).toEqual([]);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ])('%s the request takes effect: what is written then', async (when, written) => {
    const before = await countChats();
    await inject({ kind: 'status', status: 502, method: 'POST', when });
    expect((await createChat()).status).toBe(502);
    expect(await countChats()).toBe(before + written);
  });

  test('after a refresh spends the token although its answer is lost', async () => {
    const mine = await client.signIn({ person: 'wang.siqi' });
    await client.control('POST', '/__fault', { path: '/oauth/v3/token', kind: 'reset', when: 'after' });
    await expect(client.refresh(mine.refresh_token)).rejects.toThrow('fetch failed');
    expect(await client.refresh(mine.refresh_token)).toMatchObject({ code: 20073 });
  });
});

describe('the kinds of faults', () => {
  test('code: Feishu says no, with its envelope and usual status', async () => {
    await inject({ kind: 'code', code: 230020, msg: 'too fast' });
    expect(await listChats()).toMatchObject({
      status: 400,
      code: 230020,
      msg: 'too fast',
      error: { log_id: expect.any(String) },
    });
    await inject({ kind: 'code', code: 1254290 });
    expect((await listChats()).status).toBe(200);
  });

  test('rate: 429 and the seconds to wait', async () => {
    await inject({ kind: 'rate', resetSeconds: 7 });
    const answer = await listChats();
    expect(answer).toMatchObject({ status: 429, code: 99991400 });
    expect(answer.headers.get('x-ogw-ratelimit-reset')).toBe('7');
    expect(answer.headers.get('x-ogw-ratelimit-limit')).toMatch(/^\d+$/);
  });

  test('html: the page of a firewall', async () => {
    await inject({ kind: 'html', status: 403 });
    const answer = await listChats();
    expect(answer.status).toBe(403);
    expect(answer.data).toContain('<!doctype html>');
  });

  test('redirect: to another host', async () => {
    await inject({ kind: 'redirect' });
    const answer = await listChats();
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'http://other-host.invalid/']);
  });

  test.each([
    ['reset', 'ECONNRESET'],
    ['disconnect', 'UND_ERR_SOCKET'],
  ])('%s: no answer at all', async (kind, code) => {
    await inject({ kind });
    await expect(listChats()).rejects.toMatchObject({ cause: { code } });
    const [entry] = (await client.control('GET', '/__log?path=/open-apis/im/v1/chats')).slice(-1);
    expect(entry).toMatchObject({ status: null, code: null });
  });

  test('truncate: half of the body that was promised', async () => {
    await inject({ kind: 'truncate' });
    const { statusCode, headers, body } = await request(`${client.sandbox.url}/open-apis/im/v1/chats`);
    expect(statusCode).toBe(400);
    expect(Number(headers['content-length'])).toBeGreaterThan(10);
    await expect(body.text()).rejects.toThrow();
  });

  test('drip: the whole body, a byte at a time', async () => {
    await inject({ kind: 'drip', delayMs: 0 });
    const { body } = await request(`${client.sandbox.url}/open-apis/im/v1/chats`);
    const sizes: number[] = [];
    for await (const chunk of body) sizes.push(chunk.length);
    expect(sizes.length).toBeGreaterThan(10);
  });

  test.each(['before', 'after'])('delay: the true answer, %s a wait', async (when) => {
    const { slow, clock } = await openWithFakeClock({});
    await slow.control('POST', '/__fault', { path: '/open-apis/*', kind: 'delay', delayMs: 3_600_000, when });
    const answer = slow.callWith(undefined)('GET', '/im/v1/chats');
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(1));
    await clock.advance(3_599_999);
    expect(await slow.control('GET', '/__log')).toMatchObject([{ status: null }]);
    await clock.advance(1);
    expect((await answer).code).toBe(99991661);
    await slow.close();
  });

  test('a sandbox that closes does not wait for a drip or a delay', async () => {
    const { slow, clock } = await openWithFakeClock({});
    await slow.control('POST', '/__fault', { path: '/open-apis/*', kind: 'drip', delayMs: 3_600_000 });
    await slow.control('POST', '/__fault', { path: '/open-apis/*', kind: 'delay', delayMs: 3_600_000 });
    const waiting = [1, 2].map(() =>
      slow
        .callWith(undefined)('GET', '/im/v1/chats')
        .catch(() => 'cut'),
    );
    await vi.waitFor(() => expect(clock.pendingTimers).toBe(2));
    await slow.close();
    expect(await Promise.all(waiting)).toEqual(['cut', 'cut']);
  });
});

test.each([
  20001, 20002, 20003, 20004, 20008, 20009, 20010, 20014, 20016, 20017, 20024, 20026, 20036, 20037, 20048, 20049, 20050,
  20063, 20064, 20065, 20066, 20067, 20068, 20069, 20070, 20071, 20072, 20073, 20074, 21000, 21001,
])('the token endpoint can be made to say %i, in its own form', async (code) => {
  await client.control('POST', '/__fault', { path: '/oauth/v3/token', kind: 'code', code });
  const { status, ...body } = await client.refresh('any');
  expect(body).toEqual({ code, error: expect.stringMatching(/^[a-z_]+$/), error_description: expect.any(String) });
  expect(status).toBe({ 20050: 500, 20072: 503 }[code] ?? 400);
});

test('every answer can be made to take its time', async () => {
  const { slow, clock } = await openWithFakeClock({ delayMs: 200 });
  const answer = slow.callWith(undefined)('GET', '/im/v1/chats');
  await vi.waitFor(() => expect(clock.pendingTimers).toBe(1));
  await clock.advance(199);
  expect(await slow.control('GET', '/__log')).toMatchObject([{ status: null }]);
  await clock.advance(1);
  expect((await answer).code).toBe(99991661);
  await slow.close();
});

async function openWithFakeClock(options: { delayMs?: number }) {
  const clock = new FakeClock();
  return { clock, slow: await SandboxClient.open({ clock, ...options }) };
}
