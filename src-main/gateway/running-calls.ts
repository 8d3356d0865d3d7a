/** The calls under way, so that a stop can wait for them and record those that it cannot wait for. */
export class RunningCalls {
  /** What records a call as ended with an unknown outcome. */
  readonly #abandon = new Set<() => void>();
  #idle: (() => void)[] = [];

  /** Returns what to call when the call has ended. */
  begin(abandon: () => void): () => void {
    this.#abandon.add(abandon);
    return () => {
      this.#abandon.delete(abandon);
      if (this.#abandon.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
    };
  }

  /** Resolves when no call runs. */
  idle(): Promise<void> {
    if (this.#abandon.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Gives up on what still runs: it may have had its effect, and nobody will see its end. */
  abandon(): void {
    for (const abandon of this.#abandon) abandon();
  }
}
