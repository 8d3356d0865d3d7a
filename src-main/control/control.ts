import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import { connectHandlers } from '../connect/connect-handlers.ts';
import type { Connections } from '../connect/connections.ts';
import type { Notices } from '../base/notices.ts';
import {
  type ControlInput,
  type ControlMethod,
  type ControlOutput,
  type Health,
  type ParsedControlInput,
  type Snapshot,
  controlInputs,
} from '../contract/control.ts';
import type { AccountView, SessionRecordView, SessionView } from '../contract/views.ts';
import { type Download, exportCalls } from './call-export.ts';
import { wrongFields } from './field-words.ts';
import type { Handlers } from './handlers.ts';
import { healthOf } from './health.ts';
import { type IdentityParts, identityHandlers, requireAccount } from './identity-handlers.ts';
import { type RecordParts, recordHandlers } from './record-handlers.ts';
import { type SettingsParts, settingsHandlers } from './settings-handlers.ts';
import { type SupportParts, supportBundle } from './support-bundle.ts';
import { type ToolParts, toolHandlers } from './tool-handlers.ts';

export interface ControlParts extends IdentityParts, RecordParts, ToolParts, SettingsParts, SupportParts {
  /** Undefined where this installation does not know whose clients it could connect. */
  connections?: Connections | undefined;
  version: string;
  startedAt: number;
  clock: Pick<Clock, 'now'>;
  bus: Pick<EventBus, 'lastId'>;
  notices: Pick<Notices, 'standing'>;
  accounts: {
    list(): AccountView[];
    signOut(accountId: string): Promise<void>;
    renewNow(accountId: string): Promise<AccountView>;
    setDefault(accountId: string): Promise<void>;
  };
  sessions: {
    views(): SessionView[];
    end(sessionId: string): boolean;
    bind(sessionId: string, accountId: string | null): boolean;
  };
  clients: IdentityParts['clients'];
  apps: IdentityParts['apps'];
  /** Known once the door is open. */
  urls(): { mcp: string; sse: string; signIn: string; redirect: string };
}

export interface Control {
  /** Checks `body` against the method's schema and answers it. Rejects with a Fault. */
  call(method: string, body: unknown): Promise<ControlOutput<ControlMethod>>;
  /** The same for who knows the method. */
  ask<M extends ControlMethod>(method: M, input: ControlInput<M>): Promise<ControlOutput<M>>;
  health(): Health;
  /** What `GET /control/export` answers to its query. Throws a Fault. */
  exportCalls(query: unknown): Download;
}

type Inputs = { [M in ControlMethod]: z.ZodType<ParsedControlInput<M>> };

const hour = 60 * 60_000;

/** The control API table made real: one handler per method of contract/control.ts. */
export function createControl(parts: ControlParts): Control {
  const { accounts, clock, history, sessions, settings } = parts;
  const handlers: Handlers = {
    snapshot: () => snapshotOf(parts),
    ...recordHandlers(parts),
    ...toolHandlers(parts),
    ...connectHandlers(parts.connections),
    ...settingsHandlers(parts),
    supportBundle: () => supportBundle(parts),
    sessions: ({ live, limit }) => ({ sessions: live ? openSessions(parts) : pastSessions(parts, limit) }),
    ...identityHandlers(parts),
    signOut: async ({ accountId }) => {
      await accounts.signOut(accountId);
      return { accounts: accounts.list() };
    },
    renew: async ({ accountId }) => ({ account: await accounts.renewNow(accountId) }),
    setDefaultAccount: async ({ accountId }) => {
      await accounts.setDefault(accountId);
      return { accounts: accounts.list() };
    },
    bindSession: ({ sessionId, accountId }) => {
      requireAccount(parts, accountId);
      return { bound: sessions.bind(sessionId, accountId) };
    },
    endSession: ({ sessionId }) => ({ ended: sessions.end(sessionId) }),
    setPaused: async ({ paused }) => {
      await settings.change('server', { paused });
      return { paused };
    },
    setLimits: async (change) => {
      await settings.change('limits', change);
      return { limits: settings.running.limits };
    },
  };
  return {
    call: async (method, body) => {
      if (!isMethod(method)) throw new Fault('not_found');
      return answer(handlers, method, body);
    },
    ask: (method, input) => answer(handlers, method, input),
    health: () => healthOf(parts.notices.standing(), accounts.list()),
    exportCalls: (query) =>
      exportCalls(query, { calls: (filter) => history.callsOrFail(filter), now: () => clock.now() }),
  };
}

function isMethod(name: string): name is ControlMethod {
  return Object.hasOwn(controlInputs, name);
}

async function answer<M extends ControlMethod>(
  handlers: Handlers,
  method: M,
  body: unknown,
): Promise<ControlOutput<M>> {
  const inputs: Inputs = controlInputs;
  const input = inputs[method].safeParse(body ?? {});
  if (input.success) return handlers[method](input.data);
  // The path names the field; the value stays out.
  const fields = input.error.issues.map((issue) => issue.path.join('.') || 'body');
  throw new Fault('invalid_request', { words: wrongFields(fields), details: { fields } });
}

/**
 * Taken in one turn of the event loop, so that the views contain exactly the events up to `lastEventId`. The id is read
 * last: reading the history may itself raise a notice.
 */
function snapshotOf(parts: ControlParts): Snapshot {
  const { history, notices } = parts;
  const urls = parts.urls();
  const from = parts.clock.now() - hour;
  const { calls } = history.calls({ limit: 100 });
  const limitHits = history.limitHits(from, 200);
  const activity = history.activity(from);
  return {
    version: parts.version,
    startedAt: parts.startedAt,
    mcpUrl: urls.mcp,
    sseUrl: urls.sse,
    signInUrl: urls.signIn,
    redirectUrl: urls.redirect,
    accounts: parts.accounts.list(),
    apps: parts.apps.list(),
    clients: parts.clients.list(),
    logins: parts.logins.list(),
    sessions: parts.sessions.views(),
    calls,
    limitHits,
    activity,
    notices: notices.standing(),
    limits: parts.settings.running.limits,
    paused: parts.settings.running.server.paused,
    lastEventId: parts.bus.lastId,
  };
}

function openSessions({ sessions }: ControlParts): SessionRecordView[] {
  return sessions.views().map((session) => ({ ...session, closedAt: null, end: null }));
}

function pastSessions({ history, sessions }: ControlParts, limit: number): SessionRecordView[] {
  const open = new Set(sessions.views().map((session) => session.id));
  return history
    .sessions(limit + open.size)
    .filter((session) => !open.has(session.id))
    .slice(0, limit);
}
