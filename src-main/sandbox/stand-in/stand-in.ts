import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { answerControl } from './stand-in-control.ts';
import type { StandInAnswer, StandInEntry, StandInRequest } from './stand-in-exchange.ts';
import { type StandInFault, StandInFaults } from './stand-in-fault.ts';

export interface StandInOptions {
  clock: Clock;
  /** 0 asks the system for a free one. */
  port?: number;
  /** Must not throw. */
  handle(request: StandInRequest): StandInAnswer | Promise<StandInAnswer>;
  /** Answers of this server's own that a fault may ask for by name. */
  presets: Readonly<Record<string, StandInAnswer>>;
}

const capacity = 5000;

/** A server in another one's place: it counts what it is asked, and goes wrong where a test wants it to. */
export class StandIn {
  readonly faults = new StandInFaults();
  readonly #options: StandInOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #stopped = new AbortController();
  #log: StandInEntry[] = [];
  #seq = 0;
  #mostSockets = 0;
  #url = '';

  private constructor(options: StandInOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      this.#mostSockets = Math.max(this.#mostSockets, this.#sockets.size);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async open(options: StandInOptions): Promise<StandIn> {
    const standIn = new StandIn(options);
    await standIn.#listen(options.port ?? 0);
    return standIn;
  }

  get url(): string {
    return this.#url;
  }

  /** The most connections that were open at a time. */
  get mostConnections(): number {
    return this.#mostSockets;
  }

  /** Requests, oldest first. `path` is exact, or a prefix when it ends in `*`. */
  log(path = '/*', method?: string): StandInEntry[] {
    const fits = (entry: StandInEntry) =>
      path.endsWith('*') ? entry.path.startsWith(path.slice(0, -1)) : entry.path === path;
    return this.#log.filter((entry) => fits(entry) && (method === undefined || entry.method === method));
  }

  count(path?: string, method?: string): number {
    return this.log(path, method).length;
  }

  forget(): void {
    this.#log = [];
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause) => reject(new Fault('port_taken', { cause, details: { port } })));
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
    const address = this.#server.address();
    this.#url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? port) : port}`;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.#url);
    const text = (await buffer(incoming).catch(() => undefined))?.toString('utf8');
    if (text === undefined) return;
    const method = incoming.method ?? 'GET';
    const request = {
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: parse(text),
    };
    if (url.pathname.startsWith('/__')) return send(response, answerControl(this, request));
    const entry = this.#record(request);
    const fault = this.faults.take(method, url.pathname);
    const answer = await this.#answer(request, fault).catch(() => undefined);
    if (!answer) return cut(response, fault);
    entry.status = answer.status;
    if (fault?.kind === 'drip') await this.#drip(response, answer, fault.delayMs).catch(() => {});
    else if (fault?.kind === 'truncate') truncate(response, answer);
    else send(response, answer);
  }

  /** Undefined when the connection is to be cut instead. */
  async #answer(request: StandInRequest, fault: StandInFault | undefined): Promise<StandInAnswer | undefined> {
    const { handle } = this.#options;
    if (!fault) return handle(request);
    const passes = ['delay', 'drip', 'truncate'].includes(fault.kind);
    await this.#delay(fault, 'before');
    const real = passes || fault.when === 'after' ? await handle(request) : undefined;
    await this.#delay(fault, 'after');
    if (fault.kind === 'hang') await never(this.#stopped.signal);
    if (['reset', 'disconnect', 'hang'].includes(fault.kind)) return undefined;
    return passes ? real : this.#replacement(fault);
  }

  async #delay({ kind, when, delayMs }: StandInFault, moment: StandInFault['when']): Promise<void> {
    if (kind === 'delay' && when === moment) await this.#options.clock.sleep(delayMs, this.#stopped.signal);
  }

  #replacement({ kind, status, type, body, location }: StandInFault): StandInAnswer | undefined {
    if (kind === 'answer') return { status, headers: { 'content-type': type }, body };
    if (kind === 'redirect') return { status: 302, headers: { location }, body: '' };
    return this.#options.presets[kind];
  }

  #record({ method, path, query, headers }: StandInRequest): StandInEntry {
    this.#seq += 1;
    const entry = {
      seq: this.#seq,
      at: this.#options.clock.now(),
      method,
      path,
      query: shown(Object.fromEntries(query), (name) => !/token/i.test(name)),
      headers: shown(headers, (name) => /^(accept|user-agent|content-type)/.test(name)),
      status: null,
    };
    this.#log = [...this.#log, entry].slice(-capacity);
    return entry;
  }

  async #drip(response: ServerResponse, answer: StandInAnswer, delayMs: number): Promise<void> {
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.of(byte));
      await this.#options.clock.sleep(delayMs, this.#stopped.signal);
    }
    response.end();
  }
}

function send(response: ServerResponse, { status, headers, body }: StandInAnswer): void {
  response.writeHead(status, headers).end(body);
}

/** Promises the whole body and sends half of it. */
function truncate(response: ServerResponse, { status, headers, body }: StandInAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

function cut(response: ServerResponse, fault: StandInFault | undefined): void {
  if (fault?.kind === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroy();
}

function never(stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) resolve();
    stopped.addEventListener('abort', () => resolve(), { once: true });
  });
}

function shown(values: object, isShown: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isShown(name) ? String(value).slice(0, 200) : '***']),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
