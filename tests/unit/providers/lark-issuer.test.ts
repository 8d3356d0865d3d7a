import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { type HttpAnswer, type HttpClient, type HttpRequest } from '../../../src-main/base/http-client.ts';
import type { FaultCode } from '../../../src-main/contract/fault-codes.ts';
import { createLarkIssuer } from '../../../src-main/providers/lark/lark-issuer.ts';
import { readPersonAnswer, readTokenAnswer } from '../../../src-main/providers/lark/lark-oauth-answer.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const now = Date.UTC(2026, 6, 7);
const week = 7 * 24 * 3600;

type Answer = Pick<HttpAnswer, 'status' | 'headers' | 'body'>;

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

const good = {
  code: 0,
  access_token: 'u-abc',
  expires_in: 7200,
  refresh_token: 'ur-abc',
  refresh_token_expires_in: week,
  scope: 'a b',
};

function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (thrown) {
    return Fault.from(thrown);
  }
  throw new Error('it worked');
}

describe('an answer with tokens', () => {
  test('is read, whichever version gave it', () => {
    const expected = {
      accessToken: 'u-abc',
      accessExpiresAt: now + 7_200_000,
      refreshToken: 'ur-abc',
      refreshExpiresAt: now + week * 1000,
      scopes: ['a', 'b'],
    };
    expect(readTokenAnswer(answer(good), 'sign_in', now)).toEqual(expected);
    const { code: _, ...v3 } = good;
    expect(readTokenAnswer(answer({ ...v3, token_type: 'Bearer' }), 'renewal', now)).toEqual(expected);
    expect(readTokenAnswer(answer(`\uFEFF${JSON.stringify(good)}`), 'renewal', now)).toEqual(expected);
  });

  test.each<[string, unknown, number]>([
    ['a number', 3600, 3600],
    ['a string of digits', '3600', 3600],
    ['zero', 0, 60],
    ['negative', -5, 60],
    ['too large', 1e12, 24 * 3600],
    ['missing', undefined, 7200],
    ['null', null, 7200],
    ['no number', 'soon', 7200],
    ['an empty string', '', 7200],
    ['a list', [], 7200],
  ])('whose expires_in is %s is believed within bounds', (_, given, seconds) => {
    const tokens = readTokenAnswer(answer({ ...good, expires_in: given }), 'renewal', now);
    expect(tokens.accessExpiresAt).toBe(now + seconds * 1000);
  });

  test('without the life of the refresh token counts on seven days', () => {
    const { refresh_token_expires_in: _, ...rest } = good;
    expect(readTokenAnswer(answer(rest), 'sign_in', now).refreshExpiresAt).toBe(now + week * 1000);
  });

  test('without a refresh token says that nothing can be renewed', () => {
    const { refresh_token: _, ...rest } = good;
    expect(readTokenAnswer(answer(rest), 'sign_in', now)).toMatchObject({ refreshToken: null, refreshExpiresAt: null });
  });

  test('tells how far the clocks are apart', () => {
    const date = new Date(now - 600_000).toUTCString();
    expect(readTokenAnswer(answer(good, 200, { date }), 'renewal', now).clockSkewMs).toBe(600_000);
  });
});

