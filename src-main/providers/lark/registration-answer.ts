import { z } from 'zod';
import { type OauthAnswer, readOauthBody, readSeconds, unreadable } from './lark-oauth-body.ts';
import { verificationLink } from './verification-link.ts';

/** What app registration answers to `begin`, as far as it matters. */
export interface RegistrationGrant {
  deviceCode: string;
  link: string;
  lifeMs: number;
  intervalMs: number;
}

const grantSchema = z.object({
  device_code: z.string().min(1).max(4096),
  verification_uri_complete: verificationLink,
  expires_in: z.unknown().optional(),
  interval: z.unknown().optional(),
});

const lifeSeconds = { usual: 600, least: 30, most: 3600 };
const intervalSeconds = { usual: 5, least: 1, most: 60 };

export function readRegistrationGrant(answer: OauthAnswer): RegistrationGrant {
  const grant = grantSchema.safeParse(readOauthBody(answer, 'sign_in')).data;
  if (!grant) throw unreadable(answer);
  return {
    deviceCode: grant.device_code,
    link: grant.verification_uri_complete,
    lifeMs: readSeconds(grant.expires_in, lifeSeconds) * 1000,
    intervalMs: readSeconds(grant.interval, intervalSeconds) * 1000,
  };
}

const pollSchema = z.object({
  client_id: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
  client_secret: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/)
    .optional(),
  user_info: z.object({ tenant_brand: z.enum(['feishu', 'lark']).optional().catch(undefined) }).optional(),
  error: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional(),
});

/** What app registration answers to `poll`: the app, that the person belongs to Lark, or an error of RFC 8628. */
export type RegistrationPoll = z.infer<typeof pollSchema>;

/** Errors of the moment (RFC 6749, 4.1.2.1): the registration goes on. */
const passing = new Set(['server_error', 'temporarily_unavailable']);

/** Throws for an answer that says nothing about the registration: a page, a limit, a failure. */
export function readRegistrationPoll(answer: OauthAnswer): RegistrationPoll {
  const poll = pollSchema.safeParse(parseJson(answer)).data;
  if (answer.status === 429 && poll?.error === undefined) return { error: 'slow_down' };
  const said = poll && (poll.error ?? poll.client_secret ?? poll.user_info?.tenant_brand);
  if (said === undefined || passing.has(said)) throw unreadable(answer);
  return poll ?? {};
}

function parseJson({ body }: OauthAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
