import { type AddressInfo, createServer } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../../src-main/base/fault.ts';
import type { ToolContext } from '../../../../src-main/providers/provider.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { faultOf, textOf, useLarkBench } from './lark-bench.ts';
import { HastyClock, json, ok, refuse, reset, silence, testContext, testCredential, type Turn } from './stand-in.ts';

const bench = useLarkBench();
let clock: HastyClock;
beforeEach(() => {
  clock = new HastyClock();
});

const readChats = { params: { page_size: 20 } };
const sendText = {
  params: { receive_id_type: 'chat_id' },
  data: { receive_id: 'oc_1', msg_type: 'text', content: '{"text":"hi"}' },
};
const createBase = { data: { name: 'Plan' } };

describe('a token that Feishu refuses', () => {
  test.each([99991668, 99991677, 99991663])('(%i) is renewed once and the request repeated', async (code) => {
    bench.feishu.will(refuse(code), ok({ done: true }));
    const refused: unknown[] = [];
    const renew: ToolContext['renew'] = async (credential) => {
      refused.push(credential.accessToken);
      return testCredential('u-second');
    };
    const result = await bench.tool('bitable.v1.app.create', { clock }).run(createBase, testContext({ renew }).context);
    expect(textOf(result)).toBe('{"done":true}');
    expect(refused).toEqual(['u-first']);
    expect(bench.feishu.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer u-first',
      'Bearer u-second',
    ]);
  });

  test('again after that means signing in again', async () => {
    bench.feishu.will(refuse(99991677));
    const fault = await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context));
    expect(fault).toMatchObject({ code: 'sign_in_again', details: { code: 99991677, logId: 'LOG1' } });
    expect(bench.feishu.seen).toHaveLength(2);
  });

  test('because the API is for apps is not renewed', async () => {
    bench.feishu.will(json({ code: 99991668, msg: 'user access token not support' }, 400));
    const fault = await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context));
    expect(fault.code).toBe('upstream_refused');
    expect(bench.feishu.seen).toHaveLength(1);
  });

  test('and cannot be renewed ends the call with the reason', async () => {
    bench.feishu.will(refuse(99991677));
    const renew = () => Promise.reject(new Fault('sign_in_again'));
    expect(
      await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext({ renew }).context)),
    ).toMatchObject({
      code: 'sign_in_again',
    });
    expect(bench.feishu.seen).toHaveLength(1);
  });
});

describe('a rate limit', () => {
  test('is waited out as long as Feishu asks, and the client is told', async () => {
    bench.feishu.will(refuse(99991400, 429, { 'x-ogw-ratelimit-reset': '2' }), ok());
    const { context, said, exchanges } = testContext();
    await bench.tool('im.v1.message.create', { clock }).run(sendText, context);
    expect(clock.slept).toEqual([2100]);
    expect(said).toEqual(['Feishu limited the rate of calls; trying again in about 3 s.']);
    expect(exchanges.map(({ status }) => status)).toEqual([429, 200]);
  });

  test('that lasts is reported with the time to wait', async () => {
    bench.feishu.will(refuse(99991400, 429, { 'x-ogw-ratelimit-reset': '8' }));
    const fault = await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context));
    expect(fault).toMatchObject({
      code: 'upstream_busy',
      retryAfterMs: 8000,
      details: { code: 99991400, logId: 'LOG1' },
    });
    expect(clock.slept).toEqual([8400, 8400]);
  });
});

