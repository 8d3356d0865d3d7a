import type { Clock } from '../../base/clock.ts';
import { nextMonth } from './pauses.ts';

/** How many requests this process sent in the current month. Others of the organization count too, unseen. */
export class MonthlyUse {
  readonly #clock: Clock;
  #until = 0;
  #used = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(): number {
    const now = this.#clock.now();
    if (now >= this.#until) {
      this.#until = nextMonth(now);
      this.#used = 0;
    }
    this.#used += 1;
    return this.#used;
  }

  get used(): number {
    return this.#clock.now() >= this.#until ? 0 : this.#used;
  }
}
