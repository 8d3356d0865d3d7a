import type { Config } from './config.ts';
import type {
  AccountView,
  AppView,
  CallView,
  ClientView,
  LimitHitView,
  LoginView,
  NoticeView,
  RenewalOutcome,
  SessionEnd,
  SessionView,
} from './views.ts';

export type { SessionEnd };

/** Everything that happens. History, metrics, the log and the dashboard are folds over these. */
export type GatewayEvent =
  /** A client connected. */
  | { kind: 'session.opened'; session: SessionView }
  /** A session of before a restart is in use again. */
  | { kind: 'session.resumed'; session: SessionView }
  /** Its client, account or protocol version became known or changed. */
  | { kind: 'session.changed'; session: SessionView }
  | { kind: 'session.closed'; sessionId: string; reason: SessionEnd }
  | { kind: 'call.started'; call: CallView }
  | { kind: 'call.finished'; call: CallView }
  | { kind: 'limit.hit'; hit: LimitHitView }
  /** A person paused the gateway or let it go on. */
  | { kind: 'paused.changed'; paused: boolean }
  /** A person changed how much is allowed. */
  | { kind: 'limits.changed'; limits: Config['limits'] }
  /** A person changed settings: paths such as `tools.enabled`. With that one the list of tools changed. */
  | { kind: 'settings.changed'; paths: string[] }
  /** Signed in, renewed, switched or in need of a new sign-in. */
  | { kind: 'account.changed'; account: AccountView }
  | { kind: 'account.removed'; accountId: string }
  | { kind: 'app.changed'; app: AppView }
  | { kind: 'app.removed'; appId: string }
  /** A sign-in began, moved on or ended. Its link is for the person: it goes to pages and into no record. */
  | { kind: 'login.changed'; login: LoginView }
  /** A key was made or bound to another account. */
  | { kind: 'client.changed'; client: ClientView }
  | { kind: 'client.removed'; keyId: string }
  /** A refresh token was spent, with this outcome. */
  | { kind: 'token.renewal'; accountId: string; outcome: RenewalOutcome; code: number | null; ms: number }
  /** One HTTP exchange with an upstream. `status` 0: no answer came. */
  | { kind: 'upstream.answered'; provider: string; status: number; ms: number }
  | { kind: 'notice.raised'; notice: NoticeView }
  | { kind: 'notice.cleared'; noticeId: string };

/** `id` grows by one within a run and from run to run; `at` is in milliseconds since 1970. */
export type StampedEvent = GatewayEvent & { id: number; at: number };
