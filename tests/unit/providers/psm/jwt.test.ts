import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { createHttpClient } from '../../../../src-main/base/http-client.ts';
import { makeJwt } from '../../../../src-main/sandbox/intranet/jwt.ts';
import { jwtPath, searchPath, usePsm } from './psm-bench.ts';

const bench = usePsm();
const auth = () => bench.intranet.auth;

describe('the JWT', () => {
  test('is asked for as a browser would, with the CAS session as its cookie', async () => {
    await bench.search('oec');
    expect(auth().log(jwtPath)).toMatchObject([
      {
        method: 'GET',
        status: 200,
        headers: {
          'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36',
          accept: 'application/json, text/plain, */*',
          'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8',
        },
      },
    ]);
    expect(Object.keys(auth().log()[0]?.headers ?? {}).toSorted()).toEqual(
      ['accept', 'accept-language', 'connection', 'cookie', 'host', 'user-agent'].toSorted(),
    );
  });

  test('is used until five minutes before it ends', async () => {
    await bench.call('check_jwt_status');
    bench.clock.pass(3_299_000);
    await bench.call('check_jwt_status');
    expect(bench.jwts()).toBe(1);
    bench.clock.pass(1000);
    await bench.call('check_jwt_status');
    expect(bench.jwts()).toBe(2);
  });

  test('that a region refuses is replaced once and the search repeated', async () => {
    await bench.search('warm.up');
    bench.intranet.revokeJwts();
    expect((await bench.search('oec.affiliate.monitor')).body).toMatchObject({ match_type: 'exact' });
    expect(bench.jwts()).toBe(2);
    expect(bench.searches()).toEqual([3, 3]);
  });

  test.each(['unauthorized', 'authError'])('that is refused again (%s) is an AUTH_ERROR and no loop', async (kind) => {
    for (const region of bench.intranet.regions) region.faults.add({ path: searchPath, kind, times: 99 });
    const { isError, text, model } = await bench.search('oec');
    expect(isError).toBe(true);
    expect(text).toMatch(/^Error: The JWT is expired or invalid/);
    expect(model).toMatchObject({ error_code: 401, error_type: 'AUTH_ERROR' });
    expect(bench.searches()).toEqual([2, 2]);
    expect(bench.jwts()).toBeLessThanOrEqual(3);
  });

  test('comes after a failure that passes', async () => {
    auth().faults.add({ path: jwtPath, kind: 'serverError', times: 2 });
    expect((await bench.search('oec.affiliate.monitor')).isError).toBe(false);
    expect(bench.jwts()).toBe(3);
    expect(bench.clock.slept).toEqual([1000, 2000]);
  });

  test('serves all who wait, even when the one who asked first gives up', async () => {
    auth().faults.add({ path: jwtPath, kind: 'hang' });
    const stop = new AbortController();
    const given = bench.call('check_jwt_status', {}, { signal: stop.signal });
    const ended = given.catch((thrown: unknown) => thrown);
    await vi.waitFor(() => expect(bench.jwts()).toBe(1));
    const waiting = bench.call('check_jwt_status');
    stop.abort();
    expect(await ended).toMatchObject({ code: 'canceled' });
    expect((await waiting).body.valid).toBe(true);
    expect(bench.jwts()).toBe(2);
  });
});

describe('a CAS session that is over', () => {
  test.each([
    ['the sign-in page', { kind: 'html' }],
    ['a redirect to it', { kind: 'redirect' }],
    ['401', { status: 401 }],
    ['403', { status: 403 }],
    ['an answer without the header', { body: '{"ok":true}' }],
  ])('shown by %s is told with what to do, and not asked again at once', async (_what, fault) => {
    auth().faults.add({ path: jwtPath, times: 9, ...fault });
    const { text, model } = await bench.search('oec');
    expect(text).toBe(
      'Error: CAS_SESSION is no longer valid. Sign in again in the browser and set the new CAS_SESSION.',
    );
    expect(model).toMatchObject({ error_type: 'AUTH_ERROR' });
    expect(bench.jwts()).toBe(1);
    expect(bench.searches()).toEqual([0, 0]);
    await bench.search('oec');
    expect(bench.jwts()).toBe(1);
    expect(bench.provider.state()).toMatchObject({
      state: 'attention',
      words: { zh: expect.stringContaining('CAS_SESSION') },
    });
    expect(bench.notices.standing()).toMatchObject([{ id: 'connector.psm', level: 'info' }]);

    auth().faults.clear();
    expect(await bench.provider.resume()).toMatchObject({ state: 'ready' });
    expect(bench.notices.standing()).toEqual([]);
    expect((await bench.search('oec')).isError).toBe(false);
  });

  test('that is replaced is used at once', async () => {
    let session = 'old';
    bench.start({}, { casSession: () => session });
    expect((await bench.search('oec')).isError).toBe(true);
    session = bench.intranet.casSession;
    expect((await bench.search('oec')).isError).toBe(false);
  });

  test('that was never set is said, and nothing is sent', async () => {
    bench.start({}, { casSession: () => undefined });
    expect(bench.provider.state()).toMatchObject({ state: 'unconfigured' });
    expect((await bench.search('oec')).text).toMatch(/^Error: CAS_SESSION is not set/);
    expect(bench.jwts()).toBe(0);
  });
});

