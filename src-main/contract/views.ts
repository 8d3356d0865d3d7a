import type { FaultBody, FaultCode } from './fault-codes.ts';
import type { Words } from './words.ts';

/** Which of the two services: Feishu (feishu.cn) or Lark international (larksuite.com). Nothing is shared between them. */
export type Brand = 'feishu' | 'lark';

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

/** `manual`: a pasted token that works now and cannot be renewed. */
export type AccountState = 'signed_in' | 'sign_in_needed' | 'manual';
export type RenewalOutcome = 'renewed' | 'failed' | 'sign_in_needed';

/** A signed-in person. `id` names the pair of app and person and is safe to show and record. */
export interface AccountView {
  id: string;
  name: string;
  avatarUrl: string | null;
  tenantKey: string | null;
  appId: string;
  brand: Brand;
  /** How this person signed in, and will grant more. */
  way: AccountWay;
  state: AccountState;
  /** Why a sign-in is needed, in words. */
  reason: Words | null;
  scopes: string[];
  /** Asked for at sign-in and not granted. */
  missingScopes: string[];
  accessExpiresAt: number;
  refreshExpiresAt: number | null;
  lastRenewal: { at: number; outcome: RenewalOutcome; code: number | null } | null;
  isDefault: boolean;
}

/** An app of Feishu or Lark that people sign in through. */
export interface AppView {
  id: string;
  brand: Brand;
  /** `registered`: LarkGate created it, so a scan can change it. `given`: from the developer console, its secret was typed in or set. */
  origin: AppOrigin;
  name: string | null;
  isDefault: boolean;
  addedAt: number;
}

export type AppOrigin = 'registered' | 'given';

/** An MCP client as its key makes it known. The key with id `default` is shared by all that were given no other. */
export interface ClientView {
  keyId: string;
  name: string;
  /** Null: it follows the default account. */
  accountId: string | null;
  createdAt: number;
}

/** `device`: confirm on a page or by scanning, no redirect. `browser`: authorization code at the loopback callback. */
export type LoginWay = 'device' | 'browser';
export type AccountWay = LoginWay | 'token';

/** What a person confirms. A login that asks for more than 50 scopes has several `sign_in` steps. */
export type LoginStep = 'create_app' | 'extend_app' | 'sign_in';

/** `starting`: there is no link yet. */
export type LoginState = 'starting' | 'waiting' | 'done' | 'failed' | 'canceled';

/** One attempt to sign a person in, from the first click to its end. It may create or extend the app on the way. */
export interface LoginView {
  id: string;
  way: LoginWay;
  steps: LoginStep[];
  /** Index into `steps` of the one under way, or of the last one. */
  step: number;
  state: LoginState;
  brand: Brand;
  /** Null until the app is created. */
  appId: string | null;
  /** The account that must grant; when done, the one that is signed in. */
  accountId: string | null;
  /** All scopes asked for. */
  scopes: string[];
  /** Open it or scan it, while `waiting`. */
  url: string | null;
  /** Shown beside the QR code, so that both sides can be compared. */
  userCode: string | null;
  /** When the link dies. */
  expiresAt: number | null;
  /** What is going on, when it is more than waiting. */
  note: Words | null;
  fault: FaultBody | null;
  startedAt: number;
}

/** One line of the doctor's report. */
export interface CheckView {
  /** Stable name of what was looked at, such as `redirect_url`. */
  id: string;
  /** `unknown`: the app may not read its own configuration. */
  level: 'ok' | 'warning' | 'error' | 'unknown';
  words: Words;
  /** The very console page where it is mended, and what to paste there. */
  fix: { url: string; copy: string | null } | null;
}

/** Something a person should know until it is over, such as a disk that cannot be written. */
export interface NoticeView {
  id: string;
  level: 'info' | 'warning' | 'error';
  /** Without names: health tells them to whoever asks. */
  words: Words;
  /** The account that it is about. */
  accountId?: string;
  since: number;
}

/** What happened within one minute; `at` is its beginning. A call and its error count in the minute it started in. */
export interface ActivityView {
  at: number;
  calls: number;
  errors: number;
  limitHits: number;
}
