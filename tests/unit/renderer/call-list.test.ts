import { describe, expect, it } from 'vitest';
import type { CallView } from '../../../src-main/contract/views.ts';
import {
  beginList,
  type CallList,
  callAt,
  catchUp,
  countOf,
  hasLostSight,
  missingIn,
  placeRows,
} from '../../../src-renderer/call-list.ts';
import { runningCall, sampleCall, sampleTime } from '../../helpers/sample-views.ts';

const at = (id: string, seconds: number, change: Partial<CallView> = {}) =>
  sampleCall({ id, startedAt: sampleTime + seconds * 1000, ...change });
const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => at(`call_${from + index}`, from + index)).toReversed();

function shown(list: CallList | undefined): (string | undefined)[] | undefined {
  return list && Array.from({ length: countOf(list) }, (_, place) => callAt(list, place)?.id);
}

/** A list of which everything was read. */
function whole(calls: CallView[], recorded = calls.length): CallList {
  const list = { ...beginList(calls.slice(0, 1), {}), until: (calls[0]?.startedAt ?? 0) + 1, fresh: [], recorded };
  return placeRows(list, 0, calls, [0, calls.length]);
}

describe('the list of calls', () => {
  it('has those on top that began since it was read', () => {
    const before = whole([at('b', 2), at('a', 1)]);
    const current = catchUp(before, [at('c', 3), at('b', 2), at('a', 1)], {});
    expect(shown(current)).toEqual(['c', 'b', 'a']);
    expect(current?.added).toBe(1);
  });

  it('counts what still runs as fresh when it begins, so that its end is seen', () => {
    const live = [at('d', 4), runningCall({ ...at('c', 3), ms: null, outcome: null }), at('b', 2)];
    const begun = beginList(live, {});
    expect(begun.fresh.map(({ id }) => id)).toEqual(['d', 'c']);
    expect(begun.until).toBe(sampleTime + 3000);
    const ended = catchUp(begun, [at('d', 4), at('c', 3), at('b', 2)], {});
    expect(ended && callAt(ended, 1)?.outcome).toBe('ok');
  });

  it('shows a call that was read while it ran as it is now', () => {
    const before = whole([{ ...at('a', 1), outcome: null, ms: null }]);
    expect(catchUp(before, [at('a', 1)], {})?.rows.get(0)?.outcome).toBe('ok');
  });

  it('leaves out what does not match', () => {
    const calls = [at('y', 2, { client: 'Cursor' }), at('x', 1, { outcome: 'error' })];
    const from = (seconds: number) => sampleTime + seconds * 1000;
    const filters = [
      { client: 'Cursor' },
      { outcome: 'error' as const },
      { from: from(2) },
      { until: from(2) },
      { tool: 'no' },
      { keyId: 'no' },
      { accountId: 'no' },
      { sessionId: 'no' },
    ];
    const begun = { ...beginList([], {}), newest: undefined };
    expect(filters.map((filter) => shown(catchUp(begun, calls, filter)))).toEqual([
      ['y'],
      ['x'],
      ['y'],
      ['x'],
      [],
      [],
      [],
      [],
    ]);
  });

  it('puts a call in its place that matches only once it ended', () => {
    const running = [at('b', 2, { outcome: null }), at('a', 1, { outcome: null })];
    const begun = beginList(running, { outcome: 'error' });
    const first = catchUp(begun, [at('b', 2, { outcome: 'error' }), at('a', 1, { outcome: null })], {
      outcome: 'error',
    });
    const second =
      first &&
      catchUp(first, [at('b', 2, { outcome: 'error' }), at('a', 1, { outcome: 'error' })], { outcome: 'error' });
    expect([shown(begun), shown(first), shown(second)]).toEqual([[], ['b'], ['b', 'a']]);
  });

  it('is begun anew after it missed some', () => {
    const before = whole([at('a', 1)]);
    expect(catchUp(before, [at('z', 9), at('y', 8)], {})).toBeUndefined();
  });

  it('stays small however long it is looked at, and keeps every call in its place', () => {
    let list = beginList([], {});
    const all: CallView[] = [];
    for (const call of many(1000).toReversed()) {
      all.unshift(call);
      list = catchUp(list, all.slice(0, 200), {}) ?? list;
    }
    expect(list.fresh.length).toBeLessThanOrEqual(151);
    expect([countOf(list), list.added]).toEqual([1000, 1000]);
    expect(shown(list)).toEqual(all.map(({ id }) => id));
    const far = placeRows(list, 100_000, many(100), [100_000, 100_030]);
    expect(far.rows.size).toBeLessThanOrEqual(100);
  });

  it('never cuts between two calls of the same moment', () => {
    const together = Array.from({ length: 400 }, (_, index) => at(`call_${index}`, 1)).toReversed();
    let list = beginList([], {});
    for (let seen = 1; seen <= 400; seen += 1) list = catchUp(list, together.slice(-seen).slice(0, 200), {}) ?? list;
    expect([list.fresh.length, list.recorded]).toEqual([400, 0]);
  });

  it('asks for what is on the screen and not there', () => {
    const list = { ...whole(many(100)), recorded: 100_000 };
    expect(missingIn(list, 0, 30)).toBeUndefined();
    expect(missingIn(list, 90, 120)).toEqual({ offset: 50, limit: 200 });
    expect(missingIn(list, 99_970, 99_999)).toEqual({ offset: 99_920, limit: 200 });
    expect(missingIn({ ...list, fresh: many(3, 200) }, 0, 102)).toBeUndefined();
    expect(missingIn({ ...list, fresh: many(3, 200) }, 0, 103)).toEqual({ offset: 50, limit: 200 });
  });

  it('knows when it shows a call as running that the gateway speaks of no more', () => {
    const list = whole([at('a', 1, { outcome: null })]);
    expect(hasLostSight(list, [at('a', 1, { outcome: null })])).toBe(false);
    expect(hasLostSight(list, [at('z', 9)])).toBe(true);
  });
});