describe('check_jwt_status', () => {
  test('says that there is one and until when, never what it is', async () => {
    const { body, isError } = await bench.call('check_jwt_status');
    expect(isError).toBe(false);
    expect(body).toEqual({
      valid: true,
      expires_at: new Date(bench.clock.now() + 3_600_000).toISOString(),
      expires_in_seconds: 3600,
      expiry_assumed: false,
    });
  });

  test('says that there is none and why', async () => {
    bench.intranet.endSession();
    expect((await bench.call('check_jwt_status')).body).toMatchObject({
      valid: false,
      expires_at: null,
      error_type: 'AUTH_ERROR',
    });
  });
});

describe('a JWT that does not say when it ends', () => {
  const bench = usePsm({ opaque: true });

  test('is taken to last an hour, and that is said', async () => {
    expect((await bench.call('check_jwt_status')).body).toMatchObject({
      expires_in_seconds: 3600,
      expiry_assumed: true,
    });
  });
});

describe('a JWT that is over already by our clock', () => {
  const bench = usePsm({ lifetimeMs: 1000 });

  test('serves for a moment and is not asked for in a loop', async () => {
    await bench.call('check_jwt_status');
    await bench.call('check_jwt_status');
    expect(bench.jwts()).toBe(1);
  });
});

describe('secrets', () => {
  test('are in no result, event, notice or state, whatever goes wrong', async () => {
    const jwt = makeJwt({ exp: 4_000_000_000, canary: 'CANARYJWT' });
    const http = createHttpClient({ clock: bench.clock });
    const seen: string[] = [];
    const send = async (request: Parameters<typeof http>[0]) => {
      seen.push(request.headers?.['x-jwt-token'] ?? '');
      return http(request);
    };
    bench.start({}, { http: Object.assign(send, { close: () => http.close() }) });
    const { casSession } = bench.intranet;
    await bench.search('oec');
    await bench.call('check_jwt_status');
    for (const kind of ['serverError', 'html', 'reset', 'authError', 'businessError'])
      for (const region of bench.intranet.regions) {
        region.faults.clear();
        region.faults.add({ path: searchPath, kind, times: 5 });
        await bench.search(`oec${kind}`);
      }
    bench.intranet.endSession();
    await bench.provider.resume();
    bench.shown.push(bench.provider.state(), bench.notices.standing());
    const shown = JSON.stringify(bench.shown);
    expect(shown.length).toBeGreaterThan(1000);
    for (const secret of [casSession, jwt, ...seen.filter((one) => one !== '')]) expect(shown).not.toContain(secret);
    expect(seen.some((one) => one.startsWith('eyJ'))).toBe(true);
  });
});

describe('a host whose certificate nobody vouches for', () => {
  test('gets neither session nor JWT; with its authority trusted it is a host like others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'larkgate-tls-'));
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]);
    let requests = 0;
    const key = readFileSync(join(folder, 'key.pem'));
    const server = createServer({ key, cert: readFileSync(join(folder, 'cert.pem')) }, (_request, response) => {
      requests += 1;
      response.writeHead(200, { 'x-jwt-token': makeJwt({ exp: 4_000_000_000 }) }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const authUrl = `https://localhost:${typeof address === 'object' ? address?.port : 0}`;
    try {
      bench.start({ authUrl, retries: 0 });
      expect((await bench.call('check_jwt_status')).body).toMatchObject({ valid: false, error_type: 'NETWORK_ERROR' });
      expect(requests).toBe(0);
      const http = createHttpClient({ clock: bench.clock, extraCa: join(folder, 'cert.pem') });
      bench.start({ authUrl }, { http });
      expect((await bench.call('check_jwt_status')).body.valid).toBe(true);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

function run(program: string, argv: string[]): void {
  execFileSync(program, argv, { stdio: 'ignore' });
}
