import type { Clock } from './clock.ts';

/**
 * A signal that fires when `outer` does or after `ms`. Not AbortSignal.any with a timeout: what those link is freed by
 * the garbage collector alone, which under load means hundreds of megabytes later.
 */
export class Deadline {
  /** Whether the time was up, rather than the outer signal fired. */
  late = false;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #disarm: () => void;
  readonly #follow = () => this.#controller.abort(this.#outer?.reason);

  constructor(clock: Clock, ms: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.#disarm = clock.after(ms, () => {
      this.late = true;
      this.#controller.abort();
    });
    if (outer?.aborted) this.#follow();
    else outer?.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Must be called when the work is over. */
  end(): void {
    this.#disarm();
    this.#outer?.removeEventListener('abort', this.#follow);
  }
}