describe('an answer that cannot be used keeps the tokens', () => {
  test.each<[string, Answer, FaultCode]>([
    ['a page with 200', answer('<!doctype html><title>Sign in to Wi-Fi</title>'), 'upstream_broken'],
    ['a page with 502', answer('<html>Bad gateway</html>', 502), 'upstream_broken'],
    ['a redirect', answer('', 302, { location: 'https://elsewhere.example' }), 'upstream_broken'],
    ['nothing', answer(''), 'upstream_broken'],
    ['half of it', answer(JSON.stringify(good).slice(0, 40)), 'upstream_broken'],
    ['no access token', answer({ ...good, access_token: undefined }), 'upstream_broken'],
    ['an empty access token', answer({ ...good, access_token: '' }), 'upstream_broken'],
    ['an access token with a line break', answer({ ...good, access_token: 'u-a\r\nX-Evil: 1' }), 'upstream_broken'],
    ['tokens with an error status', answer(good, 500), 'upstream_broken'],
    ['a list', answer([]), 'upstream_broken'],
    ['null', answer('null'), 'upstream_broken'],
    ['404 in plain text', answer('404 page not found', 404), 'upstream_broken'],
    ['a limit', answer({ code: 99991400 }, 429, { 'x-ogw-ratelimit-reset': '3' }), 'upstream_busy'],
    ['an unknown code with 200', answer({ code: 12345, error: 'strange' }), 'upstream_refused'],
    ['an unknown code with 500', answer({ code: 12345 }, 500), 'upstream_broken'],
    ['an OAuth error without a code', answer({ error: 'server_error' }, 500), 'upstream_broken'],
    ['a wrong client without a code', answer({ error: 'invalid_client' }, 401), 'app_credentials'],
  ])('%s', (_, given, code) => {
    expect(faultOf(() => readTokenAnswer(given, 'renewal', now)).code).toBe(code);
  });

  test('a limit says when to come back', () => {
    const limited = answer({}, 429, { 'x-ogw-ratelimit-reset': '3' });
    expect(faultOf(() => readTokenAnswer(limited, 'renewal', now)).retryAfterMs).toBe(3000);
  });

  test('the body of an answer never reaches a message', () => {
    const fault = faultOf(() =>
      readTokenAnswer(answer({ code: 20026, error_description: 'canary' }, 400), 'renewal', now),
    );
    expect(JSON.stringify(fault.toBody())).not.toContain('canary');
  });
});

describe('who signed in', () => {
  const data = {
    union_id: 'on_1',
    open_id: 'ou_1',
    name: '林小雨',
    avatar_url: 'https://cdn.example/a.png',
    tenant_key: 't1',
  };

  test('is read from user_info', () => {
    expect(readPersonAnswer(answer({ code: 0, data }))).toEqual({
      unionId: 'on_1',
      openId: 'ou_1',
      name: '林小雨',
      avatarUrl: 'https://cdn.example/a.png',
      tenantKey: 't1',
    });
  });

  test('may lack all but the ids', () => {
    const least = { union_id: 'on_1', open_id: 'ou_1', avatar_url: 'javascript:alert(1)' };
    const person = readPersonAnswer(answer({ code: 0, data: least }));
    expect(person).toEqual({ unionId: 'on_1', openId: 'ou_1', name: 'ou_1', avatarUrl: null, tenantKey: null });
  });

  test.each([
    ['Eve\nacc_1\tBoss\tsigned_in', 'Eve acc_1 Boss signed_in'],
    ['\u001B[2JEve\u0007', '[2JEve'],
    ['Eve\u202Ennj\u2066\u200B', 'Eve nnj'],
    ['\u2028Eve\u2029\r\n', 'Eve'],
    ['林'.repeat(300), '林'.repeat(100)],
    ['\n\t', 'Eve in English'],
  ])('with the name %j is shown on one line, in one direction, cut short', (name, shown) => {
    const person = readPersonAnswer(answer({ code: 0, data: { ...data, name, en_name: 'Eve in English' } }));
    expect(person.name).toBe(shown);
  });

  test.each([{}, { data: {} }, { data: { ...data, union_id: '' } }, { data: null }])(
    'is not guessed from %j',
    (body) => {
      expect(faultOf(() => readPersonAnswer(answer({ code: 0, ...body }))).code).toBe('upstream_broken');
    },
  );
});

function bodyOf(request: HttpRequest | undefined): string {
  return typeof request?.body === 'string' ? request.body : '';
}

