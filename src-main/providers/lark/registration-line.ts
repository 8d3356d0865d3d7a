import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer, HttpClient } from '../../base/http-client.ts';
import type { RegistrationNote } from '../../tokens/registrar.ts';
import { type RegistrationPoll, readRegistrationGrant, readRegistrationPoll } from './registration-answer.ts';

export interface RegistrationLineParts {
  http: HttpClient;
  clock: Clock;
  /** The addresses that may be spoken to. */
  origins: readonly string[];
  signal: AbortSignal;
  onNote(note: RegistrationNote): void;
}

const deadlineMs = 8000;
const maxBytes = 64 * 1024;
const slowest = 60_000;

/**
 * The way to Feishu of one app registration. It sets the pace: whoever asks for a poll waits here until the next one is
 * due. A poll that got lost counts as "not yet".
 */
export class RegistrationLine {
  readonly #parts: RegistrationLineParts;
  #lifeMs = 0;
  #deadline = 0;
  #intervalMs = 0;
  #last = { host: '', at: 0 };
  #note: RegistrationNote | undefined;
  #app: RegistrationPoll | undefined;

  constructor(parts: RegistrationLineParts) {
    this.#parts = parts;
  }

  /** How long the link lives, once there is one. */
  get lifeMs(): number {
    return this.#lifeMs;
  }

  /** Sends one request of the SDK, which knows a host and always says https. Resolves to the body of the answer. */
  async exchange(asked: string, form: string): Promise<unknown> {
    const { host, pathname } = new URL(asked);
    const origin = this.#parts.origins.find((origin) => new URL(origin).host === host);
    if (origin === undefined) throw new Fault('internal', { details: { host } });
    const url = new URL(pathname, origin);
    return new URLSearchParams(form).get('action') === 'poll' ? this.#poll(url, form) : this.#begin(url, form);
  }

  /** Whether the person turned out to belong to the other host. */
  switched = false;

  note(note: RegistrationNote): void {
    if (note === this.#note) return;
    this.#note = note;
    this.#parts.onNote(note);
  }

  async #begin(url: URL, form: string): Promise<unknown> {
    const grant = readRegistrationGrant(await this.#post(url, form));
    const now = this.#parts.clock.monotonic();
    this.#lifeMs = grant.lifeMs;
    this.#deadline = now + grant.lifeMs;
    this.#intervalMs = grant.intervalMs;
    this.#last = { host: url.host, at: now };
    return {
      device_code: grant.deviceCode,
      verification_uri_complete: grant.link,
      // The SDK's own timers must not be faster than the clock here.
      expires_in: grant.lifeMs / 1000 + 60,
      interval: 0,
    };
  }

  async #poll(url: URL, form: string): Promise<RegistrationPoll> {
    // The SDK asks again at the Lark host even when it has all: what was handed out once need not be there twice.
    if (this.#app) return this.#app;
    await this.#untilDue(url.host);
    if (this.#parts.clock.monotonic() >= this.#deadline) return { error: 'expired_token' };
    try {
      return this.#heed(readRegistrationPoll(await this.#post(url, form)));
    } catch (thrown) {
      if (this.#parts.signal.aborted) throw thrown;
      return this.#notYet('network', 1000);
    } finally {
      this.#last = { host: url.host, at: this.#parts.clock.monotonic() };
    }
  }

  #heed(poll: RegistrationPoll): RegistrationPoll {
    if (poll.error === 'slow_down') return this.#notYet('slow_down', 5000);
    if (poll.error === 'authorization_pending') return this.#notYet('waiting', 0);
    if (poll.client_id !== undefined && poll.client_secret !== undefined) this.#app = poll;
    return poll;
  }

  /** Keeps the SDK from adding to the interval by itself. */
  #notYet(note: RegistrationNote, slowerByMs: number): RegistrationPoll {
    this.#intervalMs = Math.min(this.#intervalMs + slowerByMs, slowest);
    this.note(note);
    return { error: 'authorization_pending' };
  }

  /** Another host has not been asked yet: nothing is to be waited for. */
  async #untilDue(host: string): Promise<void> {
    const { clock, signal } = this.#parts;
    if (host !== this.#last.host) return;
    const due = Math.min(this.#last.at + this.#intervalMs, this.#deadline);
    const ms = due - clock.monotonic();
    if (ms > 0) await clock.sleep(ms, signal);
  }

  #post(url: URL, form: string): Promise<HttpAnswer> {
    const { http, signal } = this.#parts;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    return http({ method: 'POST', url, headers, body: form, deadlineMs, maxBytes, signal });
  }
}
