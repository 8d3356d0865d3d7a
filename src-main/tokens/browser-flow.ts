import { createHash, randomBytes } from 'node:crypto';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import type { Deadline } from './deadline.ts';
import type { TokenIssuer } from './issuer.ts';

export interface BrowserRequest {
  loginId: string;
  issuer: TokenIssuer;
  redirectUri: string;
  scopes: string[];
  /** A nonce that the browser holds in a cookie: only this browser may come back. */
  browser: string;
  deadline: Deadline;
}

export type PendingAnswer = BrowserRequest & { codeVerifier: string };

const mostPending = 100;

/** Authorization code with PKCE (RFC 7636): one state and one verifier per visit, used once. */
export class BrowserFlow {
  /** By the digest of the state: what is compared is never the secret itself. */
  readonly #pending = new Map<string, PendingAnswer>();

  /** Where the browser goes. A former visit of the same login is void. */
  start(request: BrowserRequest): URL {
    const { issuer, redirectUri, scopes, loginId } = request;
    const state = randomBytes(32).toString('base64url');
    const codeVerifier = randomBytes(32).toString('base64url');
    this.drop(loginId);
    this.#makeRoom();
    this.#pending.set(sha256(state), { ...request, codeVerifier });
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    return issuer.authorizeUrl({ redirectUri, state, codeChallenge, scopes });
  }

  /** Throws `login_state` unless this browser began with this state, lately, and did not come back yet. */
  take(state: string, browser: string): PendingAnswer {
    const key = sha256(state);
    const pending = this.#pending.get(key);
    // Gone whoever asks: a state that came back to the wrong browser is not to be tried again.
    this.#pending.delete(key);
    const valid = pending && browser !== '' && pending.browser === browser && pending.deadline.left() > 0;
    if (!valid) throw new Fault('login_state');
    return pending;
  }

  /** Whoever comes back for this login is refused. */
  drop(loginId: string): void {
    for (const [key, pending] of this.#pending) if (pending.loginId === loginId) this.#pending.delete(key);
  }

  /** Forgets visits that are too old, and the oldest one when there are too many. */
  #makeRoom(): void {
    for (const [key, pending] of this.#pending) {
      if (pending.deadline.left() > 0 && this.#pending.size < mostPending) break;
      this.#pending.delete(key);
    }
  }
}
