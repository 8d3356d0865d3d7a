import { type BridgeTrouble, textOf, wordsOf } from './bridge-words.ts';

export type RequestId = string | number;

/** A JSON-RPC message of the client, as far as the bridge looks into it. `text` is what travels. */
export interface Message {
  text: string;
  /** Absent in notifications. */
  id: RequestId | undefined;
  /** Absent in answers to what the server asked. */
  method: string | undefined;
  params: Readonly<Record<string, unknown>>;
  /** The revision that a message of the era without sessions says it is of. */
  modernVersion: string | undefined;
}

const versionKey = 'io.modelcontextprotocol/protocolVersion';

/** The messages of one line: one, or a batch. Undefined when it is no JSON. */
export function readMessages(line: string): Message[] | undefined {
  const value = parseJson(line);
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map((one) => messageOf(JSON.stringify(one), one)) : [messageOf(line, value)];
}

function messageOf(text: string, value: unknown): Message {
  const { id, method, params } = asRecord(value);
  const fields = asRecord(params);
  const version = asRecord(fields['_meta'])[versionKey];
  return {
    text,
    id: typeof id === 'string' || typeof id === 'number' ? id : undefined,
    method: typeof method === 'string' ? method : undefined,
    params: fields,
    modernVersion: typeof version === 'string' ? version : undefined,
  };
}

/** The value that a text means; undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function isRequest(message: Message): message is Message & { id: RequestId; method: string } {
  return message.id !== undefined && message.method !== undefined;
}

/** Asking twice does no harm: these only look. */
const harmless = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
]);

export function isHarmless({ method }: Message): boolean {
  return method !== undefined && harmless.has(method);
}

/** What a client is answered when the gateway cannot. A model reads the result of its call; all else is an error. */
export function troubleAnswer(message: Message, trouble: BridgeTrouble): object {
  const { id = null, method, modernVersion } = message;
  if (method === 'tools/call') {
    const result = { isError: true, content: [{ type: 'text', text: textOf(trouble) }] };
    return { jsonrpc: '2.0', id, result: modernVersion === undefined ? result : { resultType: 'complete', ...result } };
  }
  return {
    jsonrpc: '2.0',
    id,
    error: { code: -32000, message: textOf(trouble), data: { code: trouble, words: wordsOf(trouble) } },
  };
}

/** The id of the request that a message of the server answers. */
export function answeredId(text: string): RequestId | undefined {
  const [message] = readMessages(text) ?? [];
  return message && message.method === undefined ? message.id : undefined;
}
