import type { FastifyRequest } from 'fastify';
import { Fault } from '../base/fault.ts';
import type { Caller } from '../gateway/caller.ts';
import type { ClientKeys } from './client-keys.ts';
import { header } from './error-form.ts';

export interface KeySettings {
  keys: boolean;
  keyInPath: boolean;
}

/** Finds out who sends a request, or throws `key_required`. The key may stand in two headers or, by setting, the path. */
export async function identify(request: FastifyRequest, clientKeys: ClientKeys, settings: KeySettings): Promise<Caller> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
  // A client may bring its own Feishu token; the gateway's key then needs another place.
  const manualToken = bearer?.startsWith('u-') ? bearer : null;
  const secret = header(request, 'x-larkgate-key') ?? (manualToken ? undefined : bearer) ?? keyInPath(request, settings);
  const key = secret === undefined ? undefined : await clientKeys.verify(secret);
  if (!key && settings.keys) throw new Fault('key_required');
  return { keyId: key?.id ?? 'none', accountId: key?.accountId ?? null, address: request.socket.remoteAddress ?? 'unknown', manualToken };
}

function keyInPath(request: FastifyRequest, settings: KeySettings): string | undefined {
  const { params } = request;
  if (!settings.keyInPath || typeof params !== 'object' || params === null || !('key' in params)) return undefined;
  return typeof params.key === 'string' ? params.key : undefined;
}
