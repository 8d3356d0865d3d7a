import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer, HttpClient } from '../../base/http-client.ts';
import type { PsmConfig } from '../../contract/connectors-config.ts';
import type { ToolContext } from '../provider.ts';
import { OutgoingPace } from '../outgoing-pace.ts';
import { Slots } from './slots.ts';
import { Trouble } from './psm-trouble.ts';

export interface IntranetLinkParts {
  clock: Clock;
  http: HttpClient;
  settings: PsmConfig;
  limits: { answerBytes: number };
}

/** The time that one search has, and whom it tells of its requests. */
export interface Errand {
  signal: AbortSignal;
  /** When requests must be over, monotonic: a moment before the signal fires. */
  endsAt: number;
  /** Whether the time is up, rather than the client gave up. */
  isLate(): boolean;
  answered: ToolContext['answered'];
}

/** The way into the intranet: so many connections, so often, repeated after failures that pass. Everything is a read. */
export class IntranetLink {
  readonly #parts: IntranetLinkParts;
  readonly #pace: OutgoingPace;
  readonly #slots = new Map<string, Slots>();
  readonly #slotsPerOrigin: number;
  #requests = 0;

  constructor(parts: IntranetLinkParts) {
    const { clock, settings } = parts;
    this.#parts = parts;
    this.#pace = new OutgoingPace(clock, settings.callsPerSecond, settings.callsPerSecond);
    // Connections stay open for a while, so each host has its own share of them.
    this.#slotsPerOrigin = Math.floor(settings.connections / (settings.regions.length + 1));
  }

  get requests(): number {
    return this.#requests;
  }

  /** Asks, and asks again after a network failure or a 5xx. Rejects with a Trouble, or `canceled`. */
  async ask<T>(
    request: { url: URL; headers: Record<string, string> },
    errand: Errand,
    read: (answer: HttpAnswer) => T,
  ) {
    const { clock, settings } = this.#parts;
    for (let tries = 0; ; tries += 1) {
      try {
        return read(await this.#once(request, errand));
      } catch (thrown) {
        const trouble = toTrouble(thrown);
        const waitMs = 1000 * 2 ** tries;
        const leftMs = errand.endsAt - clock.monotonic();
        if (!trouble.passing || tries >= settings.retries || waitMs >= leftMs) throw trouble;
        await clock.sleep(waitMs, errand.signal).catch((cause: unknown) => {
          throw new Fault('canceled', { cause });
        });
      }
    }
  }

  async #once({ url, headers }: { url: URL; headers: Record<string, string> }, errand: Errand): Promise<HttpAnswer> {
    const { clock, http, settings, limits } = this.#parts;
    const { signal, endsAt, answered } = errand;
    return this.#slotsOf(url.origin).run(signal, async () => {
      await this.#pace.turn(signal);
      const deadlineMs = Math.min(settings.requestMs, endsAt - clock.monotonic());
      if (deadlineMs <= 0) throw new Fault('timeout');
      const started = clock.monotonic();
      this.#requests += 1;
      try {
        const answer = await http({ method: 'GET', url, headers, deadlineMs, maxBytes: limits.answerBytes, signal });
        answered({ ms: answer.ms, status: answer.status, code: null, logId: null });
        return answer;
      } catch (thrown) {
        answered({ ms: clock.monotonic() - started, status: 0, code: null, logId: null });
        throw thrown;
      }
    });
  }

  #slotsOf(origin: string): Slots {
    const slots = this.#slots.get(origin) ?? new Slots(this.#slotsPerOrigin);
    this.#slots.set(origin, slots);
    return slots;
  }
}

function toTrouble(thrown: unknown): Trouble {
  if (thrown instanceof Trouble) return thrown;
  const fault = Fault.from(thrown);
  if (fault.code === 'canceled' || fault.code === 'internal') throw fault;
  return Trouble.fromFault(fault);
}
