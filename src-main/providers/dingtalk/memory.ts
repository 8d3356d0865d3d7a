import type { Clock } from '../../base/clock.ts';
import { KnownIds } from './document-ids.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { DocumentListing } from './listing.ts';
import type { Filters } from './listing-steps.ts';

const goodForMs = 60_000;
const capacity = 50;

/** Listings of the last minute, so that their next pages cost little or nothing. */
export class Listings {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { listing: DocumentListing; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(key: string, filters: Filters): DocumentListing {
    const now = this.#clock.monotonic();
    const kept = this.#kept.get(key);
    if (kept && now < kept.until) return kept.listing;
    const listing = new DocumentListing(filters);
    this.#kept.delete(key);
    this.#kept.set(key, { listing, until: now + goodForMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > capacity && oldest !== undefined) this.#kept.delete(oldest);
    return listing;
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** What the connector remembers from one call to the next. */
export class Memory {
  readonly ids = new KnownIds();
  readonly queue = new KeyedQueue();
  readonly listings: Listings;

  constructor(clock: Clock) {
    this.listings = new Listings(clock);
  }
}
