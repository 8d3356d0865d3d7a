import { newMark, pump, troubleOf, write, writeReply } from './answering.ts';
import { type BridgeTrouble, textOf } from './bridge-words.ts';
import type { Courier, Reply } from './courier.ts';
import { AnswerLost, NotSent } from './gateway-door.ts';
import {
  answeredId,
  asRecord,
  isHarmless,
  isRequest,
  type Message,
  readMessages,
  type RequestId,
  troubleAnswer,
} from './message.ts';
import { modernHeaders } from './modern-headers.ts';

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';
const relistenMs = 1000;

/** The revision without sessions, 2026-07-28: each message is a request of its own, and ends with its connection. */
export class ModernEra {
  readonly #courier: Courier;
  readonly #ended: AbortSignal;
  readonly #running = new Map<RequestId, AbortController>();
  /** Whether the gateway has ever answered. A client that knows its tools is not told that there are none. */
  #met = false;
  /** The client was told in the gateway's place what there is: nothing. */
  #alone = false;

  constructor(courier: Courier, ended: AbortSignal) {
    this.#courier = courier;
    this.#ended = ended;
  }

  async handle(message: Message): Promise<{ done: Promise<void> }> {
    if (isRequest(message)) return { done: this.#run(message) };
    const sending = {
      method: 'POST',
      headers: modernHeaders(message),
      body: message.text,
      signal: this.#ended,
    } as const;
    await this.#courier.deliver(() => sending).catch(() => {});
    return { done: Promise.resolve() };
  }

  /** Over HTTP the end of the connection is what cancels. Resolves to whether there was something to cancel. */
  cancel(id: unknown): boolean {
    const running = typeof id === 'string' || typeof id === 'number' ? this.#running.get(id) : undefined;
    running?.abort();
    return running !== undefined;
  }

  async #run(message: Message & { id: RequestId }): Promise<void> {
    const canceled = new AbortController();
    this.#running.set(message.id, canceled);
    const signal = AbortSignal.any([canceled.signal, this.#ended]);
    try {
      await (message.method === 'subscriptions/listen'
        ? this.#listen(message, signal)
        : this.#request(message, signal));
    } catch (error) {
      if (signal.aborted) return;
      await write(this.#courier.out, this.#excuse(message, troubleOf(error)));
    } finally {
      this.#running.delete(message.id);
    }
  }

  async #request(message: Message & { id: RequestId }, signal: AbortSignal): Promise<void> {
    for (;;) {
      const answered = await this.#ask(message, signal).catch((error: unknown) => {
        if (error instanceof AnswerLost && isHarmless(message) && !signal.aborted) return false;
        throw error;
      });
      if (answered) return;
    }
  }

  async #ask(message: Message & { id: RequestId }, signal: AbortSignal): Promise<boolean> {
    const reply = await this.#deliver(message, signal);
    if (reply.kind === 'text') await writeReply(reply, message, this.#courier.out);
    else if (!(await pump(reply.head, newMark(), (text) => this.#handOn(text, message.id)))) throw new AnswerLost();
    return true;
  }

  /** Listens until the server ends it in words. A gateway that comes back may have other tools: the client is told. */
  async #listen(message: Message & { id: RequestId }, signal: AbortSignal): Promise<void> {
    for (let round = 0; ; round += 1) {
      try {
        const reply = await this.#deliver(message, signal);
        if (reply.kind === 'text') return await writeReply(reply, message, this.#courier.out);
        if (await pump(reply.head, newMark(), (text) => this.#handOnHeard(text, message, round))) return;
      } catch (error) {
        if (signal.aborted || !(error instanceof NotSent || error instanceof AnswerLost)) throw error;
      }
      await this.#courier.clock.sleep(relistenMs, signal);
    }
  }

  async #handOnHeard(text: string, message: Message & { id: RequestId }, round: number): Promise<boolean> {
    const acknowledged = readMessages(text)?.[0]?.method === 'notifications/subscriptions/acknowledged';
    const again = acknowledged && (round > 0 || this.#alone);
    if (!acknowledged || round === 0) await this.#handOn(text, message.id);
    if (again && asRecord(message.params['notifications'])['toolsListChanged'] === true) {
      const params = { _meta: { [subscriptionKey]: message.id } };
      await write(this.#courier.out, { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params });
    }
    if (acknowledged) this.#alone = false;
    return answeredId(text) === message.id;
  }

  async #handOn(text: string, id: RequestId): Promise<boolean> {
    await this.#courier.out.write(text);
    return answeredId(text) === id;
  }

  #deliver(message: Message, signal: AbortSignal): Promise<Reply> {
    return this.#courier.deliver(() => ({
      method: 'POST',
      headers: modernHeaders(message),
      body: message.text,
      signal,
    }));
  }

  /** Without the gateway the client still learns what there is, and the model why there is nothing. */
  #excuse(message: Message & { id: RequestId }, trouble: BridgeTrouble): object {
    const { id, method, modernVersion } = message;
    if (trouble === 'outcome_unknown') return troubleAnswer(message, trouble);
    const looks = method === 'server/discover' || method === 'tools/list';
    if (!looks || this.#met) return troubleAnswer(message, trouble);
    this.#alone = true;
    const cache = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
    const capabilities = { tools: { listChanged: true } };
    const instructions = textOf(trouble);
    const result =
      method === 'tools/list' ? { tools: [] } : { supportedVersions: [modernVersion], capabilities, instructions };
    return { jsonrpc: '2.0', id, result: { ...cache, ...result } };
  }
}
