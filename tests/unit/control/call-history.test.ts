import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryBench, filter } from '../../helpers/history-bench.ts';
import { runningCall, sampleCall, sampleHit, sampleSession } from '../../helpers/sample-views.ts';

const day = 24 * 60 * 60_000;

let bench: HistoryBench;
beforeEach(async () => {
  bench = await HistoryBench.open();
});
afterEach(() => bench.close());

describe('the record of calls', () => {
  it('gives a call back exactly as the event told it', () => {
    const call = sampleCall({
      client: '客户端 "x"',
      upstreamCode: 99991663,
      fault: 'upstream_refused',
      outcome: 'error',
    });
    bench.bus.publish({ kind: 'call.finished', call });
    expect(bench.history.calls(filter()).calls).toEqual([call]);
  });

  it('shows a call while it runs and then how it ended, once', async () => {
    bench.bus.publish({ kind: 'call.started', call: runningCall() });
    await bench.clock.advance(150);
    expect(bench.history.calls(filter()).calls).toEqual([runningCall()]);
    bench.bus.publish({ kind: 'call.finished', call: sampleCall() });
    expect(bench.history.calls(filter()).calls).toEqual([sampleCall()]);
  });

  it('is there after a restart', async () => {
    bench.finish('call_1');
    bench.stop();
    await bench.start();
    expect(bench.ids()).toEqual(['call_1']);
  });

  it('survives a kill as far as it was written, and says of a running call that its end is unknown', async () => {
    bench.finish('ended');
    bench.bus.publish({ kind: 'call.started', call: runningCall({ id: 'running' }) });
    await bench.clock.advance(150);
    await bench.kill();
    const [running, ended] = bench.history.calls(filter()).calls;
    expect(running).toMatchObject({ id: 'running', outcome: 'unknown', ms: null });
    expect(ended).toMatchObject({ id: 'ended', outcome: 'ok' });
  });
});

describe('the record of sessions', () => {
  it('counts calls and limit hits by itself and tells when and why a session ended', async () => {
    bench.bus.publish({ kind: 'session.opened', session: sampleSession({ client: null }) });
    bench.bus.publish({ kind: 'session.changed', session: sampleSession() });
    bench.finish('call_1');
    await bench.clock.advance(500);
    bench.finish('call_2');
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    const seen = bench.clock.now();
    bench.bus.publish({ kind: 'session.closed', sessionId: sampleSession().id, reason: 'idle' });
    expect(bench.history.sessions(10)).toEqual([
      sampleSession2({ calls: 2, limitHits: 1, lastSeenAt: seen, closedAt: seen, end: 'idle' }),
    ]);
  });

  it('goes on counting where a session comes back after a restart, and is open again', async () => {
    bench.bus.publish({ kind: 'session.opened', session: sampleSession() });
    bench.finish('call_1');
    bench.bus.publish({ kind: 'session.closed', sessionId: sampleSession().id, reason: 'stopping' });
    bench.stop();
    await bench.start();
    bench.bus.publish({ kind: 'session.resumed', session: sampleSession() });
    bench.finish('call_2');
    expect(bench.history.sessions(10)).toMatchObject([{ calls: 2, closedAt: null, end: null }]);
  });

  const sampleSession2 = (change: object) => ({ ...sampleSession(), ...change });
});

describe('the last hour', () => {
  it('is told by the minute', async () => {
    bench.finish('a');
    bench.finish('b', { outcome: 'error' });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    const first = bench.clock.now();
    await bench.clock.advance(120_000);
    bench.finish('c');
    expect(bench.history.activity(first)).toEqual([
      { at: first, calls: 2, errors: 1, limitHits: 1 },
      { at: first + 120_000, calls: 1, errors: 0, limitHits: 0 },
    ]);
    expect(bench.history.activity(first + 60_000)).toHaveLength(1);
  });

  it('keeps limit hits, newest first', async () => {
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit({ kind: 'address', sessionId: null, retryAfterMs: 12.5 }) });
    await bench.clock.advance(10);
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    expect(bench.history.limitHits(0, 10)).toEqual([
      { ...sampleHit(), at: bench.clock.now() },
      { ...sampleHit({ kind: 'address', sessionId: null, retryAfterMs: 12.5 }), at: bench.clock.now() - 10 },
    ]);
    expect(bench.history.limitHits(0, 1)).toHaveLength(1);
  });
});

