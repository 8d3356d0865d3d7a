import * as fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { Snapshot } from '../../../src-main/contract/control.ts';
import type { GatewayEvent, StampedEvent } from '../../../src-main/contract/events.ts';
import type {
  AccountView,
  AppView,
  ClientView,
  LoginView,
  NoticeView,
  SessionView,
} from '../../../src-main/contract/views.ts';
import { CallHistory } from '../../../src-main/control/call-history.ts';
import { type Control, createControl } from '../../../src-main/control/control.ts';
import { recordSteps } from '../../../src-main/control/record-schema.ts';
import { applyEvent, problemsOf } from '../../../src-renderer/gateway-state.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { quietControlParts } from '../../helpers/quiet-control-parts.ts';
import {
  runningCall,
  sampleAccount,
  sampleApp,
  sampleCall,
  sampleClient,
  sampleHit,
  sampleLogin,
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
    redirectUrl: '',
    accounts: [],
    apps: [],
    clients: [],
    logins: [],
    sessions: [],
    calls: [],
    limitHits: [],
    activity: [],
    notices: [],
    limits,
    paused: false,
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

  it('has one default app', () => {
    const two = snapshot({ apps: [sampleApp(), sampleApp({ id: 'cli_2', isDefault: false })] });
    const changed = after(two, { kind: 'app.changed', app: sampleApp({ id: 'cli_2' }) });
    expect(changed.apps.map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [sampleApp().id, false],
      ['cli_2', true],
    ]);
    expect(after(changed, { kind: 'app.removed', appId: 'cli_2' }).apps.map(({ id }) => id)).toEqual([sampleApp().id]);
  });

  it('follows a login from its first link to its end', () => {
    const begun = after(snapshot(), { kind: 'login.changed', login: sampleLogin() });
    const other = after(begun, { kind: 'login.changed', login: sampleLogin({ id: 'login_2' }) });
    const done = after(other, {
      kind: 'login.changed',
      login: sampleLogin({ state: 'done', url: null, accountId: 'acc_1' }),
    });
    expect(done.logins.map(({ id, state, url }) => [id, state, url])).toEqual([
      ['login_1', 'done', null],
      ['login_2', 'waiting', sampleLogin().url],
    ]);
  });

  it('keeps the newest logins only, however many are begun', () => {
    let state = snapshot();
    for (let login = 0; login < 300; login += 1) {
      state = after(state, { kind: 'login.changed', login: sampleLogin({ id: `login_${login}` }) });
    }
    expect([state.logins.length, state.logins.at(-1)?.id]).toEqual([100, 'login_299']);
  });

  it('shows a client with the account that it is bound to, until its key is gone', () => {
    const made = after(
      snapshot({ clients: [sampleClient({ keyId: 'default', name: 'default' })] }),
      { kind: 'client.changed', client: sampleClient() },
      { kind: 'client.changed', client: sampleClient({ accountId: 'acc_2' }) },
    );
    expect(made.clients.map(({ keyId, accountId }) => [keyId, accountId])).toEqual([
      ['default', null],
      ['key_1', 'acc_2'],
    ]);
    expect(after(made, { kind: 'client.removed', keyId: 'key_1' }).clients).toHaveLength(1);
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
  readonly #apps = new Map<string, AppView>();
  readonly #logins = new Map<string, LoginView>();
  readonly #clients = new Map<string, ClientView>();
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
      apps: { list: () => [...this.#apps.values()], add: never, setDefault: never, forget: never, examine: never },
      logins: {
        list: () => [...this.#logins.values()],
        createApp: never,
        begin: never,
        extendApp: never,
        cancel: (id) => sampleLogin({ id }),
        addToken: never,
      },
      clients: { list: () => [...this.#clients.values()], bind: never },
      sessions: { views: () => [...this.#sessions.values()], end: () => false, bind: () => false },
      ...quietControlParts(this.bus),
      urls: () => ({ mcp: '', sse: '', signIn: '', redirect: '' }),
    });
  }

  publish(event: GatewayEvent): void {
    this.#keep(event);
    this.bus.publish(event);
  }

  #keep(event: GatewayEvent): void {
    if (event.kind === 'account.changed') this.#accounts.set(event.account.id, event.account);
    else if (event.kind === 'account.removed') this.#accounts.delete(event.accountId);
    else if (event.kind === 'app.changed') this.#apps.set(event.app.id, event.app);
    else if (event.kind === 'app.removed') this.#apps.delete(event.appId);
    else if (event.kind === 'login.changed') this.#logins.set(event.login.id, event.login);
    else if (event.kind === 'client.changed') this.#clients.set(event.client.keyId, event.client);
    else if (event.kind === 'client.removed') this.#clients.delete(event.keyId);
    else if (event.kind === 'session.opened') this.#sessions.set(event.session.id, event.session);
    else if (event.kind === 'session.closed') this.#sessions.delete(event.sessionId);
    else if (event.kind === 'notice.raised') this.#notices.set(event.notice.id, event.notice);
    else if (event.kind === 'notice.cleared') this.#notices.delete(event.noticeId);
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
  small.map((n) => ({ kind: 'app.changed' as const, app: sampleApp({ id: `cli_${n}`, isDefault: false }) })),
  small.map((n) => ({ kind: 'app.removed' as const, appId: `cli_${n}` })),
  fc.tuple(small, fc.constantFrom('starting', 'waiting', 'done', 'failed', 'canceled')).map(([n, state]) => ({
    kind: 'login.changed' as const,
    login: sampleLogin({ id: `login_${n}`, state }),
  })),
  fc.tuple(small, fc.constantFrom(null, 'acc_1')).map(([n, accountId]) => ({
    kind: 'client.changed' as const,
    client: sampleClient({ keyId: `key_${n}`, accountId }),
  })),
  small.map((n) => ({ kind: 'client.removed' as const, keyId: `key_${n}` })),
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
