import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bearer } from '../helpers/clients/client.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { openStream, send } from '../helpers/raw-client.ts';
import { initializeRequest, openRawSse, postHeaders, readError } from '../helpers/raw-session.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;

beforeAll(async () => {
  gateway = await startGateway({ signedIn: false, config: { limits: { perAddress: 10_000, perSession: 10_000 } } });
});

afterAll(() => gateway.close());

const open = (headers: Record<string, string> = {}, query = '') =>
  openStream(`${gateway.sse}${query}`, { headers: { ...bearer(gateway), ...headers } });
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

describe('opening /sse', () => {
  test('says first where to post, on this very server, and how soon to come back', async () => {
    const stream = await open();
    expect(stream.status).toBe(200);
    expect(stream.headers['content-type']).toBe('text/event-stream');
    const first = await stream.next();
    expect(first).toMatchObject({ event: 'endpoint', retry: '3000' });
    expect(first?.data).toMatch(/^\/messages\?sessionId=[0-9a-f]{32,}$/);
    stream.drop();
  });

  test('says next who one is here, in an event that no client takes for a message', async () => {
    const { stream, endpoint } = await openRawSse(gateway);
    const second = await stream.next();
    expect(second?.event).toBe('metadata');
    const metadata: unknown = JSON.parse(second?.data ?? '');
    expect(metadata).toMatchObject({
      sessionId: new URL(endpoint).searchParams.get('sessionId'),
      authenticated: expect.any(Boolean),
      oauthUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/start/),
      server: { name: 'larkgate', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    });
    stream.drop();
  });

  test('takes no session id from the client', async () => {
    const chosen = 'abc'.repeat(20);
    const stream = await open({}, `?sessionId=${chosen}`);
    expect((await stream.next())?.data).not.toContain(chosen);
    expect((await stream.next())?.data).not.toContain(chosen);
    const other = await open({ 'last-event-id': `${chosen}-3` });
    expect((await other.next())?.data).not.toContain(chosen);
    stream.drop();
    other.drop();
  });

  test('hears something at least every 30 seconds', async () => {
    const clock = new FakeClock();
    const quiet = await startGateway({ signedIn: false, clock });
    const { stream } = await openRawSse(quiet);
    await stream.next();
    await clock.advance(30_000);
    expect(await stream.next()).toEqual({ comment: 'keep-alive' });
    await quiet.close();
  });

  test('is refused when there are too many streams, with a time to come back', async () => {
    const small = await startGateway({ signedIn: false, config: { limits: { sseStreams: 2 } } });
    const streams = [await openRawSse(small), await openRawSse(small)];
    const answer = await send(small.sse, { headers: bearer(small) });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await streams[0]?.ask('ping')).toEqual({});
    await small.close();
  });
});

describe('talking over /messages', () => {
  test('is accepted at once and answered on the stream', async () => {
    const { post, stream } = await openRawSse(gateway);
    await stream.next();
    const answer = await post(initializeRequest('2025-11-25', 'hello'));
    expect(answer).toMatchObject({ status: 202, body: '' });
    const event = await stream.next();
    expect(event?.event).toBe('message');
    expect(JSON.parse(event?.data ?? '')).toMatchObject({ id: 'hello', result: { serverInfo: { name: 'larkgate' } } });
    stream.drop();
  });

  test('twenty requests at once get their twenty answers', async () => {
    const { post, stream } = await openRawSse(gateway);
    const ids = Array.from({ length: 20 }, (_, at) => (at % 2 ? at : `text-${at}`));
    await Promise.all(ids.map((id) => post({ ...ping, id })));
    const heard = new Set<unknown>();
    while (heard.size < ids.length) heard.add(((await stream.nextMessage()) as { id: unknown }).id);
    expect(heard).toEqual(new Set(ids));
    stream.drop();
  });

  test('works without a handshake, for a client that came back does not repeat it', async () => {
    const session = await openRawSse(gateway);
    expect(await session.ask('tools/list')).toMatchObject({ tools: expect.any(Array) });
    session.stream.drop();
  });

  test.each([
    { what: 'an unknown session', query: `?sessionId=${'a'.repeat(64)}` },
    { what: 'no session', query: '' },
    { what: 'two sessions', query: '?sessionId=a&sessionId=b' },
  ])('$what is 404 with an error that a client understands', async ({ query }) => {
    const url = new URL(`/messages${query}`, gateway.sse).href;
    const answer = await send(url, { method: 'POST', headers: postHeaders(gateway), body: JSON.stringify(ping) });
    expect(answer.status).toBe(404);
    expect(readError(answer)).toMatchObject({ code: -32001 });
  });

  test('another client’s session looks exactly like one that does not exist', async () => {
    const { endpoint, ask, stream } = await openRawSse(gateway);
    const stranger = { ...gateway, key: await gateway.addKey('stranger') };
    const knock = (url: string) =>
      send(url, { method: 'POST', headers: postHeaders(stranger), body: JSON.stringify(ping) });
    const foreign = await knock(endpoint);
    const unknown = await knock(endpoint.replace(/sessionId=.*/, `sessionId=${'a'.repeat(64)}`));
    expect(foreign.status).toBe(404);
    expect(foreign.body).toBe(unknown.body);
    expect(await ask('ping')).toEqual({});
    stream.drop();
  });
});

describe('losing the stream', () => {
  test('a client that comes back keeps its session and hears what it missed', async () => {
    const { stream, endpoint, ask } = await openRawSse(gateway);
    const metadata = await stream.next();
    await ask('ping');
    stream.drop();
    const again = await open({ 'last-event-id': metadata?.id ?? '' });
    expect(new URL((await again.next())?.data ?? '', gateway.sse).href).toBe(endpoint);
    expect((await again.next())?.event).toBe('metadata');
    expect(await again.nextMessage()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
    again.drop();
  });

  test('a request that could not be answered is refused until then', async () => {
    const { stream, post } = await openRawSse(gateway);
    stream.drop();
    await vi.waitFor(async () => expect((await post(ping)).status).toBe(409), { timeout: 30_000 });
  });

  test('nobody else can come back as that client', async () => {
    const { stream, endpoint } = await openRawSse(gateway);
    const metadata = await stream.next();
    const stranger = { ...gateway, key: await gateway.addKey('stranger') };
    const theirs = await openStream(gateway.sse, {
      headers: { ...bearer(stranger), 'last-event-id': metadata?.id ?? '' },
    });
    expect(new URL((await theirs.next())?.data ?? '', gateway.sse).href).not.toBe(endpoint);
    stream.drop();
    theirs.drop();
  });
});
