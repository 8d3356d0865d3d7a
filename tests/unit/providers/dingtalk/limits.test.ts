import { describe, expect, test, vi } from 'vitest';
import { createHttpClient } from '../../../../src-main/base/http-client.ts';
import { OutgoingPace } from '../../../../src-main/providers/outgoing-pace.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { limits, useDingtalk } from './dingtalk-bench.ts';

const bench = useDingtalk();
const list = (page = 1) => bench.call('list_docs', { space_id: bench.dingtalk.world.spaces[0]?.workspaceId, page });
const spaces = '/v2.0/wiki/workspaces/*';

describe("DingTalk's limits", () => {
  test.each([
    ['qps', [1000, 1000]],
    ['qpm', [1000, 1000]],
    ['crowded', [1000, 2000]],
    ['busy', [1000, 2000]],
  ])('%s is waited out and the call goes on', async (kind, waits) => {
    bench.space('a');
    bench.api.faults.add({ path: spaces, kind, times: 2 });
    const told = await list();
    expect(told.isError).toBe(false);
    expect(bench.clock.slept).toEqual(waits);
    expect(told.said[0]).toContain('trying again in 1 s');
  });

  test('a write that was refused for its rate was not done, and is repeated', async () => {
    const { space } = bench.space();
    bench.api.faults.add({ path: '/v1.0/doc/workspaces/*', kind: 'qps' });
    expect((await bench.call('create_doc', { title: 'a', space_id: space.workspaceId })).isError).toBe(false);
    expect(bench.dingtalk.world.nodes).toHaveLength(1);
  });

  test('a rate that stays limited is told after three waits', async () => {
    bench.space('a');
    bench.api.faults.add({ path: spaces, kind: 'qps', times: 100 });
    expect((await list()).body).toMatchObject({ code: 'DINGTALK_ERROR', details: expect.stringContaining('QpsLimit') });
    expect(bench.api.count(spaces)).toBe(4);
  });

  test('a used-up month is told once, and nothing is sent until the next one begins in China or somebody resumes', async () => {
    bench.space('a');
    bench.api.faults.add({ path: spaces, kind: 'monthly' });
    expect((await list()).body).toMatchObject({ code: 'DINGTALK_ERROR', details: expect.stringContaining('quota') });
    expect(bench.api.count(spaces)).toBe(1);
    expect((await list()).body).toMatchObject({ code: 'DINGTALK_ERROR', details: expect.stringContaining('quota') });
    expect(bench.api.count(spaces)).toBe(1);
    expect(bench.provider.state()).toMatchObject({ state: 'paused', until: Date.UTC(2026, 10, 30, 16) });
    expect(bench.notices.standing()).toHaveLength(1);

    expect(await bench.provider.resume()).toMatchObject({ state: 'ready' });
    expect((await list()).isError).toBe(false);

    bench.api.faults.add({ path: spaces, kind: 'monthly' });
    bench.clock.pass(61_000);
    await list();
    bench.clock.pass(Date.UTC(2026, 10, 30, 16) - bench.clock.now());
    expect((await list()).isError).toBe(false);
  });

  test('a ban that meets the renewal of the token is waited out, and pauses nothing for longer', async () => {
    bench.space('a');
    await list();
    bench.api.faults.add({ path: '/v1.0/oauth2/accessToken', kind: 'punish' });
    bench.clock.pass(3300_000);
    await bench.arrival('/v1.0/oauth2/accessToken', 2);
    await vi.waitFor(() => expect(bench.provider.state()).toMatchObject({ state: 'paused' }));
    bench.clock.pass(300_000);
    expect((await list()).isError).toBe(false);
    expect(bench.provider.state()).toMatchObject({ state: 'ready' });
  });

  test.each(['html', 'punish'])('a %s answer stops everything for five minutes', async (kind) => {
    bench.space('a');
    bench.api.faults.add({ path: spaces, kind });
    expect((await list()).body).toMatchObject({ code: 'DINGTALK_ERROR' });
    const before = bench.api.count();
    bench.clock.pass(299_000);
    for (let turn = 0; turn < 5; turn += 1) expect((await list()).isError).toBe(true);
    expect(bench.api.count()).toBe(before);
    expect(bench.provider.state()).toMatchObject({ state: 'paused', until: bench.clock.now() + 1000 });
    bench.clock.pass(1000);
    expect((await list()).isError).toBe(false);
    expect(bench.provider.state()).toMatchObject({ state: 'ready', lastError: { words: { en: expect.any(String) } } });
  });

  test('an error page of a broken server is a failure that passes, not a ban', async () => {
    bench.space('a');
    bench.api.faults.add({ path: spaces, status: 502, type: 'text/html', body: '<h1>CANARY</h1>' });
    expect((await list()).isError).toBe(false);
    bench.api.faults.add({ path: '/v2.0/*', status: 502, type: 'text/html', body: '<h1>CANARY</h1>', times: 9 });
    bench.clock.pass(61_000);
    expect(JSON.stringify(await list())).not.toContain('CANARY');
  });

  test('four fifths of the monthly budget raise a notice', async () => {
    bench.space('a');
    bench.start({ monthlyBudget: 5 });
    await list();
    expect(bench.notices.standing()).toEqual([]);
    await bench.call('list_docs', { space_id: bench.dingtalk.world.spaces[0]?.workspaceId, keyword: 'a' });
    expect(bench.provider.state().quota).toEqual({ used: 4, budget: 5 });
    expect(bench.notices.standing()).toMatchObject([{ words: { en: expect.stringContaining('Four fifths') } }]);
  });
});

