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
  /** Published, and not yet told to everybody. */
  readonly #untold: StampedEvent[] = [];
  #telling = false;
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

  /** Every listener hears the events in the order of their ids, also when one of them publishes on hearing another. */
  publish(event: GatewayEvent): StampedEvent {
    this.#lastId += 1;
    const stamped = { ...event, id: this.#lastId, at: this.#clock.now() };
    this.#kept.push(stamped);
    // Trimmed in blocks: shifting one element per event would copy the whole list each time.
    if (this.#kept.length > this.#keep * 2) this.#kept = this.#kept.slice(-this.#keep);
    this.#untold.push(stamped);
    if (!this.#telling) this.#tellAll();
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

  #tellAll(): void {
    this.#telling = true;
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      for (const listener of this.#listeners) this.#tell(listener, next);
    }
    this.#telling = false;
  }

  #tell(listener: EventListener, event: StampedEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#onError(error);
    }
  }
}
