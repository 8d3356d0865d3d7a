import { describe, expect, test, vi } from 'vitest';
import { useDingtalk } from './dingtalk-bench.ts';

const bench = useDingtalk();
const tokenPath = '/v1.0/oauth2/accessToken';
const tokens = () => bench.api.count(tokenPath);
const list = () => bench.call('list_docs', { space_id: bench.dingtalk.world.spaces[0]?.workspaceId });

/** Lets real requests end before the clock goes on. */
async function settled(count: number) {
  await vi.waitFor(() => expect(bench.api.log(tokenPath).filter(({ status }) => status !== null)).toHaveLength(count));
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("the app's token", () => {
  test('is asked for by POST with key and secret when the connector starts, and used by every call', async () => {
    bench.space('a');
    await settled(1);
    await list();
    await list();
    expect(bench.api.log(tokenPath)).toMatchObject([{ method: 'POST', status: 200 }]);
    expect(bench.api.log('/v2.0/*')[0]?.headers).toHaveProperty('x-acs-dingtalk-access-token');
  });

  test('is renewed five minutes before it may no longer be used, without anybody calling', async () => {
    await settled(1);
    bench.clock.pass(3299_000);
    expect(tokens()).toBe(1);
    bench.clock.pass(1000);
    await settled(2);
    bench.clock.pass(3300_000);
    await settled(3);
  });

  test.each([
    [7200, 1800, 1500],
    [1200, 3600, 600],
    [400, 3600, 50],
  ])('that lives %i s and is kept %i s at most is renewed after %i s', async (expireIn, tokenCacheTtl, after) => {
    await settled(1);
    await bench.provider.close?.();
    bench.api.faults.add({ path: tokenPath, body: JSON.stringify({ accessToken: 'short', expireIn }) });
    bench.start({ tokenCacheTtl });
    await settled(2);
    bench.clock.pass((after - 1) * 1000);
    expect(tokens()).toBe(2);
    bench.clock.pass(1000);
    await settled(3);
  });

  test('is asked for once however many calls wait for it', async () => {
    bench.space('a');
    await settled(1);
    await bench.provider.close?.();
    bench.api.forget();
    bench.start();
    const told = await Promise.all(
      Array.from({ length: 30 }, (_, index) => bench.call('list_docs', { page: index + 1 })),
    );
    expect(told.every(({ isError }) => !isError)).toBe(true);
    expect(tokens()).toBe(1);
  });

  test('that DingTalk no longer knows is replaced once and the call repeated', async () => {
    bench.space('a');
    await list();
    bench.dingtalk.revokeToken();
    bench.clock.pass(61_000);
    bench.api.forget();
    expect((await list()).isError).toBe(false);
    expect(bench.api.log().map(({ path, status }) => `${status} ${path.split('/')[2]}`)).toEqual([
      '400 wiki',
      '200 oauth2',
      '200 wiki',
      '200 wiki',
    ]);
  });

  test('that is refused again after a fresh one is an AUTH_ERROR and no loop', async () => {
    bench.space('a');
    await list();
    bench.clock.pass(61_000);
    bench.api.forget();
    bench.api.faults.add({ path: '/v2.0/*', status: 400, body: '{"code":"InvalidAuthentication"}', times: 50 });
    expect((await list()).body).toEqual({ error: 'Authentication failed', code: 'AUTH_ERROR' });
    expect(bench.api.count('/v2.0/*')).toBe(2);
    expect(tokens()).toBe(1);
  });
});

describe('renewal that fails', () => {
  test('is tried again after 1, 2, 4, 8 and 16 seconds, then pauses and says so, until it is resumed', async () => {
    await settled(1);
    bench.api.faults.add({ path: tokenPath, kind: 'systemError', times: 1000 });
    bench.clock.pass(3300_000);
    for (const [index, seconds] of [1, 2, 4, 8, 16].entries()) {
      await settled(index + 2);
      bench.clock.pass(seconds * 1000 - 1);
      expect(tokens()).toBe(index + 2);
      bench.clock.pass(1);
    }
    await settled(7);
    expect(bench.provider.state()).toMatchObject({ state: 'paused', until: null });
    expect(bench.notices.standing()).toMatchObject([{ id: 'connector.dingtalk', level: 'info' }]);
    bench.clock.pass(86_400_000);
    await settled(7);

    bench.api.faults.clear();
    expect(await bench.provider.resume()).toMatchObject({ state: 'ready' });
    expect(bench.notices.standing()).toEqual([]);
    expect(tokens()).toBe(8);
    bench.clock.pass(3300_000);
    await settled(9);
  });

  test('does not disturb calls while the token at hand is still good', async () => {
    bench.space('a');
    await settled(1);
    bench.api.faults.add({ path: tokenPath, kind: 'systemError', times: 1000 });
    bench.clock.pass(3300_000);
    await settled(2);
    expect((await list()).isError).toBe(false);
  });

  test('and pauses is an AUTH_ERROR for calls, of which one a minute tries', async () => {
    bench.space('a');
    await bench.provider.close?.();
    bench.api.faults.add({ path: tokenPath, kind: 'systemError', times: 1000 });
    bench.start();
    for (let count = 2; count <= 7; count += 1) {
      await settled(count);
      bench.clock.pass(16_000);
    }
    const before = tokens();
    expect((await list()).body).toEqual({ error: 'Authentication failed', code: 'AUTH_ERROR' });
    expect(tokens()).toBe(before);
    bench.clock.pass(60_000);
    await list();
    await list();
    expect(tokens()).toBe(before + 1);
    bench.clock.pass(60_000);
    bench.api.faults.clear();
    expect((await list()).isError).toBe(false);
    expect(bench.provider.state()).toMatchObject({ state: 'ready' });
  });

  test('is waited for by a call that needs it', async () => {
    bench.space('a');
    await settled(1);
    await bench.provider.close?.();
    bench.api.faults.add({ path: tokenPath, kind: 'systemError', times: 2 });
    bench.start();
    const waiting = list();
    await settled(2);
    bench.clock.pass(1000);
    await settled(3);
    bench.clock.pass(2000);
    expect((await waiting).isError).toBe(false);
    expect(tokens()).toBe(4);
  });
});

describe('what is not set', () => {
  test('wrong credentials are told at once, not after the last repeat', async () => {
    bench.start({}, { appSecret: () => 'wrong' });
    expect((await bench.call('list_docs')).body).toEqual({ error: 'Authentication failed', code: 'AUTH_ERROR' });
    expect(bench.provider.state()).toMatchObject({ state: 'attention' });
  });

  test('without key and secret nothing is sent, and the state says what to set', async () => {
    await settled(1);
    bench.api.forget();
    bench.start({ appKey: '' }, { appSecret: () => undefined });
    expect(bench.provider.state()).toMatchObject({
      state: 'unconfigured',
      words: { en: expect.stringContaining('DINGTALK_APP_KEY') },
    });
    expect((await bench.call('list_docs')).body.code).toBe('AUTH_ERROR');
    expect(bench.api.count()).toBe(0);
  });

  test('without an operator a call says which setting is missing', async () => {
    bench.start({ operatorId: '' });
    const { body } = await bench.call('list_docs');
    expect(body).toMatchObject({ code: 'DINGTALK_ERROR', details: expect.stringContaining('DINGTALK_OPERATOR_ID') });
    expect(bench.provider.state()).toMatchObject({ state: 'unconfigured' });
  });

  test('an operator known by userId is looked up once, and costs no quota', async () => {
    bench.space('a');
    bench.start({ operatorId: '', operatorUserId: bench.dingtalk.operatorUserId });
    expect((await list()).isError).toBe(false);
    await list();
    expect(bench.dingtalk.oapi.count()).toBe(1);
    expect(bench.provider.state().quota?.used).toBe(bench.api.count('/v2.0/*'));
  });

  test('an operator that nobody is, is told', async () => {
    bench.start({ operatorId: '', operatorUserId: 'nobody' });
    expect((await bench.call('list_docs')).body).toMatchObject({
      code: 'DINGTALK_ERROR',
      details: expect.stringContaining('60121'),
    });
  });
});
