import type { IncomingMessage } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { AnswerLost, type GatewayDoor, NotSent, type Sending } from './gateway-door.ts';
import type { LineWriter } from './line-streams.ts';
import { asRecord, parseJson } from './message.ts';

/** What the gateway answered: a stream of events, or a whole text. */
export type Reply =
  | { kind: 'stream'; head: IncomingMessage }
  | { kind: 'text'; head: IncomingMessage; status: number; text: string };

export interface CourierParts {
  door: GatewayDoor;
  out: LineWriter;
  clock: Clock;
  /** How long a message waits for a gateway that is not there. */
  patienceMs: number;
  /** Says on stderr what a person should know. */
  say(words: string): void;
}

const pollMs = 200;
/** Once a message has waited in vain, the next ones do not wait as long. */
const shortMs = 1000;
const mostBytes = 64 * 1024 * 1024;

/** Carries messages to the gateway, and waits for one that starts or restarts. */
export class Courier {
  readonly #parts: CourierParts;
  #down = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  get out(): LineWriter {
    return this.#parts.out;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  /** Sends as soon as there is a gateway. Rejects with `NotSent` after the time that a message waits for one. */
  async deliver(sending: () => Sending): Promise<Reply> {
    const { clock, patienceMs } = this.#parts;
    const until = clock.monotonic() + (this.#down ? Math.min(shortMs, patienceMs) : patienceMs);
    for (;;) {
      try {
        return await this.once(sending());
      } catch (error) {
        if (!(error instanceof NotSent)) throw error;
        if (clock.monotonic() >= until) {
          this.#note(true, error.why);
          throw error;
        }
        await clock.sleep(pollMs, sending().signal);
      }
    }
  }

  /** Sends now, or rejects with `NotSent`. */
  async once(sending: Sending): Promise<Reply> {
    const head = await this.#parts.door.send(sending);
    const reply = await readReply(head).catch((error: unknown) => {
      throw sending.signal.aborted ? error : new AnswerLost('The answer broke off', { cause: error });
    });
    if (reply.kind === 'text' && reply.status === 503 && faultCodeIn(reply.text) === 'stopping')
      throw new NotSent('gateway_down');
    this.#note(false);
    return reply;
  }

  #note(down: boolean, why = ''): void {
    if (down !== this.#down) this.#parts.say(down ? `cannot reach LarkGate: ${why}` : 'reached LarkGate again');
    this.#down = down;
  }
}

async function readReply(head: IncomingMessage): Promise<Reply> {
  head.setEncoding('utf8');
  if (head.headers['content-type']?.startsWith('text/event-stream')) return { kind: 'stream', head };
  let text = '';
  for await (const chunk of head) {
    text += String(chunk);
    if (text.length > mostBytes) throw new Error('The answer is too large');
  }
  return { kind: 'text', head, status: head.statusCode ?? 0, text };
}

/** The gateway's own code for why it refused. */
export function faultCodeIn(text: string): string | undefined {
  const { code } = asRecord(asRecord(asRecord(parseJson(text))['error'])['data']);
  return typeof code === 'string' ? code : undefined;
}

/** The error in a refusal, to be handed on under the id of the request. */
export function errorIn(text: string): unknown {
  return asRecord(parseJson(text))['error'];
}
