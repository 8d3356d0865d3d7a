import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { Collection, Store } from '../company/store.ts';

const offsetSchema = z.object({ ms: z.number() });

/** The clock it was given, plus however far tests moved it ahead. The offset outlives a restart. */
export class SandboxClock {
  readonly #clock: Clock;
  readonly #offset: Collection<z.infer<typeof offsetSchema>>;
  readonly #stopped = new AbortController();
  #ms: number;

  constructor(clock: Clock, store: Store) {
    this.#clock = clock;
    this.#offset = store.collection('clock', offsetSchema);
    this.#ms = this.#offset.get('offset')?.ms ?? 0;
  }

  /** Real time, not the moved one. Rejects when the clock stops. */
  pause(ms: number): Promise<void> {
    return this.#clock.sleep(ms, this.#stopped.signal);
  }

  stop(): void {
    this.#stopped.abort();
  }

  now(): number {
    return this.#clock.now() + this.#ms;
  }

  advance(ms: number): number {
    this.#ms = this.#offset.put('offset', { ms: this.#ms + ms }).ms;
    return this.now();
  }
}
