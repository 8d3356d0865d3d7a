import { isSessionGone, newMark, pump, troubleOf, write, writeReply } from './answering.ts';
import { textOf } from './bridge-words.ts';
import type { Courier, Reply } from './courier.ts';
import { AnswerLost, NotSent } from './gateway-door.ts';
import { LegacySession } from './legacy-session.ts';
import { answeredId, isHarmless, isRequest, type Message, type RequestId, troubleAnswer } from './message.ts';

const known = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];
const recoverMs = 1000;
const mostResumptions = 30;

/** The revisions with sessions: 2024-11-05 to 2025-11-25. */
export class LegacyEra {
  readonly #courier: Courier;
  readonly #ended: AbortSignal;
  readonly #session: LegacySession;
  readonly #canceled = new Set<RequestId>();
  /** The client was answered in the gateway's place, and there is no session behind it yet. */
  #alone = false;

  constructor(courier: Courier, ended: AbortSignal) {
    this.#courier = courier;
    this.#ended = ended;
    this.#session = new LegacySession(courier, ended);
  }

  /** Resolves when the next message may be sent; `done` tells when this one is dealt with. */
  async handle(message: Message): Promise<{ done: Promise<void> }> {
    if (message.method === 'initialize') await this.#initialize(message);
    else if (message.method === 'notifications/initialized') await this.#initialized(message);
    else if (isRequest(message)) return this.#start(message);
    else await this.#tell(message);
    return { done: Promise.resolve() };
  }

  async end(signal: AbortSignal): Promise<void> {
    await this.#session.end(signal);
  }

  async #initialize(message: Message): Promise<void> {
    this.#session.remember(message);
    try {
      const reply = await this.#ask(message);
      if (reply.kind === 'text') return await this.#session.handOn(reply, message);
      await pump(reply.head, newMark(), async (text) => {
        if (answeredId(text) === message.id) this.#session.adopt(reply, text);
        await this.#courier.out.write(text);
      });
    } catch (error) {
      if (!(error instanceof NotSent)) return write(this.#courier.out, troubleAnswer(message, troubleOf(error)));
      this.#alone = true;
      await write(this.#courier.out, welcomeAlone(message, error.why));
      void this.#recover().catch(() => {});
    }
  }

  /** Looks for the gateway until it is there, and then goes on as if it had been from the beginning. */
  async #recover(): Promise<void> {
    while (this.#alone) {
      await this.#courier.clock.sleep(recoverMs, this.#ended);
      await this.#catchUp().catch(() => {});
    }
  }

  async #catchUp(): Promise<void> {
    await this.#session.reopen();
    this.#alone = false;
    await this.#session.listen();
  }

  async #initialized(message: Message): Promise<void> {
    if (this.#alone) return;
    await this.#tell(message);
    // What the server asks while it handles the next request finds its way only when this stream is open.
    await this.#session.listen();
  }

  /** Notifications, and answers to what the server asked: nobody waits for what becomes of them. */
  async #tell(message: Message): Promise<void> {
    const { requestId } = message.params;
    if (
      message.method === 'notifications/cancelled' &&
      (typeof requestId === 'string' || typeof requestId === 'number')
    )
      this.#canceled.add(requestId);
    if (this.#alone) return;
    await this.#deliver(message).catch(() => {});
  }

  /** Lets the next message go when this one is on its way: they arrive in their order. */
  #start(message: Message & { id: RequestId }): Promise<{ done: Promise<void> }> {
    return new Promise((resolve) => {
      const done = this.#request(message, () => resolve({ done })).finally(() => {
        this.#canceled.delete(message.id);
        resolve({ done });
      });
    });
  }

  async #request(message: Message & { id: RequestId }, onSent: () => void): Promise<void> {
    try {
      if (this.#alone && message.method === 'tools/list') return await write(this.#courier.out, noTools(message));
      if (this.#alone) await this.#catchUp();
      const reply = await this.#ask(message, onSent);
      if (reply.kind === 'text') await writeReply(reply, message, this.#courier.out);
      else await this.#readAnswer(message, reply);
    } catch (error) {
      if (this.#ended.aborted || this.#canceled.has(message.id)) return;
      // The bridge itself is alive.
      const pong = message.method === 'ping' && error instanceof NotSent;
      await write(
        this.#courier.out,
        pong ? { jsonrpc: '2.0', id: message.id, result: {} } : troubleAnswer(message, troubleOf(error)),
      );
    }
  }

  /** Asks until there is an answer, for as long as asking again cannot do anything twice. */
  async #ask(message: Message, onSent?: () => void): Promise<Reply> {
    for (;;) {
      try {
        const reply = await this.#deliver(message, onSent);
        if (!isSessionGone(reply)) return reply;
        // A refused request did nothing.
        await this.#session.reopen();
      } catch (error) {
        if (!(error instanceof AnswerLost) || !isHarmless(message)) throw error;
      }
    }
  }

  #deliver(message: Message, onSent?: () => void): Promise<Reply> {
    return this.#courier.deliver(() => ({
      method: 'POST',
      headers: this.#session.headers(),
      body: message.text,
      signal: this.#ended,
      ...(onSent && { onSent }),
    }));
  }

  /** Reads a stream to the answer, and asks for the rest where it breaks off. */
  async #readAnswer(message: Message & { id: RequestId }, first: Extract<Reply, { kind: 'stream' }>): Promise<void> {
    const mark = newMark();
    const handOn = async (text: string) => {
      await this.#courier.out.write(text);
      return answeredId(text) === message.id;
    };
    let reply: Reply = first;
    for (let resumptions = 0; ; resumptions += 1) {
      if (reply.kind === 'stream' && (await pump(reply.head, mark, handOn))) return;
      if (this.#canceled.has(message.id)) return;
      if (mark.lastEventId === undefined || reply.kind === 'text' || resumptions === mostResumptions) break;
      await this.#courier.clock.sleep(mark.retryMs, this.#ended);
      reply = await this.#resume(mark.lastEventId);
    }
    if (!isHarmless(message)) throw new AnswerLost();
    return this.#request(message, () => {});
  }

  async #resume(lastEventId: string): Promise<Reply> {
    for (;;) {
      try {
        const headers = () => ({ ...this.#session.headers(), 'last-event-id': lastEventId });
        return await this.#courier.deliver(() => ({ method: 'GET', headers: headers(), signal: this.#ended }));
      } catch (error) {
        // Without the gateway nobody can say what became of it.
        if (error instanceof NotSent) throw new AnswerLost('The gateway did not come back', { cause: error });
        if (!(error instanceof AnswerLost)) throw error;
      }
    }
  }
}

/** The bridge's own welcome: the client keeps running, and the model reads why there are no tools. */
function welcomeAlone({ id, params }: Message, why: NotSent['why']): object {
  const asked = params['protocolVersion'];
  const result = {
    protocolVersion: known.find((version) => version === asked) ?? known.at(-1),
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'larkgate', title: 'LarkGate', version: '0' },
    instructions: textOf(why),
  };
  return { jsonrpc: '2.0', id, result };
}

function noTools({ id }: Message): object {
  return { jsonrpc: '2.0', id, result: { tools: [] } };
}
