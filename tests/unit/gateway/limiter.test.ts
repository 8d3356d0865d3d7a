import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Limiter } from '../../../src-main/gateway/limiter.ts';

const minute = 60_000;

describe('Limiter', () => {
  test('the 51st request within a minute waits until the first is a minute old', () => {
    const limiter = new Limiter(minute);
    for (let n = 0; n < 50; n += 1) expect(limiter.hit('a', 50, n * 100)).toBe(0);
    expect(limiter.hit('a', 50, 5000)).toBe(minute - 5000);
    expect(limiter.hit('a', 50, minute - 1)).toBe(1);
    expect(limiter.hit('a', 50, minute)).toBe(0);
  });

  test('a refused request does not count: waiting as told is enough', () => {
    const limiter = new Limiter(minute);
    for (let n = 0; n < 50; n += 1) limiter.hit('a', 50, 0);
    for (let n = 0; n < 1000; n += 1) expect(limiter.hit('a', 50, 30_000)).toBe(30_000);
    expect(limiter.hit('a', 50, minute)).toBe(0);
  });

  test('one caller never spends what is another one’s', () => {
    const limiter = new Limiter(minute);
    for (let n = 0; n < 50; n += 1) limiter.hit('a', 50, 0);
    expect(limiter.hit('b', 50, 0)).toBe(0);
  });

  test('lowering the limit takes effect at once, raising it too', () => {
    const limiter = new Limiter(minute);
    for (let n = 0; n < 10; n += 1) limiter.hit('a', 50, n);
    expect(limiter.hit('a', 5, 10)).toBeGreaterThan(0);
    expect(limiter.hit('a', 20, 10)).toBe(0);
  });

  test('callers without end cost memory with one: the longest unseen are forgotten', () => {
    const limiter = new Limiter(minute, 2);
    limiter.hit('a', 1, 0);
    limiter.hit('b', 1, 0);
    limiter.hit('c', 1, 0);
    expect([limiter.used('c', 1), limiter.used('b', 1)]).toEqual([1, 1]);
    expect(limiter.hit('a', 1, 1)).toBe(0);
  });

  test('whatever the traffic, no minute holds more than the limit, and the wait it names is enough', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (steps, limit) => {
        const limiter = new Limiter(minute);
        const passed: number[] = [];
        let now = 0;
        for (const step of steps) {
          now += step;
          const wait = limiter.hit('a', limit, now);
          if (wait > 0) {
            now += wait;
            expect(limiter.hit('a', limit, now)).toBe(0);
          }
          passed.push(now);
          expect(passed.filter((time) => time > now - minute).length).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});
