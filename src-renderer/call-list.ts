import type { ControlInput } from '../src-main/contract/control.ts';
import type { CallView } from '../src-main/contract/views.ts';

export type CallFilter = Pick<ControlInput<'calls'>, 'tool' | 'outcome' | 'accountId' | 'sessionId'>;

/** Recorded calls that match a filter, newest first, without gaps. */
export interface CallList {
  calls: CallView[];
  /** The `before` of the next page; null when everything is there. */
  next: string | null;
  /** How many are kept. More would come at the top without end while the page is open. */
  keep: number;
  /** The newest call of the gateway when the list was last brought up to date. */
  newest: string | undefined;
}

/** The list as of now; `live` are the newest calls of the gateway. Undefined when some were missed in between. */
export function catchUp(list: CallList, live: CallView[], filter: CallFilter): CallList | undefined {
  if (list.newest !== undefined && !live.some((call) => call.id === list.newest)) return undefined;
  const calls = mergeCalls(live, list.calls, filter);
  const newest = live[0]?.id;
  if (calls.length <= list.keep) return { ...list, calls, newest };
  const kept = calls.slice(0, list.keep);
  return { ...list, calls: kept, next: kept.at(-1)?.id ?? null, newest };
}

/** A call that is in both is as the gateway tells it now. */
function mergeCalls(live: CallView[], recorded: CallView[], filter: CallFilter): CallView[] {
  const now = new Map(live.map((call) => [call.id, call]));
  const known = new Set(recorded.map((call) => call.id));
  const oldest = recorded.at(-1)?.startedAt ?? 0;
  const fresh = live.filter((call) => !known.has(call.id) && call.startedAt >= oldest);
  return [...fresh, ...recorded.map((call) => now.get(call.id) ?? call)]
    .filter((call) => matches(call, filter))
    .sort((a, b) => b.startedAt - a.startedAt);
}

function matches(call: CallView, { tool, outcome, accountId, sessionId }: CallFilter): boolean {
  return (
    (tool === undefined || call.tool === tool) &&
    (outcome === undefined || call.outcome === outcome) &&
    (accountId === undefined || call.accountId === accountId) &&
    (sessionId === undefined || call.sessionId === sessionId)
  );
}
