import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../../src-main/base/mask.ts';

const canary = 'Canary9-7f3d0b_x2';

describe('maskSecrets', () => {
  it.each([
    ['an authorization header', `authorization: Bearer ${canary}`],
    ['a form-encoded authorization', `Authorization=Basic%20${canary}`],
    ['a JSON member', `{"access_token":"${canary}"}`],
    ['JSON inside a JSON string', String.raw`{"body":"{\"refresh_token\": \"${canary}\"}"}`],
    ['JSON two strings deep', String.raw`"{\\\"client_secret\\\":\\\"${canary}\\\"}"`],
    ['an inspected object', `{ app_secret: '${canary}' }`],
    ['a camel-cased name', `accessToken=${canary}`],
    ['a query', `/oauth/callback?code=${canary}&state=${canary}`],
    ['a percent-encoded query', `next=%2Fcallback%3Fcode%3D${canary}`],
    ['a session id in an address', `POST /messages?sessionId=${canary}`],
    ['a header of a session', `mcp-session-id: ${canary}`],
    ['a DingTalk header', `x-acs-dingtalk-access-token: ${canary}`],
    ['a header in JSON', `{"x-jwt-token":"${canary}"}`],
    ['every cookie of a header', `set-cookie: sid=${canary}; other=${canary}; Path=/`],
    ['a cookie in the environment', `CAS_SESSION=${canary}`],
    ['an environment variable', `FEISHU_APP_SECRET=${canary}`],
    ['a state in a log line', `"oauth_state":"${canary}"`],
    ['a PKCE verifier', `code_verifier=${canary}`],
    ['a device code', `"device_code":"${canary}"`],
    ['an app ticket', `"app_ticket":"${canary}"`],
    ['a password', `{"password":"${canary}"}`],
  ])('hides the secret in %s', (_, text) => {
    expect(maskSecrets(text)).not.toContain(canary);
  });

  it.each([
    'u-7f3d0b2c9e8a4d11bb22',
    'ur-7f3d0b2c9e8a4d11bb22',
    't-g1044qeGEDXTB6NDJOGV4JQ',
    'lg_1a2b3c_7f3d0b2c9e8a4d11bb22cc33',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
  ])('hides a bare token: %s', (token) => {
    expect(maskSecrets(`it said ${token} and stopped`)).toBe(
      `it said ${token.startsWith('lg_') ? 'lg_***' : '***'} and stopped`,
    );
  });

  it.each([
    '{"level":"warn","event":"call.finished","fault":"upstream_refused","upstream_code":99991663}',
    '{"err":{"type":"Error","code":"ENOSPC","message":"no space left on device"}}',
    '{"err":{"type":"Fault","code":"sign_in_again"}}',
    '{"event":"token.renewal","status":"renewed","ms":12}',
    '{"session":"s_0a1b2c3d4e5f","args_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}',
    '{"code":99991668,"msg":"Invalid access token for authorization"}',
  ])('leaves what helps: %s', (line) => {
    expect(maskSecrets(line)).toBe(line);
  });

  it('takes no longer for a long hostile line than for a long ordinary one', () => {
    // Linear: a pattern that backtracks would not return from these at all.
    for (const piece of ['eyJ', 'token":', 'Bearer  ', 'code%3D', '\\\\\\"', 'cookie:']) {
      expect(maskSecrets(piece.repeat(50_000)).length).toBeGreaterThan(0);
    }
  });
});
