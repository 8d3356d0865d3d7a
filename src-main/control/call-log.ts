import type { EventBus } from '../base/event-bus.ts';
import type { Log } from '../base/log.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { AccountView, CallView, LimitHitView, LoginView, SessionView } from '../contract/views.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';
type Fields = Record<string, string | number | boolean | null | undefined>;

/** Writes one line per event: who, what, how it ended. Of a call's arguments there is only the digest. */
export function startCallLog(bus: EventBus, log: Log): () => void {
  return bus.subscribe((event) => {
    // Two of the three events of a call are for debugging; while nobody does, they cost nothing.
    if (debugKinds.has(event.kind) && !log.isLevelEnabled('debug')) return;
    const { level, ...fields } = logLine(event);
    log[level]({ event: event.kind, ...fields });
  });
}

const debugKinds: ReadonlySet<string> = new Set<StampedEvent['kind']>([
  'session.changed',
  'call.started',
  'upstream.answered',
]);

/** The line of an event. Its time is the logger's own. */
// oxlint-disable-next-line complexity, typescript/consistent-return -- one case per kind of event; the compiler sees all
function logLine(event: StampedEvent): Fields & { level: Level } {
  switch (event.kind) {
    case 'session.opened':
    case 'session.resumed':
      return { level: 'info', ...sessionFields(event.session) };
    case 'session.changed':
      return { level: 'debug', ...sessionFields(event.session) };
    case 'session.closed':
      return { level: 'info', session: event.sessionId, reason: event.reason };
    case 'call.started':
      return { level: 'debug', ...callFields(event.call) };
    case 'call.finished':
      return { level: event.call.outcome === 'error' ? 'warn' : 'info', ...callFields(event.call) };
    case 'limit.hit':
      return { level: 'warn', ...limitFields(event.hit) };
    case 'paused.changed':
      return { level: 'info', paused: event.paused };
    case 'limits.changed':
      return { level: 'info', per_session: event.limits.perSession, per_address: event.limits.perAddress };
    case 'settings.changed':
      // Paths only: a value may be long, and names a person's folders.
      return { level: 'info', settings: event.paths.join(' ') };
    case 'account.changed':
      return { level: event.account.state === 'sign_in_needed' ? 'warn' : 'info', ...accountFields(event.account) };
    case 'account.removed':
      return { level: 'info', account: event.accountId };
    case 'app.changed':
      return { level: 'info', app: event.app.id, brand: event.app.brand, origin: event.app.origin };
    case 'app.removed':
      return { level: 'info', app: event.appId };
    case 'login.changed':
      return { level: event.login.state === 'failed' ? 'warn' : 'info', ...loginFields(event.login) };
    case 'client.changed':
      return { level: 'info', key: event.client.keyId, account: event.client.accountId };
    case 'client.removed':
      return { level: 'info', key: event.keyId };
    case 'token.renewal':
      return {
        level: event.outcome === 'renewed' ? 'info' : 'warn',
        account: event.accountId,
        status: event.outcome,
        upstream_code: event.code,
        ms: event.ms,
      };
    case 'upstream.answered':
      return { level: 'debug', provider: event.provider, http_status: event.status, ms: event.ms };
    case 'notice.raised':
      return { level: noticeLevels[event.notice.level], notice: event.notice.id, words: event.notice.words.en };
    case 'notice.cleared':
      return { level: 'info', notice: event.noticeId };
  }
}

const noticeLevels = { info: 'info', warning: 'warn', error: 'error' } as const;

function sessionFields(session: SessionView): Fields {
  return {
    session: session.id,
    transport: session.transport,
    protocol: session.protocolVersion,
    client: session.client && cut(`${session.client.name} ${session.client.version}`),
    key: session.keyId,
    account: session.accountId,
  };
}

function callFields(call: CallView): Fields {
  return {
    session: call.sessionId,
    call: call.id,
    tool: cut(call.tool),
    status: call.outcome ?? 'running',
    ms: call.ms,
    upstream_ms: call.upstreamMs,
    args_sha256: call.argumentsSha256,
    account: call.accountId,
    key: call.keyId,
    client: call.client && cut(call.client),
    fault: call.fault,
    upstream_code: call.upstreamCode,
    log_id: call.logId,
  };
}

function limitFields(hit: LimitHitView): Fields {
  return {
    session: hit.sessionId,
    limit: hit.kind,
    key: hit.keyId,
    method: hit.method && cut(hit.method),
    tool: hit.tool && cut(hit.tool),
    retry_after_ms: hit.retryAfterMs,
  };
}

function accountFields(account: AccountView): Fields {
  // The person's name stays out: the id is enough to follow what happened.
  return {
    account: account.id,
    status: account.state,
    reason: account.reason?.en,
    expires_at: account.accessExpiresAt,
  };
}

function loginFields(login: LoginView): Fields {
  // Its link and user code stay out: with them somebody else could confirm.
  return {
    login: login.id,
    way: login.way,
    step: login.steps[login.step],
    status: login.state,
    app: login.appId,
    account: login.accountId,
    fault: login.fault?.code,
    upstream_code: upstreamCodeOf(login),
  };
}

function upstreamCodeOf({ fault }: LoginView): number | undefined {
  const code = fault?.details?.['code'];
  return typeof code === 'number' ? code : undefined;
}

/** Names come from clients; a line stays short whatever they send. */
function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
