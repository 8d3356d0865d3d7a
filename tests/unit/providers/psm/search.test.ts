import { describe, expect, test, vi } from 'vitest';
import { jwtPath, searchPath, usePsm } from './psm-bench.ts';

const bench = usePsm();
const first = () => bench.intranet.regions[0];
const second = () => bench.intranet.regions[1];
const hosts = () => bench.intranet.regionUrls.map((url) => new URL(url).host);

describe('search_psm_service', () => {
  test('finds a service with all that the registry knows of it, and says where', async () => {
    const { isError, body, model } = await bench.search(' oec.affiliate.monitor ');
    expect(isError).toBe(false);
    expect(body).toEqual({
      error_code: 0,
      error_type: '',
      error_message: '',
      data: [
        {
          psm: 'oec.affiliate.monitor',
          node_id: 9_439_321,
          type: 'thrift',
          framework: 'kitex',
          service_chinese_name: 'oec.affiliate.monitor',
          description: 'oec.affiliate.monitor',
          owners: 'lin.xiaoyu',
          deployment_platform: 'tce',
          level: 'P2',
          platform_types: { tce: 'thrift' },
          region: bench.intranet.regionUrls[0],
        },
      ],
      region: bench.intranet.regionUrls[0],
      match_type: 'exact',
    });
    expect(model).toEqual(body);
  });

  test('asks both regions with the JWT, the keyword and the kind of search', async () => {
    await bench.search('支付.x_y-z');
    for (const region of bench.intranet.regions) {
      expect(region.log(searchPath)).toMatchObject([
        { method: 'GET', query: { keyword: '支付.x_y-z', search_type: 'all' }, status: 200 },
      ]);
      expect(Object.keys(region.log(searchPath)[0]?.headers ?? {}).toSorted()).toEqual(
        ['accept', 'connection', 'host', 'x-jwt-token'].toSorted(),
      );
    }
  });

  test('takes the first region that has anything, unless another one has the very service', async () => {
    expect((await bench.search('oec.affiliate')).body).toMatchObject({
      region: bench.intranet.regionUrls[0],
      match_type: 'fallback',
    });
    bench.intranet.services[0]?.push({ psm: 'oec.affiliate.payments.shadow' });
    expect((await bench.search('oec.affiliate.payments')).body).toMatchObject({
      region: bench.intranet.regionUrls[1],
      match_type: 'exact',
      data: [{ psm: 'oec.affiliate.payments' }],
    });
  });

  test('keeps fields that it does not know and bears those that are missing or odd', async () => {
    const data = [{ psm: 'odd.one', team: { id: 7 }, level: 3, node_id: {} }, { psm: 8 }, null, 'x'];
    first()?.faults.add({ path: searchPath, body: JSON.stringify({ error_code: '0', data }) });
    expect((await bench.search('odd.one')).body.data).toEqual([
      expect.objectContaining({
        psm: 'odd.one',
        team: { id: 7 },
        level: '',
        node_id: null,
        owners: '',
        platform_types: {},
      }),
    ]);
  });

  test('says that there is no such service in the words of the specification', async () => {
    const { isError, text } = await bench.search('nobody.has.this');
    expect(isError).toBe(true);
    expect(text).toBe('{"error":"No matching service found"}');
  });

  test.each([
    ['empty', ''],
    ['blank', '   '],
    ['too long', 'x'.repeat(129)],
    ['a line break', 'a\nb'],
    ['a query', 'a&search_type=b'],
    ['a path', '../etc/passwd'],
    ['markup', '<script>'],
    ['NUL', 'a\u0000'],
  ])('refuses a keyword that is %s before anything is sent', async (_what, keyword) => {
    const { isError, text, model } = await bench.search(keyword);
    expect(isError).toBe(true);
    expect(text).toMatch(/^Error: keyword must have/);
    expect(model).toMatchObject({ error_code: 400, error_type: 'BUSINESS_ERROR' });
    expect([bench.jwts(), ...bench.searches()]).toEqual([0, 0, 0]);
  });
});

