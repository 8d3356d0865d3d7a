import { describe, expect, it } from 'vitest';
import { lastHour, slowest, totalOf } from '../../../src-renderer/activity.ts';
import { exportLink, filterAt, readQuery } from '../../../src-renderer/call-query.ts';
import { bySession, withKeys } from '../../../src-renderer/limit-hits.ts';
import { mendOf } from '../../../src-renderer/notice-mend.ts';
import { barsOf, momentsOf, mostLanes } from '../../../src-renderer/session-moments.ts';
import { runningCall, sampleCall, sampleHit, sampleTime } from '../../helpers/sample-views.ts';

const query = (text: string) => readQuery(new URLSearchParams(text));
const minute = 60_000;

describe('what an address asks for', () => {
  it('is read with all its parts', () => {
    expect(query('tool=a%26b&client=Cursor&accountId=acc_1&sessionId=s&outcome=error&text=x&range=day')).toEqual({
      tool: 'a&b',
      client: 'Cursor',
      accountId: 'acc_1',
      sessionId: 's',
      outcome: 'error',
      text: 'x',
      range: 'day',
    });
  });

  it('is left out where it makes no sense', () => {
    expect(query('outcome=running&range=year&from=5&tool=&__proto__=x')).toEqual({});
    expect(query('range=custom&from=abc&until=17')).toEqual({ range: 'custom', until: '17' });
  });

  it('means a span that ends now, or the one that was chosen', () => {
    expect(filterAt({ range: 'hour', tool: 'x' }, sampleTime)).toEqual({ tool: 'x', from: sampleTime - 60 * minute });
    expect(filterAt({ range: 'custom', from: '5', until: '9' }, sampleTime)).toEqual({ from: 5, until: 9 });
    expect(filterAt({ outcome: 'ok' }, sampleTime)).toEqual({ outcome: 'ok' });
  });

  it('is what a download holds', () => {
    const link = exportLink({ tool: 'a&b', from: 5, text: '等待' }, 'csv');
    expect(link).toBe(`/control/export?format=csv&tool=a%26b&from=5&text=${encodeURIComponent('等待')}`);
  });
});

describe('the last hour', () => {
  it('has every minute, with what was counted here and how long calls took', () => {
    const last = Math.floor(sampleTime / minute) * minute;
    const told = [{ at: last, calls: 9, errors: 0, limitHits: 0, p50: 80, p95: 200, p99: 300 }];
    const points = lastHour([{ at: last - 59 * minute, calls: 3, errors: 1, limitHits: 0 }], told, sampleTime);
    expect(points).toHaveLength(60);
    expect([points[0]?.calls, points[1]?.calls, points[59]?.p95]).toEqual([3, 0, 200]);
    expect(slowest(points)).toEqual({ p50: 80, p95: 200 });
    expect(slowest([])).toEqual({ p50: null, p95: null });
  });

  it('forgets what is older', () => {
    const activity = [61, 59, 1].map((ago) => ({ at: sampleTime - ago * minute, calls: ago, errors: 1, limitHits: 2 }));
    expect(totalOf(activity, sampleTime)).toEqual({ calls: 60, errors: 2, limitHits: 4 });
  });
});

describe('a session', () => {
  const call = (id: string, seconds: number, ms: number) =>
    sampleCall({ id, startedAt: sampleTime + seconds * 1000, ms });

  it('is told in order, with how long nothing happened', () => {
    const moments = momentsOf({
      calls: [call('a', 0, 2000), call('b', 1, 500), call('c', 60, 10)],
      limitHits: [{ ...sampleHit(), at: sampleTime + 3000 }],
    });
    expect(moments.map((moment) => ['call' in moment ? moment.call.id : 'hit', moment.afterMs])).toEqual([
      ['a', 0],
      ['b', 0],
      ['hit', 1000],
      ['c', 57_000],
    ]);
  });

  it('shows calls that ran together below one another, and those after them beside', () => {
    const calls = [call('a', 0, 5000), call('b', 1, 1000), call('c', 2, 1000), call('d', 6, 4000)];
    const bars = barsOf(calls, sampleTime, sampleTime + 10_000);
    expect(bars.map(({ lane }) => lane)).toEqual([0, 1, 1, 0]);
    expect(bars.map(({ from, length }) => [from, length])).toEqual([
      [0, 0.5],
      [0.1, 0.1],
      [0.2, 0.1],
      [0.6, 0.4],
    ]);
  });

  it('draws a call that runs up to now, and never more lanes than there is room for', () => {
    const crowd = Array.from({ length: 20 }, (_, index) =>
      runningCall({ id: `${index}`, startedAt: sampleTime + index }),
    );
    const bars = barsOf(crowd, sampleTime, sampleTime + 1000);
    expect(Math.max(...bars.map(({ lane }) => lane))).toBe(mostLanes - 1);
    expect(bars[0]?.length).toBe(1);
  });
});

describe('limit hits', () => {
  it('are counted by who met them, the most often first', () => {
    const hit = (sessionId: string | null, at: number) => ({ ...sampleHit({ sessionId, keyId: 'key_1' }), at });
    expect(bySession([hit('a', 5), hit('b', 4), hit('b', 3), hit(null, 2)])).toEqual([
      { id: 'b', keyId: 'key_1', count: 2, lastAt: 4 },
      { id: 'a', keyId: 'key_1', count: 1, lastAt: 5 },
      { id: null, keyId: 'key_1', count: 1, lastAt: 2 },
    ]);
  });
});

describe('the table of limit hits', () => {
  it('keeps its rows while hits come on top, also of the same moment, and old ones go', () => {
    const hit = (at: number) => ({ ...sampleHit(), at });
    const before = [hit(3), hit(2), hit(2), hit(1)];
    const after = [hit(3), ...before.slice(0, 3)];
    const keys = (hits: typeof before) => withKeys(hits).map(({ key }) => key);
    expect(new Set(keys(before)).size).toBe(4);
    expect(keys(after).slice(1)).toEqual(keys(before).slice(0, 3));
  });
});

describe('a notice', () => {
  it('leads to where it is mended', () => {
    expect(mendOf({ id: 'app.missing' })).toMatchObject({ page: 'accounts', parameters: { add: 'choose' } });
    expect(mendOf({ id: 'records.unwritable' })?.page).toBe('about');
    expect(mendOf({ id: 'tools.x' })?.page).toBe('tools');
    expect(mendOf({ id: 'account.forgotten.acc_9', accountId: 'acc_9' })?.page).toBe('accounts');
    expect(mendOf({ id: 'clock.skew.ahead' })).toBeNull();
  });
});
