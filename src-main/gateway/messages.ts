import { type JSONRPCMessage, type JSONRPCRequest, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import { Fault } from '../base/fault.ts';

export interface MessageLimits {
  batch: number;
}

/** Reads a request body as JSON: `malformed_json`, or `invalid_request` where it is deeper or wider than any honest one. */
export function parseBody(body: Buffer): unknown {
  if (!isModest(body)) throw new Fault('invalid_request', { words: tooComplex });
  const text = body.toString('utf8');
  try {
    return dangerousKey.test(text) ? JSON.parse(text, dropDangerousKeys) : JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the body.
    throw error instanceof Fault ? error : new Fault('malformed_json');
  }
}

/** The JSON-RPC messages of a parsed body. A batch is refused unless `batches` allows it. */
export function readMessages(body: unknown, limits: MessageLimits, batches: boolean): JSONRPCMessage[] {
  if (!Array.isArray(body)) return [readMessage(body)];
  if (!batches) throw new Fault('invalid_request', { words: noBatches });
  if (body.length === 0 || body.length > limits.batch) {
    throw new Fault('invalid_request', { words: batchSize(limits.batch) });
  }
  return body.map((entry) => readMessage(entry));
}

/** Tells requests from the other messages that `readMessages` let through. */
export function isRequest(message: JSONRPCMessage): message is JSONRPCRequest {
  return 'method' in message && 'id' in message;
}

function readMessage(value: unknown): JSONRPCMessage {
  try {
    return parseJSONRPCMessage(value);
  } catch {
    throw new Fault('invalid_request');
  }
}

const maxDepth = 64;
const maxMembers = 200_000;
const dangerousKey = /"(?:__proto__|constructor|prototype)"\s*:/;

function dropDangerousKeys(key: string, value: unknown): unknown {
  return key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value;
}

/** Counts brackets and commas outside of strings, before anything is built from them. */
function isModest(body: Buffer): boolean {
  let depth = 0;
  let members = 0;
  let inString = false;
  for (let at = 0; at < body.length && depth <= maxDepth && members <= maxMembers; at += 1) {
    const byte = body[at];
    if (byte === quote) inString = !inString;
    else if (inString) at += byte === backslash ? 1 : 0;
    else if (byte === comma) members += 1;
    else depth += nesting.get(byte) ?? 0;
  }
  return depth <= maxDepth && members <= maxMembers;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const nesting = new Map<number | undefined, number>([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);

const tooComplex = {
  zh: `请求体嵌套超过 ${maxDepth} 层或成员过多。`,
  en: `The body nests deeper than ${maxDepth} levels or has too many members.`,
};

const noBatches = {
  zh: '此协议版本不支持批量请求，请逐个发送。',
  en: 'This protocol version has no batches. Send the requests one by one.',
};

const batchSize = (limit: number) => ({
  zh: `一个批次必须有 1 到 ${limit} 条消息。`,
  en: `A batch must hold 1 to ${limit} messages.`,
});
