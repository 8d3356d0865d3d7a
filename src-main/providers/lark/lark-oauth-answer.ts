import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer } from '../../base/http-client.ts';
import type { Person, TokenSet } from '../../tokens/credential.ts';
import { larkOauthCodes, larkOauthNames } from './lark-oauth-codes.ts';

type Answer = Pick<HttpAnswer, 'status' | 'headers' | 'body'>;

/** What was asked for: a refusal means something else in each case. */
export type Asked = 'sign_in' | 'renewal';

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

const refusalSchema = z.object({
  code: z.coerce.number().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  challenge_url: z
    .url({ protocol: /^https$/ })
    .optional()
    .catch(undefined),
});

const accessSeconds = { usual: 7200, least: 60, most: 24 * 3600 };
const refreshSeconds = { usual: 7 * 24 * 3600, least: 60, most: 400 * 24 * 3600 };

/** Reads what a token endpoint (v2 or v3) answered. Throws a Fault for everything but usable tokens. */
export function readTokenAnswer(answer: Answer, asked: Asked, now: number): TokenSet {
  const tokens = tokenBodySchema.safeParse(readBody(answer, asked)).data;
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
export function readPersonAnswer(answer: Answer): Person {
  const body = z.object({ data: personSchema }).safeParse(readBody(answer, 'sign_in')).data;
  if (!body) throw unreadable(answer);
  const { data } = body;
  return {
    unionId: data.union_id,
    openId: data.open_id,
    name: data.name || data.en_name || data.open_id,
    avatarUrl: data.avatar_url,
    tenantKey: data.tenant_key,
  };
}

/** The body of a "yes". Feishu says "no" with any status, 200 included, and a `code` that is not 0. */
function readBody(answer: Answer, asked: Asked): unknown {
  const body = parseJson(answer.body.toString('utf8'));
  const refusal = refusalSchema.safeParse(body).data;
  const code = refusal?.code ?? (refusal?.error === undefined ? 0 : (larkOauthNames.get(refusal.error) ?? -1));
  if (answer.status === 429 || code === 99991400) throw busy(answer);
  if (code !== 0) throw refused(code, answer, { asked, link: refusal?.challenge_url });
  if (!refusal || answer.status !== 200) throw unreadable(answer);
  return body;
}

function refused(code: number, answer: Answer, about: { asked: Asked; link: string | undefined }): Fault {
  const known = larkOauthCodes.get(code);
  const details = {
    code,
    ...logIdOf(answer),
    ...(known?.spent && { spent: true }),
    ...(about.link !== undefined && { link: about.link }),
  };
  if (!known) return answer.status >= 500 ? unreadable(answer) : new Fault('upstream_refused', { details });
  const fault = about.asked === 'renewal' && known.endsSignIn ? 'sign_in_again' : known.fault;
  return new Fault(fault, { words: known.words, details });
}

function busy(answer: Answer): Fault {
  const seconds = Number(answer.headers['x-ogw-ratelimit-reset'] ?? answer.headers['retry-after']);
  return new Fault('upstream_busy', {
    details: { code: 99991400, ...logIdOf(answer) },
    ...(seconds > 0 && { retryAfterMs: Math.min(seconds, 300) * 1000 }),
  });
}

/** A page, a proxy's answer, a cut body: nothing in it may be believed or shown. */
function unreadable(answer: Answer): Fault {
  return new Fault('upstream_broken', { details: { status: answer.status, ...logIdOf(answer) } });
}

function logIdOf(answer: Answer): { logId?: string } {
  const logId = answer.headers['x-tt-logid'];
  return logId === undefined ? {} : { logId: logId.slice(0, 100) };
}

/** Feishu's numbers are believed within bounds; what is no number counts as the usual. */
function readSeconds(value: unknown, bounds: { usual: number; least: number; most: number }): number {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return bounds.usual;
  return Math.min(Math.max(seconds, bounds.least), bounds.most);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
