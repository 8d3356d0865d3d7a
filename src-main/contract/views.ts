import type { FaultCode } from './fault-codes.ts';
import type { Words } from './words.ts';

/** How a client is connected. `stateless` is the 2026-07-28 revision, which has no sessions. */
export type Transport = 'streamable-http' | 'sse' | 'stateless';

/** A session as people and pages see it. `id` is a short hash: the real id stays inside the gateway. */
export interface SessionView {
  id: string;
  transport: Transport;
  protocolVersion: string | null;
  client: { name: string; version: string } | null;
  keyId: string;
  accountId: string | null;
  openedAt: number;
  lastSeenAt: number;
  calls: number;
  limitHits: number;
}

/** Why a session ended. */
export type SessionEnd = 'client' | 'idle' | 'gone' | 'evicted' | 'key_revoked' | 'stopping';

/** A session as it is recorded. `closedAt` is null while it is open, and where the gateway died before it closed. */
export interface SessionRecordView extends SessionView {
  closedAt: number | null;
  end: SessionEnd | null;
}

export type Risk = 'read' | 'write' | 'destructive';
/** `unknown`: the gateway died while the call ran; nobody saw how it ended. */
export type Outcome = 'ok' | 'error' | 'refused' | 'canceled' | 'unknown';

/** A tool call as it is recorded: what, when, how it ended; of its arguments only the digest. */
export interface CallView {
  id: string;
  sessionId: string;
  keyId: string;
  client: string | null;
  accountId: string | null;
  tool: string;
  provider: string | null;
  risk: Risk | null;
  startedAt: number;
  /** Null while the call runs, and for ever when nobody saw its end. */
  ms: number | null;
  /** Milliseconds of `ms` spent waiting for the upstream. */
  upstreamMs: number;
  outcome: Outcome | null;
  fault: FaultCode | null;
  /** Feishu's own code and log id, where there was one. */
  upstreamCode: number | null;
  logId: string | null;
  /** SHA-256 hex of the canonical JSON of the arguments. */
  argumentsSha256: string;
}

export type LimitKind = 'session' | 'address' | 'sessions' | 'streams';

export interface LimitHitView {
  kind: LimitKind;
  sessionId: string | null;
  keyId: string | null;
  method: string | null;
  tool: string | null;
  retryAfterMs: number;
}

export type AccountState = 'signed_in' | 'sign_in_needed' | 'manual';
export type RenewalOutcome = 'renewed' | 'failed' | 'sign_in_needed';

/** A signed-in person. `id` names the pair of app and person and is safe to show and record. */
export interface AccountView {
  id: string;
  name: string;
  avatarUrl: string | null;
  tenantKey: string | null;
  appId: string;
  state: AccountState;
  /** Why a sign-in is needed, in words. */
  reason: Words | null;
  scopes: string[];
  accessExpiresAt: number;
  refreshExpiresAt: number | null;
  lastRenewal: { at: number; outcome: RenewalOutcome; code: number | null } | null;
  isDefault: boolean;
}

/** Something a person should know until it is over, such as a disk that cannot be written. */
export interface NoticeView {
  id: string;
  level: 'info' | 'warning' | 'error';
  words: Words;
  since: number;
}

/** What happened within one minute; `at` is its beginning. A call and its error count in the minute it started in. */
export interface ActivityView {
  at: number;
  calls: number;
  errors: number;
  limitHits: number;
}
