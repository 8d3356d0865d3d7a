import type { CallView } from '../src-main/contract/views.ts';
import type { CallFilter } from './call-query.ts';

/**
 * A window onto the recorded calls that match a filter, newest first: which place holds which call is known for the
 * part that was looked at, and for what began since. It stays small however many calls there are.
 */
export interface CallList {
  /** `rows` began before this moment, `fresh` since. */
  until: number;
  fresh: CallView[];
  /** How many there are in the records, from before `until`. */
  recorded: number;
  /** Those of them that were read, by their place among them. */
  rows: ReadonlyMap<number, CallView>;
  /** How many were put on top since the list was begun. */
  added: number;
  /** The newest call of the gateway when the list was last brought up to date. */
  newest: string | undefined;
}

/** Beyond this many, fresh calls become rows. */
const foldAt = 150;
const keepFresh = 50;
/** Rows on both sides of the visible ones that are kept. */
const keepAround = 1000;
/** Rows that are read at once. */
const pageSize = 200;

/** The list before anything is read. What still runs counts as fresh, so that its end is seen. */
export function beginList(live: CallView[], filter: CallFilter): CallList {
  const until = Math.min(live[0]?.startedAt ?? 0, oldestRunning(live));
  const fresh = live.filter((call) => call.startedAt >= until && matches(call, filter));
  return { until, fresh: inOrder(fresh), recorded: 0, rows: new Map(), added: 0, newest: live[0]?.id };
}

/** The list as of now; `live` are the newest calls of the gateway. Undefined when some were missed in between. */
export function catchUp(list: CallList, live: CallView[], filter: CallFilter): CallList | undefined {
  if (list.newest !== undefined && !live.some((call) => call.id === list.newest)) return undefined;
  const now = new Map(live.map((call) => [call.id, call]));
  const known = new Set(list.fresh.map((call) => call.id));
  const more = live.filter((call) => !known.has(call.id) && call.startedAt >= list.until && matches(call, filter));
  const fresh = inOrder([...more, ...list.fresh.map((call) => now.get(call.id) ?? call)]);
  const rows = refreshed(list.rows, now);
  const current = { ...list, fresh, rows, added: list.added + more.length, newest: live[0]?.id };
  return fold(current, oldestRunning(live));
}

/** Whether a call is shown as running of which the gateway tells no more by itself. */
export function hasLostSight(list: CallList, live: CallView[]): boolean {
  const known = new Set(live.map((call) => call.id));
  const isLost = (call: CallView) => call.outcome === null && !known.has(call.id);
  return list.fresh.some(isLost) || [...list.rows.values()].some(isLost);
}

export function countOf(list: CallList): number {
  return list.fresh.length + list.recorded;
}

/** Undefined: not read yet. */
export function callAt(list: CallList, place: number): CallView | undefined {
  return place < list.fresh.length ? list.fresh[place] : list.rows.get(place - list.fresh.length);
}

/** What to read so that the places from `first` to `last` are known; undefined when they are. */
export function missingIn(list: CallList, first: number, last: number): { offset: number; limit: number } | undefined {
  const from = Math.max(0, first - list.fresh.length);
  const to = Math.min(list.recorded - 1, last - list.fresh.length);
  for (let place = from; place <= to; place += 1) {
    // Some before it too: people scroll both ways.
    if (!list.rows.has(place)) return { offset: Math.max(0, place - pageSize / 4), limit: pageSize };
  }
  return undefined;
}

/** Puts calls in their places; rows far from the places `first` to `last` are forgotten. */
export function placeRows(list: CallList, offset: number, calls: CallView[], near: [number, number]): CallList {
  const rows = new Map(list.rows);
  for (const [index, call] of calls.entries()) rows.set(offset + index, call);
  const [first, last] = near.map((place) => place - list.fresh.length);
  for (const place of rows.keys()) {
    if (place < (first ?? 0) - keepAround || place > (last ?? 0) + keepAround) rows.delete(place);
  }
  return { ...list, rows };
}

/** Fresh calls that ended become rows, so that a list that stays open for days does not grow. */
function fold(list: CallList, running: number): CallList {
  const { fresh } = list;
  if (fresh.length <= foldAt) return list;
  // A cut between two calls of the same moment would not be the gateway's cut.
  const cut = fresh.findIndex((call, place) => {
    const above = fresh[place - 1];
    return place >= keepFresh && above !== undefined && above.startedAt > call.startedAt && above.startedAt <= running;
  });
  const until = fresh[cut - 1]?.startedAt;
  if (cut < 0 || until === undefined || fresh.slice(cut).some((call) => call.outcome === null)) return list;
  const folded = fresh.slice(cut);
  const rows = new Map(folded.map((call, place) => [place, call]));
  for (const [place, call] of list.rows) rows.set(place + folded.length, call);
  return { ...list, until, fresh: fresh.slice(0, cut), rows, recorded: list.recorded + folded.length };
}

function refreshed(rows: ReadonlyMap<number, CallView>, now: Map<string, CallView>): ReadonlyMap<number, CallView> {
  const changed = [...rows].flatMap(([place, call]): [number, CallView][] => {
    const newer = call.outcome === null ? now.get(call.id) : undefined;
    return newer && newer.outcome !== null ? [[place, newer]] : [];
  });
  return changed.length === 0 ? rows : new Map([...rows, ...changed]);
}

function oldestRunning(live: CallView[]): number {
  return Math.min(Infinity, ...live.filter((call) => call.outcome === null).map((call) => call.startedAt));
}

/** Newest first; calls of the same moment stay as they were. */
function inOrder(calls: CallView[]): CallView[] {
  return calls.sort((a, b) => b.startedAt - a.startedAt);
}

// oxlint-disable-next-line complexity -- one line per condition
function matches(call: CallView, filter: CallFilter): boolean {
  const { tool, client, keyId, accountId, sessionId, outcome, from, until } = filter;
  return (
    (tool === undefined || call.tool === tool) &&
    (client === undefined || call.client === client) &&
    (keyId === undefined || call.keyId === keyId) &&
    (accountId === undefined || call.accountId === accountId) &&
    (sessionId === undefined || call.sessionId === sessionId) &&
    (outcome === undefined || call.outcome === outcome) &&
    (from === undefined || call.startedAt >= from) &&
    (until === undefined || call.startedAt < until)
  );
}
