import { randomBytes } from 'node:crypto';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token in the shape of a JWT, signed by nobody. */
export function makeJwt(claims: Record<string, unknown>): string {
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
}
