import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '../../base/digest.ts';
import { findPerson, type Person } from '../company/people.ts';
import type { Collection, Shelf } from '../company/store.ts';
import { Refusal } from '../wire/envelope.ts';
import type { SandboxApp } from './sandbox-app.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const lifetimes = {
  code: 5 * minute,
  access: 120 * minute,
  refresh: 7 * day,
  consent: 365 * day,
  grace: minute,
  app: 120 * minute,
};

const codeSchema = z.object({
  clientId: z.string(),
  redirectUri: z.string(),
  challenge: z.string().nullable(),
  method: z.enum(['S256', 'plain']),
  person: z.string(),
  expiresAt: z.number(),
  used: z.boolean(),
});

const grantSchema = z.object({ scopes: z.array(z.string()), consentedAt: z.number() });

const tokenSchema = z.object({
  kind: z.enum(['access', 'refresh', 'tenant', 'app']),
  clientId: z.string(),
  /** Key of the person; empty for tokens of the app. */
  person: z.string(),
  scopes: z.array(z.string()),
  expiresAt: z.number(),
  state: z.enum(['live', 'used', 'revoked']),
  /** Names all tokens that came of one consent. */
  family: z.string(),
  /** Of a refresh token: the access token that came with it. */
  partner: z.string().nullable(),
});

export type TokenRecord = z.infer<typeof tokenSchema>;

export interface CodeRequest {
  redirectUri: string;
  scopes: string[];
  challenge: string | null;
  method: 'S256' | 'plain';
}

export interface Tokens {
  accessToken: string;
  expiresInS: number;
  refreshToken: string | null;
  refreshExpiresInS: number;
  scopes: string[];
}

/**
 * What becomes of codes and tokens. Every change is in the state file before a method returns; tokens and codes are
 * kept as SHA-256 only. Refusals carry the codes of Feishu's token endpoint.
 */
export class TokenBook {
  readonly #shelf: Shelf;
  readonly #now: () => number;
  readonly #codes: Collection<z.infer<typeof codeSchema>>;
  readonly #grants: Collection<z.infer<typeof grantSchema>>;
  readonly #tokens: Collection<TokenRecord>;

  constructor(shelf: Shelf, now: () => number) {
    this.#shelf = shelf;
    this.#now = now;
    this.#codes = shelf.collection('code', codeSchema);
    this.#grants = shelf.collection('grant', grantSchema);
    this.#tokens = shelf.collection('token', tokenSchema, (token) => token.family);
  }

  /** The person said yes: what they grant to an app adds to what they granted it before. */
  consent(app: SandboxApp, person: Person, scopes: readonly string[]): void {
    const key = grantKey(app, person.key);
    const before = this.#grants.get(key)?.scopes ?? [];
    this.#grants.put(key, { scopes: [...new Set([...before, ...scopes])], consentedAt: this.#now() });
  }

