import type { FastifyRequest } from 'fastify';
import { header } from './error-form.ts';

export function cookie(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (header(request, 'cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** A cookie that no script can read. `Lax` lets it come along when Feishu sends the browser back; `Strict` never. */
export function cookieHeader(
  name: string,
  value: string,
  options: { sameSite: 'Lax' | 'Strict'; path: string; seconds: number },
): string {
  return `${name}=${value}; Path=${options.path}; Max-Age=${options.seconds}; HttpOnly; SameSite=${options.sameSite}`;
}
