import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { AccountView, AppView, Brand, LoginView, LoginWay } from '../contract/views.ts';
import { type AppFlowParts, createThenSignIn, extendThenSignIn } from './app-flow.ts';
import type { Attempt, LoginBinding } from './attempt.ts';
import { BrowserFlow } from './browser-flow.ts';
import { Deadline, untilOver } from './deadline.ts';
import { isLastStep, stepsOf } from './login.ts';
import { LoginBook, type NewAttempt } from './login-book.ts';
import { noRedirect, otherApp, tokenCannotGrow, tokenRefused } from './login-words.ts';
import { allScopes, batchScopes } from './scope-batches.ts';
import { confirmByDevice, issuerOf, keepSignIn, scopesNow } from './sign-in-flow.ts';

export interface LoginsParts extends AppFlowParts {
  bus: EventBus;
  log: Log;
  /** What a new app is to be able to ask for. */
  commonScopes: readonly string[];
  /** The loopback address that the authorization server sends the browser back to. */
  redirectUri(): string;
  /** Our own page that begins a browser login. */
  startUrl(loginId: string): string;
}

export interface LoginWish {
  way: LoginWay;
  appId?: string | undefined;
  /** Only this person may complete it. */
  accountId?: string | undefined;
  /** Asked for besides the usual ones; of an account that is there, instead of them. */
  scopes?: readonly string[] | undefined;
  binding?: LoginBinding | undefined;
}

export interface ExtensionWish {
  appId: string;
  accountId?: string | undefined;
  scopes: readonly string[];
  binding?: LoginBinding | undefined;
}

/** What the provider sends back to the redirect URL. */
export interface LoginAnswer {
  code?: string | undefined;
  state?: string | undefined;
  error?: string | undefined;
}

export interface LoginCompletion {
  login: LoginView;
  account: AccountView | null;
  /** Where the browser goes on when more is to be granted. */
  next: URL | null;
  binding: LoginBinding | null;
}

export type LoginListener = (login: LoginView, account: AccountView, binding: LoginBinding | null) => void;

const browserMs = 10 * 60_000;

/** Every attempt to sign in: by scanning, by the browser, by a pasted token; with an app of one's own or a new one. */
export class Logins {
  readonly #parts: LoginsParts;
  readonly #book: LoginBook;
  readonly #browsers = new BrowserFlow();
  /** When the link of a browser login dies: put off by each visit. */
  readonly #deadlines = new WeakMap<Attempt, Deadline>();
  readonly #listeners = new Set<LoginListener>();
  #closed = false;

  constructor(parts: LoginsParts) {
    this.#parts = parts;
    this.#book = new LoginBook(parts);
  }

  /** Those under way, and those that ended within ten minutes. */
  list(): LoginView[] {
    return this.#book.list();
  }

  get(id: string): LoginView | undefined {
    return this.#book.get(id)?.login;
  }

  /** `listener` is called when a person is signed in and nothing is left to confirm. */
  onDone(listener: LoginListener): void {
    this.#listeners.add(listener);
  }

