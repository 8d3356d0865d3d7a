import * as fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { Snapshot } from '../../../src-main/contract/control.ts';
import type { GatewayEvent, StampedEvent } from '../../../src-main/contract/events.ts';
import type { AccountView, NoticeView, SessionView } from '../../../src-main/contract/views.ts';
import { CallHistory } from '../../../src-main/control/call-history.ts';
import { type Control, createControl } from '../../../src-main/control/control.ts';
import { recordSteps } from '../../../src-main/control/record-schema.ts';
import { applyEvent, problemsOf } from '../../../src-renderer/gateway-state.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import {
  runningCall,
  sampleAccount,
  sampleCall,
  sampleHit,
  sampleNotice,
  sampleSession,
  sampleTime,
} from '../../helpers/sample-views.ts';

const limits = configSchema.parse({}).limits;

function snapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    lastEventId: 0,
    version: '0',
    startedAt: sampleTime,
    mcpUrl: '',
    sseUrl: '',
    signInUrl: '',
    accounts: [],
    sessions: [],
    calls: [],
    limitHits: [],
    activity: [],
    notices: [],
    limits,
    ...change,
  };
}

function after(before: Snapshot, ...events: GatewayEvent[]): Snapshot {
  let id = before.lastEventId;
  return events.map((event): StampedEvent => ({ ...event, id: (id += 1), at: sampleTime })).reduce(applyEvent, before);
}

describe('the picture of the gateway', () => {
  it('shows a call while it runs and how it ended', () => {
    const running = after(snapshot({ sessions: [sampleSession()] }), { kind: 'call.started', call: runningCall() });
    expect(running).toMatchObject({
      calls: [{ outcome: null }],
      sessions: [{ calls: 1 }],
      activity: [{ calls: 1, errors: 0 }],
    });
    expect(after(running, { kind: 'call.finished', call: sampleCall({ outcome: 'error' }) })).toMatchObject({
      calls: [{ outcome: 'error' }],
      activity: [{ calls: 1, errors: 1 }],
    });
  });

  it('is not changed by an event that it already contains', () => {
    const before = snapshot({ lastEventId: 10 });
    const old: StampedEvent = { kind: 'call.started', call: runningCall(), id: 10, at: sampleTime };
    expect(applyEvent(before, old)).toBe(before);
  });

  it('stays small however long it is looked at', () => {
    let state = snapshot();
    for (let call = 0; call < 1000; call += 1) {
      const startedAt = sampleTime + call * 10_000;
      const at = { id: call + 1, at: startedAt };
      state = applyEvent(state, { ...at, kind: 'call.started', call: runningCall({ id: `call_${call}`, startedAt }) });
    }
    expect(state.calls).toHaveLength(200);
    expect(state.activity.length).toBeLessThanOrEqual(60);
    expect(state.calls[0]?.id).toBe('call_999');
  });

  it('has one default account', () => {
    const two = snapshot({ accounts: [sampleAccount(), sampleAccount({ id: 'acc_2', isDefault: false })] });
    const changed = after(two, { kind: 'account.changed', account: sampleAccount({ id: 'acc_2' }) });
    expect(changed.accounts.map((account) => account.isDefault)).toEqual([false, true]);
  });

  it('names what needs a person', () => {
    const state = snapshot({
      notices: [sampleNotice(), sampleNotice({ id: 'b', level: 'info' })],
      accounts: [sampleAccount(), sampleAccount({ id: 'acc_2', state: 'sign_in_needed' })],
    });
    expect(problemsOf(state)).toMatchObject({ notices: [{ id: 'storage.failing' }], signIns: [{ id: 'acc_2' }] });
  });
});

/** A gateway without doors: real events, history and control; what others keep is kept here the way they do. */
class SmallGateway {
  readonly clock = new FakeClock();
  readonly bus = new EventBus(this.clock);
  readonly #accounts = new Map<string, AccountView>();
  readonly #sessions = new Map<string, SessionView>();
  readonly #notices = new Map<string, NoticeView>();
  readonly #database = new DatabaseSync(':memory:');
  readonly #history: CallHistory;
  readonly #control: Control;

