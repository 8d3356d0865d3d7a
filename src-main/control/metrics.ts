import { collectDefaultMetrics, Registry } from 'prom-client';
import type { EventBus } from '../base/event-bus.ts';
import type { Notices } from '../base/notices.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { AccountView, CallView, LoginView, SessionView, Transport } from '../contract/views.ts';
import { createInstruments, type Instruments } from './instruments.ts';

export interface MetricsParts {
  bus: Pick<EventBus, 'subscribe'>;
  version: string;
  notices: Pick<Notices, 'standing'>;
  accounts: { list(): AccountView[] };
}

/** Counts and durations for Prometheus: a fold over the events. What stands is looked up when it is asked for. */
export class Metrics {
  readonly #parts: MetricsParts;
  readonly #registry = new Registry();
  readonly #instruments: Instruments;
  /** What each open session is counted as. */
  readonly #connections = new Map<string, Transport>();
  readonly #stop: () => void;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
    this.#instruments = createInstruments(this.#registry);
    this.#instruments.build.set({ version: parts.version, node: process.version }, 1);
    // Ten wake-ups a second instead of a hundred: this runs all day on a laptop.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 100 });
    this.#stop = parts.bus.subscribe((event) => this.#count(event));
  }

  /** Everything in the Prometheus text format 0.0.4. */
  text(): Promise<string> {
    const { notices, accounts } = this.#parts;
    const levels = notices.standing().map((notice) => notice.level);
    for (const level of ['info', 'warning', 'error'] as const) {
      this.#instruments.notices.set({ level }, levels.filter((other) => other === level).length);
    }
    const states = accounts.list().map((account) => account.state);
    this.#instruments.signInNeeded.set(states.filter((state) => state === 'sign_in_needed').length);
    return this.#registry.metrics();
  }

  close(): void {
    this.#stop();
    this.#registry.clear();
  }

  // oxlint-disable-next-line complexity -- one case per kind of event
  #count(event: StampedEvent): void {
    const { limitHits, upstreamAnswers, upstreamSeconds, refreshes } = this.#instruments;
    switch (event.kind) {
      case 'session.opened':
      case 'session.resumed':
        return this.#connect(event.session);
      case 'session.closed':
        return this.#disconnect(event.sessionId);
      case 'call.started':
        return this.#instruments.callsRunning.inc();
      case 'call.finished':
        return this.#finishCall(event.call);
      case 'limit.hit':
        return limitHits.inc({ kind: event.hit.kind });
      case 'upstream.answered':
        upstreamAnswers.inc({ provider: event.provider, status: statusClass(event.status) });
        return upstreamSeconds.observe({ provider: event.provider }, event.ms / 1000);
      case 'token.renewal':
        return refreshes.inc({ outcome: event.outcome });
      case 'login.changed':
        return this.#countLogin(event.login);
      case 'session.changed':
      case 'paused.changed':
      case 'limits.changed':
      case 'settings.changed':
      case 'account.changed':
      case 'account.removed':
      case 'app.changed':
      case 'app.removed':
      case 'client.changed':
      case 'client.removed':
      case 'notice.raised':
      case 'notice.cleared':
        return;
    }
  }

  #countLogin({ way, state }: LoginView): void {
    if (state === 'done' || state === 'failed' || state === 'canceled') this.#instruments.logins.inc({ way, state });
  }

  #connect({ id, transport }: SessionView): void {
    if (this.#connections.has(id)) return;
    this.#connections.set(id, transport);
    this.#instruments.connections.inc({ transport });
  }

  #disconnect(sessionId: string): void {
    const transport = this.#connections.get(sessionId);
    if (transport === undefined) return;
    this.#connections.delete(sessionId);
    this.#instruments.connections.dec({ transport });
  }

  #finishCall(call: CallView): void {
    // A tool without a provider does not exist: its name is whatever a client made up, and would be a label for ever.
    const tool = call.provider === null ? 'unknown' : call.tool;
    this.#instruments.callsRunning.dec();
    this.#instruments.calls.inc({ tool, outcome: call.outcome ?? 'unknown' });
    if (call.ms !== null) this.#instruments.callSeconds.observe({ tool }, call.ms / 1000);
  }
}

function statusClass(status: number): string {
  return status === 0 ? 'none' : `${Math.floor(status / 100)}xx`;
}