describe('writing', () => {
  const rows = () => bench.database.prepare('SELECT count(*) AS n FROM calls').get()?.n;

  it('waits a moment, so that many events cost one transaction', async () => {
    bench.finish('call_1');
    await bench.clock.advance(99);
    expect(rows()).toBe(0);
    await bench.clock.advance(1);
    expect(rows()).toBe(1);
  });

  it('does not wait when much has gathered', async () => {
    for (let call = 0; call < 200; call += 1) bench.finish(`call_${call}`);
    await bench.clock.advance(0);
    expect(rows()).toBe(200);
  });

  it('says that the disk cannot be written, loses nothing, and catches up by itself', async () => {
    bench.database.exec('PRAGMA query_only = ON');
    bench.finish('call_1');
    await bench.clock.advance(200);
    expect(bench.noticeIds()).toEqual(['records.unwritable']);
    bench.finish('call_2');
    await bench.clock.advance(200);
    bench.database.exec('PRAGMA query_only = OFF');
    await bench.clock.advance(5000);
    expect(bench.noticeIds()).toEqual([]);
    expect(rows()).toBe(2);
  });

  it('holds a bounded number of events for a disk that stays full, the newest', async () => {
    const size = Number(bench.database.prepare('PRAGMA page_count').get()?.page_count);
    bench.database.exec(`PRAGMA max_page_count = ${size}`);
    for (let call = 0; call < 12_000; call += 1) {
      bench.finish(`call_${call}`);
      if (call === 500) await bench.clock.advance(0);
    }
    expect(bench.noticeIds()).toEqual(['records.unwritable']);
    bench.database.exec('PRAGMA max_page_count = 1000000');
    await bench.clock.advance(5000);
    expect(rows()).toBe(10_000);
    expect(bench.ids({ limit: 1 })).toEqual(['call_11999']);
  });

  it('leaves the dashboard something to show when the file cannot be read', () => {
    bench.database.exec('DROP TABLE calls');
    expect(bench.history.calls(filter())).toEqual({ calls: [], next: null });
    expect(bench.noticeIds()).toEqual(['records.unreadable']);
  });
});

describe('retention', () => {
  it('removes at the start what is too old, and every hour what has become so', async () => {
    bench.finish('old');
    bench.bus.publish({ kind: 'session.opened', session: sampleSession() });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    await bench.clock.advance(20 * day);
    bench.finish('young');
    bench.stop();
    bench.clock.jump(10.5 * day);
    await bench.start();
    expect(bench.ids()).toEqual(['young']);
    expect(bench.history.limitHits(0, 10)).toEqual([]);
    bench.clock.jump(20 * day);
    await bench.clock.advance(60 * 60_000);
    expect(bench.ids()).toEqual([]);
  });

  it('holds at once when it is changed', async () => {
    for (let call = 0; call < 10; call += 1) bench.finish(`call_${call}`);
    bench.stop();
    const settings = { days: 30, calls: 200_000 };
    await bench.start(settings);
    settings.calls = 3;
    bench.history.retain();
    expect(bench.ids()).toEqual(['call_9', 'call_8', 'call_7']);
  });

  it('keeps the newest of too many', async () => {
    for (let call = 0; call < 3500; call += 1) bench.finish(`call_${call}`);
    bench.stop();
    await bench.start({ days: 30, calls: 5 });
    await bench.clock.advance(1000);
    expect(bench.ids()).toEqual(['call_3499', 'call_3498', 'call_3497', 'call_3496', 'call_3495']);
  });
});
