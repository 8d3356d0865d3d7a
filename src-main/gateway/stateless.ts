import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CLIENT_INFO_META_KEY,
  type JSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  type Server,
  createMcpHandler,
  parseJSONRPCMessage,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../contract/config.ts';
import type { Admission } from './admission.ts';
import { authInfoOf, visitOf } from './auth-info.ts';
import type { Caller } from './caller.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

export interface StatelessParts {
  sessions: Sessions;
  admission: Admission;
  limits: Config['limits'];
  log: Log;
  createServer(session: Session): Server;
}

const envelope = z.object({
  params: z.object({
    _meta: z.looseObject({
      [PROTOCOL_VERSION_META_KEY]: z.string().optional(),
      [CLIENT_INFO_META_KEY]: z.looseObject({ name: z.string(), version: z.string() }).optional(),
    }),
  }),
});

/** The 2026-07-28 revision: each request stands alone, on a server of its own. */
export class Stateless {
  readonly #parts: StatelessParts;
  readonly #handler: ReturnType<typeof createMcpHandler>;

  constructor(parts: StatelessParts) {
    this.#parts = parts;
    this.#handler = createMcpHandler((context) => parts.createServer(visitOf(context.authInfo).session), {
      legacy: 'reject',
      maxSubscriptions: parts.limits.sseStreams,
      onerror: (error) => parts.log.debug({ err: error }, 'stateless request refused'),
    });
  }

  /** Answers one request on the raw response, which nobody else may touch any more. */
  async serve(
    caller: Caller,
    exchange: { request: IncomingMessage; response: ServerResponse; body: unknown },
  ): Promise<void> {
    const session = this.#sessionOf(caller, exchange.body);
    const gone = new AbortController();
    exchange.response.once('close', () => gone.abort());
    const answer = await this.#handler.fetch(webRequest(exchange.request, gone.signal), {
      authInfo: authInfoOf(caller, session),
      parsedBody: exchange.body,
    });
    await writeAnswer(answer, exchange.response, gone.signal);
  }

  /** Takes the limit for a body that is a message; one that is not will be refused by the SDK's own checks. */
  admit(caller: Caller, body: unknown): void {
    const message = asMessage(body);
    if (message) this.#parts.admission.admit(caller, this.#sessionOf(caller, body), [message]);
  }

  /** The session that stands in records and on pages for a client that has none. */
  #sessionOf(caller: Caller, body: unknown): Session {
    const meta = envelope.safeParse(body).data?.params._meta;
    const version = meta?.[PROTOCOL_VERSION_META_KEY] ?? '2026-07-28';
    return this.#parts.sessions.stateless(caller, meta?.[CLIENT_INFO_META_KEY], version);
  }

  toolsChanged(): void {
    this.#handler.notify.toolsChanged();
  }

  async close(): Promise<void> {
    await this.#handler.close();
  }
}

function asMessage(body: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(body);
  } catch (error) {
    if (error instanceof Fault) throw error;
    return undefined;
  }
}

/** What the SDK reads of a request. Its body travels parsed, beside it. */
function webRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && (name.startsWith('mcp-') || name === 'content-type')) headers.set(name, value);
  }
  return new Request('http://127.0.0.1/mcp', { method: 'POST', headers, signal });
}

async function writeAnswer(answer: Response, response: ServerResponse, gone: AbortSignal): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.headers.get('content-type') !== 'text/event-stream') {
    response.end(Buffer.from(await answer.arrayBuffer()));
    return;
  }
  response.flushHeaders();
  for await (const chunk of answer.body ?? []) {
    if (!response.writable) return;
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone }).catch(() => {});
  }
  response.end();
}