describe('a region that is not well', () => {
  test.each(['serverError', 'maintenance'])('with %s is asked three times, and the other one counts', async (kind) => {
    first()?.faults.add({ path: searchPath, kind, times: 9 });
    const { body } = await bench.search('oec.affiliate.payments');
    expect(body).toMatchObject({ region: bench.intranet.regionUrls[1], data: [{ psm: 'oec.affiliate.payments' }] });
    expect(body.warnings).toEqual([expect.stringContaining(hosts()[0] ?? '')]);
    expect(bench.searches()).toEqual([3, 1]);
    expect(bench.clock.slept).toEqual([1000, 2000]);
  });

  test('for a moment is asked again', async () => {
    first()?.faults.add({ path: searchPath, kind: 'reset' });
    const { body } = await bench.search('oec.affiliate.monitor');
    expect(body).toMatchObject({ match_type: 'exact' });
    expect(body.warnings).toBeUndefined();
    expect(bench.searches()).toEqual([2, 1]);
  });

  test.each([
    ['a business error', { kind: 'businessError' }],
    ['404', { status: 404, body: '{"error_code":404,"error_message":"no"}' }],
    ['a page', { kind: 'html' }],
    ['no JSON', { body: 'pong' }],
  ])('with %s is not asked again', async (_what, fault) => {
    first()?.faults.add({ path: searchPath, times: 9, ...fault });
    expect((await bench.search('oec.affiliate.payments')).isError).toBe(false);
    expect(bench.searches()).toEqual([1, 1]);
  });

  test('is named when the other one knows no such service', async () => {
    first()?.faults.add({ path: searchPath, kind: 'serverError', times: 9 });
    const { isError, body } = await bench.search('nobody.has.this');
    expect(isError).toBe(true);
    expect(body).toEqual({
      error: 'No matching service found',
      warnings: [expect.stringContaining(`${hosts()[0]} gave no result`)],
    });
  });

  test('both of them are an error of its class, not "not found"', async () => {
    for (const region of bench.intranet.regions) region.faults.add({ path: searchPath, kind: 'serverError', times: 9 });
    const { isError, text, model } = await bench.search('oec.affiliate.monitor');
    expect(isError).toBe(true);
    expect(text).toBe('Error: The intranet service had an internal error or is under maintenance. Try again later.');
    expect(model).toEqual({ error_code: 500, error_type: 'SERVICE_ERROR', error_message: text.slice(7) });
    expect(bench.provider.state()).toMatchObject({ state: 'attention' });
  });

  test('both of them gone is a network error', async () => {
    for (const region of bench.intranet.regions) await region.close();
    const { text, model } = await bench.search('oec.affiliate.monitor');
    expect(text).toMatch(/^Error: The intranet service cannot be reached/);
    expect(model).toMatchObject({ error_type: 'NETWORK_ERROR' });
  });

  test('that never answers is given up after the time of one request three times, within the time of the whole', async () => {
    first()?.faults.add({ path: searchPath, kind: 'hang', times: 9 });
    const searching = bench.search('oec.affiliate.payments');
    const tried = (count: number) =>
      vi.waitFor(() => expect(bench.searches()).toEqual([count, 1]), { timeout: 10_000 });
    await tried(1);
    bench.clock.pass(29_999);
    expect(bench.searches()[0]).toBe(1);
    bench.clock.pass(1);
    await tried(2);
    // 30 s, 1 s of waiting, and what is left of 60 s.
    bench.clock.pass(28_750);
    const { body } = await searching;
    expect(body).toMatchObject({
      data: [{ psm: 'oec.affiliate.payments' }],
      warnings: [expect.stringContaining('in time')],
    });
    expect(bench.searches()).toEqual([2, 1]);
    expect(bench.clock.monotonic()).toBeLessThanOrEqual(60_000);
  });

  test('does not hold up the end of a search that the client gave up', async () => {
    first()?.faults.add({ path: searchPath, kind: 'hang' });
    const stop = new AbortController();
    const searching = bench.search('oec.affiliate.payments', { signal: stop.signal });
    await vi.waitFor(() => expect(bench.searches()).toEqual([1, 1]));
    stop.abort();
    await expect(searching).rejects.toMatchObject({ code: 'canceled' });
  });
});

