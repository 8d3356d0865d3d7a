import type { Clock } from '../../base/clock.ts';
import type { Service } from './psm-answer.ts';

const capacity = 500;
/** A service that was not there may be registered any moment. */
const emptyMs = 30_000;

/** What registries answered. Failures are not kept. */
export class AnswerCache {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #kept = new Map<string, { services: Service[]; until: number }>();

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  get(keyword: string, region: string): Service[] | undefined {
    const kept = this.#kept.get(keyOf(keyword, region));
    return kept && this.#clock.monotonic() < kept.until ? kept.services : undefined;
  }

  put(keyword: string, region: string, services: Service[]): void {
    const key = keyOf(keyword, region);
    const ttlMs = services.length === 0 ? Math.min(emptyMs, this.#ttlMs) : this.#ttlMs;
    this.#kept.delete(key);
    this.#kept.set(key, { services, until: this.#clock.monotonic() + ttlMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > capacity && oldest !== undefined) this.#kept.delete(oldest);
  }

  clear(): void {
    this.#kept.clear();
  }
}

function keyOf(keyword: string, region: string): string {
  return `psm:${keyword}:${region}`;
}
