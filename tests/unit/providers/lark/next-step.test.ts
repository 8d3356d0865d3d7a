import { describe, expect, test } from 'vitest';
import { Fault } from '../../../../src-main/base/fault.ts';
import {
  type Effect,
  type Failure,
  nextStep,
  noTries,
  type Step,
  type Tries,
} from '../../../../src-main/providers/lark/next-step.ts';

const failed: Failure = { fault: new Fault('upstream_failed'), remedy: 'retry', maybeDone: true };
const notSent: Failure = { fault: new Fault('upstream_unreachable'), remedy: 'retry', maybeDone: false };
const refused: Failure = {
  fault: new Fault('upstream_refused', { details: { code: 7 } }),
  remedy: 'none',
  maybeDone: false,
};
const expired: Failure = { fault: new Fault('sign_in_again'), remedy: 'renew', maybeDone: false };
const busy = (retryAfterMs?: number): Failure => ({
  fault: new Fault('upstream_busy', retryAfterMs === undefined ? {} : { retryAfterMs }),
  remedy: 'wait',
  maybeDone: false,
});
const room = { leftMs: 60_000, random: 0.5 };

/** What happens when every try ends in the same failure. */
function play(failure: Failure, effect: Effect, options = room): Step[] {
  const steps: Step[] = [];
  let tries: Tries = noTries;
  for (;;) {
    const step = nextStep(failure, effect, tries, options);
    steps.push(step);
    if (step.do === 'fail') return steps;
    tries = step.tries;
  }
}
const outline = (steps: Step[]) =>
  steps.map((step) => (step.do === 'wait' ? step.ms : step.do === 'fail' ? step.fault.code : step.do));

describe('after a failure of Feishu', () => {
  test('a read is tried twice more, further and further apart', () => {
    expect(outline(play(failed, 'read'))).toEqual([300, 900, 'upstream_failed']);
  });

  test('so is a write with an idempotency key, and its end is unknown', () => {
    expect(outline(play(failed, 'repeatable'))).toEqual([300, 900, 'outcome_unknown']);
  });

  test('a plain write is never sent again', () => {
    expect(outline(play(failed, 'write'))).toEqual(['outcome_unknown']);
  });

  test('a write that was never sent is', () => {
    expect(outline(play(notSent, 'write'))).toEqual([300, 900, 'upstream_unreachable']);
  });

  test('the jitter keeps to half and one and a half', () => {
    expect(outline(play(failed, 'read', { ...room, random: 0 }))).toEqual([150, 450, 'upstream_failed']);
    expect(outline(play(failed, 'read', { ...room, random: 0.999 }))).toEqual([450, 1349, 'upstream_failed']);
  });
});

describe('a rate limit', () => {
  test('is waited out for as long as Feishu asks, and a little more', () => {
    expect(outline(play(busy(3000), 'write')).slice(0, 2)).toEqual([3150, 3150]);
  });

  test('is waited out for 20 s in all, then said with the time to wait', () => {
    const steps = play(busy(8000), 'read');
    expect(outline(steps)).toEqual([8400, 8400, 'upstream_busy']);
    expect(steps.at(-1)).toMatchObject({ fault: { retryAfterMs: 8000 } });
    expect(outline(play(busy(60_000), 'read'))).toEqual(['upstream_busy']);
  });

  test('that asks for no time at all still ends', () => {
    expect(outline(play(busy(0), 'read'))).toEqual([250, 250, 250, 250, 250, 'upstream_busy']);
    expect(outline(play(busy(), 'read'))).toEqual([300, 900, 2700, 8100, 'upstream_busy']);
  });

  test('is not waited out past the deadline of the call', () => {
    expect(outline(play(busy(3000), 'read', { ...room, leftMs: 3000 }))).toEqual(['upstream_busy']);
    expect(outline(play(failed, 'read', { ...room, leftMs: 300 }))).toEqual(['upstream_failed']);
  });
});

test('a refused token is renewed once', () => {
  expect(outline(play(expired, 'write'))).toEqual(['renew', 'sign_in_again']);
});

test('a refusal is final', () => {
  expect(outline(play(refused, 'read'))).toEqual(['upstream_refused']);
});

test('a repeat that is refused does not hide that the try before it may have worked', () => {
  const lost = nextStep(failed, 'repeatable', noTries, room);
  const tries = lost.do === 'wait' ? lost.tries : noTries;
  expect(nextStep(refused, 'repeatable', tries, room)).toMatchObject({
    do: 'fail',
    fault: { code: 'outcome_unknown', details: { because: 'upstream_refused', code: 7 } },
  });
  expect(nextStep(refused, 'read', noTries, room)).toMatchObject({ fault: { code: 'upstream_refused' } });
});
