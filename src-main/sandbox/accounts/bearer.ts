import { sha256 } from '../../base/digest.ts';
import type { Person } from '../company/people.ts';
import { Refusal } from '../wire/envelope.ts';
import type { TokenBook, TokenRecord } from './token-book.ts';

/** What an Authorization header holds. `token` is undefined when nobody issued it. */
export interface Bearer {
  kind: 'user' | 'tenant' | 'app' | 'none';
  wellFormed: boolean;
  sha256: string | null;
  token: TokenRecord | undefined;
  person: Person | undefined;
}

const nobody: Bearer = { kind: 'none', wellFormed: true, sha256: null, token: undefined, person: undefined };

export function readBearer(header: string | undefined, book: TokenBook): Bearer {
  if (header === undefined || header === '') return nobody;
  const secret = /^Bearer (\S+)$/i.exec(header)?.[1];
  if (secret === undefined) return { ...nobody, wellFormed: false, sha256: sha256(header) };
  const digest = sha256(secret);
  const token = book.find(digest);
  return {
    kind: kindOf(secret),
    wellFormed: /^(u-|t-|a-|eyJ)/.test(secret),
    sha256: digest,
    token: token?.kind === 'refresh' ? undefined : token,
    person: token && book.personOf(token),
  };
}

function kindOf(secret: string): Bearer['kind'] {
  if (secret.startsWith('t-')) return 'tenant';
  return secret.startsWith('a-') ? 'app' : 'user';
}

/** The token of a bearer that may go on; otherwise the refusal of Feishu's gateway. */
export function requireToken(bearer: Bearer, book: TokenBook): TokenRecord {
  if (!bearer.wellFormed) throw new Refusal(99_991_671, 'Invalid access token: it must start with "t-" or "u-".');
  if (bearer.kind === 'none') throw new Refusal(99_991_661, 'Missing access token for authorization.');
  const { token } = bearer;
  if (token?.state === 'live' && !book.isExpired(token)) return token;
  if (bearer.kind === 'tenant') throw new Refusal(99_991_663, 'Invalid tenant access token.');
  if (bearer.kind === 'app') throw new Refusal(99_991_664, 'Invalid app access token.');
  if (token?.state === 'live') throw new Refusal(99_991_677, 'The user access token has expired.');
  throw new Refusal(99_991_668, 'Invalid user access token.');
}
