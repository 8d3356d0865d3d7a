import type {
  AccountView,
  AppView,
  CallView,
  CheckView,
  ClientView,
  LimitHitView,
  LoginView,
  NoticeView,
  SessionView,
} from '../../src-main/contract/views.ts';

/** 2 November 2026, 09:00 UTC: where FakeClock begins. */
export const sampleTime = Date.UTC(2026, 10, 2, 9);

export function sampleSession(change: Partial<SessionView> = {}): SessionView {
  return {
    id: 'ses_000000000001',
    transport: 'streamable-http',
    protocolVersion: '2025-11-25',
    client: { name: 'Cherry Studio', version: '1.9.0' },
    keyId: 'key_1',
    accountId: 'acc_1',
    openedAt: sampleTime,
    lastSeenAt: sampleTime,
    calls: 0,
    limitHits: 0,
    ...change,
  };
}

export function sampleCall(change: Partial<CallView> = {}): CallView {
  return {
    id: 'call_1',
    sessionId: 'ses_000000000001',
    keyId: 'key_1',
    client: 'Cherry Studio',
    accountId: 'acc_1',
    tool: 'im_v1_message_list',
    provider: 'lark',
    risk: 'read',
    startedAt: sampleTime,
    ms: 84.5,
    upstreamMs: 80.25,
    outcome: 'ok',
    fault: null,
    upstreamCode: 0,
    logId: '20261102170000ABCDEF',
    argumentsSha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    ...change,
  };
}

/** The same call before it ended. */
export function runningCall(change: Partial<CallView> = {}): CallView {
  return sampleCall({ ms: null, upstreamMs: 0, outcome: null, upstreamCode: null, logId: null, ...change });
}

export function sampleHit(change: Partial<LimitHitView> = {}): LimitHitView {
  return {
    kind: 'session',
    sessionId: 'ses_000000000001',
    keyId: 'key_1',
    method: 'tools/call',
    tool: 'im_v1_message_list',
    retryAfterMs: 1200,
    ...change,
  };
}

export function sampleAccount(change: Partial<AccountView> = {}): AccountView {
  return {
    id: 'acc_1',
    name: '林小满',
    avatarUrl: null,
    tenantKey: 'tenant_1',
    appId: 'cli_a1b2c3d4e5f60708',
    brand: 'feishu',
    way: 'device',
    state: 'signed_in',
    reason: null,
    scopes: ['offline_access', 'im:message'],
    missingScopes: [],
    accessExpiresAt: sampleTime + 90 * 60_000,
    refreshExpiresAt: sampleTime + 6 * 24 * 60 * 60_000,
    lastRenewal: { at: sampleTime - 30 * 60_000, outcome: 'renewed', code: null },
    isDefault: true,
    ...change,
  };
}

export function sampleNotice(change: Partial<NoticeView> = {}): NoticeView {
  return {
    id: 'storage.failing',
    level: 'warning',
    words: { zh: '数据目录无法写入，请检查磁盘空间。', en: 'The data folder cannot be written. Check disk space.' },
    since: sampleTime,
    ...change,
  };
}

export function sampleApp(change: Partial<AppView> = {}): AppView {
  return {
    id: 'cli_a1b2c3d4e5f60708',
    brand: 'feishu',
    origin: 'registered',
    name: '林小满的 LarkGate',
    isDefault: true,
    addedAt: sampleTime,
    ...change,
  };
}

export function sampleClient(change: Partial<ClientView> = {}): ClientView {
  return { keyId: 'key_1', name: 'Cherry Studio', accountId: null, createdAt: sampleTime, ...change };
}

/** A device login that waits for its person. */
export function sampleLogin(change: Partial<LoginView> = {}): LoginView {
  return {
    id: 'login_1',
    way: 'device',
    steps: ['sign_in'],
    step: 0,
    state: 'waiting',
    brand: 'feishu',
    appId: 'cli_a1b2c3d4e5f60708',
    accountId: null,
    scopes: ['offline_access', 'im:message'],
    url: 'https://accounts.feishu.cn/oauth/v1/device/verify?user_code=ABCD-EFGH',
    userCode: 'ABCD-EFGH',
    expiresAt: sampleTime + 4 * 60_000,
    note: null,
    fault: null,
    startedAt: sampleTime,
    ...change,
  };
}

export function sampleCheck(change: Partial<CheckView> = {}): CheckView {
  return {
    id: 'redirect_url',
    level: 'error',
    words: { zh: '应用里没有登记重定向 URL。', en: 'The app does not list the redirect URL.' },
    fix: {
      url: 'https://open.feishu.cn/app/cli_a1b2c3d4e5f60708/safe',
      copy: 'http://127.0.0.1:5275/oauth/callback',
    },
    ...change,
  };
}
