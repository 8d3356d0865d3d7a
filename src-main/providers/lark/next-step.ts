import { Fault } from '../../base/fault.ts';

/** What a request does to Feishu. A `repeatable` write carries a key that lets it have its effect only once. */
export type Effect = 'read' | 'write' | 'repeatable';

/** A request that got no data. */
export interface Failure {
  fault: Fault;
  remedy: 'renew' | 'wait' | 'retry' | 'none';
  /** Whether the request may have had its effect. */
  maybeDone: boolean;
}

/** What was tried so far. */
export interface Tries {
  renewed: boolean;
  retries: number;
  waits: number;
  waitedMs: number;
  /** Whether an earlier try may have had its effect. */
  maybeDone: boolean;
}

export const noTries: Tries = { renewed: false, retries: 0, waits: 0, waitedMs: 0, maybeDone: false };

export type Step =
  | { do: 'fail'; fault: Fault }
  | { do: 'renew'; tries: Tries }
  | { do: 'wait'; ms: number; because: 'busy' | 'failed'; tries: Tries };

const bounds = { retries: 2, waits: 5, waitedMs: 20_000, shortestWaitMs: 250 };

/**
 * What to do about a failure: get one fresh token; wait out a rate limit for at most 20 s in all; repeat after a failure
 * at most twice, and only what has no second effect. Nothing is begun that would end after the `leftMs` of the call.
 */
export function nextStep(
  failure: Failure,
  effect: Effect,
  tries: Tries,
  room: { leftMs: number; random: number },
): Step {
  const after = { ...tries, maybeDone: tries.maybeDone || (effect !== 'read' && failure.maybeDone) };
  const step = remedied(failure, effect, after, room.random);
  if (step?.do === 'renew' || (step?.do === 'wait' && step.ms < room.leftMs)) return step;
  return { do: 'fail', fault: after.maybeDone ? unknownOutcome(failure.fault) : failure.fault };
}

function remedied(failure: Failure, effect: Effect, tries: Tries, random: number): Step | undefined {
  switch (failure.remedy) {
    case 'renew':
      return tries.renewed ? undefined : { do: 'renew', tries: { ...tries, renewed: true } };
    case 'wait': {
      const ms = waitMs(failure.fault.retryAfterMs, tries.waits, random);
      const waitedMs = tries.waitedMs + ms;
      if (tries.waits === bounds.waits || waitedMs > bounds.waitedMs) return undefined;
      return { do: 'wait', ms, because: 'busy', tries: { ...tries, waits: tries.waits + 1, waitedMs } };
    }
    case 'retry': {
      const harmless = effect !== 'write' || !failure.maybeDone;
      if (!harmless || tries.retries === bounds.retries) return undefined;
      const ms = backoff(tries.retries, random);
      return { do: 'wait', ms, because: 'failed', tries: { ...tries, retries: tries.retries + 1 } };
    }
    case 'none':
      return undefined;
  }
  return failure.remedy satisfies never;
}

/** As long as Feishu asks for, plus up to a tenth, so that calls that wait together do not come back together. */
function waitMs(asked: number | undefined, waits: number, random: number): number {
  const ms = asked === undefined ? backoff(waits, random) : asked * (1 + random / 10);
  return Math.round(Math.max(bounds.shortestWaitMs, ms));
}

/** 300 ms, 900 ms, 2.7 s ..., each between half and one and a half of that. */
function backoff(before: number, random: number): number {
  return Math.round(300 * 3 ** before * (0.5 + random));
}

/** A repeat that is refused says nothing about the try before it, whose answer was lost. */
function unknownOutcome(last: Fault): Fault {
  return new Fault('outcome_unknown', { cause: last, details: { ...last.details, because: last.code } });
}
