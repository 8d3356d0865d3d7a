import { z } from 'zod';
import type { FaultCode } from './fault-codes.ts';
import type { CallView, LimitHitView, LimitKind, Outcome, SessionRecordView } from './views.ts';
import type { Words } from './words.ts';

/** What narrows down the recorded calls; everything that is given must fit. */
const callConditions = {
  tool: z.string().optional(),
  /** The name that the client's program gave of itself. */
  client: z.string().optional(),
  keyId: z.string().optional(),
  accountId: z.string().optional(),
  sessionId: z.string().optional(),
  outcome: z.enum(['ok', 'error', 'refused', 'canceled', 'unknown']).optional(),
  /** Part of a tool's name, of a fault's code or of what a fault says, in either language and case. */
  text: z.string().trim().max(200).optional(),
  /** Milliseconds since 1970; calls that started in [from, until). */
  from: z.number().optional(),
  until: z.number().optional(),
} as const;

/** The query of `GET /control/export`: a download of all calls that fit, the newest first. */
export const exportQuery = z.strictObject({
  ...callConditions,
  from: z.coerce.number().optional(),
  until: z.coerce.number().optional(),
  format: z.enum(['jsonl', 'csv']),
});

export type ExportQuery = z.output<typeof exportQuery>;

export type RecordedLimitHit = LimitHitView & { at: number };

export interface CallCountsView {
  total: number;
  /** Those that run or whose end nobody saw count under `unknown`. */
  byOutcome: Record<Outcome, number>;
}

/** What happened in one session, in the order in which it happened. */
export interface TimelineView {
  /** Null when the records have nothing of it any more. */
  session: SessionRecordView | null;
  /** The newest 1000, the oldest of them first. */
  calls: CallView[];
  limitHits: RecordedLimitHit[];
  /** There were more calls than these. */
  more: boolean;
}

/** Half-open stretches of time of the same length, the oldest first, those without anything included. */
export interface SeriesView<Point> {
  from: number;
  /** The end of the last stretch; it may lie ahead. */
  until: number;
  bucketMs: number;
  points: Point[];
}

/** Calls that began in one stretch of time. Percentiles are of those that ended and were not refused; null without any. */
export interface LatencyPointView {
  at: number;
  calls: number;
  errors: number;
  limitHits: number;
  /** Milliseconds. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export type LimitPointView = { at: number } & Record<LimitKind, number>;

/** How much of a limit's window is used now. */
export interface BucketView {
  used: number;
  limit: number;
  /** When the oldest of the hits that count now stops counting, in milliseconds from now. */
  freesInMs: number;
}

/** The window of a session, or of a key whose clients have no sessions. */
export interface SessionBucketView extends BucketView {
  sessionId: string | null;
  keyId: string | null;
}

/** The window of an address: `loopback`, or the address without its end. */
export interface AddressBucketView extends BucketView {
  address: string;
  /** `visits` are counted apart: pages that need no key. */
  counts: 'requests' | 'visits';
}

export interface BucketsView {
  windowMs: number;
  /** The fullest first. */
  sessions: SessionBucketView[];
  addresses: AddressBucketView[];
}

const range = z.enum(['hour', 'week']).default('hour');

/** Control methods over the records; spread into `controlInputs`. */
export const recordInputs = {
  calls: z.strictObject({
    ...callConditions,
    /** The last call id of the page before. */
    before: z.string().optional(),
    /** How many to leave out first, for a list that jumps to any place of itself. */
    offset: z.int().min(0).max(10_000_000).optional(),
    limit: z.int().min(1).max(500).default(100),
  }),
  callCounts: z.strictObject(callConditions),
  /** Names of all tools in the records, for the filter of `calls`. */
  recordedTools: z.strictObject({}),
  /** The same for the names of clients. */
  recordedClients: z.strictObject({}),
  callTimeline: z.strictObject({ sessionId: z.string() }),
  /** `hour`: by the minute. `week`: by the hour. */
  activity: z.strictObject({ range }),
  /** Limit hits over time, by kind. */
  limitActivity: z.strictObject({ range }),
  buckets: z.strictObject({}),
  /** What every fault code means: records keep the code alone. */
  faults: z.strictObject({}),
} as const;

export interface RecordOutputs {
  calls: { calls: CallView[]; next: string | null };
  callCounts: { counts: CallCountsView };
  recordedTools: { tools: string[] };
  recordedClients: { clients: string[] };
  callTimeline: { timeline: TimelineView };
  activity: { activity: SeriesView<LatencyPointView> };
  limitActivity: { limitActivity: SeriesView<LimitPointView> };
  buckets: { buckets: BucketsView };
  faults: { faults: Record<FaultCode, { words: Words; retryable: boolean }> };
}
