import { z } from 'zod';
import type { HttpAnswer } from '../../base/http-client.ts';
import { type Meaning, meaningOf } from './dingtalk-codes.ts';
import { Refusal } from './refusal.ts';

type Received = Pick<HttpAnswer, 'status' | 'headers' | 'body'>;

export interface DingtalkAnswer {
  data: Record<string, unknown>;
  requestId: string | undefined;
}

const text = z.string().optional().catch(undefined);
const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

/** Errors of the current API, of the older host, and of the guard before both (no `code` there). */
const envelope = z.looseObject({
  code: word,
  message: text,
  requestid: text,
  requestId: text,
  success: z.boolean().optional().catch(undefined),
  errcode: word,
  errmsg: text,
  sub_code: word,
  sub_msg: text,
  punish: z.unknown().optional(),
  accessdenieddetail: z
    .looseObject({ requiredScopes: z.array(z.string()).catch([]) })
    .optional()
    .catch(undefined),
});

type Envelope = z.infer<typeof envelope>;

/** Reads what DingTalk said. Throws a Refusal unless it is a success in the shape of its API. */
export function readAnswer(answer: Received): DingtalkAnswer {
  const parsed = envelope.safeParse(parseJson(answer.body));
  if (!parsed.success) throw unreadable(answer);
  const body = parsed.data;
  const requestId = body.requestid ?? body.requestId;
  if (body.punish !== undefined || body['status'] === 1111)
    throw new Refusal({ meaning: 'banned', status: answer.status });
  const failed = answer.status >= 400 || body.success === false || (body.errcode !== undefined && body.errcode !== '0');
  if (failed) throw refused(answer.status, body, requestId);
  return { data: body, requestId };
}

function refused(status: number, body: Envelope, requestId: string | undefined): Refusal {
  const code = body.code ?? oldCode(body);
  const meaning = oldMeanings[body.sub_code ?? body.errcode ?? ''] ?? meaningOf(status, code ?? '');
  return new Refusal({
    meaning,
    code,
    status,
    requestId,
    message: body.message ?? body.sub_msg ?? body.errmsg,
    requiredScopes: body.accessdenieddetail?.requiredScopes ?? [],
    maybeDone: meaning === 'failed',
  });
}

function oldCode({ errcode, sub_code }: Envelope): string | undefined {
  return sub_code === undefined ? errcode : `${errcode ?? ''}/${sub_code}`;
}

/** The older host numbers its errors. */
const oldMeanings: Readonly<Record<string, Meaning>> = {
  40001: 'auth',
  40014: 'auth',
  42001: 'auth',
  60011: 'permission',
  60020: 'permission',
  90018: 'busy',
  90002: 'crowded',
  90020: 'quota',
};

/** A page or nothing where an answer should be. What it says stays unsaid: it may be anybody's. */
function unreadable({ status, headers, body }: Received): Refusal {
  const isPage = /html/i.test(headers['content-type'] ?? '') || /^\s*</.test(utf8.decode(body.subarray(0, 200)));
  if (status >= 500) return new Refusal({ meaning: 'failed', status, maybeDone: true });
  if (isPage) return new Refusal({ meaning: 'banned', status });
  if (status === 429) return new Refusal({ meaning: 'crowded', status });
  return new Refusal({ meaning: 'unknown', status, maybeDone: status < 400, words: garbled });
}

const garbled = { zh: '钉钉返回了无法理解的内容。', en: 'DingTalk answered with something that cannot be understood.' };

/** Drops a byte order mark and replaces what is not UTF-8. */
const utf8 = new TextDecoder();

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
}
