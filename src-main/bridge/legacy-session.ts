import type { Courier, Reply } from './courier.ts';
import { isSessionGone, type Mark, newMark, pump, write, writeReply } from './answering.ts';
import { asRecord, type Message, parseJson } from './message.ts';

const listChanged = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
const reconnectMs = 1000;
/** Longer than this nobody waits for the stream of server messages to open. */
const streamMs = 500;

/** The bridge's session at the gateway, of the era that has them. It is opened anew when the gateway has lost it. */
export class LegacySession {
  readonly #courier: Courier;
  readonly #ended: AbortSignal;
  #id: string | undefined;
  #version: string | undefined;
  #initialize: Message | undefined;
  #opening: Promise<void> | undefined;
  #openings = 0;
  #listening = false;

  constructor(courier: Courier, ended: AbortSignal) {
    this.#courier = courier;
    this.#ended = ended;
  }

  get open(): boolean {
    return this.#id !== undefined;
  }

  headers(): Record<string, string> {
    return {
      ...(this.#id !== undefined && { 'mcp-session-id': this.#id }),
      ...(this.#version !== undefined && { 'mcp-protocol-version': this.#version }),
    };
  }

  /** Remembers the client's handshake: it is what every session begins with. */
  remember(initialize: Message): void {
    this.#initialize = initialize;
    this.#id = undefined;
    this.#version = undefined;
  }

  /** Takes what the answer to a handshake settled. */
  adopt(reply: Reply, answer: string): void {
    const id = reply.head.headers['mcp-session-id'];
    const { protocolVersion } = asRecord(asRecord(parseJson(answer))['result']);
    if (typeof id !== 'string' || typeof protocolVersion !== 'string') return;
    this.#id = id;
    this.#version = protocolVersion;
  }

  /** Opens a session of our own with the client's handshake. Rejects with `NotSent` when there is no gateway. */
  reopen(): Promise<void> {
    this.#opening ??= this.#openAnew().finally(() => void (this.#opening = undefined));
    return this.#opening;
  }

  async #openAnew(): Promise<void> {
    const { params } = this.#initialize ?? { params: {} };
    this.#openings += 1;
    const id = `larkgate-bridge-${this.#openings}`;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'initialize', params });
    // The former session counts until there is another: what is sent meanwhile is refused and comes again.
    const former = this.#id;
    const reply = await this.#post(body, {});
    let answer = reply.kind === 'text' ? reply.text : '';
    if (reply.kind === 'stream') await pump(reply.head, newMark(), async (text) => void (answer = text));
    this.adopt(reply, answer);
    if (this.#id === former) throw new Error('The gateway opened no session');
    await this.#post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }), this.headers());
    await write(this.#courier.out, listChanged);
  }

  #post(body: string, headers: Record<string, string>): Promise<Reply> {
    return this.#courier.deliver(() => ({ method: 'POST', headers, body, signal: this.#ended }));
  }

  /** Listens for what the server says by itself, for as long as the bridge runs. Resolves when it does, or soon. */
  async listen(): Promise<void> {
    if (this.#listening) return;
    this.#listening = true;
    let opened = (): void => {};
    const first = new Promise<void>((resolve) => void (opened = resolve));
    void this.#follow(opened).catch(() => {});
    await Promise.race([first, this.#courier.clock.sleep(streamMs, this.#ended).catch(() => {})]);
  }

  async #follow(opened: () => void): Promise<void> {
    const mark = newMark();
    while (!this.#ended.aborted) {
      const over = await this.#followOnce(mark, opened).catch(() => false);
      if (over) return;
      await this.#courier.clock.sleep(Math.max(mark.retryMs, reconnectMs), this.#ended);
    }
  }

  /** Resolves to true when the server has no such stream. */
  async #followOnce(mark: Mark, opened: () => void): Promise<boolean> {
    const { lastEventId } = mark;
    const headers = { ...this.headers(), ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
    const reply = await this.#courier.once({ method: 'GET', headers, signal: this.#ended });
    opened();
    if (reply.kind === 'stream') await pump(reply.head, mark, (text) => this.#courier.out.write(text));
    else if (isSessionGone(reply)) {
      mark.lastEventId = undefined;
      await this.reopen();
    }
    return reply.kind === 'text' && reply.status === 405;
  }

  /** Tells the gateway that nobody will come back, when it can be told quickly. */
  async end(signal: AbortSignal): Promise<void> {
    if (!this.open) return;
    await this.#courier.once({ method: 'DELETE', headers: this.headers(), signal }).catch(() => {});
  }

  /** Hands a refusal of the handshake on. */
  async handOn(reply: Extract<Reply, { kind: 'text' }>, message: Message): Promise<void> {
    if (reply.status === 200) this.adopt(reply, reply.text);
    await writeReply(reply, message, this.#courier.out);
  }
}
