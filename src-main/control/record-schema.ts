import { z } from 'zod';
import { type FaultCode, faultCodes } from '../contract/fault-codes.ts';
import type { RecordedLimitHit } from '../contract/record-views.ts';
import type { CallView, SessionRecordView } from '../contract/views.ts';

/**
 * The tables of the records. Columns have the names of the views' fields. `seq` is the order of arrival: it decides
 * between rows of the same millisecond.
 */
export const recordSteps: readonly string[] = [
  `CREATE TABLE calls (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     sessionId TEXT NOT NULL,
     keyId TEXT NOT NULL,
     client TEXT,
     accountId TEXT,
     tool TEXT NOT NULL,
     provider TEXT,
     risk TEXT,
     startedAt INTEGER NOT NULL,
     ms REAL,
     upstreamMs REAL NOT NULL,
     outcome TEXT,
     fault TEXT,
     upstreamCode INTEGER,
     logId TEXT,
     argumentsSha256 TEXT NOT NULL
   );
   CREATE INDEX callsByStart ON calls (startedAt);
   CREATE INDEX callsByTool ON calls (tool, startedAt);
   CREATE INDEX callsBySession ON calls (sessionId, startedAt);
   CREATE INDEX callsByAccount ON calls (accountId, startedAt);
   CREATE INDEX callsByOutcome ON calls (outcome, startedAt);

   CREATE TABLE sessions (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     transport TEXT NOT NULL,
     protocolVersion TEXT,
     clientName TEXT,
     clientVersion TEXT,
     keyId TEXT NOT NULL,
     accountId TEXT,
     openedAt INTEGER NOT NULL,
     lastSeenAt INTEGER NOT NULL,
     calls INTEGER NOT NULL DEFAULT 0,
     limitHits INTEGER NOT NULL DEFAULT 0,
     closedAt INTEGER,
     "end" TEXT
   );
   CREATE INDEX sessionsByLastSeen ON sessions (lastSeenAt);

   CREATE TABLE limitHits (
     seq INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     kind TEXT NOT NULL,
     sessionId TEXT,
     keyId TEXT,
     method TEXT,
     tool TEXT,
     retryAfterMs REAL NOT NULL
   );
   CREATE INDEX limitHitsByTime ON limitHits (at);`,
  // With all that a search, a count and a chart look at, so that they need not read the rows themselves.
  `DROP INDEX callsByStart;
   CREATE INDEX callsByStart ON calls (startedAt, seq, outcome, fault, tool, ms);
   CREATE INDEX callsByClient ON calls (client, startedAt);
   CREATE INDEX callsByKey ON calls (keyId, startedAt);
   CREATE INDEX limitHitsBySession ON limitHits (sessionId, at);`,
];

const faultCode = z.custom<FaultCode>((value) => typeof value === 'string' && Object.hasOwn(faultCodes, value));

export const outcomeSchema = z.enum(['ok', 'error', 'refused', 'canceled', 'unknown']);

export const limitKindSchema = z.enum(['session', 'address', 'sessions', 'streams']);

export const callRow: z.ZodType<CallView> = z.object({
  id: z.string(),
  sessionId: z.string(),
  keyId: z.string(),
  client: z.string().nullable(),
  accountId: z.string().nullable(),
  tool: z.string(),
  provider: z.string().nullable(),
  risk: z.enum(['read', 'write', 'destructive']).nullable(),
  startedAt: z.number(),
  ms: z.number().nullable(),
  upstreamMs: z.number(),
  outcome: outcomeSchema.nullable(),
  // A code that this version no longer knows must not hide the call.
  fault: faultCode.nullable().catch('internal'),
  upstreamCode: z.number().nullable(),
  logId: z.string().nullable(),
  argumentsSha256: z.string(),
});

export const sessionRow = z
  .object({
    id: z.string(),
    transport: z.enum(['streamable-http', 'sse', 'stateless']),
    protocolVersion: z.string().nullable(),
    clientName: z.string().nullable(),
    clientVersion: z.string().nullable(),
    keyId: z.string(),
    accountId: z.string().nullable(),
    openedAt: z.number(),
    lastSeenAt: z.number(),
    calls: z.number(),
    limitHits: z.number(),
    closedAt: z.number().nullable(),
    end: z.enum(['client', 'idle', 'gone', 'evicted', 'key_revoked', 'stopping']).nullable(),
  })
  .transform(({ clientName, clientVersion, ...session }): SessionRecordView => ({
    ...session,
    client: clientName === null ? null : { name: clientName, version: clientVersion ?? '' },
  }));

export const limitHitRow: z.ZodType<RecordedLimitHit> = z.object({
  at: z.number(),
  kind: limitKindSchema,
  sessionId: z.string().nullable(),
  keyId: z.string().nullable(),
  method: z.string().nullable(),
  tool: z.string().nullable(),
  retryAfterMs: z.number(),
});
