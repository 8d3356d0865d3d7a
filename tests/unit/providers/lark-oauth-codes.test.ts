import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { createLog } from '../../../src-main/base/log.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import { type FaultCode, faultCodes } from '../../../src-main/contract/fault-codes.ts';
import { readDeviceGrant, readDevicePoll } from '../../../src-main/providers/lark/lark-device-answer.ts';
import { readTokenAnswer } from '../../../src-main/providers/lark/lark-oauth-answer.ts';
import { larkOauthCodes } from '../../../src-main/providers/lark/lark-oauth-codes.ts';

const now = Date.UTC(2026, 6, 7);

const answer = (body: object, status = 400) => ({
  status,
  headers: { 'x-tt-logid': 'log-1' },
  body: Buffer.from(JSON.stringify(body)),
});

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (thrown) {
    return Fault.from(thrown);
  }
  throw new Error('it worked');
}

/** How each of the three reads a refusal: a code for tokens, a refresh token for tokens, a device code for tokens. */
const readers = {
  signIn: (body: object, status?: number) => faultOf(() => readTokenAnswer(answer(body, status), 'sign_in', now)),
  renewal: (body: object, status?: number) => faultOf(() => readTokenAnswer(answer(body, status), 'renewal', now)),
  device: (body: object, status?: number) => faultOf(() => readDevicePoll(answer(body, status), now)),
};

/**
 * What the gateway does about a code, in the words of Feishu's own documentation and clients ("Get user_access_token",
 * "Refresh user_access_token"; the error tables of lark-cli).
 */
type Action =
  /** We sent something wrong: said, with the log id. */
  | 'bug'
  | 'credentials'
  /** The authorization code is of no use; so is a device code. */
  | 'restart'
  /** The sign-in is over for good; a waiting device login has died with it. */
  | 'sign_in_again'
  /** The same, but the grant was spent before: another process may have renewed. */
  | 'reread_or_sign_in'
  /** The person cannot be signed in; a device login says why instead of "expired". */
  | 'stop'
  | 'administrator'
  | 'availability'
  | 'enable_scope'
  | 'register_redirect'
  | 'start_over'
  | 'fix_scopes'
  | 'wait_and_keep'
  | 'refresh_switch'
  | 'security_policy'
  | 'fresh_token_refused';

const documented: [number, Action][] = [
  [20001, 'bug'],
  [20063, 'bug'],
  [20002, 'credentials'],
  [20003, 'restart'],
  [20004, 'restart'],
  [20065, 'restart'],
  [20008, 'stop'],
  [20066, 'stop'],
  [20009, 'administrator'],
  [20069, 'administrator'],
  [20010, 'availability'],
  [20014, 'bug'],
  [20016, 'stop'],
  [20017, 'sign_in_again'],
  [20024, 'stop'],
  [20026, 'sign_in_again'],
  [20027, 'enable_scope'],
  [20029, 'register_redirect'],
  [20036, 'bug'],
  [20037, 'sign_in_again'],
  [20048, 'credentials'],
  [20049, 'start_over'],
  [20050, 'wait_and_keep'],
  [20064, 'reread_or_sign_in'],
  [20067, 'fix_scopes'],
  [20068, 'fix_scopes'],
  [20070, 'bug'],
  // Called a bug of the client there; a person who starts over gets the address that is in force now.
  [20071, 'start_over'],
  [20072, 'wait_and_keep'],
  [20073, 'reread_or_sign_in'],
  [20074, 'refresh_switch'],
  [21000, 'security_policy'],
  [21001, 'security_policy'],
  [20005, 'fresh_token_refused'],
  [20006, 'fresh_token_refused'],
];

interface Expected {
  signIn: FaultCode;
  renewal: FaultCode;
  device: FaultCode;
  retried?: true;
  spent?: true;
}

const same = (code: FaultCode) => ({ signIn: code, renewal: code, device: code });

