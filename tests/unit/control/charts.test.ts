import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryBench, filter } from '../../helpers/history-bench.ts';
import { runningCall, sampleHit } from '../../helpers/sample-views.ts';

let bench: HistoryBench;
beforeEach(async () => {
  bench = await HistoryBench.open();
});
afterEach(() => bench.close());

describe('charts', () => {
  const minute = 60_000;

  it('tell calls, errors, limit hits and how long calls took, minute by minute, empty ones included', async () => {
    const first = bench.clock.now();
    for (let ms = 1; ms <= 100; ms += 1) bench.finish(`call_${ms}`, { ms, outcome: ms > 90 ? 'error' : 'ok' });
    bench.finish('refused', { ms: 0, outcome: 'refused' });
    bench.bus.publish({ kind: 'call.started', call: runningCall({ id: 'running', startedAt: bench.clock.now() }) });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    await bench.clock.advance(2 * minute);
    bench.finish('later', { ms: 7 });
    const { points, ...span } = await bench.history.latency('hour');
    expect(span).toEqual({ from: first - 57 * minute, until: first + 3 * minute, bucketMs: minute });
    expect(points).toHaveLength(60);
    expect(points.slice(-3)).toEqual([
      { at: first, calls: 102, errors: 10, limitHits: 1, p50: 50, p95: 95, p99: 99 },
      { at: first + minute, calls: 0, errors: 0, limitHits: 0, p50: null, p95: null, p99: null },
      { at: first + 2 * minute, calls: 1, errors: 0, limitHits: 0, p50: 7, p95: 7, p99: 7 },
    ]);
  });

  it('tell a week by the hour, and hours of long ago the same each time', async () => {
    bench.finish('old', { ms: 3 });
    await bench.clock.advance(24 * 60 * minute);
    bench.finish('young', { ms: 5 });
    const first = await bench.history.latency('week');
    expect(first.points).toHaveLength(168);
    expect(first.points.filter(({ calls }) => calls > 0).map(({ p50 }) => p50)).toEqual([3, 5]);
    bench.finish('younger', { ms: 9 });
    const second = await bench.history.latency('week');
    expect(second.points.slice(0, -1)).toEqual(first.points.slice(0, -1));
    expect(second.points.at(-1)).toMatchObject({ calls: 2, p99: 9 });
  });

  it('tell limit hits by kind', async () => {
    const at = bench.clock.now();
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit({ kind: 'address', sessionId: null }) });
    const { points } = bench.history.limitSeries('hour');
    expect(points).toHaveLength(60);
    expect(points.at(-1)).toEqual({ at, session: 2, address: 1, sessions: 0, streams: 0 });
    expect(points.at(-2)).toEqual({ at: at - minute, session: 0, address: 0, sessions: 0, streams: 0 });
  });

  it('say that the records cannot be read instead of showing that nothing happened', async () => {
    bench.database.exec('DROP TABLE calls; DROP TABLE limitHits');
    await expect(bench.history.latency('week')).rejects.toMatchObject({ code: 'storage' });
    expect(() => bench.history.limitSeries('hour')).toThrow(expect.objectContaining({ code: 'storage' }));
    expect(() => bench.history.callsOrFail(filter())).toThrow(expect.objectContaining({ code: 'storage' }));
  });
});
