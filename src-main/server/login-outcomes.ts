import type { AccountView } from '../contract/views.ts';
import type { Session } from '../gateway/session.ts';

export interface LoginOutcomesParts {
  sessions: {
    byShortId(shortId: string): Session | undefined;
    accountOf(session: Session): string | null;
    bind(shortId: string, accountId: string): boolean;
  };
  clientKeys: { bind(keyId: string, accountId: string): Promise<void> };
}

/** A client works as one account and its person signed in as another: only the person says which it shall be. */
export interface Conflict {
  sessionId: string;
  /** Whom the client works as. */
  former: string;
  signedIn: string;
}

const mostKept = 100;

/** What a sign-in does to the client that it was begun for. */
export class LoginOutcomes {
  readonly #parts: LoginOutcomesParts;
  /** By login; null where there is nothing to ask. */
  readonly #settled = new Map<string, Conflict | null>();

  constructor(parts: LoginOutcomesParts) {
    this.#parts = parts;
  }

  /** From now on the session works as `account`, unless it is bound to another one. Done once for each login. */
  settle(loginId: string, account: Pick<AccountView, 'id'>, sessionId: string | null): void {
    if (this.#settled.has(loginId)) return;
    const session = sessionId === null ? undefined : this.#parts.sessions.byShortId(sessionId);
    const conflict = session ? this.#bind(session, account.id) : null;
    this.#settled.set(loginId, conflict);
    const oldest = this.#settled.keys().next().value;
    if (this.#settled.size > mostKept && oldest !== undefined) this.#settled.delete(oldest);
  }

  conflictOf(loginId: string): Conflict | undefined {
    return this.#settled.get(loginId) ?? undefined;
  }

  /** Answers the question, once. Returns undefined when there is none, or its session has ended. */
  async choose(loginId: string, choice: 'use' | 'keep'): Promise<Conflict | undefined> {
    const conflict = this.conflictOf(loginId);
    const session = conflict && this.#parts.sessions.byShortId(conflict.sessionId);
    if (!session) return undefined;
    if (choice === 'use') await this.#rebind(session, conflict.signedIn);
    this.#settled.set(loginId, null);
    return conflict;
  }

  #bind(session: Session, accountId: string): Conflict | null {
    const former = this.#parts.sessions.accountOf(session);
    if (former !== null && former !== accountId) return { sessionId: session.shortId, former, signedIn: accountId };
    if (former === null) this.#parts.sessions.bind(session.shortId, accountId);
    return null;
  }

  /** What bound the session is what changes: the session's own account, or that of its key. */
  async #rebind(session: Session, accountId: string): Promise<void> {
    const byKey = session.accountId === null && this.#parts.sessions.accountOf(session) !== null;
    if (byKey) await this.#parts.clientKeys.bind(session.keyId, accountId);
    else this.#parts.sessions.bind(session.shortId, accountId);
  }
}
