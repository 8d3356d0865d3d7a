import type { LoginView } from '../contract/views.ts';
import { Fault } from '../base/fault.ts';
import { isOver, type LoginLink, type Move, moves } from './login.ts';
import { asLoginFault } from './login-words.ts';

/** For whom a sign-in was begun. */
export interface LoginBinding {
  sessionKey: string | null;
}

export interface AttemptParts {
  login: LoginView;
  binding: LoginBinding | null;
  /** The scopes of each consent. */
  batches: string[][];
  onChange(login: LoginView): void;
}

/** A login while it runs: its present view, and the one place that ends it. */
export class Attempt {
  readonly binding: LoginBinding | null;
  /** Resolves when there is a link, or when there will be none. */
  readonly linked: Promise<void>;
  batches: string[][];
  readonly #onChange: (login: LoginView) => void;
  readonly #abort = new AbortController();
  #isLinked: () => void = () => {};
  #login: LoginView;
  #storing = false;
  #canceled: Fault | undefined;

  constructor({ login, binding, batches, onChange }: AttemptParts) {
    this.#login = login;
    this.binding = binding;
    this.batches = batches;
    this.#onChange = onChange;
    this.linked = new Promise((resolve) => (this.#isLinked = resolve));
    onChange(login);
  }

  get login(): LoginView {
    return this.#login;
  }

  get isOver(): boolean {
    return isOver(this.#login);
  }

  /** Aborted when the login is over; the reason is the fault, if it ended by one. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  move(move: Move): void {
    const before = this.#login;
    this.#login = move(before);
    if (JSON.stringify(before) === JSON.stringify(this.#login)) return;
    this.#onChange(this.#login);
  }

  show(link: LoginLink): void {
    this.move(moves.showLink(link));
    this.#isLinked();
  }

  /**
   * Does what cannot be taken back, unless the login is over. It is not canceled before the step that follows, `advance`
   * or `finish`.
   */
  async store<T>(work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    this.#storing = true;
    return work();
  }

  /** Goes on to the next step. Throws when it was canceled meanwhile. */
  advance(found: Parameters<typeof moves.advance>[0]): void {
    this.#storing = false;
    this.move(moves.advance(found));
    if (this.#canceled) this.fail(this.#canceled);
    this.signal.throwIfAborted();
  }

  finish(accountId: string): void {
    this.move(moves.finish(accountId));
    this.#close(new Fault('login_state'));
  }

  /** Ends it from outside: what the person just confirmed is stored first, and when nothing is left then, it is done. */
  cancel(fault: Fault): void {
    if (this.#storing) this.#canceled ??= fault;
    else if (!this.isOver) this.fail(fault);
  }

  /** Ends it by what was thrown, and says in which words. */
  fail(thrown: unknown): Fault {
    const fault = asLoginFault(Fault.from(thrown), this.#login);
    this.move(moves.fail(fault.toBody()));
    this.#close(fault);
    return fault;
  }

  #close(reason: Fault): void {
    this.#abort.abort(reason);
    this.#isLinked();
  }
}
