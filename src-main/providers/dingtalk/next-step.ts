import type { DingtalkRequest } from './requests.ts';
import type { Refusal } from './refusal.ts';

/** What was tried so far for one request. */
export interface Tries {
  renewed: boolean;
  waits: number;
  retries: number;
  /** Whether an earlier try may have had its effect. */
  maybeDone: boolean;
}

export const noTries: Tries = { renewed: false, waits: 0, retries: 0, maybeDone: false };

export type Step =
  | { do: 'fail'; maybeDone: boolean }
  | { do: 'renew'; tries: Tries }
  | { do: 'wait'; ms: number; tries: Tries };

const most = { waits: 3, retries: 2 };

/**
 * What to do about a refusal: get one fresh token; wait out a rate limit; repeat after a failure, but nothing that
 * would happen twice. What is refused for its rate was not done and may be repeated whatever it is.
 */
export function nextStep(refusal: Seen, effect: DingtalkRequest['effect'], tries: Tries): Step {
  const after = { ...tries, maybeDone: tries.maybeDone || (effect !== 'read' && refusal.maybeDone) };
  return remedied(refusal, effect, after) ?? { do: 'fail', maybeDone: after.maybeDone };
}

type Seen = Pick<Refusal, 'meaning' | 'maybeDone'>;

function remedied({ meaning, maybeDone }: Seen, effect: DingtalkRequest['effect'], tries: Tries): Step | undefined {
  switch (meaning) {
    case 'auth':
      return tries.renewed ? undefined : { do: 'renew', tries: { ...tries, renewed: true } };
    case 'busy':
    case 'crowded':
      return waited(meaning === 'busy' ? 1000 : 1000 * 2 ** tries.waits, tries);
    case 'failed':
    case 'unreachable':
    case 'timeout':
      return effect === 'once' && maybeDone ? undefined : repeated(tries);
    default:
      return undefined;
  }
}

function waited(ms: number, tries: Tries): Step | undefined {
  return tries.waits === most.waits ? undefined : { do: 'wait', ms, tries: { ...tries, waits: tries.waits + 1 } };
}

function repeated(tries: Tries): Step | undefined {
  if (tries.retries === most.retries) return undefined;
  return { do: 'wait', ms: 1000 * 2 ** tries.retries, tries: { ...tries, retries: tries.retries + 1 } };
}
