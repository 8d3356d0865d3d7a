import type { JSONRPCMessage } from '@modelcontextprotocol/server';

/** A message as it goes out: text, or pieces of bytes that were made beforehand. */
export type Wire = string | Buffer[];

const prepared = new WeakMap<object, Buffer>();

/** Makes the JSON of a result once, for all answers that will carry it. The result must not change afterwards. */
export function prepare<R extends object>(result: R): R {
  prepared.set(result, Buffer.from(JSON.stringify(result)));
  return result;
}

/** The JSON of a message. A prepared result inside it is neither serialized nor copied again. */
export function toWire(message: JSONRPCMessage): Wire {
  const ready = 'result' in message ? prepared.get(message.result) : undefined;
  if (ready === undefined || !('id' in message)) return JSON.stringify(message);
  return [Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":`), ready, closing];
}

export function toText(wire: Wire): string {
  return typeof wire === 'string' ? wire : Buffer.concat(wire).toString('utf8');
}

const closing = Buffer.from('}');
