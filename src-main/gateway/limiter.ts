/** At most `limit` hits per key in any `windowMs`; exact, because it remembers the time of each hit. */
export class Limiter {
  readonly #windowMs: number;
  readonly #maxKeys: number;
  // In order of last use, so that the first key is the one to forget.
  readonly #hits = new Map<string, Window>();

  constructor(windowMs: number, maxKeys = 10_000) {
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  /** Counts a hit at `now` (monotonic milliseconds). Returns 0, or the milliseconds until the next one is allowed. */
  hit(key: string, limit: number, now: number): number {
    const window = this.#window(key, now);
    if (window.times.length - window.start >= limit) {
      const oldest = window.times[window.times.length - limit] ?? now;
      return Math.max(1, Math.ceil(oldest + this.#windowMs - now));
    }
    window.times.push(now);
    return 0;
  }

  /** How many hits of `key` count at `now`. */
  used(key: string, now: number): number {
    const window = this.#window(key, now);
    return window.times.length - window.start;
  }

  /** Who has hits that count at `now`. Looking changes nothing. */
  usage(now: number): { key: string; used: number; freesInMs: number }[] {
    return [...this.#hits].flatMap(([key, { times, start }]) => {
      const counting = times.slice(start).filter((time) => time > now - this.#windowMs);
      const [oldest] = counting;
      return oldest === undefined
        ? []
        : [{ key, used: counting.length, freesInMs: Math.ceil(oldest + this.#windowMs - now) }];
    });
  }

  forget(key: string): void {
    this.#hits.delete(key);
  }

  #window(key: string, now: number): Window {
    const window = this.#hits.get(key) ?? { times: [], start: 0 };
    this.#hits.delete(key);
    this.#hits.set(key, window);
    if (this.#hits.size > this.#maxKeys) this.#forgetOldest();
    while (window.start < window.times.length && (window.times[window.start] ?? 0) <= now - this.#windowMs)
      window.start += 1;
    if (window.start > 64 && window.start * 2 > window.times.length) {
      window.times.splice(0, window.start);
      window.start = 0;
    }
    return window;
  }

  #forgetOldest(): void {
    const oldest = this.#hits.keys().next().value;
    if (oldest !== undefined) this.#hits.delete(oldest);
  }
}

/** Times before `start` are outside the window and wait to be removed in one go. */
interface Window {
  times: number[];
  start: number;
}
