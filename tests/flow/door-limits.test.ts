import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../helpers/fake-clock.ts';
import type { RawAnswer } from '../helpers/raw-client.ts';
import { openRawSession, openRawSse, readError } from '../helpers/raw-session.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let clock: FakeClock;
let gateway: StartedGateway;

beforeEach(async () => {
  clock = new FakeClock();
  gateway = await startGateway({ signedIn: false, clock });
});

afterEach(() => gateway.close());

const ping = (id: number | string) => ({ jsonrpc: '2.0', id, method: 'ping' });

function expectRefusal(answer: RawAnswer, id: number | string): void {
  expect(answer.status).toBe(429);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
  expect(readError(answer)).toMatchObject({ id, code: -32029, data: { code: 'rate_limited', retryable: true } });
}

test('a session has 50 requests a minute, and the others do not feel it', async () => {
  const busy = await openRawSession(gateway);
  for (let id = 1; id <= 50; id += 1) expect((await busy.post(ping(id))).status).toBe(200);
  expectRefusal(await busy.post(ping('fifty-first')), 'fifty-first');
  await clock.advance(59_000);
  expectRefusal(await busy.post(ping(52)), 52);
  const calm = await openRawSession(gateway);
  expect(await calm.ask('ping')).toEqual({});
  await clock.advance(1_000);
  expect(await busy.ask('ping')).toEqual({});
});

test('a stream stays open when its session is over the limit', async () => {
  const { post, stream } = await openRawSse(gateway);
  for (let id = 1; id <= 50; id += 1) expect((await post(ping(id))).status).toBe(202);
  expectRefusal(await post(ping(51)), 51);
  for (let id = 1; id <= 50; id += 1) expect(await stream.nextMessage()).toMatchObject({ id });
  stream.drop();
});

test('an address has 200 requests a minute; neither new sessions nor a forged header start a new count', async () => {
  let answered = 0;
  let last: RawAnswer | undefined;
  for (let session = 0; session < 6 && last?.status !== 429; session += 1) {
    const { post } = await openRawSession(gateway);
    answered += 1;
    for (let id = 1; id <= 40 && last?.status !== 429; id += 1) {
      last = await post(ping(id), { 'x-forwarded-for': `10.0.0.${answered % 250}`, forwarded: 'for=10.9.9.9' });
      if (last.status === 200) answered += 1;
    }
  }
  expect(answered).toBe(200);
  expect(last?.status).toBe(429);
  await expect(openRawSession(gateway)).rejects.toThrow('429');
});

test('a batch counts for as many requests as it holds', async () => {
  const { post } = await openRawSession(gateway, '2025-03-26');
  const batch = (from: number) => Array.from({ length: 30 }, (_, at) => ping(from + at));
  expect((await post(batch(0))).status).toBe(200);
  expect((await post(batch(100))).status).toBe(429);
});

test('a call of a client without sessions that is refused is recorded like any other', async () => {
  const call = (id: number) => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'modern', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const params = { name: 'im_v1_chat_list', arguments: { params: { page_size: 1 } }, _meta: meta };
    return fetch(gateway.mcp, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${gateway.key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'im_v1_chat_list',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
    });
  };
  for (let id = 1; id <= 50; id += 1) expect((await call(id)).status).toBe(200);
  expect((await call(51)).status).toBe(429);
  const { calls } = await gateway.app.call('calls', { outcome: 'refused' });
  expect(calls).toMatchObject([{ tool: 'im_v1_chat_list', client: 'modern', fault: 'rate_limited' }]);
});
