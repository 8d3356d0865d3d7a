import { z } from 'zod';
import { type ConnectOutputs, connectInputs } from './connect-views.ts';
import { type Config, scopePattern } from './config.ts';
import type { StampedEvent } from './events.ts';
import { type RecordOutputs, type RecordedLimitHit, recordInputs } from './record-views.ts';
import { type SettingsOutputs, settingsInputs } from './settings-views.ts';
import { type ToolOutputs, toolInputs } from './tool-views.ts';
import type {
  AccountView,
  ActivityView,
  AppView,
  CallView,
  CheckView,
  ClientView,
  LoginView,
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
  /** What the code flow's redirect URL is, for the developer console. */
  redirectUrl: string;
  accounts: AccountView[];
  apps: AppView[];
  clients: ClientView[];
  /** Under way, and those that ended within the last minutes. */
  logins: LoginView[];
  sessions: SessionView[];
  /** The newest calls first. */
  calls: CallView[];
  limitHits: RecordedLimitHit[];
  /** The last hour by minute, oldest first; minutes without anything are left out. */
  activity: ActivityView[];
  notices: NoticeView[];
  limits: Config['limits'];
  paused: boolean;
}

export type { RecordedLimitHit };

export interface Health {
  status: 'ready' | 'degraded';
  reasons: NoticeView[];
}

const brand = z.enum(['feishu', 'lark']);
const appIdPattern = /^cli_[0-9A-Za-z]{8,40}$/;
/** A Feishu scope, such as `im:message:readonly`. */
const scope = z.string().regex(scopePattern);
/** A user_access_token as Feishu issues it: visible ASCII, a JWT or `u-` and letters. */
const tokenPattern = /^(u-|eyJ)[\x21-\x7e]{10,8000}$/;

/**
 * The control API: method name to input schema. Each is `POST /control/<method>` with a JSON body; the outputs are in
 * `ControlOutputs`. A line here makes the compiler ask for one in control/control.ts.
 */
export const controlInputs = {
  snapshot: z.strictObject({}),
  ...recordInputs,
  ...toolInputs,
  ...connectInputs,
  ...settingsInputs,
  /** `live: false`: those that ended, or that have not come back since a restart. */
  sessions: z.strictObject({ live: z.boolean().default(true), limit: z.int().min(1).max(500).default(100) }),
  /** Registers an app of one's own by a scan, then signs in to it by another one. */
  createApp: z.strictObject({ brand: brand.default('feishu'), name: z.string().trim().min(1).max(40).optional() }),
  /** Adds an app from the developer console. Its secret is proved at once. */
  addApp: z.strictObject({
    appId: z.string().trim().regex(appIdPattern),
    appSecret: z.string().trim().min(1).max(200),
    brand: brand.default('feishu'),
  }),
  setDefaultApp: z.strictObject({ appId: z.string() }),
  /** Forgets an app that nobody is signed in to. */
  forgetApp: z.strictObject({ appId: z.string() }),
  /** Looks at an app's configuration and says what is missing. */
  doctor: z.strictObject({ appId: z.string().optional() }),
  /** Begins a sign-in. With `accountId` only that person may complete it; `scopes` are asked for besides the usual ones. */
  login: z.strictObject({
    way: z.enum(['device', 'browser']).default('device'),
    appId: z.string().optional(),
    accountId: z.string().optional(),
    scopes: z.array(scope).max(200).default([]),
  }),
  /** Enables scopes on a registered app by a scan, then has the person grant them. */
  extendApp: z.strictObject({
    appId: z.string(),
    accountId: z.string().optional(),
    scopes: z.array(scope).min(1).max(200),
  }),
  cancelLogin: z.strictObject({ loginId: z.string() }),
  /** Those under way, and those that ended within the last minutes. */
  logins: z.strictObject({}),
  /** Signs in by a pasted user_access_token: good for two hours, never renewed. */
  addToken: z.strictObject({ token: z.string().trim().regex(tokenPattern), brand: brand.default('feishu') }),
  /** Null: the client follows the default account. */
  bindClient: z.strictObject({ keyId: z.string(), accountId: z.string().nullable() }),
  bindSession: z.strictObject({ sessionId: z.string(), accountId: z.string().nullable() }),
  signOut: z.strictObject({ accountId: z.string() }),
  renew: z.strictObject({ accountId: z.string() }),
  setDefaultAccount: z.strictObject({ accountId: z.string() }),
  endSession: z.strictObject({ sessionId: z.string() }),
  /** Paused, the gateway answers clients and runs no tool, over restarts too. */
  setPaused: z.strictObject({ paused: z.boolean() }),
  setLimits: z.strictObject({
    perSession: z.int().min(1).max(100_000).optional(),
    perAddress: z.int().min(1).max(100_000).optional(),
  }),
} as const;

export interface ControlOutputs extends ConnectOutputs, RecordOutputs, ToolOutputs, SettingsOutputs {
  snapshot: Snapshot;
  sessions: { sessions: SessionRecordView[] };
  createApp: { login: LoginView };
  addApp: { app: AppView };
  setDefaultApp: { apps: AppView[] };
  forgetApp: { apps: AppView[] };
  doctor: { appId: string; checks: CheckView[] };
  login: { login: LoginView };
  extendApp: { login: LoginView };
  cancelLogin: { login: LoginView };
  logins: { logins: LoginView[] };
  addToken: { account: AccountView };
  bindClient: { clients: ClientView[] };
  bindSession: { bound: boolean };
  signOut: { accounts: AccountView[] };
  renew: { account: AccountView };
  setDefaultAccount: { accounts: AccountView[] };
  endSession: { ended: boolean };
  setPaused: { paused: boolean };
  setLimits: { limits: Config['limits'] };
}

export type ControlMethod = keyof typeof controlInputs;
export type ControlInput<M extends ControlMethod> = z.input<(typeof controlInputs)[M]>;
export type ParsedControlInput<M extends ControlMethod> = z.output<(typeof controlInputs)[M]>;
export type ControlOutput<M extends ControlMethod> = ControlOutputs[M];

/** One line of `GET /control/events?since=N` (server-sent events; the id is the event's). */
export type ControlEvent = StampedEvent;
