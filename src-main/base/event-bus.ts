import type { GatewayEvent, StampedEvent } from '../contract/events.ts';
import type { Clock } from './clock.ts';

export type EventListener = (event: StampedEvent) => void;

/** Stamps each event with an id and a time and keeps the last ones, so that "everything since N" can be answered. */
export class EventBus {
  readonly #clock: Clock;
  readonly #keep: number;
  readonly #listeners = new Set<EventListener>();
  readonly #onError: (error: unknown) => void;
  #kept: StampedEvent[] = [];
  #lastId: number;

  constructor(clock: Clock, options: { keep?: number; onError?: (error: unknown) => void } = {}) {
    this.#clock = clock;
    this.#keep = options.keep ?? 1000;
    this.#onError = options.onError ?? (() => {});
    // Ids begin at the start time, so those of an earlier run are always smaller and read as a gap.
    this.#lastId = clock.now();
  }

  get lastId(): number {
    return this.#lastId;
  }

  publish(event: GatewayEvent): StampedEvent {
    this.#lastId += 1;
    const stamped = { ...event, id: this.#lastId, at: this.#clock.now() };
    this.#kept.push(stamped);
    // Trimmed in blocks: shifting one element per event would copy the whole list each time.
    if (this.#kept.length > this.#keep * 2) this.#kept = this.#kept.slice(-this.#keep);
    for (const listener of this.#listeners) {
      try {
        listener(stamped);
      } catch (error) {
        this.#onError(error);
      }
    }
    return stamped;
  }

  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events after `id`, or undefined when some of them are no longer kept: ask for a snapshot then. */
  since(id: number): StampedEvent[] | undefined {
    const first = this.#kept[0]?.id ?? this.#lastId + 1;
    if (id > this.#lastId || id < first - 1) return undefined;
    return this.#kept.filter((event) => event.id > id);
  }
}