describe('answers', () => {
  test('with services are kept for five minutes, by keyword and region', async () => {
    const keyword = 'oec.affiliate.monitor';
    await bench.search(keyword);
    bench.clock.pass(29_000);
    await bench.search(keyword);
    expect(bench.searches()).toEqual([1, 1]);
    bench.clock.pass(2000);
    await bench.search(keyword);
    // The second region had none, which is believed for half a minute only.
    expect(bench.searches()).toEqual([1, 2]);
    bench.clock.pass(270_000);
    await bench.search(keyword);
    expect(bench.searches()).toEqual([2, 3]);
    await bench.search('oec');
    expect(bench.searches()).toEqual([3, 4]);
  });

  test('that are errors are not kept', async () => {
    for (const region of bench.intranet.regions) region.faults.add({ path: searchPath, kind: 'businessError' });
    expect((await bench.search('oec.affiliate.monitor')).isError).toBe(true);
    expect((await bench.search('oec.affiliate.monitor')).isError).toBe(false);
  });
});

describe('many at once', () => {
  test('share one JWT and stay within a hundred connections', async () => {
    bench.start({ callsPerSecond: 1000 });
    for (const region of bench.intranet.regions)
      region.faults.add({ path: searchPath, kind: 'delay', delayMs: 1, times: 1000 });
    const told = await Promise.all(Array.from({ length: 200 }, (_, index) => bench.search(`oec.affiliate.m${index}`)));
    expect(told.every(({ text }) => text.includes('No matching'))).toBe(true);
    expect(bench.jwts()).toBe(1);
    const open = [bench.intranet.auth, ...bench.intranet.regions].map(({ mostConnections }) => mostConnections);
    expect(open.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(100);
    expect(Math.max(...open)).toBeGreaterThan(5);
    expect(bench.searches()).toEqual([200, 200]);
    expect(bench.intranet.auth.count(jwtPath)).toBe(1);
  });

  test('that are given up while they wait for a connection leave the others theirs', async () => {
    bench.start({ connections: 8, callsPerSecond: 1000 });
    const stop = new AbortController();
    await bench.call('check_jwt_status');
    for (const region of bench.intranet.regions) region.faults.add({ path: searchPath, kind: 'hang', times: 2 });
    const stuck = Array.from({ length: 6 }, (_, index) => bench.search(`stuck${index}`, { signal: stop.signal }));
    const ended = Promise.allSettled(stuck);
    await vi.waitFor(() => expect(bench.searches()).toEqual([2, 2]));
    stop.abort();
    expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
    expect((await bench.search('oec.affiliate.monitor')).isError).toBe(false);
  });
});

describe('the way out', () => {
  test('follows no redirect: the JWT goes nowhere else', async () => {
    first()?.faults.add({ path: searchPath, kind: 'redirect', location: `${bench.intranet.regionUrls[1]}/stolen` });
    await bench.search('oec.affiliate.payments');
    expect(second()?.count('/stolen')).toBe(0);
  });

  test.each([
    ['authUrl', 'http://cloud.bytedance.net'],
    ['authUrl', 'http://127.0.0.1.evil.example'],
    ['authUrl', 'http://localhost@evil.example/'],
    ['regions', ['http://ms-neptune.byted.org']],
    ['regions', []],
  ])('refuses %s %j: secrets go over https or stay on this machine', (setting, value) => {
    expect(() => bench.start({ [setting]: value })).toThrow();
  });
});
