import { z } from 'zod';
import type { DeviceGrant, DevicePoll } from '../../tokens/issuer.ts';
import { readTokenAnswer } from './lark-oauth-answer.ts';
import { errorName, type OauthAnswer, readOauthBody, readSeconds, unreadable } from './lark-oauth-body.ts';
import { verificationLink } from './verification-link.ts';

const grantSchema = z.object({
  device_code: z.string().min(1).max(4096),
  /** What RFC 8628 calls the user code: short, and shown as it is. */
  user_code: z.string().regex(/^[\w-]{1,40}$/),
  verification_uri: verificationLink,
  verification_uri_complete: verificationLink.optional(),
  expires_in: z.unknown().optional(),
  interval: z.unknown().optional(),
});

const lifeSeconds = { usual: 240, least: 30, most: 3600 };
const intervalSeconds = { usual: 5, least: 1, most: 60 };

/** Reads what the device authorization endpoint answered (RFC 8628, section 3.2). */
export function readDeviceGrant(answer: OauthAnswer): DeviceGrant {
  const grant = grantSchema.safeParse(readOauthBody(answer, 'sign_in')).data;
  if (!grant) throw unreadable(answer);
  return {
    deviceCode: grant.device_code,
    userCode: grant.user_code,
    url: new URL(grant.verification_uri_complete ?? grant.verification_uri),
    expiresInMs: readSeconds(grant.expires_in, lifeSeconds) * 1000,
    intervalMs: readSeconds(grant.interval, intervalSeconds) * 1000,
  };
}

/** Reads what the token endpoint answered to a device code (RFC 8628, section 3.5). */
export function readDevicePoll(answer: OauthAnswer, now: number): DevicePoll {
  const error = errorName(answer);
  if (error === 'authorization_pending') return { kind: 'pending' };
  if (error === 'slow_down') return { kind: 'slow_down' };
  return { kind: 'granted', tokens: readTokenAnswer(answer, 'device', now) };
}