  /** A consent that the app fetches with a code. */
  grant(app: SandboxApp, person: Person, request: CodeRequest): string {
    const code = randomBytes(48).toString('base64url');
    const { redirectUri, challenge, method } = request;
    this.#shelf.atomically(() => {
      this.consent(app, person, request.scopes);
      this.#codes.put(sha256(code), {
        clientId: app.id,
        redirectUri,
        challenge,
        method,
        person: person.key,
        expiresAt: this.#now() + lifetimes.code,
        used: false,
      });
    });
    return code;
  }

  /** Tokens with everything that the person ever granted to the app. */
  issue(app: SandboxApp, person: string, family: string): Tokens {
    const scopes = this.#grants.get(grantKey(app, person))?.scopes ?? [];
    return this.#shelf.atomically(() => this.#mint(app.id, person, { scopes, family }));
  }

  redeem(
    app: SandboxApp,
    code: string,
    proof: { redirectUri: string; verifier: string | null; scopes: string[] | null },
  ): Tokens {
    const key = sha256(code);
    const entry = this.#codes.get(key);
    if (!entry) throw new Refusal(20_003, 'the authorization code is unknown');
    if (entry.clientId !== app.id) throw new Refusal(20_024, 'the authorization code belongs to another app');
    if (entry.used) throw new Refusal(20_065, 'the authorization code was used before');
    if (entry.expiresAt <= this.#now()) throw new Refusal(20_004, 'the authorization code has expired');
    if (entry.redirectUri !== proof.redirectUri)
      throw new Refusal(20_071, 'redirect_uri differs from the one of the request');
    if (!proves(proof.verifier, entry)) throw new Refusal(20_049, 'code_verifier does not fit the code_challenge');
    const scopes = narrow(this.#grants.get(grantKey(app, entry.person))?.scopes ?? [], proof.scopes);
    return this.#shelf.atomically(() => {
      this.#codes.put(key, { ...entry, used: true });
      return this.#mint(app.id, entry.person, { scopes, family: key });
    });
  }

  /** Spends a refresh token: it is void from here on, and its access token lives one more minute. */
  refresh(app: SandboxApp, token: string, wanted: string[] | null): Tokens {
    const key = sha256(token);
    const entry = this.#tokens.get(key);
    if (entry?.kind !== 'refresh') throw new Refusal(20_026, 'the refresh token is invalid');
    if (entry.clientId !== app.id) throw new Refusal(20_024, 'the refresh token belongs to another app');
    if (!app.settings.allowRefresh) throw new Refusal(20_074, 'the app may not refresh user tokens');
    if (entry.state === 'used') throw new Refusal(20_073, 'the refresh token was used before');
    if (entry.state === 'revoked') throw new Refusal(20_064, 'the refresh token was revoked');
    const consentEnds = (this.#grants.get(grantKey(app, entry.person))?.consentedAt ?? 0) + lifetimes.consent;
    if (Math.min(entry.expiresAt, consentEnds) <= this.#now())
      throw new Refusal(20_037, 'the refresh token has expired');
    const scopes = narrow(entry.scopes, wanted);
    return this.#shelf.atomically(() => {
      this.#tokens.put(key, { ...entry, state: 'used' });
      const old = entry.partner === null ? undefined : this.#tokens.get(entry.partner);
      if (old && entry.partner !== null) {
        this.#tokens.put(entry.partner, { ...old, expiresAt: Math.min(old.expiresAt, this.#now() + lifetimes.grace) });
      }
      return this.#mint(app.id, entry.person, { scopes, family: entry.family });
    });
  }

  /** RFC 7009: an unknown token is no error; a known one takes all tokens of its sign-in with it. */
  revoke(app: SandboxApp, token: string): void {
    const entry = this.#tokens.get(sha256(token));
    if (!entry || entry.clientId !== app.id) return;
    this.#shelf.atomically(() => {
      for (const [key, one] of this.#tokens.entries(entry.family)) {
        if (one.state === 'live') this.#tokens.put(key, { ...one, state: 'revoked' });
      }
    });
  }

  /** The tenant's or the app's own token: the same one until half an hour before its end. */
  appToken(app: SandboxApp, kind: 'tenant' | 'app'): { token: string; expireS: number } {
    const period = lifetimes.app - 30 * minute;
    const begun = Math.floor(this.#now() / period) * period;
    const token = `${kind === 'tenant' ? 't' : 'a'}-g1${sha256(`${app.id}/${app.record.secret}/${kind}/${begun}`).slice(0, 40)}`;
    const expiresAt = begun + lifetimes.app;
    const key = sha256(token);
    if (!this.#tokens.get(key)) {
      this.#tokens.put(key, { ...blank(kind, app.id), family: `${app.id}/${begun}`, expiresAt });
    }
    return { token, expireS: Math.floor((expiresAt - this.#now()) / 1000) };
  }

  find(tokenSha256: string): TokenRecord | undefined {
    return this.#tokens.get(tokenSha256);
  }

  personOf(token: TokenRecord): Person | undefined {
    return findPerson(token.person);
  }

  isExpired(token: TokenRecord): boolean {
    return token.expiresAt <= this.#now();
  }

  counts(): { refreshes: number; liveAccessTokens: number; liveRefreshTokens: number } {
    const all = this.#tokens.list();
    const live = all.filter((token) => token.state === 'live' && !this.isExpired(token));
    return {
      refreshes: all.filter((token) => token.state === 'used').length,
      liveAccessTokens: live.filter((token) => token.kind === 'access').length,
      liveRefreshTokens: live.filter((token) => token.kind === 'refresh').length,
    };
  }

  #mint(clientId: string, person: string, { scopes, family }: { scopes: string[]; family: string }): Tokens {
    const accessToken = opaqueToken(this.#now());
    const partner = sha256(accessToken);
    const common = { person, scopes, family };
    this.#tokens.put(partner, {
      ...blank('access', clientId),
      ...common,
      expiresAt: this.#now() + lifetimes.access,
    });
    const refreshToken = scopes.includes('offline_access') ? opaqueToken(this.#now()) : null;
    if (refreshToken !== null) {
      const expiresAt = this.#now() + lifetimes.refresh;
      this.#tokens.put(sha256(refreshToken), { ...blank('refresh', clientId), ...common, expiresAt, partner });
    }
    return {
      accessToken,
      expiresInS: lifetimes.access / 1000,
      refreshToken,
      refreshExpiresInS: lifetimes.refresh / 1000,
      scopes,
    };
  }
}

function grantKey(app: SandboxApp, person: string): string {
  return `${app.id}/${person}`;
}

function blank(kind: TokenRecord['kind'], clientId: string): TokenRecord {
  return { kind, clientId, person: '', scopes: [], expiresAt: 0, state: 'live', family: '', partner: null };
}

/** Feishu's user tokens look like JWTs of one to two kilobytes; nobody outside can read anything from them. */
function opaqueToken(now: number): string {
  const header = Buffer.from('{"alg":"ES256","typ":"JWT"}').toString('base64url');
  return [header, Buffer.from(`{"iat":${now}}`).toString('base64url'), randomBytes(800).toString('base64url')].join(
    '.',
  );
}

function proves(verifier: string | null, entry: { challenge: string | null; method: 'S256' | 'plain' }): boolean {
  if (entry.challenge === null) return true;
  if (verifier === null) return false;
  const made = entry.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return made === entry.challenge;
}

function narrow(granted: string[], wanted: string[] | null): string[] {
  if (wanted === null) return granted;
  if (new Set(wanted).size !== wanted.length) throw new Refusal(20_067, 'a scope is listed twice');
  const missing = wanted.find((scope) => !granted.includes(scope));
  if (missing !== undefined) throw new Refusal(20_068, `the scope ${missing} was not granted`);
  return wanted;
}
