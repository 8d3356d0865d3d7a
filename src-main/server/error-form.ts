import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../base/fault.ts';
import type { FaultCode } from '../contract/fault-codes.ts';

/** Fastify's own refusals, in our words. */
const fastifyCodes: Record<string, FaultCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'not_found',
};

export function toFault(thrown: unknown): Fault {
  const code =
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
      ? fastifyCodes[thrown.code]
      : undefined;
  if (code) return new Fault(code, { cause: thrown });
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500;
  // What the framework puts down to the client is no failure of ours.
  if (status === 403 || status === 404) return new Fault('not_found', { cause: thrown });
  return status >= 400 && status < 500 ? new Fault('invalid_request', { cause: thrown }) : Fault.from(thrown);
}

/** The one HTTP form of a fault: a JSON-RPC error, whose data is the fault's body. `id` is the request's where known. */
export function sendFault(reply: FastifyReply, fault: Fault, id: string | number | null = null): FastifyReply {
  const { kind } = fault;
  if (fault.retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(fault.retryAfterMs / 1000)));
  if (kind.http === 401) reply.header('www-authenticate', 'Bearer realm="LarkGate"');
  // The rest of a body that was refused halfway is not worth reading.
  if (kind.http === 413 || kind.http === 415) reply.header('connection', 'close');
  return reply
    .code(kind.http)
    .header('content-type', 'application/json')
    .header('cache-control', 'no-store')
    .send(
      JSON.stringify({ jsonrpc: '2.0', id, error: { code: kind.rpc, message: fault.words.en, data: fault.toBody() } }),
    );
}

/** The id to answer to: that of a single request, null for everything else. */
export function requestId(body: unknown): string | number | null {
  if (typeof body !== 'object' || body === null || !('id' in body)) return null;
  return typeof body.id === 'string' || typeof body.id === 'number' ? body.id : null;
}

export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
