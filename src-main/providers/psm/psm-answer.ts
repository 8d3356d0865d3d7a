import { z } from 'zod';
import type { HttpAnswer } from '../../base/http-client.ts';
import { garbled, jwtRefused, serviceDown, Trouble } from './psm-trouble.ts';

const text = z.string().catch('');

/** One service of a registry. Fields that we do not know are kept; those that are missing are empty. */
const serviceSchema = z.looseObject({
  psm: z.string().min(1),
  node_id: z.union([z.number(), z.string()]).nullable().catch(null),
  type: text,
  framework: text,
  service_chinese_name: text,
  description: text,
  owners: text,
  deployment_platform: text,
  level: text,
  platform_types: z.record(z.string(), z.unknown()).catch({}),
});

export type Service = z.infer<typeof serviceSchema>;

const answerSchema = z.looseObject({
  error_code: z.coerce.number().catch(0),
  error_type: text,
  error_message: text,
  data: z
    .array(z.unknown())
    .nullish()
    .catch([])
    .transform((items) => (items ?? []).flatMap((item) => serviceSchema.safeParse(item).data ?? [])),
});

/** The services that a registry found. Throws a Trouble. */
export function readServices({ status, body }: Pick<HttpAnswer, 'status' | 'body'>): Service[] {
  if (status === 401) throw refusedJwt(status);
  const parsed = answerSchema.safeParse(parseJson(body));
  if (status >= 500) throw new Trouble({ kind: 'SERVICE_ERROR', words: serviceDown, code: status });
  // A page: its answer is not ours.
  if (!parsed.success) throw new Trouble({ kind: 'SERVICE_ERROR', words: garbled, code: status });
  const { error_code, error_type, error_message, data } = parsed.data;
  if (error_code === 401 || error_type === 'AUTH_ERROR') throw refusedJwt(401);
  if (error_code !== 0 || status >= 400) throw refusal(error_code || status, error_type, error_message);
  return data;
}

/** The JWT that came with an answer, or undefined where a page asks the person to sign in. */
export function readJwt({ headers }: Pick<HttpAnswer, 'headers'>): string | undefined {
  const jwt = headers['x-jwt-token']?.trim();
  // What else is in a header could break out of the next one.
  return jwt !== undefined && /^[\x21-\x7e]{1,8192}$/.test(jwt) ? jwt : undefined;
}

function refusedJwt(code: number): Trouble {
  return new Trouble({ kind: 'AUTH_ERROR', words: jwtRefused, code });
}

function refusal(code: number, type: string, message: string): Trouble {
  const said = message.replaceAll(/\p{C}/gu, ' ').trim().slice(0, 200);
  return new Trouble({
    kind: type === 'SERVICE_ERROR' ? 'SERVICE_ERROR' : 'BUSINESS_ERROR',
    code,
    // Its own number is no HTTP status.
    passing: false,
    words: {
      zh: `内网服务拒绝了查询：${said || code}`,
      en: `The intranet service refused the search: ${said || code}`,
    },
  });
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
