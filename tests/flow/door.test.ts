import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send, speak } from '../helpers/raw-client.ts';
import { initializeRequest, openRawSession, openRawSse, postHeaders, readError } from '../helpers/raw-session.ts';
import { createHome } from '../helpers/run-node.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

/** Stands for what a client may have written, and never comes back in a refusal. Short, for V8 quotes ten characters. */
const canary = 'qzjx7';

/** The table below is larger than what a client may ask in a minute. */
const roomy = { perAddress: 10_000, perSession: 10_000 };

let gateway: StartedGateway;

beforeAll(async () => {
  gateway = await startGateway({ signedIn: false, config: { limits: roomy } });
});

afterAll(() => gateway.close());

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

describe.each(['/mcp', '/messages'])('what %s refuses', (door) => {
  const open = async () => (door === '/mcp' ? openRawSession(gateway) : openRawSse(gateway));

  test.each([
    { what: 'broken JSON', body: `{"method": ${canary}}`, status: 400, code: -32700 },
    { what: 'half a body', body: `{"jsonrpc":"2.0","${canary}`, status: 400, code: -32700 },
    { what: 'an empty body', body: '', status: 400, code: -32700 },
    { what: 'an object that is no request', body: { a: canary }, status: 400, code: -32600 },
    { what: 'a number', body: '7', status: 400, code: -32600 },
    { what: 'a text', body: `"${canary}"`, status: 400, code: -32600 },
    { what: 'null', body: 'null', status: 400, code: -32600 },
    { what: 'an id of null', body: { ...ping, id: null, extra: canary }, status: 400, code: -32600 },
    { what: 'JSON-RPC 1.0', body: { id: 1, method: canary, params: [] }, status: 400, code: -32600 },
    { what: 'a batch', body: [ping, { ...ping, id: 2, method: canary }], status: 400, code: -32600 },
    { what: 'nesting of 50,000', body: `${'['.repeat(50_000)}${']'.repeat(50_000)}`, status: 400, code: -32600 },
    {
      what: 'deep arguments',
      body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}}`,
      status: 400,
      code: -32600,
    },
    {
      what: 'a million members',
      body: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[${'1,'.repeat(1e6)}1]}}`,
      status: 400,
      code: -32600,
    },
    { what: 'more than 4 MiB', body: { ...ping, params: { a: canary.repeat(1_000_000) } }, status: 413, code: -32000 },
    {
      what: 'text/plain',
      body: { ...ping, params: { canary } },
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: -32000,
    },
    {
      what: 'a form',
      body: `a=${canary}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
      code: -32000,
    },
    { what: 'a compressed body', body: canary, headers: { 'content-encoding': 'gzip' }, status: 415, code: -32000 },
  ])('$what: $status, and the session goes on', async ({ body, headers, status, code }) => {
    const session = await open();
    const answer = await session.post(body, headers);
    expect(answer.status).toBe(status);
    expect(readError(answer)).toMatchObject({ code });
    expect(answer.body).not.toContain(canary);
    expect(await session.ask('ping')).toEqual({});
  });

  test('a body that is no document has the null id in its refusal', async () => {
    const session = await open();
    expect(readError(await session.post('{')).id).toBeNull();
  });
});

describe('sessions on /mcp', () => {
  test.each(['POST', 'GET', 'DELETE'] as const)(
    '%s to an unknown session is 404, so that the client connects again',
    async (method) => {
      const answer = await send(gateway.mcp, {
        method,
        headers: { ...postHeaders(gateway), 'mcp-session-id': 'a'.repeat(64) },
        ...(method === 'POST' && { body: JSON.stringify(ping) }),
      });
      expect(answer.status).toBe(404);
      expect(readError(answer).code).toBe(-32001);
    },
  );

  test('another client’s session looks exactly like one that does not exist', async () => {
    const mine = await openRawSession(gateway);
    const stranger = { ...gateway, key: await gateway.addKey('stranger') };
    const ask = (id: string) =>
      send(gateway.mcp, {
        method: 'POST',
        headers: { ...postHeaders(stranger), 'mcp-session-id': id },
        body: JSON.stringify(ping),
      });
    const foreign = await ask(mine.id);
    const unknown = await ask('a'.repeat(64));
    expect(foreign.status).toBe(404);
    expect(foreign.body).toBe(unknown.body);
    expect(await mine.ask('ping')).toEqual({});
  });

  test('a session ends for good with DELETE', async () => {
    const session = await openRawSession(gateway);
    const end = await send(gateway.mcp, {
      method: 'DELETE',
      headers: { ...postHeaders(gateway), 'mcp-session-id': session.id },
    });
    expect(end.status).toBe(200);
    expect((await session.post(ping)).status).toBe(404);
  });

  test('an id that the client chose is not adopted', async () => {
    const chosen = 'c'.repeat(64);
    const headers = { ...postHeaders(gateway), 'mcp-session-id': chosen };
    const answer = await send(gateway.mcp, { method: 'POST', headers, body: JSON.stringify(initializeRequest()) });
    expect(answer.status).toBe(404);
    const session = await openRawSession(gateway);
    expect(session.id).toMatch(/^[0-9a-f]{32,}$/);
    expect(session.id).not.toBe((await openRawSession(gateway)).id);
  });

  test('a request before the handshake is told what is missing', async () => {
    const answer = await send(gateway.mcp, {
      method: 'POST',
      headers: postHeaders(gateway),
      body: JSON.stringify(ping),
    });
    expect(answer.status).toBe(400);
    expect(readError(answer)).toMatchObject({ id: 1, code: -32000 });
  });

  test('a second handshake in the same session is refused', async () => {
    const session = await openRawSession(gateway);
    const answer = await session.post(initializeRequest('2025-11-25', 9));
    expect(answer.status).toBe(400);
    expect(readError(answer)).toMatchObject({ id: 9, code: -32600 });
    expect(await session.ask('ping')).toEqual({});
  });

  test('two requests with one id are not mixed up: the second is refused', async () => {
    const session = await openRawSession(gateway, '2025-03-26');
    const answer = await session.post([ping, ping]);
    expect(answer.status).toBe(400);
    expect(readError(answer)).toMatchObject({ id: null, code: -32600 });
    expect(await session.ask('ping')).toEqual({});
  });

  test('batches belong to 2025-03-26: up to 50 messages', async () => {
    const session = await openRawSession(gateway, '2025-03-26');
    const batch = (size: number) => Array.from({ length: size }, (_, id) => ({ ...ping, id: 100 + id }));
    const answers = JSON.parse((await session.post(batch(50))).body) as { id: number }[];
    expect(answers.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(batch(50).map(({ id }) => id));
    expect((await session.post(batch(51))).status).toBe(400);
    expect((await session.post([])).status).toBe(400);
  });
});

describe('headers of /mcp', () => {
  test('a client that cannot read the answers is refused', async () => {
    const session = await openRawSession(gateway);
    for (const accept of ['text/html', 'application/json', 'text/event-stream']) {
      expect((await session.post(ping, { accept })).status, accept).toBe(406);
    }
  });

  test('an unknown protocol version is refused with the list of known ones', async () => {
    const session = await openRawSession(gateway);
    const answer = await session.post(ping, { 'mcp-protocol-version': '1999-01-01' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(readError(answer).data)).toContain('2025-11-25');
  });

  test('a stateless request without its envelope is refused, and the session goes on', async () => {
    const session = await openRawSession(gateway);
    const answer = await session.post({ ...ping, method: 'tools/list' }, { 'mcp-protocol-version': '2026-07-28' });
    expect(answer.status).toBe(400);
    expect(await session.ask('ping')).toEqual({});
  });

  test('a client of the stateless revision learns what the gateway speaks', async () => {
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1.0.0' },
    };
    const answer = await send(gateway.mcp, {
      method: 'POST',
      headers: { ...postHeaders(gateway), 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: envelope } }),
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ result: { supportedVersions: ['2026-07-28'] } });
  });

  test.each(['PUT', 'OPTIONS'] as const)('%s is not a method of it', async (method) => {
    const answer = await send(gateway.mcp, { method, headers: postHeaders(gateway) });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toContain('POST');
  });

  test('a query string changes nothing', async () => {
    const session = await openRawSession({
      ...gateway,
      mcp: `${gateway.mcp}?tokenMode=tenant_access_token&useUAT=false`,
    });
    expect(await session.ask('tools/list')).toEqual(await (await openRawSession(gateway)).ask('tools/list'));
  });
});

describe('names that would forge a line of the log', () => {
  // CR, LF, an ANSI escape, NUL, a right-to-left override and half a surrogate pair.
  const forged = 'x\r\n{"level":"info"}\u001B[31m\u0000\u202E\uD800';

  test('are refused as tools and written down on one line', async () => {
    const home = await createHome();
    const own = await startGateway({ signedIn: false, data: home.path });
    const session = await openRawSession(own);
    for (const name of [forged, 'y'.repeat(1_000_000)]) {
      const answer = await session.post({
        jsonrpc: '2.0',
        id: 5,
        method: 'tools/call',
        params: { name, arguments: { canary } },
      });
      expect(answer.body).toContain('unknown_tool');
      expect(answer.body.length).toBeLessThan(2000);
    }
    await own.close();
    const logs = join(home.path, 'logs');
    const text = (await Promise.all((await readdir(logs)).map((file) => readFile(join(logs, file), 'utf8')))).join('');
    await home.remove();
    const calls = text.split('\n').filter((line) => line.includes('"call.finished"'));
    expect(calls).toHaveLength(2);
    for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
    // oxlint-disable-next-line no-control-regex -- the very thing that must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
    expect(text).not.toContain(canary);
    expect(text.length).toBeLessThan(20_000);
  });
});

describe('who may come in', () => {
  const routes = [
    '/mcp',
    '/sse',
    '/messages?sessionId=x',
    '/oauth/start',
    '/oauth/callback?code=c&state=s',
    '/oauth/wait?login=x',
    '/oauth/rebind',
    '/hello?nonce=0123456789012345678901',
    '/metrics',
    '/healthz',
    '/control/events',
    '/dashboard/',
    '/',
    '/nowhere',
  ];
  const at = (path: string) => new URL(path, gateway.mcp).href;

  test.each(routes)('%s is closed to other hosts and to web pages', async (path) => {
    const port = new URL(gateway.mcp).port;
    for (const headers of [
      { host: 'evil.example' },
      { host: `evil.example:${port}` },
      { host: `127.0.0.1.evil.example:${port}` },
      { host: '127.0.0.1:1' },
      { host: '127.0.0.1' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:1' },
      { origin: `http://127.0.0.1.evil.example:${port}` },
      { origin: 'chrome-extension://abcdef' },
      { origin: 'file://' },
    ]) {
      const answer = await send(at(path), { headers: { ...postHeaders(gateway), ...headers } });
      expect(answer.status, JSON.stringify(headers)).toBe(403);
      expect(JSON.stringify(answer.headers)).not.toContain('access-control');
    }
  });

  test('both loopback addresses are served, whichever name a client uses', async () => {
    const { port } = new URL(gateway.mcp);
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      expect((await send(`http://${name}:${port}/healthz`)).status, name).toBe(200);
    }
  });

  test('a request without Host is refused', async () => {
    const heard = await speak(gateway.mcp, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(heard).toMatch(/^HTTP\/1.1 40[03] /);
  });

  test('a page cannot slip a request in as plain text', async () => {
    const headers = { ...postHeaders(gateway), 'content-type': 'text/plain', origin: 'https://evil.example' };
    const answer = await send(gateway.mcp, { method: 'POST', headers, body: JSON.stringify(initializeRequest()) });
    expect(answer.status).toBe(403);
  });

  test('a preflight gets no permission', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const answer = await send(gateway.mcp, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.headers)).not.toContain('access-control');
  });

  test.each(['/mcp', '/sse', '/messages?sessionId=x'])('%s asks for the key', async (path) => {
    const { key, ...keyless } = gateway;
    for (const authorization of ['', 'Bearer wrong', `Bearer ${key}x`, `Basic ${key}`, key]) {
      const answer = await send(at(path), {
        method: path === '/sse' ? 'GET' : 'POST',
        headers: { ...postHeaders(keyless), ...(authorization && { authorization }) },
        ...(path !== '/sse' && { body: JSON.stringify(initializeRequest()) }),
      });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(answer.body).not.toContain(key);
    }
  });

  test('a key in the query is no key', async () => {
    const answer = await send(`${gateway.sse}?key=${gateway.key}&access_token=${gateway.key}`);
    expect(answer.status).toBe(401);
  });

  test.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-authorization-server', '/register'])(
    '%s is not there, and says so without asking for a key',
    async (path) => {
      expect((await send(at(path))).status).toBe(404);
    },
  );

  test.each([
    { what: 'a length that is too short', bytes: 'Content-Length: 2\r\n\r\n{}GARBAGE' },
    { what: 'a length that is no number', bytes: 'Content-Length: many\r\n\r\n{}' },
    { what: 'two lengths', bytes: 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}' },
    { what: 'length and chunks at once', bytes: 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' },
    { what: 'garbage for chunks', bytes: 'Transfer-Encoding: chunked\r\n\r\nzz\r\n' },
    { what: 'a header of 100 kB', bytes: `X-Long: ${'a'.repeat(100_000)}\r\n\r\n` },
  ])('$what ends the connection and nothing else', async ({ bytes }) => {
    const { host } = new URL(gateway.mcp);
    const lines = [
      'POST /mcp HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Bearer ${gateway.key}`,
      'Content-Type: application/json',
    ];
    const heard = await speak(gateway.mcp, `${lines.join('\r\n')}\r\n${bytes}`);
    // A connection that is reset while it still sends may lose the answer on the way.
    expect(heard).toMatch(/^(HTTP\/1.1 4\d\d |$)/);
    expect((await send(at('/healthz'))).status).toBe(200);
  });

  test('a request whose headers never end is given up', async () => {
    const heard = await speak(gateway.mcp, `GET /healthz HTTP/1.1\r\nHost: ${new URL(gateway.mcp).host}\r\nX-Slow: `);
    expect(heard).toMatch(/^HTTP\/1.1 408 /);
  });
});