describe('what is sent', () => {
  function prepare(tokenEndpoint: 'v2' | 'v3') {
    const sent: HttpRequest[] = [];
    const send = async (request: HttpRequest) => {
      sent.push(request);
      return { ...answer(good), ms: 1 };
    };
    const http: HttpClient = Object.assign(send, { close: async () => {} });
    const hosts = { open: 'https://open.feishu.cn', accounts: 'https://accounts.feishu.cn' };
    const parts = {
      appId: 'cli_a',
      appSecret: 'secret',
      http,
      clock: new FakeClock(now),
      hosts,
      settings: { tokenEndpoint },
    };
    return { issuer: createLarkIssuer(parts), sent };
  }

  test('to the authorize page: everything Feishu documents', () => {
    const url = prepare('v3').issuer.authorizeUrl({
      redirectUri: 'http://127.0.0.1:5275/oauth/callback',
      state: 'the state',
      codeChallenge: 'the challenge',
      scopes: ['offline_access', 'im:message'],
    });
    expect(url.origin + url.pathname).toBe('https://accounts.feishu.cn/open-apis/authen/v1/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'cli_a',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:5275/oauth/callback',
      scope: 'offline_access im:message',
      state: 'the state',
      code_challenge: 'the challenge',
      code_challenge_method: 'S256',
    });
  });

  test('to the v3 token endpoint: a form', async () => {
    const { issuer, sent } = prepare('v3');
    await issuer.refresh('ur-1');
    expect([sent[0]?.url.href, sent[0]?.headers?.['content-type']]).toEqual([
      'https://accounts.feishu.cn/oauth/v3/token',
      'application/x-www-form-urlencoded',
    ]);
    const form = new URLSearchParams(bodyOf(sent[0]));
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'ur-1',
      client_id: 'cli_a',
      client_secret: 'secret',
    });
  });

  test('to the v2 token endpoint: JSON', async () => {
    const { issuer, sent } = prepare('v2');
    await issuer.exchangeCode('the code', { redirectUri: 'http://x/', codeVerifier: 'the verifier' });
    expect(sent[0]?.url.href).toBe('https://open.feishu.cn/open-apis/authen/v2/oauth/token');
    expect(JSON.parse(bodyOf(sent[0]))).toEqual({
      grant_type: 'authorization_code',
      code: 'the code',
      redirect_uri: 'http://x/',
      code_verifier: 'the verifier',
      client_id: 'cli_a',
      client_secret: 'secret',
    });
  });

  test('to the authorize page: no scope when none is asked for', () => {
    const request = { redirectUri: 'http://127.0.0.1/oauth/callback', state: 's', codeChallenge: 'c', scopes: [] };
    expect(prepare('v3').issuer.authorizeUrl(request).searchParams.has('scope')).toBe(false);
  });

  test('to the device authorization endpoint: a form, with the secret in the header', async () => {
    const { issuer, sent } = prepare('v3');
    await issuer.beginDevice(['offline_access', 'im:message']).catch(() => {});
    expect([sent[0]?.url.href, sent[0]?.headers]).toEqual([
      'https://accounts.feishu.cn/oauth/v1/device_authorization',
      {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from('cli_a:secret').toString('base64')}`,
      },
    ]);
    expect(bodyOf(sent[0])).toBe('client_id=cli_a&scope=offline_access+im%3Amessage');
  });

  test.each([
    ['v3', 'https://accounts.feishu.cn/oauth/v3/token'],
    ['v2', 'https://open.feishu.cn/open-apis/authen/v2/oauth/token'],
  ] as const)('to the %s token endpoint with a device code: a form', async (version, url) => {
    const { issuer, sent } = prepare(version);
    await issuer.pollDevice('the device code');
    expect([sent[0]?.url.href, sent[0]?.headers]).toEqual([
      url,
      { 'content-type': 'application/x-www-form-urlencoded' },
    ]);
    expect(Object.fromEntries(new URLSearchParams(bodyOf(sent[0])))).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'the device code',
      client_id: 'cli_a',
      client_secret: 'secret',
    });
  });

  test('no secret is ever part of an address', async () => {
    const { issuer, sent } = prepare('v3');
    await issuer.refresh('ur-1');
    await issuer.revoke('ur-2');
    await issuer.whoIs('u-3').catch(() => {});
    await issuer.beginDevice(['offline_access']).catch(() => {});
    await issuer.pollDevice('dev-4');
    for (const { url } of sent) expect(url.href).not.toMatch(/secret|ur-|u-3|dev-4/);
    expect(sent.map(({ url }) => url.pathname)).toEqual([
      '/oauth/v3/token',
      '/oauth/v1/revoke',
      '/open-apis/authen/v1/user_info',
      '/oauth/v1/device_authorization',
      '/oauth/v3/token',
    ]);
  });
});
