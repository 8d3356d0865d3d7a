import { describe, expect, test } from 'vitest';
import { occurrences } from '../../../../src-main/sandbox/company/recurrence.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);
const monday = at('2026-11-02T09:30:00');
const within = (rule: string, from = '2026-11-01T00:00:00', until = '2026-12-01T00:00:00') =>
  occurrences(monday, rule, at(from), at(until)).map((ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(5, 10));

describe('a repeating event happens', () => {
  test.each([
    ['FREQ=WEEKLY', ['11-02', '11-09', '11-16', '11-23', '11-30']],
    ['RRULE:FREQ=WEEKLY;INTERVAL=2', ['11-02', '11-16', '11-30']],
    ['FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3', ['11-02', '11-06', '11-09']],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO', ['11-02', '11-08', '11-16', '11-22', '11-30']],
    ['FREQ=DAILY;UNTIL=20261105T000000Z', ['11-02', '11-03', '11-04', '11-05']],
    ['FREQ=DAILY;INTERVAL=10', ['11-02', '11-12', '11-22']],
    ['FREQ=DAILY;COUNT=2', ['11-02', '11-03']],
    ['FREQ=YEARLY', ['11-02']],
  ])('%s', (rule, days) => {
    expect(within(rule)).toEqual(days);
  });

  test('only within the time asked for, counting from its first day', () => {
    expect(within('FREQ=DAILY;COUNT=4', '2026-11-04T00:00:00')).toEqual(['11-04', '11-05']);
    expect(within('FREQ=DAILY', '2026-11-04T00:00:00', '2026-11-06T09:30:00')).toEqual(['11-04', '11-05']);
    expect(within('FREQ=YEARLY', '2026-11-03T00:00:00')).toEqual([]);
  });
});
