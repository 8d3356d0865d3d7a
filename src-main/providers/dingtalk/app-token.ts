import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { orAborted } from './or-aborted.ts';
import { Refusal } from './refusal.ts';
import { banMs } from './pauses.ts';
import { pausedRenewal } from './setup-words.ts';

export interface AppTokenParts {
  clock: Clock;
  log: Log;
  /** One request for a token. Rejects with a Refusal. */
  issue(): Promise<{ token: string; expiresInMs: number }>;
  /** The longest that a token is used. */
  ttlMs: number;
  /** Told when renewal pauses (with the reason) and when it works again (with none). */
  onPause(because: Refusal | undefined): void;
}

const earlyMs = 300_000;
const mostRetries = 5;
const pausedTryMs = 60_000;

interface Held {
  token: string;
  /** Monotonic. */
  usableUntil: number;
}

/**
 * The app's token: asked for once however many wait, renewed five minutes before it is needed, after a failure again in
 * 1, 2, 4, 8 and 16 seconds. Then renewal pauses: somebody must resume it, or a call that needs a token tries, at most
 * once a minute.
 */
export class AppToken {
  readonly #parts: AppTokenParts;
  #held: Held | undefined;
  #flight: Promise<string> | undefined;
  #retry: Promise<void> | undefined;
  #disarm = () => {};
  #failures = 0;
  #failure: Refusal | undefined;
  #lastTry = -Infinity;
  #paused = false;
  #closed = false;

  constructor(parts: AppTokenParts) {
    this.#parts = parts;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Why the last request failed, while no later one succeeded. */
  get failure(): Refusal | undefined {
    return this.#failure;
  }

  /** Asks for the first token without anybody waiting for it. */
  start(): void {
    this.#try().catch(() => {});
  }

  /** Rejects with a Refusal, or `canceled` when the signal fires. */
  async get(signal?: AbortSignal): Promise<string> {
    for (;;) {
      const held = this.#usable();
      if (held !== undefined) return held;
      if (!this.#flight && this.#retry) {
        if (this.#failure && isLasting(this.#failure)) throw this.#failure;
        await orAborted(this.#retry, signal);
        continue;
      }
      try {
        return await orAborted(this.#try(), signal);
      } catch (thrown) {
        // Those who wait see the end of the repeats, not of one request.
        if (!(thrown instanceof Refusal) || isLasting(thrown) || !this.#retry) throw thrown;
      }
    }
  }

  /** Another token than the one that was refused. */
  async another(refused: string, signal?: AbortSignal): Promise<string> {
    if (this.#held?.token === refused) this.#held = undefined;
    return this.get(signal);
  }

  /** Ends a pause and asks at once. */
  async resume(): Promise<void> {
    this.#stopRetry();
    this.#held = undefined;
    this.#failures = 0;
    this.#paused = false;
    await this.#try();
  }

  close(): void {
    this.#closed = true;
    this.#disarm();
  }

  /** Throws while renewal is paused and was tried lately. */
  #usable(): string | undefined {
    const now = this.#parts.clock.monotonic();
    if (this.#held && now < this.#held.usableUntil) return this.#held.token;
    if (this.#paused && !this.#flight && now - this.#lastTry < pausedTryMs) throw this.#pausedRefusal();
    return undefined;
  }

  #try(): Promise<string> {
    this.#flight ??= this.#ask().finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  async #ask(): Promise<string> {
    const { clock, issue } = this.#parts;
    this.#lastTry = clock.monotonic();
    try {
      const { token, expiresInMs } = await issue();
      this.#succeeded(token, expiresInMs);
      return token;
    } catch (thrown) {
      throw this.#failed(thrown instanceof Refusal ? thrown : new Refusal({ meaning: 'unknown', cause: thrown }));
    }
  }

  #succeeded(token: string, expiresInMs: number): void {
    const { clock, ttlMs, onPause } = this.#parts;
    this.#stopRetry();
    const usableMs = Math.max(30_000, Math.min(expiresInMs - earlyMs, ttlMs));
    this.#held = { token, usableUntil: clock.monotonic() + usableMs };
    this.#failures = 0;
    this.#failure = undefined;
    if (this.#paused) onPause(undefined);
    this.#paused = false;
    this.#arm(Math.max(usableMs - earlyMs, usableMs / 2), () => this.start());
  }

  #failed(refusal: Refusal): Refusal {
    const { log, onPause } = this.#parts;
    this.#failure = refusal;
    // Nobody refused anything: it is tried again when the way is free.
    if (refusal.meaning === 'banned') {
      this.#armRetry(banMs);
      return refusal;
    }
    this.#failures += 1;
    const facts = { failures: this.#failures, meaning: refusal.meaning, upstreamCode: refusal.code };
    if (this.#paused) return this.#pausedRefusal();
    if (this.#failures <= mostRetries) {
      log.warn(facts, 'no DingTalk token; trying again');
      this.#armRetry(1000 * 2 ** (this.#failures - 1));
      return refusal;
    }
    log.error(facts, 'no DingTalk token; renewal is paused');
    this.#paused = true;
    onPause(refusal);
    return this.#pausedRefusal();
  }

  #armRetry(ms: number): void {
    this.#retry = new Promise((resolve) => {
      this.#arm(ms, () => {
        this.#retry = undefined;
        this.#try().then(
          () => resolve(),
          () => resolve(),
        );
      });
    });
  }

  #stopRetry(): void {
    this.#disarm();
    this.#retry = undefined;
  }

  #arm(ms: number, task: () => void): void {
    this.#disarm();
    if (!this.#closed) this.#disarm = this.#parts.clock.after(ms, task);
  }

  #pausedRefusal(): Refusal {
    return new Refusal({ meaning: 'auth', words: pausedRenewal, cause: this.#failure });
  }
}

/** Asked again at once, DingTalk would say the same. */
function isLasting({ meaning }: Refusal): boolean {
  return meaning === 'auth' || meaning === 'banned';
}
