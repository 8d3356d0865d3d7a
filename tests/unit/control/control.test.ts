import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Fault } from '../../../src-main/base/fault.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import type { ControlInput, ControlMethod, ControlOutput } from '../../../src-main/contract/control.ts';
import type { AccountView, AppView, ClientView, SessionView } from '../../../src-main/contract/views.ts';
import { CallHistory } from '../../../src-main/control/call-history.ts';
import { type Control, createControl } from '../../../src-main/control/control.ts';
import { recordSteps } from '../../../src-main/control/record-schema.ts';
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
  sampleSession,
} from '../../helpers/sample-views.ts';

let clock: FakeClock;
let bus: EventBus;
let notices: Notices;
let history: CallHistory;
let accounts: AccountView[];
let sessions: SessionView[];
let apps: AppView[];
let clients: ClientView[];
let control: Control;
let database: DatabaseSync;

beforeEach(() => {
  clock = new FakeClock();
  bus = new EventBus(clock, {
    onError: (error) => {
      throw error;
    },
  });
  notices = new Notices(bus, () => clock.now());
  database = new DatabaseSync(':memory:');
  for (const step of recordSteps) database.exec(step);
  history = new CallHistory({ database, bus, clock, notices, log: silentLog(), settings: { days: 30, calls: 1000 } });
  accounts = [sampleAccount(), sampleAccount({ id: 'acc_2', name: '周舟', isDefault: false })];
  sessions = [sampleSession()];
  apps = [sampleApp(), sampleApp({ id: 'cli_2', isDefault: false })];
  clients = [sampleClient()];
  control = createControl({
    version: '1.2.3',
    startedAt: clock.now(),
    clock,
    bus,
    notices,
    history,
    accounts: {
      list: () => accounts,
      signOut: async (id) => {
        if (!accounts.some((account) => account.id === id)) throw new Fault('sign_in_required');
        accounts = accounts.filter((account) => account.id !== id);
      },
      renewNow: async (id) => ({ ...sampleAccount(), id, accessExpiresAt: 1 }),
      setDefault: async (id) => {
        accounts = accounts.map((account) => ({ ...account, isDefault: account.id === id }));
      },
    },
    apps: {
      list: () => apps,
      add: async ({ appId, brand }) => sampleApp({ id: appId, brand }),
      setDefault: async (id) => {
        apps = apps.map((app) => ({ ...app, isDefault: app.id === id }));
      },
      forget: async (id) => {
        apps = apps.filter((app) => app.id !== id);
      },
      examine: async (appId = 'cli_default') => ({ appId, checks: [] }),
    },
    logins: {
      list: () => [sampleLogin()],
      createApp: async ({ brand }) => sampleLogin({ brand, steps: ['create_app', 'sign_in'] }),
      begin: async ({ way, scopes }) => sampleLogin({ way, scopes }),
      extendApp: async ({ appId }) => sampleLogin({ appId, steps: ['extend_app', 'sign_in'] }),
      cancel: (id) => sampleLogin({ id, state: 'canceled' }),
      addToken: async ({ brand }) => sampleAccount({ brand, way: 'token', state: 'manual' }),
    },
    clients: {
      list: () => clients,
      bind: async (keyId, accountId) => {
        clients = clients.map((client) => (client.keyId === keyId ? { ...client, accountId } : client));
      },
    },
    sessions: {
      views: () => sessions,
      end: (id) => sessions.some((session) => session.id === id),
      bind: (id, accountId) => {
        sessions = sessions.map((session) => (session.id === id ? { ...session, accountId } : session));
        return sessions.some((session) => session.id === id);
      },
    },
    ...quietControlParts(bus),
    urls: () => ({
      mcp: 'http://127.0.0.1:5275/mcp',
      sse: 'http://127.0.0.1:5275/sse',
      signIn: 'http://127.0.0.1:5275/oauth/start',
      redirect: 'http://127.0.0.1:5275/oauth/callback',
    }),
  });
});

afterEach(() => {
  history.close();
  database.close();
});

// The answer's type follows from the method's name, as it does for the dashboard.
const call = <M extends ControlMethod>(method: M, input: ControlInput<M>) =>
  control.call(method, input) as Promise<ControlOutput<M>>;

