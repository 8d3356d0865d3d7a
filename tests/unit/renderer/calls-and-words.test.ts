import { describe, expect, it } from 'vitest';
import type { CallView } from '../../../src-main/contract/views.ts';
import { type CallList, catchUp } from '../../../src-renderer/call-list.ts';
import { formatMoment, formatMs, formatSpan } from '../../../src-renderer/format.ts';
import { linkTo, parseRoute } from '../../../src-renderer/route.ts';
import { runningCall, sampleCall, sampleTime } from '../../helpers/sample-views.ts';

const at = (id: string, seconds: number) => sampleCall({ id, startedAt: sampleTime + seconds * 1000 });
const ids = (some: CallList | undefined) => some?.calls.map((call) => call.id);

function list(calls: CallView[], change: Partial<CallList> = {}): CallList {
  return { calls, next: null, keep: 100, newest: undefined, ...change };
}

describe('the list of calls', () => {
  it('has those on top that began since the page was read', () => {
    const current = catchUp(list([at('b', 2), at('a', 1)]), [at('c', 3), at('b', 2), at('a', 1)], {});
    expect(ids(current)).toEqual(['c', 'b', 'a']);
  });

  it('shows a call as it is now', () => {
    expect(catchUp(list([runningCall()]), [sampleCall()], {})?.calls).toEqual([sampleCall()]);
  });

  it('leaves out what does not match, also when it stops matching', () => {
    const live = [sampleCall({ id: 'x', outcome: 'error' }), sampleCall({ id: 'y', tool: 'other' })];
    expect(ids(catchUp(list([]), live, { tool: 'other' }))).toEqual(['y']);
    expect(ids(catchUp(list([runningCall({ id: 'x' })]), live, { outcome: 'ok' }))).toEqual(['y']);
  });

  it('puts a call in its place that matches only once it ended', () => {
    const failed = { ...at('b', 2), outcome: 'error' as const };
    const before = list([
      { ...at('c', 3), outcome: 'error' },
      { ...at('a', 1), outcome: 'error' },
    ]);
    expect(ids(catchUp(before, [failed], { outcome: 'error' }))).toEqual(['c', 'b', 'a']);
  });

  it('does not put calls on top that are older than the page', () => {
    expect(ids(catchUp(list([at('b', 5)]), [at('old', 0)], {}))).toEqual(['b']);
  });

  it('does not grow without end; what falls off is on the next page', () => {
    const current = catchUp(list([at('b', 2), at('a', 1)], { keep: 2 }), [at('c', 3)], {});
    expect([ids(current), current?.next]).toEqual([['c', 'b'], 'b']);
  });

  it('is read anew after it missed some', () => {
    const before = catchUp(list([]), [at('a', 1)], {});
    expect(ids(before && catchUp(before, [at('b', 2), at('a', 1)], {}))).toEqual(['b', 'a']);
    expect(before && catchUp(before, [at('z', 9), at('y', 8)], {})).toBeUndefined();
  });
});

describe('addresses of pages', () => {
  it('keep their filters', () => {
    const link = linkTo('calls', { tool: 'a&b=c', sessionId: null, outcome: '' });
    expect(link).toBe('#/calls?tool=a%26b%3Dc');
    const { page, parameters } = parseRoute(link);
    expect([page, parameters.get('tool')]).toEqual(['calls', 'a&b=c']);
  });

  it('begin with the overview', () => {
    expect(parseRoute('').page).toBe('overview');
    expect(parseRoute('#/').page).toBe('overview');
  });
});

describe('times', () => {
  it.each([
    [90 * 60_000, '1 小时 30 分', '1 h 30 min'],
    [60 * 60_000, '1 小时', '1 h'],
    [6.5 * 24 * 60 * 60_000, '6 天 12 小时', '6 d 12 h'],
    [42_000, '42 秒', '42 s'],
    [0, '0 秒', '0 s'],
    [-5, '0 秒', '0 s'],
  ])('tell a span in its two largest units', (ms, zh, en) => {
    expect([formatSpan(ms, 'zh'), formatSpan(ms, 'en')]).toEqual([zh, en]);
  });

  it.each([
    [1.234, '1.2 ms'],
    [84.5, '85 ms'],
    [1234, '1.23 s'],
    [12_345, '12.3 s'],
  ])('tell how long a call took', (ms, words) => {
    expect(formatMs(ms)).toBe(words);
  });

  it('say the date of another day', () => {
    const moment = new Date(2026, 10, 2, 9, 5, 3).getTime();
    expect(formatMoment(moment, 'en', moment)).toBe('09:05:03');
    expect(formatMoment(moment, 'zh', moment + 48 * 60 * 60_000)).toContain('11月2日');
  });
});
