import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer } from '../../base/http-client.ts';
import type { FaultCode } from '../../contract/fault-codes.ts';
import type { ConsolePlace } from './console-pages.ts';
import { type Meaning, meaningOf } from './lark-codes.ts';
import type { Failure } from './next-step.ts';
import { acceptedScopes, enablingPage, scopeWords } from './permission-facts.ts';

interface Facts {
  /** Feishu's own code; null when there was none to read. */
  code: number | null;
  logId: string | null;
}

/** What Feishu said: data, or a fault with what would help. */
export type LarkAnswer = Facts & ({ data: unknown; fault?: undefined } | Failure);

const text = z.string().catch('');

/** Feishu docs, "Calling process": `{code, msg, data, error}`. Codes come as text here and there. */
const envelope = z.looseObject({
  code: z.union([
    z.int(),
    z
      .string()
      .regex(/^-?\d{1,12}$/)
      .transform(Number),
  ]),
  msg: text,
  data: z.unknown().optional(),
  error: z
    .looseObject({
      log_id: text,
      permission_violations: z.array(z.looseObject({ subject: text })).catch([]),
      field_violations: z.array(z.looseObject({ field: text, description: text })).catch([]),
    })
    .optional()
    .catch(undefined),
});

type Envelope = z.infer<typeof envelope>;

/**
 * Reads an answer of the open platform. Decides only; whoever sends acts on the remedy. `app` is the one that the token
 * belongs to, where it is known.
 */
export function readLarkAnswer(
  answer: Pick<HttpAnswer, 'status' | 'headers' | 'body'>,
  app?: ConsolePlace,
): LarkAnswer {
  const fromHeader = shortened(answer.headers['x-tt-logid']);
  const parsed = envelope.safeParse(parseJson(answer.body));
  if (!parsed.success) return unreadable(answer, fromHeader);
  const body = parsed.data;
  const logId = fromHeader ?? shortened(body.error?.log_id);
  if (body.code === 0 && answer.status < 400) return { data: dataOf(body), code: 0, logId };
  return { ...refusal(answer, body, { logId, app }), code: body.code, logId };
}

/** A log id is recorded with every call, so it must not be anything long. */
function shortened(logId: string | undefined): string | null {
  return logId ? logId.slice(0, 128) : null;
}

/** The old services put their fields beside the code instead of into `data`. */
function dataOf(body: Envelope): unknown {
  if (body.data !== undefined && body.data !== null) return body.data;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !['code', 'msg', 'data', 'error'].includes(name)));
}

/** Drops a byte order mark and replaces what is not UTF-8. */
const utf8 = new TextDecoder();

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}

/** HTML, nothing, or another shape than Feishu's. The body stays unsaid: it may be anybody's. */
function unreadable({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>, logId: string | null): LarkAnswer {
  const details = { status, contentType: headers['content-type']?.slice(0, 100) ?? null, logId };
  const facts = { code: null, logId };
  if (status === 429) return { ...busy(headers, details), ...facts };
  if (status >= 500)
    return { fault: new Fault('upstream_failed', { details }), remedy: 'retry', maybeDone: true, ...facts };
  // A refusal (4xx) did nothing; a page where an answer should be tells nothing.
  return { fault: new Fault('upstream_broken', { details }), remedy: 'none', maybeDone: status < 400, ...facts };
}

function refusal(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  body: Envelope,
  { logId, app }: { logId: string | null; app: ConsolePlace | undefined },
): Failure {
  const known = meaningOf(body.code, body.msg);
  const means = meaningWith(status, known.means);
  const details = { status, code: body.code, msg: printable(body.msg), logId };
  if (means === 'busy') return busy(headers, { ...details, ...fieldsOf(body) });
  if (means === 'scope' || means === 'app_scope') return permission(means, body, { details, app });
  const fault = new Fault(faultOf[means], {
    details: { ...details, ...fieldsOf(body) },
    ...(known.words && { words: known.words }),
  });
  return { fault, remedy: remedyOf[means] ?? 'none', maybeDone: means === 'failed' };
}

/** A permission is missing: what the person or the app has to get, of which any one is enough, and where. */
function permission(
  means: 'scope' | 'app_scope',
  { msg, error }: Envelope,
  { details, app }: { details: Record<string, unknown>; app: ConsolePlace | undefined },
): Failure {
  const anyOf = acceptedScopes(error?.permission_violations ?? [], msg);
  const consoleUrl = means === 'app_scope' ? enablingPage(app, anyOf) : undefined;
  const words = scopeWords(means, anyOf);
  const fault = new Fault(faultOf[means], {
    details: { ...details, anyOf, ...(consoleUrl !== undefined && { consoleUrl }) },
    ...(words && { words }),
  });
  return { fault, remedy: 'none', maybeDone: false };
}

/** The HTTP status matters where the code says nothing. */
function meaningWith(status: number, means: Meaning): Meaning {
  if (means !== 'refused') return means;
  if (status === 429) return 'busy';
  return status >= 500 ? 'failed' : means;
}

const faultOf: Record<Meaning, FaultCode> = {
  token: 'sign_in_again',
  sign_in: 'sign_in_again',
  scope: 'scope_required',
  app_scope: 'app_scope_required',
  busy: 'upstream_busy',
  contended: 'upstream_busy',
  failed: 'upstream_failed',
  quota: 'quota_exhausted',
  credentials: 'app_credentials',
  app_unavailable: 'app_unavailable',
  refused: 'upstream_refused',
};

const remedyOf: Partial<Record<Meaning, Failure['remedy']>> = { token: 'renew', contended: 'wait', failed: 'retry' };

function busy(headers: Record<string, string>, details: Record<string, unknown>): Failure {
  const retryAfterMs = retryAfter(headers);
  const fault = new Fault('upstream_busy', { details, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  return { fault, remedy: 'wait', maybeDone: false };
}

/** Milliseconds to wait. Feishu's own header counts seconds; so does the Retry-After (RFC 9110 10.2.3) it sends. */
function retryAfter(headers: Record<string, string>): number | undefined {
  const seconds = headers['x-ogw-ratelimit-reset'] ?? headers['retry-after'];
  return seconds !== undefined && /^\d{1,6}$/.test(seconds.trim()) ? Number(seconds) * 1000 : undefined;
}

/** The fields at fault. A violation's `value` is left out: it is what the person wrote. */
function fieldsOf({ error }: Envelope): Record<string, unknown> {
  const fields = (error?.field_violations ?? []).slice(0, 20);
  if (fields.length === 0) return {};
  return {
    fields: fields.map(({ field, description }) => ({ field: printable(field), problem: printable(description) })),
  };
}

/** Another's text, short and without control characters. */
function printable(foreign: string): string {
  return foreign.replaceAll(/\p{C}/gu, ' ').trim().slice(0, 300);
}
