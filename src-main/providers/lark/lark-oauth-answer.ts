import { z } from 'zod';
import type { Person, TokenSet } from '../../tokens/credential.ts';
import { type Asked, type OauthAnswer, readOauthBody, readSeconds, unreadable } from './lark-oauth-body.ts';

/** Tokens go into HTTP headers as they are, so they must be visible ASCII. */
const tokenText = z.string().regex(/^[\x21-\x7e]{1,16384}$/);

const tokenBodySchema = z.object({
  access_token: tokenText,
  expires_in: z.unknown().optional(),
  refresh_token: tokenText.optional().catch(undefined),
  refresh_token_expires_in: z.unknown().optional(),
  scope: z.string().catch(''),
});

const personSchema = z.object({
  union_id: z.string().min(1),
  open_id: z.string().min(1),
  name: z.string().catch(''),
  en_name: z.string().catch(''),
  avatar_url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .catch(null),
  tenant_key: z.string().min(1).nullable().catch(null),
});

const accessSeconds = { usual: 7200, least: 60, most: 24 * 3600 };
const refreshSeconds = { usual: 7 * 24 * 3600, least: 60, most: 400 * 24 * 3600 };

/** Reads what a token endpoint (v2 or v3) answered. Throws a Fault for everything but usable tokens. */
export function readTokenAnswer(answer: OauthAnswer, asked: Asked, now: number): TokenSet {
  const tokens = tokenBodySchema.safeParse(readOauthBody(answer, asked)).data;
  if (!tokens) throw unreadable(answer);
  const date = Date.parse(answer.headers.date ?? '');
  const refreshToken = tokens.refresh_token ?? null;
  return {
    accessToken: tokens.access_token,
    accessExpiresAt: now + readSeconds(tokens.expires_in, accessSeconds) * 1000,
    refreshToken,
    refreshExpiresAt:
      refreshToken === null ? null : now + readSeconds(tokens.refresh_token_expires_in, refreshSeconds) * 1000,
    scopes: tokens.scope.split(/\s+/).filter(Boolean),
    ...(!Number.isNaN(date) && { clockSkewMs: now - date }),
  };
}

/** Reads what user_info answered. */
export function readPersonAnswer(answer: OauthAnswer): Person {
  const body = z.object({ data: personSchema }).safeParse(readOauthBody(answer, 'sign_in')).data;
  if (!body) throw unreadable(answer);
  const { data } = body;
  return {
    unionId: data.union_id,
    openId: data.open_id,
    name: plainName(data.name) || plainName(data.en_name) || data.open_id,
    avatarUrl: data.avatar_url,
    tenantKey: data.tenant_key,
  };
}

/** On one line and not endless, without marks that turn the direction of writing: it is shown on pages and in terminals. */
function plainName(name: string): string {
  return name
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, 100);
}
