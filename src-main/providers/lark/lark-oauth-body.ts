import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer } from '../../base/http-client.ts';
import { larkOauthCodes, larkOauthEnds, larkOauthNames, type OauthCode } from './lark-oauth-codes.ts';

export type OauthAnswer = Pick<HttpAnswer, 'status' | 'headers' | 'body'>;

/** What was asked for: a refusal means something else in each case. */
export type Asked = 'sign_in' | 'renewal' | 'device';

const refusalSchema = z.object({
  code: z.coerce.number().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  challenge_url: z
    .url({ protocol: /^https$/ })
    .optional()
    .catch(undefined),
});
type Refusal = z.infer<typeof refusalSchema>;

/** The body of a "yes". Feishu says "no" with any status, 200 included, and a `code` that is not 0: that is thrown. */
export function readOauthBody(answer: OauthAnswer, asked: Asked): unknown {
  const body = parseJson(answer);
  const refusal = refusalSchema.safeParse(body).data;
  const code = refusal ? codeOf(refusal) : 0;
  if (answer.status === 429 || code === 99991400) throw busy(answer);
  if (refusal && code !== 0) throw refused(code, answer, { ...refusal, asked });
  if (!refusal || answer.status !== 200) throw unreadable(answer);
  return body;
}

/** The name of an error (RFC 6749), whatever else the answer says. */
export function errorName(answer: OauthAnswer): string | undefined {
  return refusalSchema.safeParse(parseJson(answer)).data?.error;
}

function codeOf({ code, error }: Refusal): number {
  if (code !== undefined && code !== 0) return code;
  return error === undefined ? 0 : (larkOauthNames.get(error) ?? -1);
}

function refused(code: number, answer: OauthAnswer, about: Refusal & { asked: Asked }): Fault {
  const { asked, error = '', challenge_url } = about;
  const known = larkOauthCodes.get(code);
  const details = {
    ...(code > 0 && { code }),
    ...logIdOf(answer),
    ...(known?.spent && { spent: true }),
    ...(challenge_url !== undefined && { link: challenge_url }),
  };
  const ended = asked === 'renewal' ? undefined : larkOauthEnds.get(error);
  if (ended) return new Fault(ended, { details });
  if (known) return faultOf(known, asked, details);
  return answer.status >= 500 ? unreadable(answer) : new Fault('upstream_refused', { details });
}

function faultOf(known: OauthCode, asked: Asked, details: Record<string, unknown>): Fault {
  if (asked === 'device' && known.grantOver) return new Fault('login_expired', { details });
  const code = asked === 'renewal' && known.endsSignIn ? 'sign_in_again' : known.fault;
  return new Fault(code, { words: known.words, details });
}

function busy(answer: OauthAnswer): Fault {
  const seconds = Number(answer.headers['x-ogw-ratelimit-reset'] ?? answer.headers['retry-after']);
  return new Fault('upstream_busy', {
    details: { code: 99991400, ...logIdOf(answer) },
    ...(seconds > 0 && { retryAfterMs: Math.min(seconds, 300) * 1000 }),
  });
}

/** A page, a proxy's answer, a cut body: nothing in it may be believed or shown. */
export function unreadable(answer: OauthAnswer): Fault {
  return new Fault('upstream_broken', { details: { status: answer.status, ...logIdOf(answer) } });
}

function logIdOf(answer: OauthAnswer): { logId?: string } {
  const logId = answer.headers['x-tt-logid'];
  return logId === undefined ? {} : { logId: logId.slice(0, 100) };
}

/** Feishu's numbers are believed within bounds; what is no number counts as the usual. */
export function readSeconds(value: unknown, bounds: { usual: number; least: number; most: number }): number {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || Number.isNaN(seconds)) return bounds.usual;
  return Math.min(Math.max(seconds, bounds.least), bounds.most);
}

function parseJson({ body }: OauthAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
