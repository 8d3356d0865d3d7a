import type { Clock } from '../base/clock.ts';

const lookMs = 10_000;

/**
 * When something is over. The wall clock may be set, and the monotonic one may stand still while the machine sleeps: the
 * earlier of the two ends counts.
 */
export class Deadline {
  /** Wall clock. */
  readonly at: number;
  readonly #clock: Clock;
  readonly #monotonic: number;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.at = clock.now() + ms;
    this.#monotonic = clock.monotonic() + ms;
  }

  /** Milliseconds; not above zero when it is over. */
  left(): number {
    return Math.min(this.at - this.#clock.now(), this.#monotonic - this.#clock.monotonic());
  }
}

/** Resolves when the deadline is over, soon also where the wall clock ran on its own. Rejects with the signal's reason. */
export async function untilOver(clock: Clock, deadline: () => Deadline, signal: AbortSignal): Promise<void> {
  for (let left = deadline().left(); left > 0; left = deadline().left()) {
    await clock.sleep(Math.min(left, lookMs), signal);
  }
}
