import { type Answer, type Refusal, json } from '../wire/envelope.ts';
import { deviceCodes } from './device-code.ts';

/** The flat form in which the OAuth endpoints say no. */
export function oauthRefusal(refusal: Refusal): Answer {
  const answer = json(
    { code: refusal.code, error: oauthError(refusal.code), error_description: refusal.message },
    refusal.status,
    refusal.code,
  );
  return { ...answer, headers: { ...answer.headers, ...refusal.options.headers } };
}

const names = new Map<number, string>([
  [20_036, 'unsupported_grant_type'],
  [20_050, 'server_error'],
  [20_072, 'temporarily_unavailable'],
  [20_074, 'unauthorized_client'],
  ...[20_002, 20_048, 20_009, 20_069].map((code): [number, string] => [code, 'invalid_client']),
  ...[20_001, 20_063, 20_070].map((code): [number, string] => [code, 'invalid_request']),
  ...[20_067, 20_068].map((code): [number, string] => [code, 'invalid_scope']),
  [deviceCodes.pending, 'authorization_pending'],
  [deviceCodes.slowDown, 'slow_down'],
  [deviceCodes.denied, 'access_denied'],
  [deviceCodes.expired, 'expired_token'],
]);

/** The name of RFC 6749 or RFC 8628 beside Feishu's code. */
function oauthError(code: number): string {
  return names.get(code) ?? 'invalid_grant';
}
