import { type Target, bearer } from './clients/client.ts';
import { type RawAnswer, type RawStream, openStream, send } from './raw-client.ts';

/** What an honest client sends with every POST. */
export function postHeaders(target: Target): Record<string, string> {
  return { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...bearer(target) };
}

export function initializeRequest(protocolVersion = '2025-11-25', id: number | string = 0) {
  const clientInfo = { name: 'raw', version: '1.0.0' };
  return { jsonrpc: '2.0', id, method: 'initialize', params: { protocolVersion, capabilities: {}, clientInfo } };
}

export interface RawSession {
  id: string;
  /** Sends a body as it is, or a value as JSON. Extra headers replace the usual ones of the same name. */
  post(body: unknown, headers?: Record<string, string>): Promise<RawAnswer>;
  /** One honest request, and its result. */
  ask(method: string, params?: Record<string, unknown>): Promise<unknown>;
}

/** A 2025 session on /mcp, spoken by hand. */
export async function openRawSession(target: Target, version = '2025-11-25'): Promise<RawSession> {
  const hello = await send(target.mcp, {
    method: 'POST',
    headers: postHeaders(target),
    body: JSON.stringify(initializeRequest(version)),
  });
  const id = hello.headers['mcp-session-id'];
  if (typeof id !== 'string') throw new Error(`No session: ${hello.status} ${hello.body}`);
  const session = { 'mcp-session-id': id, 'mcp-protocol-version': version };
  const post: RawSession['post'] = (body, headers = {}) =>
    send(target.mcp, {
      method: 'POST',
      headers: { ...postHeaders(target), ...session, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  let lastId = 0;
  return {
    id,
    post,
    ask: async (method, params = {}) => {
      lastId += 1;
      return readResult(await post({ jsonrpc: '2.0', id: lastId, method, params }), lastId);
    },
  };
}

export interface RawSseSession {
  /** The address of the `endpoint` event, made absolute. */
  endpoint: string;
  stream: RawStream;
  post(body: unknown, headers?: Record<string, string>): Promise<RawAnswer>;
  ask(method: string, params?: Record<string, unknown>): Promise<unknown>;
}

/** A session on /sse and /messages, spoken by hand. */
export async function openRawSse(target: Target): Promise<RawSseSession> {
  const stream = await openStream(target.sse, { headers: bearer(target) });
  const first = await stream.next();
  if (first?.event !== 'endpoint' || first.data === undefined) throw new Error(`No endpoint: ${stream.status}`);
  const endpoint = new URL(first.data, target.sse).href;
  const post: RawSseSession['post'] = (body, headers = {}) =>
    send(endpoint, {
      method: 'POST',
      headers: { ...postHeaders(target), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  let lastId = 0;
  return {
    endpoint,
    stream,
    post,
    ask: async (method, params = {}) => {
      lastId += 1;
      await post({ jsonrpc: '2.0', id: lastId, method, params });
      for (;;) {
        const message = (await stream.nextMessage()) as { id?: unknown; result?: unknown };
        if (message.id === lastId) return message.result;
      }
    },
  };
}

/** The error of a JSON-RPC answer, however it was wrapped. */
export function readError(answer: RawAnswer): { code: number; message: string; id: unknown; data: unknown } {
  const { id, error } = JSON.parse(answer.body) as {
    id: unknown;
    error: { code: number; message: string; data?: unknown };
  };
  return { id, code: error.code, message: error.message, data: error.data };
}

/** The result of request `id`, from a JSON document or from the event stream that came instead. */
function readResult(answer: RawAnswer, id: number): unknown {
  const texts = answer.headers['content-type']?.startsWith('text/event-stream')
    ? [...answer.body.matchAll(/^data: (.+)$/gm)].map(([, data]) => data ?? '')
    : [answer.body];
  const messages = texts.map((text) => JSON.parse(text) as { id?: unknown; result?: unknown; error?: unknown });
  const found = messages.find((message) => message.id === id);
  if (!found?.result) throw new Error(`No result: ${answer.status} ${answer.body}`);
  return found.result;
}
