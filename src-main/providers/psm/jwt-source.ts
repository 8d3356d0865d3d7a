import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer } from '../../base/http-client.ts';
import type { Errand, IntranetLink } from './intranet-link.ts';
import { expiryOf } from './jwt-claims.ts';
import { readJwt } from './psm-answer.ts';
import { serviceDown, sessionMissing, sessionOver, Trouble } from './psm-trouble.ts';

export interface JwtSourceParts {
  clock: Clock;
  link: IntranetLink;
  authUrl: string;
  /** Asked each time, so that a new one needs no restart. */
  casSession(): string | undefined;
}

export interface HeldJwt {
  value: string;
  /** Milliseconds since 1970, as the JWT itself says, or an hour after it came. */
  expiresAt: number;
  isAssumed: boolean;
}

const earlyMs = 300_000;
const usualLifetimeMs = 3_600_000;
/** How long a refused session is not tried again: sign-in hosts lock out those who knock without end. */
const refusedMs = 30_000;

/** Headers of a browser: the sign-in host gives nothing to others. */
const browserHeaders = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36',
  accept: 'application/json, text/plain, */*',
  'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8',
};

/** JWTs for the person's CAS session: one request however many wait, kept in memory alone until five minutes before the end. */
export class JwtSource {
  readonly #parts: JwtSourceParts;
  #held: (HeldJwt & { usableUntil: number }) | undefined;
  #flight: Promise<HeldJwt> | undefined;
  #refused: { session: string; until: number; trouble: Trouble } | undefined;

  constructor(parts: JwtSourceParts) {
    this.#parts = parts;
  }

  get held(): HeldJwt | undefined {
    return this.#held && this.#parts.clock.monotonic() < this.#held.usableUntil ? this.#held : undefined;
  }

  /** Rejects with a Trouble. Who waits is served by the first one's request. */
  async get(errand: Errand): Promise<HeldJwt> {
    const { held } = this;
    if (held) return held;
    for (;;) {
      const mine = this.#flight === undefined;
      this.#flight ??= this.#ask(errand).finally(() => (this.#flight = undefined));
      try {
        return await this.#flight;
      } catch (thrown) {
        // Whose request it was gave up; those who still want it ask for themselves.
        const abandoned = thrown instanceof Fault && thrown.code === 'canceled';
        if (mine || !abandoned || errand.signal.aborted) throw thrown;
      }
    }
  }

  /** Another than the one that was refused. */
  async another(refused: string, errand: Errand): Promise<HeldJwt> {
    if (this.#held?.value === refused) this.#held = undefined;
    return this.get(errand);
  }

  /** Forgets what was learned, so that the next call asks anew. */
  forget(): void {
    this.#held = undefined;
    this.#refused = undefined;
  }

  async #ask(errand: Errand): Promise<HeldJwt> {
    const { clock, link, authUrl, casSession } = this.#parts;
    const session = casSession();
    if (session === undefined) throw new Trouble({ kind: 'AUTH_ERROR', words: sessionMissing });
    if (this.#refused?.session === session && clock.monotonic() < this.#refused.until) throw this.#refused.trouble;
    const url = new URL(`${authUrl}/auth/api/v1/jwt`);
    const headers = { ...browserHeaders, cookie: `CAS_SESSION=${session}` };
    try {
      const value = await link.ask({ url, headers }, errand, (answer) => requireJwt(answer));
      this.#held = { ...this.#lifeOf(value), value };
      this.#refused = undefined;
      return this.#held;
    } catch (thrown) {
      const trouble = asSessionTrouble(thrown);
      if (trouble instanceof Trouble && trouble.kind === 'AUTH_ERROR')
        this.#refused = { session, trouble, until: clock.monotonic() + refusedMs };
      throw trouble;
    }
  }

  #lifeOf(jwt: string): { expiresAt: number; isAssumed: boolean; usableUntil: number } {
    const { clock } = this.#parts;
    const said = expiryOf(jwt);
    const expiresAt = said ?? clock.now() + usualLifetimeMs;
    const lifeMs = expiresAt - clock.now();
    // One that is nearly over, or seems so to a clock that is wrong, still serves the call that asked for it.
    return {
      expiresAt,
      isAssumed: said === undefined,
      usableUntil: clock.monotonic() + Math.max(10_000, lifeMs - earlyMs),
    };
  }
}

function requireJwt(answer: HttpAnswer): string {
  if (answer.status >= 500) throw new Trouble({ kind: 'SERVICE_ERROR', words: serviceDown, code: answer.status });
  const jwt = answer.status < 400 ? readJwt(answer) : undefined;
  // Whatever else comes is the page where people sign in.
  if (jwt === undefined) throw new Trouble({ kind: 'AUTH_ERROR', words: sessionOver });
  return jwt;
}

/** The sign-in host sends those whose session is over elsewhere. */
function asSessionTrouble(thrown: unknown): unknown {
  const redirected =
    thrown instanceof Trouble && thrown.cause instanceof Fault && thrown.cause.code === 'redirect_refused';
  return redirected ? new Trouble({ kind: 'AUTH_ERROR', words: sessionOver, cause: thrown }) : thrown;
}
