import type { RecordedLimitHit, TimelineView } from '../src-main/contract/record-views.ts';
import type { CallView } from '../src-main/contract/views.ts';

export type Moment = { at: number; afterMs: number } & ({ call: CallView } | { hit: RecordedLimitHit });

/** What happened in a session, the oldest first, each with how long nothing happened before it. */
export function momentsOf({ calls, limitHits }: Pick<TimelineView, 'calls' | 'limitHits'>): Moment[] {
  const all = [
    ...calls.map((call) => ({ at: call.startedAt, afterMs: 0, call })),
    ...limitHits.map((hit) => ({ at: hit.at, afterMs: 0, hit })),
  ].sort((a, b) => a.at - b.at);
  let quietSince: number | undefined;
  return all.map((moment) => {
    const afterMs = quietSince === undefined ? 0 : Math.max(0, moment.at - quietSince);
    quietSince = Math.max(quietSince ?? 0, endOf(moment));
    return { ...moment, afterMs };
  });
}

export interface Bar {
  call: CallView;
  /** Shares of the whole span. */
  from: number;
  length: number;
  lane: number;
}

export const mostLanes = 5;

/** Calls side by side in time: those that ran together stand in lanes below one another. */
export function barsOf(calls: CallView[], from: number, until: number): Bar[] {
  const span = Math.max(1, until - from);
  const busyUntil: number[] = [];
  return calls.map((call) => {
    const start = call.startedAt;
    const end = call.ms === null ? (call.outcome === null ? until : start) : start + call.ms;
    const free = busyUntil.findIndex((busy) => busy <= start);
    const lane = free < 0 ? Math.min(busyUntil.length, mostLanes - 1) : free;
    busyUntil[lane] = Math.max(busyUntil[lane] ?? 0, end);
    return { call, from: (start - from) / span, length: Math.max(0, end - start) / span, lane };
  });
}

function endOf(moment: { at: number } & ({ call: CallView } | { hit: RecordedLimitHit })): number {
  return 'call' in moment ? moment.at + (moment.call.ms ?? 0) : moment.at;
}