describe('when Feishu fails', () => {
  const failures = [
    ['502 with a page', (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>')],
    ['a code of its own failures', refuse(2200, 500)],
    ['a reset connection', reset],
    [
      'an answer cut short',
      (response) => response.writeHead(200, { 'content-length': '100' }).end('{"code":0', () => response.destroy()),
    ],
  ] satisfies [string, Turn][];

  test.each(failures)('(%s) a read is tried again', async (_, failure) => {
    bench.feishu.will(failure, failure, ok({ at: 'last' }));
    expect(textOf(await bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context))).toBe(
      '{"at":"last"}',
    );
    expect(clock.slept).toEqual([300, 900]);
  });

  test.each(failures)('(%s) a read is not tried for ever', async (_, failure) => {
    bench.feishu.will(failure);
    const fault = await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context));
    expect(fault.code).toMatch(/^upstream_(failed|unreachable)$/);
    expect(bench.feishu.seen).toHaveLength(3);
  });

  test.each(failures)('(%s) a write is not sent again, and its outcome is said to be unknown', async (_, failure) => {
    bench.feishu.will(failure);
    const fault = await faultOf(bench.tool('bitable.v1.app.create', { clock }).run(createBase, testContext().context));
    expect(fault).toMatchObject({ code: 'outcome_unknown', details: { because: expect.stringMatching(/^upstream_/) } });
    expect(bench.feishu.seen).toHaveLength(1);
  });

  test.each(failures)(
    '(%s) a message is sent again under the same key, so that it arrives once',
    async (_, failure) => {
      bench.feishu.will(failure, ok({ message_id: 'om_1' }));
      await bench.tool('im.v1.message.create', { clock }).run(sendText, testContext().context);
      const keys = bench.feishu.seen.map(({ body }) => (JSON.parse(body) as { uuid: string }).uuid);
      expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
    },
  );

  test('a key that the client chose is kept', async () => {
    bench.feishu.will(ok());
    await bench
      .tool('im.v1.message.create', { clock })
      .run({ ...sendText, data: { ...sendText.data, uuid: 'mine' } }, testContext().context);
    expect(JSON.parse(bench.feishu.seen[0]?.body ?? '')).toMatchObject({ uuid: 'mine', receive_id: 'oc_1' });
  });

  test('a page where an answer should be is not shown, and not asked for again', async () => {
    bench.feishu.will((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>portal</html>'),
    );
    const fault = await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context));
    expect(fault).toMatchObject({ code: 'upstream_broken', details: { contentType: 'text/html' } });
    expect(JSON.stringify(fault.toBody())).not.toContain('portal');
    expect(bench.feishu.seen).toHaveLength(1);
  });

  test('an unknown path is said, not shown', async () => {
    bench.feishu.will((response) =>
      response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found'),
    );
    const fault = await faultOf(bench.tool('bitable.v1.app.create', { clock }).run(createBase, testContext().context));
    expect(fault).toMatchObject({ code: 'upstream_broken', details: { status: 404 } });
  });

  test('a redirect is refused, and the token goes nowhere else', async () => {
    bench.feishu.will((response) => response.writeHead(302, { location: 'http://other-host.invalid/' }).end());
    expect((await faultOf(bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext().context))).code).toBe(
      'redirect_refused',
    );
    expect(bench.feishu.seen).toHaveLength(1);
  });

  test('a huge answer is refused', async () => {
    bench.feishu.will(ok({ text: 'x'.repeat(100_000) }));
    const small = bench.tool('im.v1.chat.list', { clock }, { limits: { answerBytes: 10_000 } });
    expect((await faultOf(small.run(readChats, testContext().context))).code).toBe('answer_too_large');
  });

  test('and nobody listens, even a write is tried again: it was never sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { context, exchanges } = testContext();
    const writing = bench
      .tool('bitable.v1.app.create', { clock, openUrl: `http://127.0.0.1:${port}` })
      .run(createBase, context);
    expect(await faultOf(writing)).toMatchObject({ code: 'upstream_unreachable', details: { sent: false } });
    expect(exchanges.map(({ status }) => status)).toEqual([0, 0, 0]);
  });
});

describe('time and cancelling', () => {
  const still = () => {
    const fake = new FakeClock();
    return {
      fake,
      read: bench.tool('im.v1.chat.list', { clock: fake }),
      write: bench.tool('bitable.v1.app.create', { clock: fake }),
    };
  };

  test('a read that is never answered ends at the deadline', async () => {
    bench.feishu.will(silence);
    const { fake, read } = still();
    const arrival = bench.feishu.arrival();
    const fault = faultOf(read.run(readChats, testContext().context));
    await arrival;
    await fake.advance(30_000);
    expect(await fault).toMatchObject({ code: 'timeout', details: { afterMs: 30_000 } });
    expect(bench.feishu.seen).toHaveLength(1);
  });

  test('an answer that drips for ever ends at the same deadline', async () => {
    bench.feishu.will((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"code":0,'),
    );
    const { fake, read } = still();
    const arrival = bench.feishu.arrival();
    const fault = faultOf(read.run(readChats, testContext().context));
    await arrival;
    await fake.advance(30_000);
    expect((await fault).code).toBe('timeout');
  });

  test('a write that is never answered may have worked', async () => {
    bench.feishu.will(silence);
    const { fake, write } = still();
    const arrival = bench.feishu.arrival();
    const fault = faultOf(write.run(createBase, testContext().context));
    await arrival;
    await fake.advance(30_000);
    expect(await fault).toMatchObject({ code: 'outcome_unknown', details: { because: 'timeout' } });
    expect(bench.feishu.seen).toHaveLength(1);
  });

  test('a read is dropped when its client leaves', async () => {
    bench.feishu.will(silence);
    const leaving = new AbortController();
    const arrival = bench.feishu.arrival();
    const fault = faultOf(
      bench.tool('im.v1.chat.list', { clock }).run(readChats, testContext({ signal: leaving.signal }).context),
    );
    await arrival;
    leaving.abort();
    expect((await fault).code).toBe('canceled');
  });

  test('a write that is on its way is seen through when its client leaves', async () => {
    let answer = () => {};
    bench.feishu.will((response, seen) => (answer = () => ok({ done: true })(response, seen)));
    const leaving = new AbortController();
    const arrival = bench.feishu.arrival();
    const { context, exchanges } = testContext({ signal: leaving.signal });
    const result = bench.tool('bitable.v1.app.create', { clock }).run(createBase, context);
    await arrival;
    leaving.abort();
    answer();
    expect(textOf(await result)).toBe('{"done":true}');
    expect(exchanges).toMatchObject([{ status: 200 }]);
  });

  test('nothing is sent for a client that has left', async () => {
    bench.feishu.will(ok());
    const fault = await faultOf(
      bench
        .tool('bitable.v1.app.create', { clock })
        .run(createBase, testContext({ signal: AbortSignal.abort() }).context),
    );
    expect(fault.code).toBe('canceled');
    expect(bench.feishu.seen).toEqual([]);
  });
});
