import { type RequestListener, type Server, createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { type HttpClient, type HttpRequest, createHttpClient, isLoopback } from '../../../src-main/base/http-client.ts';

let server: Server;
let answer: RequestListener;
let http: HttpClient;
let url: URL;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/path?secret=canary`);
  http = createHttpClient({ clock: systemClock });
});
afterEach(async () => {
  await http.close();
  server.closeAllConnections();
  server.close();
});

const send = (more: Partial<HttpRequest> = {}) =>
  http({ method: 'GET', url, deadlineMs: 5000, maxBytes: 1000, ...more });

describe('the http client', () => {
  test('any status is an answer, with its headers and body', async () => {
    answer = (_request, response) => response.writeHead(503, { 'X-Tt-Logid': 'log-1' }).end('busy');
    expect(await send()).toMatchObject({ status: 503, headers: { 'x-tt-logid': 'log-1' }, body: Buffer.from('busy') });
  });

  test('a redirect is refused: a token does not travel to another host', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    await expect(send()).rejects.toMatchObject({ code: 'redirect_refused' });
  });

  test('an answer that never ends is cut off at its limit', async () => {
    answer = (_request, response) => {
      const more = () => response.write('x'.repeat(100), () => response.writable && setImmediate(more));
      more();
    };
    await expect(send()).rejects.toMatchObject({ code: 'answer_too_large' });
  });

  test('a server that drips, or says nothing, is given up at the deadline', async () => {
    answer = (_request, response) => void response.writeHead(200).write('{');
    await expect(send({ deadlineMs: 50 })).rejects.toMatchObject({ code: 'timeout', details: { afterMs: 50 } });
    answer = () => {};
    await expect(send({ deadlineMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a call that is canceled ends as canceled', async () => {
    const stop = new AbortController();
    answer = () => stop.abort();
    await expect(send({ signal: stop.signal })).rejects.toMatchObject({ code: 'canceled' });
  });

  test('a refused connection was surely not sent, a reset one may have been; neither names path or query', async () => {
    answer = (request) => request.socket.resetAndDestroy();
    const reset = await send().catch((error: unknown) => error);
    expect(reset).toMatchObject({ code: 'upstream_unreachable', details: { sent: true } });
    server.close();
    const port = new URL(url);
    port.port = '1';
    const refused = await send({ url: port }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'upstream_unreachable', details: { sent: false } });
    expect(JSON.stringify([reset, refused])).not.toContain('canary');
  });

  test('connections are kept: a hundred calls do not make a hundred handshakes', async () => {
    let connections = 0;
    server.on('connection', () => (connections += 1));
    answer = (_request, response) => response.end('ok');
    for (let n = 0; n < 100; n += 1) await send();
    expect(connections).toBeLessThan(5);
  });
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['[::1]', true],
  ['127.0.0.1.evil.example', false],
  ['open.feishu.cn', false],
  ['10.0.0.1', false],
])('%s is on this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
