import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import type { AccountView } from '../contract/views.ts';
import type { Accounts } from './accounts.ts';
import type { TokenIssuer } from './issuer.ts';

/** Who began a sign-in: only they may complete it. */
export interface LoginBinding {
  sessionKey: string | null;
  keyId: string | null;
  /** A nonce that the browser holds in a cookie. */
  browser: string;
}

export interface LoginRequest {
  appId: string;
  redirectUri: string;
  scopes: string[];
}

/** What the provider sends back to the redirect URL. */
export interface LoginAnswer {
  code?: string | undefined;
  state?: string | undefined;
  error?: string | undefined;
}

interface Pending {
  binding: LoginBinding;
  issuer: TokenIssuer;
  redirectUri: string;
  codeVerifier: string;
  /** Monotonic. */
  expiresAt: number;
}

const lifeMs = 10 * 60_000;
const mostPending = 100;

/** Signing in through the browser: authorization code with PKCE (RFC 7636), one state per attempt, used once. */
export class Login {
  readonly #clock: Clock;
  readonly #accounts: Pick<Accounts, 'add' | 'issuerOf'>;
  /** By the digest of the state: what is compared is never the secret itself. */
  readonly #pending = new Map<string, Pending>();

  constructor(parts: { clock: Clock; accounts: Pick<Accounts, 'add' | 'issuerOf'> }) {
    this.#clock = parts.clock;
    this.#accounts = parts.accounts;
  }

  /** Rejects with `app_missing` when the app's secret is not known. */
  async begin(binding: LoginBinding, request: LoginRequest): Promise<{ url: URL; state: string }> {
    const issuer = this.#accounts.issuerOf(request.appId);
    const { redirectUri, scopes } = request;
    const state = randomBytes(32).toString('base64url');
    const codeVerifier = randomBytes(32).toString('base64url');
    this.#makeRoom();
    const expiresAt = this.#clock.monotonic() + lifeMs;
    this.#pending.set(sha256(state), { binding, issuer, redirectUri, codeVerifier, expiresAt });
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    return { url: issuer.authorizeUrl({ redirectUri, state, codeChallenge, scopes }), state };
  }

  /**
   * Rejects with `login_state` before anything is sent when the state is not one that this browser began; with
   * `login_denied`, `login_failed` or an `app_` fault when Feishu or the person said no. Then nothing is stored.
   */
  async complete(answer: LoginAnswer, browser: string): Promise<{ account: AccountView; binding: LoginBinding }> {
    const pending = this.#take(answer.state ?? '', browser);
    if (answer.error === 'access_denied') throw new Fault('login_denied');
    if (answer.error !== undefined || !answer.code) throw new Fault('login_failed');
    const { issuer, redirectUri, codeVerifier, binding } = pending;
    try {
      const tokens = await issuer.exchangeCode(answer.code, { redirectUri, codeVerifier });
      const person = await issuer.whoIs(tokens.accessToken);
      return { account: await this.#accounts.add(issuer.appId, tokens, person), binding };
    } catch (thrown) {
      throw asLoginFault(Fault.from(thrown));
    }
  }

  #take(state: string, browser: string): Pending {
    const key = sha256(state);
    const pending = this.#pending.get(key);
    // Gone whoever asks: a state that came back to the wrong browser is not to be tried again.
    this.#pending.delete(key);
    const valid = pending && pending.expiresAt > this.#clock.monotonic() && pending.binding.browser === browser;
    if (!valid) throw new Fault('login_state');
    return pending;
  }

  /** Forgets attempts that are too old, and the oldest one when there are too many. */
  #makeRoom(): void {
    const now = this.#clock.monotonic();
    for (const [key, pending] of this.#pending) {
      if (pending.expiresAt > now && this.#pending.size < mostPending) break;
      this.#pending.delete(key);
    }
  }
}

/** App troubles keep their code, so that a page can say where to go; all else is a failed sign-in, with Feishu's reason. */
function asLoginFault(fault: Fault): Fault {
  if (fault.code.startsWith('app_') || fault.code === 'login_failed') return fault;
  const { words, details } = fault;
  return new Fault('login_failed', { words, cause: fault, ...(details && { details }) });
}
