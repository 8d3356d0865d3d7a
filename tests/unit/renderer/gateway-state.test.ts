import fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { Snapshot } from '../../../src-main/contract/control.ts';
import type { GatewayEvent, StampedEvent } from '../../../src-main/contract/events.ts';
import type { AccountView, NoticeView, SessionView } from '../../../src-main/contract/views.ts';
import { CallHistory } from '../../../src-main/control/call-history.ts';
import { createControl } from '../../../src-main/control/control.ts';
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

/** The parts of a gateway that keep their own state, kept here the way those do. */
class Model {
  readonly accounts = new Map<string, AccountView>();
  readonly sessions = new Map<string, SessionView>();
  readonly notices = new Map<string, NoticeView>();

  apply(event: GatewayEvent): void {
    if (event.kind === 'account.changed') this.accounts.set(event.account.id, event.account);
    else if (event.kind === 'account.removed') this.accounts.delete(event.accountId);
    else if (event.kind === 'session.opened') this.sessions.set(event.session.id, event.session);
    else if (event.kind === 'session.closed') this.sessions.delete(event.sessionId);
    else if (event.kind === 'notice.raised') this.notices.set(event.notice.id, event.notice);
    else if (event.kind === 'notice.cleared') this.notices.delete(event.noticeId);
  }
}

const small = fc.integer({ min: 0, max: 4 });
const anyEvent: fc.Arbitrary<GatewayEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('account.changed' as const),
    account: small.map((n) => sampleAccount({ id: `acc_${n}`, isDefault: false })),
  }),
  fc.record({ kind: fc.constant('account.removed' as const), accountId: small.map((n) => `acc_${n}`) }),
  fc.record({ kind: fc.constant('notice.raised' as const), notice: small.map((n) => sampleNotice({ id: `n_${n}` })) }),
  fc.record({ kind: fc.constant('notice.cleared' as const), noticeId: small.map((n) => `n_${n}`) }),
  fc.record({ kind: fc.constant('limit.hit' as const), hit: small.map((n) => sampleHit({ sessionId: null, retryAfterMs: n })) }),
  fc.record({ kind: fc.constant('session.opened' as const), session: small.map((n) => sampleSession({ id: `ses_${n}` })) }),
  fc.record({
    kind: fc.constant('session.closed' as const),
    sessionId: small.map((n) => `ses_${n}`),
    reason: fc.constant('idle' as const),
  }),
);

describe('a snapshot and the events after it', () => {
  it('make the snapshot that would be taken later', async () => {
    const calls = fc.record({ outcome: fc.constantFrom('ok', 'error', 'refused'), wait: fc.integer({ min: 0, max: 90_000 }) });
    const step = fc.oneof(anyEvent, calls);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(40), async (steps, cut) => {
        const { snapshotNow, publish, close } = openModel();
        let clockMoves = 0;
        const play = async (some: typeof steps) => {
          for (const one of some) {
            if ('kind' in one) publish(one);
            else {
              const id = `call_${(clockMoves += 1)}_${some.length}`;
              await publishCall(publish, id, one);
            }
          }
        };
        await play(steps.slice(0, cut));
        const { snapshot: before, events } = { snapshot: await snapshotNow(), events: followed() };
        await play(steps.slice(cut));
        const later = await snapshotNow();
        expect(events.take().reduce(applyEvent, before)).toEqual(later);
        close();

        function followed() {
          const seen: StampedEvent[] = [];
          const stop = bus().subscribe((event) => seen.push(event));
          return { take: () => (stop(), seen) };
        }
        function bus() {
          return current.bus;
        }
      }),
      { numRuns: 60 },
    );
  });
});

let current: { bus: EventBus; clock: FakeClock };

function openModel() {
  const clock = new FakeClock();
  const bus = new EventBus(clock);
  current = { bus, clock };
  const model = new Model();
  const database = new DatabaseSync(':memory:');
  for (const sql of recordSteps) database.exec(sql);
  const notices = { raise: () => {}, clear: () => {} };
  const history = new CallHistory({ database, bus, clock, notices, log: silentLog(), settings: { days: 30, calls: 1000 } });
  const control = createControl({
    version: '0',
    startedAt: clock.now(),
    clock: { now: () => sampleTime },
    bus,
    notices: { standing: () => [...model.notices.values()] },
    history,
    accounts: { list: () => [...model.accounts.values()], signOut: never, renewNow: never, setDefault: never },
    sessions: { views: () => [...model.sessions.values()], end: () => false },
    limits: { get: () => limits, set: () => limits },
    urls: () => ({ mcp: '', sse: '', signIn: '' }),
    signInLink: () => '',
  });
  return {
    snapshotNow: async () => (await control.call('snapshot', {})) as Snapshot,
    publish: (event: GatewayEvent) => {
      model.apply(event);
      bus.publish(event);
    },
    close: () => {
      history.close();
      database.close();
    },
  };
}

async function publishCall(
  publish: (event: GatewayEvent) => void,
  id: string,
  { outcome, wait }: { outcome: 'ok' | 'error' | 'refused'; wait: number },
): Promise<void> {
  const startedAt = current.clock.now();
  const common = { id, startedAt, sessionId: 'ses_elsewhere' };
  publish({ kind: 'call.started', call: runningCall(common) });
  await current.clock.advance(wait);
  publish({ kind: 'call.finished', call: sampleCall({ ...common, outcome }) });
}

const never = () => Promise.reject(new Error('not asked in this test'));
