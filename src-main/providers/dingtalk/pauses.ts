import type { Clock } from '../../base/clock.ts';
import { Refusal } from './refusal.ts';

export const banMs = 5 * 60_000;
/** China has one time zone, and DingTalk counts its months in it. */
const chinaMs = 8 * 3_600_000;

/** Keeps requests from being sent while they cannot succeed: our address is shut out, or the month's quota is gone. */
export class Pauses {
  readonly #clock: Clock;
  #ban: { until: number; endsAt: number } | undefined;
  #quotaUntil: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Learns from a refusal. */
  note({ meaning }: Refusal): void {
    const now = this.#clock.now();
    if (meaning === 'banned') this.#ban = { until: this.#clock.monotonic() + banMs, endsAt: now + banMs };
    if (meaning === 'quota') this.#quotaUntil = nextMonth(now);
  }

  /** What stands in the way, if anything, and until when by the wall clock. */
  standing(): { meaning: 'banned' | 'quota'; until: number } | undefined {
    if (this.#ban && this.#clock.monotonic() < this.#ban.until) return { meaning: 'banned', until: this.#ban.endsAt };
    if (this.#quotaUntil !== undefined && this.#clock.now() < this.#quotaUntil)
      return { meaning: 'quota', until: this.#quotaUntil };
    return undefined;
  }

  /** `counted`: whether the request costs quota. */
  refuse(counted: boolean): void {
    const standing = this.standing();
    if (standing && (counted || standing.meaning === 'banned')) throw new Refusal({ meaning: standing.meaning });
  }

  end(): void {
    this.#ban = undefined;
    this.#quotaUntil = undefined;
  }
}

/** Midnight of the next first of a month in China. */
export function nextMonth(now: number): number {
  const china = new Date(now + chinaMs);
  return Date.UTC(china.getUTCFullYear(), china.getUTCMonth() + 1, 1) - chinaMs;
}
