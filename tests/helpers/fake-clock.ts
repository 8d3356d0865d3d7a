import type { Clock } from '../../src-main/base/clock.ts';

interface Waiter {
  due: number;
  every: number | undefined;
  run: () => void;
}

/** A clock that stands still until it is moved. Timers fire in order of their time; promises settle in between. */
export class FakeClock implements Clock {
  #wall: number;
  #monotonic = 0;
  readonly #waiters = new Set<Waiter>();

  constructor(start = Date.UTC(2026, 10, 2, 9)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.#wait(ms, undefined, resolve);
      signal?.addEventListener(
        'abort',
        () => {
          cancel();
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  every(ms: number, task: () => void): () => void {
    return this.#wait(ms, ms, task);
  }

  after(ms: number, task: () => void): () => void {
    return this.#wait(ms, undefined, task);
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      await settle();
      const next = [...this.#waiters].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#moveTo(next.due);
      if (next.every === undefined) this.#waiters.delete(next);
      else next.due += next.every;
      next.run();
    }
    this.#moveTo(end);
    await settle();
  }

  /** Sets the wall clock, as a person or NTP would; no time passes. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  get pendingTimers(): number {
    return this.#waiters.size;
  }

  #moveTo(monotonic: number): void {
    this.#wall += monotonic - this.#monotonic;
    this.#monotonic = monotonic;
  }

  #wait(ms: number, every: number | undefined, run: () => void): () => void {
    const waiter = { due: this.#monotonic + ms, every, run };
    this.#waiters.add(waiter);
    return () => void this.#waiters.delete(waiter);
  }
}

/** Lets everything that waits on promises or finished I/O go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
