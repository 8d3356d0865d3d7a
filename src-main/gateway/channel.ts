import { randomBytes } from 'node:crypto';
import {
  type AuthInfo,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type MessageExtraInfo,
  type RequestId,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { EventStream, type StreamSink, parseEventId } from './event-stream.ts';
import { Exchange, type Reply } from './exchange.ts';
import { isRequest } from './messages.ts';
import { toText, toWire } from './prepared.ts';
import { ReplayLog } from './replay-log.ts';

export interface ChannelOptions {
  clock: Clock;
  sessionId: string;
  queueBytes: number;
  replayBytes: number;
  /** How long an answer may take before its response becomes a resumable stream. */
  patienceMs: number;
  /** Milliseconds a client should wait before it comes back. */
  retryMs: number;
  /** The older transport: everything goes down the one main stream. */
  singleStream: boolean;
}

/** The gateway's end of a session: the SDK's Server speaks into it, HTTP requests come and go. */
export class Channel implements Transport {
  readonly sessionId: string;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  /** Called when a handshake has settled the protocol version. */
  onnegotiated?: () => void;
  readonly #options: ChannelOptions;
  readonly #replay: ReplayLog;
  readonly #main: EventStream;
  readonly #streams = new Map<string, EventStream>();
  readonly #exchanges = new Map<RequestId, Exchange>();
  /** Requests on the single stream that wait for an answer. */
  readonly #inFlight = new Set<RequestId>();
  readonly #private = new Map<RequestId, (message: JSONRPCMessage) => void>();
  #protocolVersion: string | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#replay = new ReplayLog(options.replayBytes);
    this.#main = this.#newStream(options.singleStream ? options.sessionId : 'main');
  }

  /** The version of the handshake, once it is known. */
  get protocolVersion(): string | undefined {
    return this.#protocolVersion;
  }

  get busy(): boolean {
    return this.#exchanges.size > 0 || this.#inFlight.size > 0;
  }

  get connected(): boolean {
    return this.#main.connected;
  }

  async start(): Promise<void> {}

  setProtocolVersion(version: string): void {
    this.#protocolVersion = version;
    this.onnegotiated?.();
  }

  /** Takes the messages of one POST. Answers go to `reply`, or down the single stream. */
  receive(
    messages: JSONRPCMessage[],
    reply: Reply,
    options: { batch: boolean; stream?: boolean; authInfo: AuthInfo },
  ): void {
    const requests = messages.filter(isRequest);
    this.#refuseRepeatedIds(requests);
    let extra: MessageExtraInfo = { authInfo: options.authInfo };
    if (this.#options.singleStream || requests.length === 0) {
      for (const { id } of requests) this.#inFlight.add(id);
      reply.accepted();
    } else {
      const exchange = this.#openExchange(requests, reply, options.batch);
      if (options.stream) exchange.becomeStream();
      // In one literal: a function added to an object later keeps all it knows alive until a full collection.
      extra = {
        authInfo: options.authInfo,
        closeSSEStream: () => exchange.becomeStream().hangUp(),
        closeStandaloneSSEStream: () => this.#main.hangUp(),
      };
    }
    for (const message of messages) {
      this.#noteCancel(message);
      this.onmessage?.(message, extra);
    }
  }

  /** Asks the server something on the gateway's own behalf; the client sees nothing of it. */
  ask(request: JSONRPCRequest): Promise<JSONRPCMessage> {
    return new Promise((resolve) => {
      this.#private.set(request.id, resolve);
      this.onmessage?.(request);
    });
  }

  /** Connects the main stream, continuing after `lastEventId` where that is known. Returns what to call when it is gone. */
  connect(sink: StreamSink, lastEventId: string | undefined): () => void {
    const last = lastEventId === undefined ? undefined : parseEventId(lastEventId);
    const known = last && this.#streams.get(last.stream);
    const lost = known || !last ? undefined : requestsOf(last.stream);
    if (lost) return this.#sayLost(lost, sink);
    const stream = known ?? this.#main;
    stream.attach(sink, stream.id === last?.stream ? last.seq : undefined);
    return () => stream.detach(sink);
  }

  /** Answers requests whose run ended with an earlier process; the client would wait for them without end. */
  #sayLost(ids: RequestId[], sink: StreamSink): () => void {
    const stream = this.#newStream(streamIdOf(ids));
    stream.attach(sink);
    const fault = new Fault('outcome_unknown', { words: lostInRestart });
    const error = { code: fault.kind.rpc, message: fault.message, data: fault.toBody() };
    for (const id of ids) stream.write(JSON.stringify({ jsonrpc: '2.0', id, error }));
    stream.end();
    return () => stream.detach(sink);
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!isAnswer(message)) return this.#say(message, options?.relatedRequestId);
    const { id } = message;
    if (id === undefined) return;
    const asker = this.#private.get(id);
    if (asker) {
      this.#private.delete(id);
      return asker(message);
    }
    if (this.#inFlight.delete(id)) return this.#main.write(toText(toWire(message)));
    const exchange = this.#exchanges.get(id);
    this.#exchanges.delete(id);
    exchange?.answer(id, toWire(message));
  }

  async close(): Promise<void> {
    for (const stream of this.#streams.values()) stream.end();
    this.#streams.clear();
    this.#exchanges.clear();
    this.#inFlight.clear();
    this.onclose?.();
  }

  #say(message: JSONRPCMessage, relatedTo: RequestId | undefined): void {
    const exchange = relatedTo === undefined ? undefined : this.#exchanges.get(relatedTo);
    if (exchange) exchange.say(toText(toWire(message)));
    else this.#main.write(toText(toWire(message)));
  }

  #openExchange(requests: JSONRPCRequest[], reply: Reply, batch: boolean): Exchange {
    const ids = requests.map(({ id }) => id);
    let disarm = (): void => {};
    const exchange = new Exchange(
      reply,
      { ids, batch },
      { openStream: (sink) => this.#resumableStream(ids, sink), onDone: () => disarm() },
    );
    for (const id of ids) this.#exchanges.set(id, exchange);
    disarm = this.#options.clock.after(this.#options.patienceMs, () => void exchange.becomeStream());
    reply.onGone(disarm);
    return exchange;
  }

  #resumableStream(ids: RequestId[], sink: StreamSink): EventStream {
    const stream = this.#newStream(streamIdOf(ids));
    stream.attach(sink);
    // Clients of earlier versions choke on an event without data.
    if ((this.#protocolVersion ?? '') >= '2025-11-25') stream.prime(this.#options.retryMs);
    return stream;
  }

  #newStream(id: string): EventStream {
    const stream = new EventStream(id, this.#replay, this.#options.queueBytes);
    this.#streams.set(id, stream);
    if (this.#streams.size > keptStreams) this.#forgetEndedStream();
    return stream;
  }

  #forgetEndedStream(): void {
    const oldest = this.#streams.values().find((stream) => stream.ended);
    if (!oldest) return;
    this.#streams.delete(oldest.id);
    this.#replay.forget(oldest.id);
  }

  #refuseRepeatedIds(requests: JSONRPCRequest[]): void {
    const seen = new Set<RequestId>();
    for (const { id } of requests) {
      if (seen.has(id) || this.#exchanges.has(id) || this.#inFlight.has(id))
        throw new Fault('invalid_request', { words: repeatedId });
      seen.add(id);
    }
  }

  /** The SDK answers a canceled request with silence; its response must end all the same. */
  #noteCancel(message: JSONRPCMessage): void {
    if (!('method' in message) || message.method !== 'notifications/cancelled') return;
    const id = message.params?.['requestId'];
    if (typeof id !== 'string' && typeof id !== 'number') return;
    this.#inFlight.delete(id);
    this.#exchanges.get(id)?.drop(id);
    this.#exchanges.delete(id);
  }
}

