import type { Clock } from './clock.ts';

export interface Deadline {
  signal: AbortSignal;
  /** Whether the time was up, rather than the outer signal fired. */
  readonly late: boolean;
  /** Must be called when the work is over. */
  end(): void;
}

/**
 * A signal that fires when `outer` does or after `ms`. Not AbortSignal.any with a timeout: what those link is freed by
 * the garbage collector alone, which under load means hundreds of megabytes later.
 */
export function startDeadline(clock: Clock, ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let late = false;
  const disarm = clock.after(ms, () => {
    late = true;
    controller.abort();
  });
  const follow = () => controller.abort(outer?.reason);
  if (outer?.aborted) follow();
  else outer?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    get late() {
      return late;
    },
    end: () => {
      disarm();
      outer?.removeEventListener('abort', follow);
    },
  };
}
