import { faultCodes } from '../contract/fault-codes.ts';
import type { BucketsView } from '../contract/record-views.ts';
import type { CallHistory } from './call-history.ts';
import type { Handlers } from './handlers.ts';

export interface RecordParts {
  history: CallHistory;
  /** How much of the limits is used now. */
  admission: { buckets(): BucketsView };
}

type RecordMethod =
  | 'calls'
  | 'callCounts'
  | 'recordedTools'
  | 'recordedClients'
  | 'callTimeline'
  | 'activity'
  | 'limitActivity'
  | 'buckets'
  | 'faults';

/** What happened, and how near the limits are. */
export function recordHandlers({ history, admission }: RecordParts): Pick<Handlers, RecordMethod> {
  return {
    calls: (filter) => history.calls(filter),
    callCounts: (conditions) => ({ counts: history.counts(conditions) }),
    recordedTools: () => ({ tools: history.names('tool') }),
    recordedClients: () => ({ clients: history.names('client') }),
    callTimeline: ({ sessionId }) => ({ timeline: history.timeline(sessionId) }),
    activity: async ({ range }) => ({ activity: await history.latency(range) }),
    limitActivity: ({ range }) => ({ limitActivity: history.limitSeries(range) }),
    buckets: () => ({ buckets: admission.buckets() }),
    faults: () => ({ faults: faultCodes }),
  };
}