/** Ended streams are kept for clients that lost the connection just before the end. */
const keptStreams = 16;

/** Names the requests of a stream in its id, so that they can be answered even when all else about them is lost. */
function streamIdOf(ids: RequestId[]): string {
  const names = Buffer.from(JSON.stringify(ids)).toString('hex');
  return `${randomBytes(8).toString('hex')}.${names.length <= 128 ? names : ''}`;
}

/** The requests that a stream id names; undefined when it is not the id of a request's stream. */
function requestsOf(streamId: string): RequestId[] | undefined {
  const names = /^[0-9a-f]{16}\.([0-9a-f]*)$/.exec(streamId)?.[1];
  if (names === undefined) return undefined;
  try {
    return z.array(z.union([z.string(), z.number()])).parse(JSON.parse(Buffer.from(names, 'hex').toString('utf8')));
  } catch {
    return [];
  }
}

const lostInRestart = {
  zh: '网关在处理此请求时重启，结果未知。请先查询确认，再决定是否重发。',
  en: 'The gateway restarted while it handled this request; the outcome is unknown. Look before you send it again.',
};

const repeatedId = {
  zh: '同一个请求 id 还在处理中，请换一个 id。',
  en: 'A request with this id is still running. Use another id.',
};

function isAnswer(message: JSONRPCMessage): message is Extract<JSONRPCMessage, { id?: RequestId }> {
  return 'result' in message || 'error' in message;
}