describe('the control API', () => {
  it('gives a snapshot that contains every event up to its id and none after it', async () => {
    bus.publish({ kind: 'call.started', call: runningCall() });
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    const pending = call('snapshot', {});
    bus.publish({ kind: 'call.started', call: runningCall({ id: 'later' }) });
    const snapshot = await pending;
    expect(snapshot).toMatchObject({
      version: '1.2.3',
      mcpUrl: 'http://127.0.0.1:5275/mcp',
      accounts: [{ id: 'acc_1' }, { id: 'acc_2' }],
      sessions: [{ id: 'ses_000000000001' }],
      calls: [runningCall()],
      limitHits: [{ ...sampleHit(), at: clock.now() }],
      activity: [{ at: clock.now(), calls: 1, errors: 0, limitHits: 1 }],
      limits: { perSession: 50, perAddress: 200 },
    });
    expect(bus.since(snapshot.lastEventId)).toMatchObject([{ kind: 'call.started', call: { id: 'later' } }]);
  });

  it('counts a notice that reading the history itself raised as part of the snapshot', async () => {
    database.exec('DROP TABLE limitHits');
    const snapshot = await call('snapshot', {});
    expect(snapshot.notices).toMatchObject([{ id: 'records.unreadable' }]);
    expect(bus.since(snapshot.lastEventId)).toEqual([]);
  });

  it('answers about calls and their tools', async () => {
    bus.publish({ kind: 'call.finished', call: sampleCall({ tool: 'docs' }) });
    expect(await call('calls', { tool: 'docs' })).toMatchObject({ calls: [{ tool: 'docs' }], next: null });
    expect(await call('recordedTools', {})).toEqual({ tools: ['docs'] });
    expect((await call('callCounts', { tool: 'docs' })).counts.total).toBe(1);
    expect((await call('faults', {})).faults.timeout).toMatchObject({
      retryable: true,
      words: { zh: expect.any(String) },
    });
  });

  it('tells open sessions from those that ended or have not come back', async () => {
    bus.publish({ kind: 'session.opened', session: sampleSession() });
    bus.publish({ kind: 'session.opened', session: sampleSession({ id: 'ses_away' }) });
    expect((await call('sessions', {})).sessions).toMatchObject([{ id: 'ses_000000000001', closedAt: null }]);
    expect((await call('sessions', { live: false })).sessions).toMatchObject([{ id: 'ses_away' }]);
    expect((await call('sessions', { live: false, limit: 1 })).sessions).toMatchObject([{ id: 'ses_away' }]);
  });

  it('acts on accounts and answers with what is so afterwards', async () => {
    expect((await call('setDefaultAccount', { accountId: 'acc_2' })).accounts[1]?.isDefault).toBe(true);
    expect((await call('renew', { accountId: 'acc_2' })).account).toMatchObject({ id: 'acc_2', accessExpiresAt: 1 });
    expect((await call('signOut', { accountId: 'acc_2' })).accounts).toHaveLength(1);
    await expect(call('signOut', { accountId: 'acc_2' })).rejects.toMatchObject({ code: 'sign_in_required' });
  });

  it('shows in the snapshot which apps there are, who is signing in and which client works as whom', async () => {
    expect(await call('snapshot', {})).toMatchObject({
      redirectUrl: 'http://127.0.0.1:5275/oauth/callback',
      apps: [{ isDefault: true }, { id: 'cli_2' }],
      clients: [{ keyId: 'key_1', accountId: null }],
      logins: [{ state: 'waiting' }],
    });
  });

  it('adds, chooses, examines and forgets apps', async () => {
    const appSecret = 'any secret';
    expect((await call('addApp', { appId: ' cli_0123456789abcdef ', appSecret })).app).toMatchObject({
      id: 'cli_0123456789abcdef',
      brand: 'feishu',
    });
    expect((await call('setDefaultApp', { appId: 'cli_2' })).apps[1]).toMatchObject({ isDefault: true });
    expect(await call('doctor', {})).toEqual({ appId: 'cli_default', checks: [] });
    expect((await call('forgetApp', { appId: 'cli_2' })).apps).toHaveLength(1);
  });

  it('begins and cancels sign-ins of every kind', async () => {
    expect((await call('createApp', { brand: 'lark' })).login).toMatchObject({
      brand: 'lark',
      steps: ['create_app', 'sign_in'],
    });
    expect((await call('login', {})).login).toMatchObject({ way: 'device', scopes: [] });
    const scopes = ['im:message'];
    expect((await call('login', { way: 'browser', scopes })).login).toMatchObject({ way: 'browser', scopes });
    expect((await call('extendApp', { appId: 'cli_2', scopes })).login).toMatchObject({ appId: 'cli_2' });
    expect((await call('cancelLogin', { loginId: 'login_9' })).login).toMatchObject({
      id: 'login_9',
      state: 'canceled',
    });
    expect((await call('logins', {})).logins).toHaveLength(1);
    expect((await call('addToken', { token: 'u-0123456789abc' })).account).toMatchObject({ state: 'manual' });
  });

  it('binds a client or a session to an account that exists, or to the default one', async () => {
    expect((await call('bindClient', { keyId: 'key_1', accountId: 'acc_2' })).clients[0]?.accountId).toBe('acc_2');
    expect((await call('bindClient', { keyId: 'key_1', accountId: null })).clients[0]?.accountId).toBeNull();
    expect(await call('bindSession', { sessionId: 'ses_000000000001', accountId: 'acc_2' })).toEqual({ bound: true });
    expect(sessions[0]?.accountId).toBe('acc_2');
    const stranger = { accountId: 'acc_gone' };
    await expect(call('bindClient', { keyId: 'key_1', ...stranger })).rejects.toMatchObject({
      code: 'sign_in_required',
    });
    await expect(call('bindSession', { sessionId: 'ses_000000000001', ...stranger })).rejects.toMatchObject({
      code: 'sign_in_required',
    });
    expect(sessions[0]?.accountId).toBe('acc_2');
  });

  it('pauses and goes on, and says so to whoever follows', async () => {
    const before = bus.lastId;
    expect(await call('setPaused', { paused: true })).toEqual({ paused: true });
    expect(await call('snapshot', {})).toMatchObject({ paused: true });
    expect(await call('setPaused', { paused: false })).toEqual({ paused: false });
    expect(bus.since(before)).toMatchObject([
      { kind: 'paused.changed', paused: true },
      { kind: 'settings.changed', paths: ['server.paused'] },
      { kind: 'paused.changed', paused: false },
      { kind: 'settings.changed', paths: ['server.paused'] },
    ]);
  });

  it('ends sessions and changes limits', async () => {
    expect(await call('endSession', { sessionId: 'ses_000000000001' })).toEqual({ ended: true });
    expect(await call('endSession', { sessionId: 'nobody' })).toEqual({ ended: false });
    const before = bus.lastId;
    expect((await call('setLimits', { perSession: 5 })).limits).toMatchObject({ perSession: 5, perAddress: 200 });
    expect(bus.since(before)).toMatchObject([
      { kind: 'limits.changed', limits: { perSession: 5 } },
      { kind: 'settings.changed', paths: ['limits.perSession'] },
    ]);
  });

  it.each(['nothing', 'constructor', '__proto__', 'toString', ''])('knows no method "%s"', async (method) => {
    await expect(control.call(method, {})).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['calls', { limit: 100_000 }, 'limit'],
    ['calls', { outcome: 'great' }, 'outcome'],
    ['calls', { secret: 'Canary9' }, 'body'],
    ['signOut', {}, 'accountId'],
    ['setLimits', { perSession: -1 }, 'perSession'],
    ['addApp', { appId: 'Canary9', appSecret: 'Canary9' }, 'appId'],
    ['addToken', { token: 'Canary9 Canary9' }, 'token'],
    ['login', { way: 'Canary9' }, 'way'],
    ['login', { scopes: ['Canary9 Canary9'] }, 'scopes.0'],
    ['snapshot', [], 'body'],
  ])('refuses a wrong input of %s, naming the field and not the value', async (method, body, field) => {
    const refusal = await control.call(method, body).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'invalid_request', details: { fields: [field] } });
    expect(JSON.stringify(refusal.toBody())).not.toContain('Canary9');
  });
});

describe('health', () => {
  it('is ready while nothing warns', () => {
    notices.raise('hello', 'info', { zh: '', en: '' });
    expect(control.health()).toEqual({ status: 'ready', reasons: [] });
  });

  it('is degraded by a warning until it is over', () => {
    notices.raise('disk', 'warning', { zh: '磁盘', en: 'disk' });
    expect(control.health()).toMatchObject({ status: 'degraded', reasons: [{ id: 'disk' }] });
    notices.clear('disk');
    expect(control.health().status).toBe('ready');
  });

  it('is degraded while a person must sign in, says why, and does not say who', () => {
    accounts = [sampleAccount({ state: 'sign_in_needed', reason: { zh: '太久没用。', en: 'Unused for too long.' } })];
    expect(control.health()).toMatchObject({
      status: 'degraded',
      reasons: [
        { words: { zh: '有账号需要重新登录。太久没用。', en: 'An account must sign in again. Unused for too long.' } },
      ],
    });
    expect(JSON.stringify(control.health())).not.toContain('林小满');
  });
});