  /** Registers an app by one confirmation, then signs in to it by another. Resolves when there is a link to open. */
  async createApp({ brand, name }: { brand: Brand; name?: string | undefined }): Promise<LoginView> {
    const scopes = allScopes(this.#parts.commonScopes);
    const login = {
      brand,
      way: 'device',
      appId: null,
      accountId: null,
      scopes,
      steps: stepsOf('create_app', 1),
    } as const;
    const attempt = this.#open({ login, binding: null, batches: [] });
    return this.#run(attempt, () => createThenSignIn(this.#parts, attempt, { brand, name, scopes }));
  }

  /** Begins a sign-in and resolves when there is a link to open. Rejects with `app_missing` or `sign_in_required`. */
  async begin({ way, appId, accountId, scopes = [], binding }: LoginWish): Promise<LoginView> {
    const account = this.#account(accountId);
    const app = await this.#parts.accounts.apps.find(account?.appId ?? appId);
    if (way === 'browser' && app.origin === 'registered') throw new Fault('invalid_request', { words: noRedirect });
    const attempt = await this.#openSignIn({ way, app, account, scopes, binding });
    if (way === 'device') return this.#run(attempt, () => confirmByDevice(this.#parts, attempt));
    this.#showStart(attempt);
    void this.#expire(attempt);
    return attempt.login;
  }

  /** Enables scopes on an app that was registered here, by one confirmation, then has the person grant them. */
  async extendApp({ appId, accountId, scopes, binding }: ExtensionWish): Promise<LoginView> {
    const account = this.#account(accountId);
    const app = await this.#parts.accounts.apps.find(appId);
    if (app.origin !== 'registered') throw new Fault('app_scope_required', { details: { scopes: [...scopes] } });
    if (account && account.appId !== appId) throw new Fault('invalid_request', { words: otherApp });
    const attempt = await this.#openSignIn({ way: 'device', app, account, scopes, binding, before: 'extend_app' });
    return this.#run(attempt, () => extendThenSignIn(this.#parts, attempt, { app, scopes }));
  }

  /** Ends an attempt; what the person has just confirmed is still stored. Throws `login_state` for an unknown one. */
  cancel(id: string): LoginView {
    const attempt = this.#attempt(id);
    attempt.cancel(new Fault('login_canceled'));
    return attempt.login;
  }

  /**
   * Where the browser that holds the nonce `browser` goes to sign in. A former visit of this login is void. Rejects with
   * `login_state` when the login does not wait for a browser.
   */
  async browserStart(loginId: string, browser: string): Promise<URL> {
    const attempt = this.#attempt(loginId);
    if (attempt.isOver || attempt.login.way !== 'browser') throw new Fault('login_state');
    const issuer = issuerOf(this.#parts, attempt);
    const deadline = this.#showStart(attempt);
    const redirectUri = this.#parts.redirectUri();
    return this.#browsers.start({ loginId, issuer, redirectUri, scopes: scopesNow(attempt), browser, deadline });
  }

  /**
   * Rejects with `login_state` before anything is sent when the state is not one that this browser began; with
   * `login_denied`, `login_failed`, `account_mismatch` or an `app_` fault when Feishu or the person said no. Then nothing
   * is stored.
   */
  async complete(answer: LoginAnswer, browser: string): Promise<LoginCompletion> {
    const { loginId, issuer, redirectUri, codeVerifier } = this.#browsers.take(answer.state ?? '', browser);
    const attempt = this.#attempt(loginId);
    const { binding } = attempt;
    // The person came back in time, however long Feishu takes now.
    this.#deadlines.set(attempt, new Deadline(this.#parts.clock, browserMs));
    try {
      if (answer.error === 'access_denied') throw new Fault('login_denied');
      if (answer.error !== undefined || !answer.code) throw new Fault('login_failed');
      const tokens = await issuer.exchangeCode(answer.code, { redirectUri, codeVerifier });
      const account = await keepSignIn(this.#parts, attempt, { issuer, tokens });
      if (isLastStep(attempt.login)) {
        this.#finish(attempt, account);
        return { login: attempt.login, account, next: null, binding };
      }
      attempt.advance({ accountId: account.id });
      const next = await this.browserStart(loginId, browser);
      return { login: attempt.login, account, next, binding };
    } catch (thrown) {
      throw attempt.fail(thrown);
    }
  }

  /** Signs in by a pasted user_access_token. */
  async addToken(pasted: { token: string; brand: Brand }): Promise<AccountView> {
    return this.#parts.accounts.addToken(pasted).catch((thrown: unknown) => {
      const fault = Fault.from(thrown);
      const refused = fault.code === 'login_failed' || fault.code === 'upstream_refused';
      throw refused ? new Fault('login_failed', { words: tokenRefused, cause: fault }) : fault;
    });
  }

  /** Cancels whatever is under way. */
  close(): void {
    this.#closed = true;
    this.#book.cancelAll(new Fault('login_canceled'));
  }

  #account(id: string | undefined): AccountView | undefined {
    if (id === undefined) return undefined;
    const account = this.#parts.accounts.get(id);
    if (!account) throw new Fault('sign_in_required');
    if (account.way === 'token') throw new Fault('invalid_request', { words: tokenCannotGrow });
    return account;
  }

  #attempt(id: string): Attempt {
    const attempt = this.#book.get(id);
    if (!attempt) throw new Fault('login_state');
    return attempt;
  }

  async #openSignIn({ way, app, account, scopes, binding, before }: SignInWish): Promise<Attempt> {
    const { accounts, usualScopes } = this.#parts;
    // Says at once when the app's secret is not there.
    accounts.apps.credentials(app.id);
    const asked = account && scopes.length > 0 ? allScopes(scopes) : allScopes(await usualScopes(app.id), scopes);
    const batches = batchScopes(asked);
    const steps = stepsOf(before ?? null, batches.length);
    const login = { way, steps, brand: app.brand, appId: app.id, accountId: account?.id ?? null, scopes: asked };
    return this.#open({ login, binding: binding ?? null, batches });
  }

  #open(wish: NewAttempt): Attempt {
    if (this.#closed) throw new Fault('stopping');
    const attempt = this.#book.open(wish);
    attempt.signal.addEventListener('abort', () => {
      const { id, way, state, fault } = attempt.login;
      this.#browsers.drop(id);
      this.#parts.log.info({ loginId: id, way, state, fault: fault?.code }, 'sign-in over');
    });
    return attempt;
  }

  async #run(attempt: Attempt, work: () => Promise<AccountView>): Promise<LoginView> {
    void work().then(
      (account) => this.#finish(attempt, account),
      (thrown: unknown) => {
        if (Fault.from(thrown).code === 'internal')
          this.#parts.log.error({ err: thrown, loginId: attempt.login.id }, 'sign-in failed inside');
        attempt.fail(thrown);
      },
    );
    await attempt.linked;
    return attempt.login;
  }

  #finish(attempt: Attempt, account: AccountView): void {
    attempt.finish(account.id);
    for (const listener of this.#listeners) {
      try {
        listener(attempt.login, account, attempt.binding);
      } catch (error) {
        this.#parts.log.error({ err: error, loginId: attempt.login.id }, 'a listener to sign-ins failed');
      }
    }
  }

  /** Shows our own page as the link to open, for ten minutes from now. */
  #showStart(attempt: Attempt): Deadline {
    const deadline = new Deadline(this.#parts.clock, browserMs);
    this.#deadlines.set(attempt, deadline);
    attempt.show({ url: this.#parts.startUrl(attempt.login.id), userCode: null, expiresAt: deadline.at });
    return deadline;
  }

  async #expire(attempt: Attempt): Promise<void> {
    const { clock } = this.#parts;
    const deadline = () => this.#deadlines.get(attempt) ?? new Deadline(clock, 0);
    await untilOver(clock, deadline, attempt.signal).then(
      () => attempt.cancel(new Fault('login_expired')),
      () => {},
    );
  }
}

interface SignInWish {
  way: LoginWay;
  app: AppView;
  account: AccountView | undefined;
  scopes: readonly string[];
  binding: LoginBinding | undefined;
  before?: 'extend_app';
}