const means: Record<Action, Expected> = {
  bug: same('upstream_refused'),
  credentials: same('app_credentials'),
  restart: { signIn: 'login_failed', renewal: 'login_failed', device: 'login_expired' },
  sign_in_again: { signIn: 'login_failed', renewal: 'sign_in_again', device: 'login_expired' },
  reread_or_sign_in: { signIn: 'login_failed', renewal: 'sign_in_again', device: 'login_expired', spent: true },
  stop: { signIn: 'login_failed', renewal: 'sign_in_again', device: 'login_failed' },
  administrator: same('app_unavailable'),
  availability: { signIn: 'app_unavailable', renewal: 'sign_in_again', device: 'app_unavailable' },
  enable_scope: same('app_scope_required'),
  register_redirect: same('login_failed'),
  start_over: same('login_failed'),
  fix_scopes: same('upstream_refused'),
  wait_and_keep: { ...same('upstream_broken'), retried: true },
  refresh_switch: same('upstream_refused'),
  security_policy: same('upstream_refused'),
  fresh_token_refused: same('login_failed'),
};

function expected(code: number, action: Action): Expected {
  return code === 20072 ? { ...same('upstream_busy'), retried: true } : means[action];
}

/** Words that tell a person what to do, or that nothing is to be done. */
const advice = {
  zh: /请|自动重试/,
  en: /\b(again|Ask|Check|Enable|Add|Turn on|Open|open|report|Start|Sign in)\b/,
};

describe.each(documented)("Feishu's OAuth code %d (%s)", (code, action) => {
  const { retried = false, spent, ...faults } = expected(code, action);

  test.each(['signIn', 'renewal', 'device'] as const)('at a %s', (asked) => {
    for (const status of [200, 400]) {
      const fault = readers[asked]({ code, error: 'invalid_grant' }, status);
      expect([fault.code, fault.kind.retryable]).toEqual([faults[asked], retried]);
      expect(fault.details).toEqual({ code, logId: 'log-1', ...(spent && { spent }) });
      expect(fault.words.zh).toMatch(/\p{Script=Han}/u);
      expect(fault.words.en).toMatch(/^[\x20-\x7e]+$/);
      expect(fault.words.zh).toMatch(advice.zh);
      expect(fault.words.en).toMatch(advice.en);
    }
  });

  test('only a terminal one ends the sign-in at a renewal', () => {
    const ends = ['sign_in_again', 'reread_or_sign_in', 'stop', 'availability'].includes(action);
    expect(readers.renewal({ code }).code === 'sign_in_again').toBe(ends);
  });
});

test('every code that the gateway knows is documented, or one of the open platform', () => {
  const openPlatform = [99991543, 99991668, 99991677];
  expect(new Set(larkOauthCodes.keys())).toEqual(new Set([...documented.map(([code]) => code), ...openPlatform]));
});

/** Error names of RFC 6749 (4.1.2.1, 5.2) and RFC 8628 (3.5), for answers that bring no code of Feishu's. */
test.each<[string, FaultCode, FaultCode, FaultCode]>([
  ['invalid_request', 'upstream_refused', 'upstream_refused', 'upstream_refused'],
  ['invalid_client', 'app_credentials', 'app_credentials', 'app_credentials'],
  ['invalid_grant', 'login_failed', 'sign_in_again', 'login_expired'],
  ['unauthorized_client', 'app_unavailable', 'app_unavailable', 'app_unavailable'],
  ['unsupported_grant_type', 'upstream_refused', 'upstream_refused', 'upstream_refused'],
  ['unsupported_response_type', 'upstream_refused', 'upstream_refused', 'upstream_refused'],
  ['invalid_scope', 'app_scope_required', 'app_scope_required', 'app_scope_required'],
  ['server_error', 'upstream_broken', 'upstream_broken', 'upstream_broken'],
  ['temporarily_unavailable', 'upstream_busy', 'upstream_busy', 'upstream_busy'],
  ['access_denied', 'login_denied', 'upstream_refused', 'login_denied'],
  ['expired_token', 'login_expired', 'upstream_refused', 'login_expired'],
  ['something_new', 'upstream_refused', 'upstream_refused', 'upstream_refused'],
])('the error %s alone becomes %s at a sign-in, %s at a renewal, %s at a device login', (error, ...faults) => {
  expect([readers.signIn({ error }).code, readers.renewal({ error }).code, readers.device({ error }).code]).toEqual(
    faults,
  );
});

test.each(['access_denied', 'expired_token'])('%s ends a device login even with a code of another meaning', (error) => {
  expect(readers.device({ code: 20001, error }).code).toMatch(/^login_/);
});

