import type { Clock } from '../base/clock.ts';

/**
 * A ceiling on how often a connector sends: `burst` requests may begin at once, and then one each
 * `1000 / perSecond` milliseconds. Others wait their turn, so no second sees more than both together.
 */
export class OutgoingPace {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #burst: number;
  /** When the next request would begin if all had kept their distance, monotonic. */
  #next = -Infinity;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#gapMs = 1000 / perSecond;
    this.#burst = burst;
  }

  /** Resolves when the next request may begin. Rejects with the signal's reason. */
  async turn(signal?: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic();
    const at = Math.max(now, this.#next - (this.#burst - 1) * this.#gapMs);
    // A turn that is given up stays taken: too slow is harmless, too fast is not.
    this.#next = Math.max(this.#next, at) + this.#gapMs;
    if (at > now) await this.#clock.sleep(at - now, signal);
  }
}
