import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { LoginView } from '../contract/views.ts';
import { Attempt, type LoginBinding } from './attempt.ts';
import { newLogin } from './login.ts';
import { tooMany } from './login-words.ts';

export interface NewAttempt {
  login: Omit<Parameters<typeof newLogin>[0], 'id' | 'startedAt'>;
  binding: LoginBinding | null;
  batches: string[][];
}

const mostUnderWay = 20;
const mostListed = 100;
const rememberMs = 10 * 60_000;

/** The attempts under way and those that ended lately. Tells of each change. */
export class LoginBook {
  readonly #parts: { clock: Clock; bus: EventBus };
  /** Oldest first. */
  readonly #attempts = new Map<string, Attempt>();
  /** Monotonic. */
  readonly #endedAt = new Map<string, number>();

  constructor(parts: { clock: Clock; bus: EventBus }) {
    this.#parts = parts;
  }

  open({ login, binding, batches }: NewAttempt): Attempt {
    this.#makeRoom();
    const id = `login_${randomBytes(12).toString('hex')}`;
    const attempt = new Attempt({
      login: newLogin({ ...login, id, startedAt: this.#parts.clock.now() }),
      binding,
      batches,
      onChange: (view) => this.#parts.bus.publish({ kind: 'login.changed', login: view }),
    });
    attempt.signal.addEventListener('abort', () => this.#endedAt.set(id, this.#parts.clock.monotonic()));
    this.#attempts.set(id, attempt);
    return attempt;
  }

  list(): LoginView[] {
    this.#forgetOld();
    return [...this.#attempts.values()].map(({ login }) => login);
  }

  get(id: string): Attempt | undefined {
    this.#forgetOld();
    return this.#attempts.get(id);
  }

  cancelAll(fault: Fault): void {
    for (const attempt of this.#attempts.values()) attempt.cancel(fault);
  }

  #makeRoom(): void {
    const underWay = [...this.#attempts.values()].filter((attempt) => !attempt.isOver);
    if (underWay.length >= mostUnderWay) underWay[0]?.cancel(new Fault('login_canceled', { words: tooMany }));
    this.#forgetOld();
    for (const id of this.#endedAt.keys()) {
      if (this.#attempts.size < mostListed) break;
      this.#forget(id);
    }
  }

  #forgetOld(): void {
    const now = this.#parts.clock.monotonic();
    for (const [id, endedAt] of this.#endedAt) if (now - endedAt >= rememberMs) this.#forget(id);
  }

  #forget(id: string): void {
    this.#attempts.delete(id);
    this.#endedAt.delete(id);
  }
}
