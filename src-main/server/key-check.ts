import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import type { Caller } from '../gateway/caller.ts';
import type { ClientKeys } from './client-keys.ts';
import { header } from './error-form.ts';

export interface KeySettings {
  keys: boolean;
  keyInPath: boolean;
}

/** Finds out who sends a request, or throws `key_required`. The key may stand in two headers or, by setting, the path. */
export async function identify(
  request: FastifyRequest,
  clientKeys: ClientKeys,
  settings: KeySettings,
): Promise<Caller> {
  const { secret, manualToken } = readProof(request, settings);
  const key = secret === undefined ? undefined : await clientKeys.verify(secret);
  if (!key && settings.keys) throw new Fault('key_required');
  const { id: keyId, accountId } = key ?? { id: 'none', accountId: null };
  return { keyId, accountId, address: request.socket.remoteAddress ?? 'unknown', manualToken };
}

/** A client may bring its own Feishu token as the bearer; the gateway's key then needs another place. */
function readProof(
  request: FastifyRequest,
  settings: KeySettings,
): { secret: string | undefined; manualToken: string | null } {
  const bearer = /^Bearer\s+(\S+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
  const isOwn = bearer?.startsWith('u-') ?? false;
  const elsewhere =
    header(request, 'x-larkgate-key') ?? (settings.keyInPath ? pathKey.parse(request.params).key : undefined);
  return { secret: elsewhere ?? (isOwn ? undefined : bearer), manualToken: isOwn ? (bearer ?? null) : null };
}

const pathKey = z.object({ key: z.string().optional() }).catch({});
