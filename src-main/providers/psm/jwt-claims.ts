import { z } from 'zod';

const claims = z.looseObject({ exp: z.number().positive() });

/** When a JWT says that it ends, in milliseconds since 1970. Its signature is not ours to check. */
export function expiryOf(jwt: string): number | undefined {
  const [, payload] = jwt.split('.');
  if (payload === undefined) return undefined;
  try {
    const parsed = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
