import type { Snapshot } from '../src-main/contract/control.ts';
import type { StampedEvent } from '../src-main/contract/events.ts';
import type {
  AccountView,
  ActivityView,
  CallView,
  ClientView,
  NoticeView,
  SessionView,
} from '../src-main/contract/views.ts';

/** How many calls and limit hits stay in memory; older ones are asked for page by page. */
const keep = 200;
/** The gateway forgets a login some minutes after its end without saying so; a page that stays open keeps the newest. */
const keepLogins = 100;
const minute = 60_000;

/** What the gateway looks like after an event. Events that the snapshot already contains change nothing. */
// oxlint-disable-next-line complexity, typescript/consistent-return -- one case per kind of event; the compiler sees all
export function applyEvent(before: Snapshot, event: StampedEvent): Snapshot {
  if (event.id <= before.lastEventId) return before;
  const state = { ...before, lastEventId: event.id };
  switch (event.kind) {
    case 'session.opened':
    case 'session.resumed':
    case 'session.changed':
      return { ...state, sessions: put(state.sessions, event.session) };
    case 'session.closed':
      return { ...state, sessions: state.sessions.filter((session) => session.id !== event.sessionId) };
    case 'call.started':
      return callStarted(state, event.call, event.at);
    case 'call.finished':
      return callFinished(state, event.call);
    case 'limit.hit':
      return {
        ...state,
        limitHits: [{ ...event.hit, at: event.at }, ...state.limitHits].slice(0, keep),
        sessions: changeSession(state.sessions, event.hit.sessionId, ({ limitHits }) => ({ limitHits: limitHits + 1 })),
        activity: countIn(state.activity, event.at, 'limitHits'),
      };
    case 'paused.changed':
      return { ...state, paused: event.paused };
    case 'limits.changed':
      return { ...state, limits: event.limits };
    case 'settings.changed':
      return state;
    case 'account.changed':
      return { ...state, accounts: putOnlyDefault(state.accounts, event.account) };
    case 'account.removed':
      return { ...state, accounts: state.accounts.filter((account) => account.id !== event.accountId) };
    case 'app.changed':
      return { ...state, apps: putOnlyDefault(state.apps, event.app) };
    case 'app.removed':
      return { ...state, apps: state.apps.filter((app) => app.id !== event.appId) };
    case 'login.changed':
      return { ...state, logins: put(state.logins, event.login).slice(-keepLogins) };
    case 'client.changed':
      return { ...state, clients: putClient(state.clients, event.client) };
    case 'client.removed':
      return { ...state, clients: state.clients.filter((client) => client.keyId !== event.keyId) };
    case 'notice.raised':
      return { ...state, notices: put(state.notices, event.notice) };
    case 'notice.cleared':
      return { ...state, notices: state.notices.filter((notice) => notice.id !== event.noticeId) };
    case 'token.renewal':
    case 'upstream.answered':
      return state;
  }
}

/** What a person should look at: warnings, and accounts that work again only after a sign-in. */
export function problemsOf(snapshot: Snapshot): { notices: NoticeView[]; signIns: AccountView[] } {
  return {
    notices: snapshot.notices.filter((notice) => notice.level !== 'info'),
    signIns: snapshot.accounts.filter((account) => account.state === 'sign_in_needed'),
  };
}

function callStarted(state: Snapshot, call: CallView, at: number): Snapshot {
  return {
    ...state,
    calls: [call, ...state.calls].slice(0, keep),
    sessions: changeSession(state.sessions, call.sessionId, ({ calls }) => ({ calls: calls + 1, lastSeenAt: at })),
    activity: countIn(state.activity, call.startedAt, 'calls'),
  };
}

function callFinished(state: Snapshot, call: CallView): Snapshot {
  const failed = call.outcome === 'error' || call.outcome === 'unknown';
  return {
    ...state,
    calls: state.calls.map((other) => (other.id === call.id ? call : other)),
    activity: failed ? countIn(state.activity, call.startedAt, 'errors') : state.activity,
  };
}

/** Replaces the item with the same id, or adds it at the end. */
function put<T extends { id: string }>(items: T[], item: T): T[] {
  return items.some((other) => other.id === item.id)
    ? items.map((other) => (other.id === item.id ? item : other))
    : [...items, item];
}

function putClient(clients: ClientView[], client: ClientView): ClientView[] {
  return clients.some((other) => other.keyId === client.keyId)
    ? clients.map((other) => (other.keyId === client.keyId ? client : other))
    : [...clients, client];
}

/** There is one default account, and one default app, at most. */
function putOnlyDefault<T extends { id: string; isDefault: boolean }>(items: T[], item: T): T[] {
  const others = item.isDefault ? items.map((other) => ({ ...other, isDefault: false })) : items;
  return put(others, item);
}

function changeSession(
  sessions: SessionView[],
  id: string | null,
  change: (session: SessionView) => Partial<SessionView>,
): SessionView[] {
  return sessions.map((session) => (session.id === id ? { ...session, ...change(session) } : session));
}

function countIn(activity: ActivityView[], time: number, what: 'calls' | 'errors' | 'limitHits'): ActivityView[] {
  const at = Math.floor(time / minute) * minute;
  const entry = activity.find((other) => other.at === at) ?? { at, calls: 0, errors: 0, limitHits: 0 };
  const others = activity.filter((other) => other.at !== at && other.at > at - 60 * minute);
  return [...others, { ...entry, [what]: entry[what] + 1 }].sort((a, b) => a.at - b.at);
}
