import type { Clock } from '../base/clock.ts';
import type { StreamSink } from '../gateway/event-stream.ts';

/** The long-lived streams: counted, and kept alive by one comment for all of them. */
export class OpenStreams {
  readonly #streams = new Set<StreamSink>();
  readonly #stop: () => void;

  constructor(clock: Clock) {
    this.#stop = clock.every(15_000, () => {
      for (const stream of this.#streams) stream.write(': keep-alive\n\n');
    });
  }

  get count(): number {
    return this.#streams.size;
  }

  add(stream: StreamSink): void {
    this.#streams.add(stream);
  }

  remove(stream: StreamSink): void {
    this.#streams.delete(stream);
  }

  close(): void {
    this.#stop();
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }
}
