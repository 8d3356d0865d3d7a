import type { JSONRPCMessage } from '@modelcontextprotocol/server';

const texts = new WeakMap<object, string>();

/** Makes the JSON of a result once. The result must not change afterwards. */
export function prepare<R extends object>(result: R): R {
  texts.set(result, JSON.stringify(result));
  return result;
}

/** The JSON of a message; a prepared result inside it is not serialized again. */
export function toText(message: JSONRPCMessage): string {
  const ready = 'result' in message ? texts.get(message.result) : undefined;
  if (ready === undefined || !('id' in message)) return JSON.stringify(message);
  return `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${ready}}`;
}
