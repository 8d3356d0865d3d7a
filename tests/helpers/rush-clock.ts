import type { Clock } from '../../src-main/base/clock.ts';

interface Timer {
  due: number;
  every: number | undefined;
  run: () => void;
}

/** A clock on which whoever sleeps makes the time pass at once, for code that waits between real requests. */
export class RushClock implements Clock {
  readonly slept: number[] = [];
  readonly #timers = new Set<Timer>();
  readonly #start: number;
  #ms = 0;

  constructor(start = Date.UTC(2026, 10, 2, 9)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    this.pass(ms);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }

  every(ms: number, task: () => void): () => void {
    return this.#arm(ms, ms, task);
  }

  after(ms: number, task: () => void): () => void {
    return this.#arm(ms, undefined, task);
  }

  /** Lets `ms` pass; timers fire in order of their time. */
  pass(ms: number): void {
    const end = this.#ms + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#ms = Math.max(this.#ms, next.due);
      if (next.every === undefined) this.#timers.delete(next);
      else next.due += next.every;
      next.run();
    }
    this.#ms = Math.max(this.#ms, end);
  }

  #arm(ms: number, every: number | undefined, run: () => void): () => void {
    const timer = { due: this.#ms + ms, every, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}
