import { z } from 'zod';
import type { Config } from './config.ts';
import type { StampedEvent } from './events.ts';
import type {
  AccountView,
  ActivityView,
  CallView,
  LimitHitView,
  NoticeView,
  SessionRecordView,
  SessionView,
} from './views.ts';

/** Everything the dashboard needs to draw itself; after it, follow events since `lastEventId`. */
export interface Snapshot {
  lastEventId: number;
  version: string;
  startedAt: number;
  mcpUrl: string;
  sseUrl: string;
  signInUrl: string;
  accounts: AccountView[];
  sessions: SessionView[];
  /** The newest calls first. */
  calls: CallView[];
  limitHits: RecordedLimitHit[];
  /** The last hour by minute, oldest first; minutes without anything are left out. */
  activity: ActivityView[];
  notices: NoticeView[];
  limits: Config['limits'];
}

export type RecordedLimitHit = LimitHitView & { at: number };

export interface Health {
  status: 'ready' | 'degraded';
  reasons: NoticeView[];
}

const callFilter = z.strictObject({
  tool: z.string().optional(),
  accountId: z.string().optional(),
  sessionId: z.string().optional(),
  outcome: z.enum(['ok', 'error', 'refused', 'canceled', 'unknown']).optional(),
  /** Milliseconds since 1970; calls that started in [from, until). */
  from: z.number().optional(),
  until: z.number().optional(),
  /** The last call id of the page before. */
  before: z.string().optional(),
  limit: z.int().min(1).max(500).default(100),
});

/**
 * The control API: method name to input schema. Each is `POST /control/<method>` with a JSON body; the outputs are in
 * `ControlOutputs`. A line here makes the compiler ask for one in control/control.ts.
 */
export const controlInputs = {
  snapshot: z.strictObject({}),
  calls: callFilter,
  /** Names of all tools in the records, for the filter of `calls`. */
  recordedTools: z.strictObject({}),
  /** `live: false`: those that ended, or that have not come back since a restart. */
  sessions: z.strictObject({ live: z.boolean().default(true), limit: z.int().min(1).max(500).default(100) }),
  signIn: z.strictObject({}),
  signOut: z.strictObject({ accountId: z.string() }),
  renew: z.strictObject({ accountId: z.string() }),
  setDefaultAccount: z.strictObject({ accountId: z.string() }),
  endSession: z.strictObject({ sessionId: z.string() }),
  setLimits: z.strictObject({
    perSession: z.int().min(1).max(100_000).optional(),
    perAddress: z.int().min(1).max(100_000).optional(),
  }),
} as const;

export interface ControlOutputs {
  snapshot: Snapshot;
  calls: { calls: CallView[]; next: string | null };
  recordedTools: { tools: string[] };
  sessions: { sessions: SessionRecordView[] };
  /** A link that starts signing in, for the browser. */
  signIn: { url: string };
  signOut: { accounts: AccountView[] };
  renew: { account: AccountView };
  setDefaultAccount: { accounts: AccountView[] };
  endSession: { ended: boolean };
  setLimits: { limits: Config['limits'] };
}

export type ControlMethod = keyof typeof controlInputs;
export type ControlInput<M extends ControlMethod> = z.input<(typeof controlInputs)[M]>;
export type ParsedControlInput<M extends ControlMethod> = z.output<(typeof controlInputs)[M]>;
export type ControlOutput<M extends ControlMethod> = ControlOutputs[M];

/** One line of `GET /control/events?since=N` (server-sent events; the id is the event's). */
export type ControlEvent = StampedEvent;
