import { describe, expect, it } from 'vitest';
import { formatMoment, formatMs, formatSpan } from '../../../src-renderer/format.ts';
import { linkTo, parseRoute } from '../../../src-renderer/route.ts';

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