  constructor() {
    for (const sql of recordSteps) this.#database.exec(sql);
    const common = { bus: this.bus, clock: this.clock };
    const quiet = { log: silentLog(), notices: { raise: () => {}, clear: () => {} } };
    this.#history = new CallHistory({
      ...common,
      ...quiet,
      database: this.#database,
      settings: { days: 30, calls: 1000 },
    });
    this.#control = createControl({
      ...common,
      version: '0',
      startedAt: sampleTime,
      notices: { standing: () => [...this.#notices.values()] },
      history: this.#history,
      accounts: { list: () => [...this.#accounts.values()], signOut: never, renewNow: never, setDefault: never },
      sessions: { views: () => [...this.#sessions.values()], end: () => false },
      limits: { get: () => limits, set: () => limits },
      urls: () => ({ mcp: '', sse: '', signIn: '' }),
      signInLink: () => '',
    });
  }

  publish(event: GatewayEvent): void {
    if (event.kind === 'account.changed') this.#accounts.set(event.account.id, event.account);
    else if (event.kind === 'account.removed') this.#accounts.delete(event.accountId);
    else if (event.kind === 'session.opened') this.#sessions.set(event.session.id, event.session);
    else if (event.kind === 'session.closed') this.#sessions.delete(event.sessionId);
    else if (event.kind === 'notice.raised') this.#notices.set(event.notice.id, event.notice);
    else if (event.kind === 'notice.cleared') this.#notices.delete(event.noticeId);
    this.bus.publish(event);
  }

  async snapshot(): Promise<Snapshot> {
    return (await this.#control.call('snapshot', {})) as Snapshot;
  }

  close(): void {
    this.#history.close();
    this.#database.close();
  }
}

const never = () => Promise.reject(new Error('not asked in this test'));
const small = fc.integer({ min: 0, max: 2 });
const elsewhere = { sessionId: 'ses_elsewhere' };

const anyEvent: fc.Arbitrary<GatewayEvent> = fc.oneof(
  small.map((n) => ({
    kind: 'account.changed' as const,
    account: sampleAccount({ id: `acc_${n}`, isDefault: false }),
  })),
  small.map((n) => ({ kind: 'account.removed' as const, accountId: `acc_${n}` })),
  small.map((n) => ({ kind: 'notice.raised' as const, notice: sampleNotice({ id: `notice_${n}` }) })),
  small.map((n) => ({ kind: 'notice.cleared' as const, noticeId: `notice_${n}` })),
  small.map((n) => ({ kind: 'limit.hit' as const, hit: sampleHit({ sessionId: null, retryAfterMs: n }) })),
  small.map((n) => ({ kind: 'session.opened' as const, session: sampleSession({ id: `ses_${n}` }) })),
  small.map((n) => ({ kind: 'session.closed' as const, sessionId: `ses_${n}`, reason: 'idle' as const })),
);

/** Either an event, or a call that may or may not end, some time after it began. */
const anyStep = fc.oneof(
  anyEvent.map((event) => ({ event })),
  fc.record({ outcome: fc.constantFrom('ok', 'error', 'refused', null), wait: fc.integer({ min: 0, max: 60_000 }) }),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

async function play(gateway: SmallGateway, steps: Step[]): Promise<void> {
  for (const step of steps) {
    if ('event' in step) {
      gateway.publish(step.event);
      continue;
    }
    const call = { ...elsewhere, id: `call_${gateway.bus.lastId}`, startedAt: gateway.clock.now() };
    gateway.publish({ kind: 'call.started', call: runningCall(call) });
    await gateway.clock.advance(step.wait);
    if (step.outcome) gateway.publish({ kind: 'call.finished', call: sampleCall({ ...call, outcome: step.outcome }) });
  }
}

describe('a snapshot and the events after it', () => {
  it('make the snapshot that would be taken later', async () => {
    const property = fc.asyncProperty(
      fc.array(anyStep, { maxLength: 40, size: 'max' }),
      fc.nat(40),
      async (steps, cut) => {
        const gateway = new SmallGateway();
        await play(gateway, steps.slice(0, cut));
        const before = await gateway.snapshot();
        const seen: StampedEvent[] = [];
        gateway.bus.subscribe((event) => seen.push(event));
        await play(gateway, steps.slice(cut));
        expect(seen.reduce(applyEvent, before)).toEqual(await gateway.snapshot());
        gateway.close();
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});