describe('a device login', () => {
  test.each([200, 400, 429])('goes on while Feishu waits for the person (HTTP %d)', (status) => {
    const poll = (error: string) => readDevicePoll(answer({ code: 20083, error }, status), now);
    expect(poll('authorization_pending')).toEqual({ kind: 'pending' });
    expect(poll('slow_down')).toEqual({ kind: 'slow_down' });
  });

  test('that died says so in the words for that, not about codes', () => {
    expect(readers.device({ code: 20065 }).words).toEqual(faultCodes.login_expired.words);
  });

  test('is granted with tokens', () => {
    const tokens = { code: 0, access_token: 'u-1', expires_in: 7200, scope: 'a b' };
    expect(readDevicePoll(answer(tokens, 200), now)).toMatchObject({
      kind: 'granted',
      tokens: { accessToken: 'u-1', scopes: ['a', 'b'] },
    });
  });
});

describe('the answer that begins a device login', () => {
  const good = {
    device_code: 'device-secret',
    user_code: 'WDJB-MJHT',
    verification_uri: 'https://accounts.feishu.cn/page/device',
    verification_uri_complete: 'https://accounts.feishu.cn/page/device?user_code=WDJB-MJHT',
    expires_in: 300,
    interval: 7,
  };
  const grantOf = (change: object) => readDeviceGrant(answer({ ...good, ...change }, 200));

  test('is read', () => {
    expect(grantOf({})).toEqual({
      deviceCode: 'device-secret',
      userCode: 'WDJB-MJHT',
      url: new URL(good.verification_uri_complete),
      expiresInMs: 300_000,
      intervalMs: 7000,
    });
    expect(grantOf({ verification_uri_complete: undefined }).url.href).toBe(good.verification_uri);
  });

  test.each<[unknown, number, unknown, number]>([
    [undefined, 240, undefined, 5],
    ['300', 300, '7', 7],
    [0, 30, 0, 1],
    [-1, 30, -1, 1],
    [1e12, 3600, 1e12, 60],
    ['soon', 240, null, 5],
  ])('has its times believed within bounds: %j is %d s, %j is %d s', (expires_in, life, interval, every) => {
    expect(grantOf({ expires_in, interval })).toMatchObject({ expiresInMs: life * 1000, intervalMs: every * 1000 });
  });

  test('may link to a stand-in on this machine', () => {
    expect(grantOf({ verification_uri_complete: 'http://127.0.0.1:99/x' }).url.port).toBe('99');
  });

  test.each([
    { verification_uri_complete: 'http://accounts.feishu.cn/x' },
    { verification_uri_complete: 'javascript:alert(1)' },
    { verification_uri: 'file:///etc/passwd' },
    { verification_uri: undefined },
    { device_code: '' },
    { user_code: '<b>' },
    { user_code: 'x'.repeat(100) },
  ])('is not believed with %j', (change) => {
    expect(faultOf(() => grantOf(change)).code).toBe('upstream_broken');
  });

  test('that asks for a permission the app lacks says so', () => {
    expect(faultOf(() => readDeviceGrant(answer({ error: 'invalid_scope' }))).code).toBe('app_scope_required');
  });
});

test('20074 names the switch of the console', () => {
  expect(readers.renewal({ code: 20074 }).words.zh).toContain('刷新 user_access_token');
});

test('21000 brings the link that lifts the block, when it is a safe one', () => {
  const linkOf = (challenge_url: string) => readers.renewal({ code: 21000, challenge_url }).details?.['link'];
  expect(linkOf('https://feishu.example/challenge')).toBe('https://feishu.example/challenge');
  expect(linkOf('javascript:alert(1)')).toBeUndefined();
});

test('the log has the code, the log id and the fault of each refusal, and nothing that Feishu repeats', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'larkgate-oauth-log-'));
  const log = await createLog(folder, configSchema.parse({}).log);
  const said = { error: 'invalid_grant', error_description: 'canary-1 in words', device_code: 'canary-2' };
  const refusals = documented.flatMap(([code]) => Object.values(readers).map((read) => read({ ...said, code })));
  for (const err of refusals) log.warn({ err }, 'refused');
  await log.close();
  const [file = ''] = readdirSync(join(folder, 'logs'));
  const text = readFileSync(join(folder, 'logs', file), 'utf8');
  rmSync(folder, { recursive: true });
  expect(text).not.toContain('canary');
  const lines = text.trim().split('\n');
  expect(lines).toHaveLength(refusals.length);
  for (const [at, line] of lines.entries()) {
    const { code, details } = JSON.parse(line).err;
    expect([code, details.code, details.logId]).toEqual([refusals[at]?.code, refusals[at]?.details?.['code'], 'log-1']);
  }
});
