import { z } from 'zod';
import type { TokenSet } from './credential.ts';

/** How long Feishu's user_access_tokens live. */
const lifeMs = 2 * 3_600_000;

const claims = z.object({ exp: z.number() });

/** A user_access_token that a person pasted: it has no refresh token, and two hours at most. */
export function pastedTokens(accessToken: string, now: number): TokenSet {
  return {
    accessToken,
    accessExpiresAt: Math.min(now + lifeMs, endOf(accessToken, now)),
    refreshToken: null,
    refreshExpiresAt: null,
    scopes: [],
  };
}

/** Where the token is a JWT that tells its end. One that seems over works all the same, so the clocks differ. */
function endOf(token: string, now: number): number {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const end = claims.safeParse(parseJson(payload)).data?.exp;
  return end !== undefined && end * 1000 > now ? end * 1000 : Infinity;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