describe('our own pace', () => {
  test('lets a few begin at once and the others one by one, in the order they came', async () => {
    const clock = new FakeClock();
    const pace = new OutgoingPace(clock, 4, 3);
    const begun: number[] = [];
    for (let index = 0; index < 7; index += 1) void pace.turn().then(() => begun.push(clock.monotonic()));
    await clock.advance(2000);
    expect(begun).toEqual([0, 0, 0, 250, 500, 750, 1000]);
    await clock.advance(10_000);
    await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('keeps a burst of calls under what DingTalk allows an app', async () => {
    const { documents } = bench.space('a');
    const clock = new FakeClock();
    const sent: number[] = [];
    const http = createHttpClient({ clock });
    const send = async (request: Parameters<typeof http>[0]) => {
      sent.push(clock.monotonic());
      return http(request);
    };
    bench.start({}, { clock, http: Object.assign(send, { close: () => http.close() }) });
    const calls = Array.from({ length: 50 }, () => bench.call('get_doc', { document_id: documents[0]?.dentryUuid }));
    const all = Promise.all(calls);
    const waiting = { over: false };
    void all.finally(() => (waiting.over = true));
    while (!waiting.over) await clock.advance(50);
    expect((await all).every(({ isError }) => !isError)).toBe(true);
    expect(sent.length).toBeGreaterThan(100);
    const within = (from: number) => sent.filter((at) => at >= from && at < from + 1000).length;
    expect(Math.max(...sent.map((at) => within(at)))).toBeLessThanOrEqual(20);
  });
});

describe('what DingTalk does not answer', () => {
  test('a read is repeated twice and then told', async () => {
    bench.space('a');
    bench.api.faults.add({ path: spaces, kind: 'reset', times: 9 });
    expect((await list()).body).toMatchObject({
      code: 'DINGTALK_ERROR',
      details: expect.stringContaining('cannot be reached'),
    });
    expect(bench.api.count(spaces)).toBe(3);
    expect(bench.clock.slept).toEqual([1000, 2000]);
  });

  test.each([
    ['create_doc', '/v1.0/doc/workspaces/*'],
    ['append', '/v1.0/doc/suites/*'],
  ])('%s is never repeated after a timeout, and the client is told to look first', async (what, path) => {
    const { space, documents } = bench.space('a');
    bench.api.faults.add({ path, kind: 'hang', times: 9 });
    const document_id = documents[0]?.dentryUuid;
    const calling =
      what === 'append'
        ? bench.call('update_doc', { document_id, content: 'x', mode: 'append' })
        : bench.call('create_doc', { title: 'a', space_id: space.workspaceId });
    await bench.arrival(path);
    bench.clock.pass(30_000);
    const { body } = await calling;
    expect(body).toMatchObject({ code: 'DINGTALK_ERROR', details: expect.stringContaining('may have taken effect') });
    expect(bench.api.count(path)).toBe(1);
  });

  test('create whose answer is lost, or fails inside DingTalk, is not repeated either', async () => {
    const { space } = bench.space();
    const path = '/v1.0/doc/workspaces/*';
    bench.api.faults.add({ path, kind: 'disconnect', when: 'after' });
    bench.api.faults.add({ path, kind: 'systemError', when: 'after' });
    for (const title of ['a', 'b']) {
      const { body } = await bench.call('create_doc', { title, space_id: space.workspaceId });
      expect(body.details).toContain('may have taken effect');
    }
    expect(bench.dingtalk.world.nodes).toHaveLength(2);
    expect(bench.api.count(path)).toBe(2);
  });

  test('replacing the content is the same twice, and is repeated', async () => {
    const { documents } = bench.space('a');
    bench.api.faults.add({ path: '/v1.0/doc/suites/*', kind: 'disconnect', when: 'after' });
    const told = await bench.call('update_doc', { document_id: documents[0]?.dentryUuid, content: 'x' });
    expect(told.isError).toBe(false);
    expect(documents[0]).toMatchObject({ markdown: 'x', version: 3 });
  });

  test('a body that drips for ever ends with the deadline', async () => {
    bench.space('a');
    bench.start({}, { limits: { ...limits, callMs: 20_000 } });
    bench.api.faults.add({ path: spaces, kind: 'hang', times: 9 });
    const calling = list();
    await bench.arrival(spaces);
    bench.clock.pass(20_000);
    expect((await calling).body).toMatchObject({
      code: 'DINGTALK_ERROR',
      details: expect.stringContaining('Timed out'),
    });
    expect(bench.api.count(spaces)).toBe(1);
  });

  test('a call that the client gave up ends as canceled, and a write on its way is seen through', async () => {
    const { documents } = bench.space('a');
    const stop = new AbortController();
    bench.api.faults.add({ path: '/v1.0/doc/suites/*/*', kind: 'hang' });
    bench.api.faults.add({ path: spaces, kind: 'hang' });
    const calling = bench.call(
      'list_docs',
      { space_id: bench.dingtalk.world.spaces[0]?.workspaceId },
      { signal: stop.signal },
    );
    await bench.arrival(spaces);
    stop.abort();
    await expect(calling).rejects.toMatchObject({ code: 'canceled' });

    const other = new AbortController();
    const document_id = documents[0]?.dentryUuid;
    const writing = bench.call('update_doc', { document_id, content: 'kept' }, { signal: other.signal });
    writing.catch(() => {});
    await bench.arrival('/v1.0/doc/suites/*');
    other.abort();
    await writing.catch(() => {});
    expect(documents[0]?.markdown).toBe('kept');
  });

  test('a redirect is not followed, and the token stays here', async () => {
    const { url } = bench.dingtalk.oapi;
    bench.space('a');
    bench.api.faults.add({ path: spaces, kind: 'redirect', location: `${url}/elsewhere` });
    expect((await list()).body).toMatchObject({
      code: 'DINGTALK_ERROR',
      details: expect.stringContaining('redirected'),
    });
    expect(bench.dingtalk.oapi.count()).toBe(0);
  });

  test('an answer that is too large, cut off or no JSON is an error and no success', async () => {
    bench.space('a');
    bench.start({}, { limits: { ...limits, answerBytes: 1000 } });
    for (const fault of [{ body: `{"x":"${'y'.repeat(2000)}"}` }, { body: '' }, { body: '[1]' }, { body: 'null' }]) {
      bench.api.faults.add({ path: spaces, ...fault });
      expect((await list()).body).toMatchObject({ code: 'DINGTALK_ERROR' });
    }
    bench.api.faults.add({ path: spaces, kind: 'truncate', times: 9 });
    expect((await list()).body).toMatchObject({ code: 'DINGTALK_ERROR' });
  });
});

describe('secrets', () => {
  test('are in no result, no message, no notice and no state, even when DingTalk echoes them', async () => {
    bench.space('a');
    await list();
    const { appSecret } = bench.dingtalk;
    let token = '';
    const http = createHttpClient({ clock: bench.clock });
    bench.start(
      {},
      {
        http: Object.assign(
          async (request: Parameters<typeof http>[0]) => {
            token = request.headers?.['x-acs-dingtalk-access-token'] ?? token;
            return http(request);
          },
          { close: () => http.close() },
        ),
      },
    );
    await list();
    expect(token).not.toBe('');
    bench.clock.pass(61_000);
    const message = `bad token ${token} with secret ${appSecret}`;
    bench.api.faults.add({
      path: '/v2.0/*',
      status: 400,
      body: JSON.stringify({ code: 'other', requestid: token, message }),
    });
    const told = await list();
    bench.api.faults.add({
      path: '/v1.0/oauth2/*',
      status: 403,
      body: JSON.stringify({ code: 'permissionDenied', message }),
    });
    bench.clock.pass(3300_000);
    await vi.waitFor(() => expect(bench.logged.join('')).toContain('no DingTalk token'));
    const all = JSON.stringify([told, bench.provider.state(), bench.notices.standing(), bench.logged]);
    expect(all).toContain('bad token ***');
    expect(all).not.toContain(token);
    expect(all).not.toContain(appSecret);
  });
});
