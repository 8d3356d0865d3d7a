import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Bearer, readBearer } from '../accounts/bearer.ts';
import type { TokenBook } from '../accounts/token-book.ts';
import { type Answer, Refusal } from './envelope.ts';
import type { FaultList, InjectedFault } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import { cut, drip, replacement, takesEffect, truncate } from './spoil.ts';

/** A request as endpoints see it. */
export interface Incoming {
  method: string;
  /** As it came: still encoded. */
  path: string;
  params: Record<string, string>;
  query: Record<string, unknown>;
  /** Parsed JSON or form; undefined for other bodies, for none and for broken ones. */
  body: unknown;
  rawBody: Buffer | undefined;
  headers: FastifyRequest['headers'];
  bearer: Bearer;
  logId: string;
}

export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  handle(incoming: Incoming): Answer | Promise<Answer>;
  /** How a refusal looks here. */
  refuse(refusal: Refusal, incoming: Incoming): Answer;
}

export interface ExchangeParts {
  log: RequestLog;
  faults: FaultList;
  book: TokenBook;
  clock: SandboxClock;
  /** Before every answer. */
  delayMs: number;
}

interface Routed {
  Params: Record<string, string>;
  Querystring: Record<string, unknown>;
}

/** One request in, one answer out: recorded, and spoiled where a fault waits for it. */
export class Exchange {
  readonly #app: FastifyInstance;
  readonly #parts: ExchangeParts;
  #count = 0;

  constructor(app: FastifyInstance, parts: ExchangeParts) {
    this.#app = app;
    this.#parts = parts;
  }

  mount(endpoint: Endpoint): void {
    this.#app.route<Routed>({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request, reply) => this.#serve(endpoint, request, reply),
    });
  }

  /** Answers whatever no endpoint was mounted for. */
  mountLast(answer: Answer): void {
    const endpoint: Endpoint = { method: 'GET', path: '*', handle: () => answer, refuse: () => answer };
    this.#app.setNotFoundHandler((request: FastifyRequest<Routed>, reply) => this.#serve(endpoint, request, reply));
  }

  async #serve(endpoint: Endpoint, request: FastifyRequest<Routed>, reply: FastifyReply): Promise<FastifyReply> {
    const { log, faults, clock, delayMs } = this.#parts;
    const incoming = this.#read(request);
    const entry = log.record({ at: clock.now(), ...incoming });
    const fault = faults.take(incoming.method, incoming.path);
    if (delayMs > 0) await clock.pause(delayMs);
    const answer = await this.#answer(endpoint, incoming, fault);
    if (!answer) {
      cut(reply, fault?.kind);
      return reply;
    }
    entry.status = answer.status;
    entry.code = answer.code;
    return this.#send(reply, { ...answer, headers: { ...answer.headers, 'x-tt-logid': incoming.logId } }, fault);
  }

  /** Undefined when the connection is to be cut instead. */
  async #answer(endpoint: Endpoint, incoming: Incoming, fault: InjectedFault | undefined): Promise<Answer | undefined> {
    await this.#delay(fault, 'before');
    const real = takesEffect(fault) ? await answerOf(endpoint, incoming) : undefined;
    await this.#delay(fault, 'after');
    if (!fault) return real;
    if (fault.kind === 'reset' || fault.kind === 'disconnect') return undefined;
    return replacement(fault, (refusal) => endpoint.refuse(refusal, incoming)) ?? real;
  }

  async #delay(fault: InjectedFault | undefined, when: InjectedFault['when']): Promise<void> {
    if (fault?.kind === 'delay' && fault.when === when) await this.#parts.clock.pause(fault.delayMs);
  }

  #send(reply: FastifyReply, answer: Answer, fault: InjectedFault | undefined): FastifyReply {
    if (fault?.kind === 'truncate') truncate(reply, answer);
    else if (fault?.kind === 'drip')
      drip(reply, answer, () => this.#parts.clock.pause(fault.delayMs)).catch(() => reply.raw.destroy());
    else reply.code(answer.status).headers(answer.headers).send(answer.body);
    return reply;
  }

  #read(request: FastifyRequest<Routed>): Incoming {
    this.#count += 1;
    const { method, url, params, query, headers } = request;
    const rawBody = Buffer.isBuffer(request.body) ? request.body : undefined;
    return {
      method,
      path: url.split('?', 1)[0] ?? url,
      params,
      query,
      body: rawBody && parseBody(rawBody, headers['content-type'] ?? ''),
      rawBody,
      headers,
      bearer: readBearer(headers.authorization, this.#parts.book),
      logId: `${this.#parts.clock.now()}${this.#count.toString(16).padStart(10, '0')}`,
    };
  }
}

async function answerOf(endpoint: Endpoint, incoming: Incoming): Promise<Answer> {
  try {
    return await endpoint.handle(incoming);
  } catch (error) {
    if (error instanceof Refusal) return endpoint.refuse(error, incoming);
    throw error;
  }
}

function parseBody(raw: Buffer, type: string): unknown {
  if (type.startsWith('application/json')) return parseJson(raw.toString('utf8'));
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(raw.toString('utf8')));
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
