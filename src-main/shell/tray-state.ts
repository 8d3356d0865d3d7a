import type { GatewayEvent } from '../contract/events.ts';
import type { AccountView, NoticeView, SessionView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';

/** What the tray shows: a fold over what the gateway tells and what becomes of the gateway itself. */
export interface TrayState extends Facts {
  phase: 'starting' | 'running' | 'stopped';
  /** Why it does not run. */
  why: Words | null;
}

interface Facts {
  paused: boolean;
  accounts: readonly AccountView[];
  sessions: readonly SessionView[];
  notices: readonly NoticeView[];
}

/** What becomes of the gateway itself. */
type PhaseChange =
  | { kind: 'gateway.starting' }
  | { kind: 'gateway.started'; facts: Facts }
  | { kind: 'gateway.stopped'; why: Words };

export type TrayChange = GatewayEvent | PhaseChange;

const nothing: Facts = { paused: false, accounts: [], sessions: [], notices: [] };

export const firstTrayState: TrayState = { phase: 'starting', why: null, ...nothing };

/** The state after a change. What does not show in a tray changes nothing. */
export function trayStateAfter(state: TrayState, change: TrayChange): TrayState {
  switch (change.kind) {
    case 'gateway.starting':
      return { ...state, phase: 'starting', why: null };
    case 'gateway.started': {
      const { paused, accounts, sessions, notices } = change.facts;
      return { phase: 'running', why: null, paused, accounts, sessions, notices };
    }
    case 'gateway.stopped':
      // An account is no longer renewed and a client no longer connected: nothing of before is true.
      return { ...nothing, phase: 'stopped', why: change.why };
    default: {
      const facts = factsAfter(state, change);
      return facts ? { ...state, ...facts } : state;
    }
  }
}

function factsAfter({ accounts, sessions, notices }: Facts, event: GatewayEvent): Partial<Facts> | undefined {
  switch (event.kind) {
    case 'paused.changed':
      return { paused: event.paused };
    case 'account.changed':
      return { accounts: put(accounts, event.account) };
    case 'account.removed':
      return { accounts: without(accounts, event.accountId) };
    case 'session.opened':
    case 'session.resumed':
    case 'session.changed':
      return { sessions: put(sessions, event.session) };
    case 'session.closed':
      return { sessions: without(sessions, event.sessionId) };
    case 'notice.raised':
      return { notices: put(notices, event.notice) };
    case 'notice.cleared':
      return { notices: without(notices, event.noticeId) };
    default:
      return undefined;
  }
}

function put<T extends { id: string }>(list: readonly T[], item: T): T[] {
  const at = list.findIndex(({ id }) => id === item.id);
  return at < 0 ? [...list, item] : list.with(at, item);
}

function without<T extends { id: string }>(list: readonly T[], id: string): T[] {
  return list.filter((item) => item.id !== id);
}
