import { once } from 'node:events';
import { Agent, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import { type Duplex, PassThrough } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { type GatewaySecrets, readPort, readSecrets } from './gateway-file.ts';
import { openProvedSocket, Stranger } from './proved-socket.ts';

/** The request did not reach the gateway as a whole, so that it did nothing: it may be sent again. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly why: 'gateway_down' | 'stranger' | 'key_missing';

  constructor(why: NotSent['why'], cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** The request was sent and the connection broke before an answer came. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
}

export interface Sending {
  method: 'POST' | 'GET' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** Called when all of it is on its way. */
  onSent?(): void;
}

export interface DoorParts {
  dataFolder: string;
  /** Which of the clients' secrets it uses. */
  client: string;
  clock: Clock;
}

/** The way to the gateway of a data folder, wherever it listens at the moment. */
export class GatewayDoor {
  readonly #parts: DoorParts;
  readonly #agent: ProvingAgent;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#agent = new ProvingAgent(parts.clock);
  }

  /** Resolves with the answer's head. Rejects with `NotSent`, `AnswerLost`, or the signal's reason. */
  async send(sending: Sending): Promise<IncomingMessage> {
    const { dataFolder, client } = this.#parts;
    const secrets = await readSecrets(dataFolder, client);
    if (!secrets) throw new NotSent('key_missing');
    const port = await readPort(dataFolder);
    if (port === undefined) throw new NotSent('gateway_down');
    sending.signal.throwIfAborted();
    return this.#exchange(sending, port, secrets);
  }

  async #exchange(sending: Sending, port: number, secrets: GatewaySecrets): Promise<IncomingMessage> {
    const { method, headers, body, signal, onSent } = sending;
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: '/mcp',
      method,
      agent: this.#agent.knowing(secrets.hello),
      signal,
      headers: {
        authorization: `Bearer ${secrets.key}`,
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    let sent = false;
    outgoing.once('finish', () => {
      sent = true;
      onSent?.();
    });
    const answered = once(outgoing, 'response');
    outgoing.end(body);
    try {
      const [answer]: IncomingMessage[] = await answered;
      if (!answer) throw new AnswerLost();
      // A server may refuse a body before it has read it: what it said counts, not the broken pipe behind it.
      outgoing.on('error', () => {});
      return answer;
    } catch (error) {
      if (signal.aborted) throw error;
      if (sent) throw new AnswerLost('The connection broke', { cause: error });
      throw new NotSent(error instanceof Stranger ? 'stranger' : 'gateway_down', error);
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Keeps connections alive, and gives a request only one that has proved whose it is. */
class ProvingAgent extends Agent {
  readonly #clock: Clock;
  #hello: Buffer = Buffer.alloc(0);

  constructor(clock: Clock) {
    super({ keepAlive: true, maxFreeSockets: 4 });
    this.#clock = clock;
  }

  knowing(hello: Buffer): this {
    this.#hello = hello;
    return this;
  }

  override createConnection(
    options: ClientRequestArgs,
    hand?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    openProvedSocket(Number(options.port), this.#hello, this.#clock).then(
      (socket) => hand?.(null, socket),
      // The stream beside an error is for the type alone.
      (error: unknown) => hand?.(error instanceof Error ? error : new Error('No connection'), new PassThrough()),
    );
    return undefined;
  }
}
