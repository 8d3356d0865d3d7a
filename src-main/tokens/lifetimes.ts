import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import type { AccountRecord } from './account-record.ts';

const slackMs = 60_000;
const marginMs = 5 * 60_000;

/**
 * How long access tokens are still good for. The wall clock may be set and the monotonic one may stand still while the
 * machine sleeps, so the earlier of the two expiries counts.
 */
export class Lifetimes {
  readonly #clock: Clock;
  readonly #deadlines = new Map<string, { tokensId: string; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds; not above zero when the token is no longer to be used. */
  left({ id, tokens }: AccountRecord): number {
    const wallLeft = tokens.accessExpiresAt - this.#clock.now();
    const now = this.#clock.monotonic();
    let deadline = this.#deadlines.get(id);
    if (deadline?.tokensId !== tokens.id) {
      // More left than was given: the clock went back since, by how much nobody knows.
      const believable = wallLeft <= lifeOf(tokens) + slackMs;
      deadline = { tokensId: tokens.id, at: believable ? now + wallLeft : now };
      this.#deadlines.set(id, deadline);
    }
    return Math.min(wallLeft, deadline.at - now);
  }

  /** Whether a call should wait for new tokens: five minutes before the end, later for very short-lived tokens. */
  nearEnd(record: AccountRecord): boolean {
    return this.left(record) < Math.min(marginMs, lifeOf(record.tokens) / 2);
  }

  /** Whether the background should renew: some time before half of its life is gone, another time for each token pair. */
  due(record: AccountRecord): boolean {
    return this.left(record) < lifeOf(record.tokens) * (1 - shareOf(record.tokens));
  }
}

function lifeOf(tokens: AccountRecord['tokens']): number {
  return tokens.accessExpiresAt - tokens.obtainedAt;
}

/** After which part of their life these tokens are renewed: between 0.35 and 0.48, so that accounts do not go in step. */
function shareOf(tokens: AccountRecord['tokens']): number {
  return 0.35 + (Number.parseInt(sha256(tokens.id).slice(0, 4), 16) / 0xffff) * 0.13;
}
