import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src-main/base/clock.ts';
import { createHttpClient, type HttpClient } from '../../../../src-main/base/http-client.ts';
import { createAppInspector } from '../../../../src-main/providers/lark/app-inspector.ts';
import { commonScopes } from '../../../../src-main/providers/lark/common-scopes.ts';
import { createSandbox, type Sandbox } from '../../../../src-main/sandbox/sandbox.ts';
import type { AppCredentials } from '../../../../src-main/tokens/issuer.ts';
import { faultOf } from './lark-bench.ts';
import { json, ok, openStandIn, refuse, reset, type Turn } from './stand-in.ts';

let http: HttpClient;
beforeEach(() => {
  http = createHttpClient({ clock: systemClock });
});
afterEach(() => http.close());

const wanted = { redirectUrl: 'http://127.0.0.1:5275/oauth/callback', scopes: commonScopes };
const app: AppCredentials = { appId: 'cli_a', appSecret: 'secret-canary', brand: 'feishu' };

describe('at a stand-in', () => {
  let feishu: Awaited<ReturnType<typeof openStandIn>>;
  beforeEach(async () => {
    feishu = await openStandIn();
  });
  afterEach(() => feishu.close());
  const inspect = (...turns: Turn[]) => {
    feishu.will(...turns);
    return createAppInspector({ http, hostsFor: () => ({ open: feishu.url, accounts: feishu.url }) });
  };
  const token = json({ code: 0, msg: 'ok', tenant_access_token: 't-canary', expire: 7200 });
  const refused = (code: number, msg: string, status = 200) => json({ code, msg }, status);

  test('the right id and secret are proved by one request', async () => {
    await inspect(token).prove(app);
    expect(feishu.seen).toMatchObject([{ method: 'POST', path: '/open-apis/auth/v3/tenant_access_token/internal' }]);
    expect(JSON.parse(feishu.seen[0]?.body ?? '')).toEqual({ app_id: 'cli_a', app_secret: 'secret-canary' });
  });

  test.each([
    [10003, 'invalid param', 'app_credentials', { zh: /App ID/, en: /^(?!.*Secret).*App ID/ }],
    [10014, 'app secret invalid', 'app_credentials', { zh: /App Secret/, en: /^The App Secret is wrong/ }],
    [10014, 'app id not exists', 'app_credentials', { zh: /App ID/, en: /^Feishu does not know this App ID/ }],
    [10015, 'app secret invalid', 'app_credentials', { zh: /App Secret/, en: /^The App Secret is wrong/ }],
    [99991543, 'invalid app', 'app_credentials', { zh: /App ID 和 App Secret/, en: /pair of App ID and App Secret/ }],
    [99991662, 'disabled', 'app_unavailable', { zh: /管理员/, en: /administrator/ }],
    [99991400, 'too fast', 'upstream_busy', { zh: /频率/, en: /rate/ }],
    [12345, 'some new reason', 'upstream_refused', { zh: /12345：some new reason/, en: /12345: some new reason/ }],
  ])('%i (%s) becomes %s and says which part is wrong', async (code, msg, faultCode, { zh, en }) => {
    for (const status of [200, 400]) {
      const fault = await faultOf(inspect(refused(code, msg, status)).prove(app));
      expect([fault.code, fault.details?.['code']]).toEqual([faultCode, code]);
      expect(fault.words.zh).toMatch(zh);
      expect(fault.words.en).toMatch(en);
    }
  });

  test('a secret that Feishu repeats is not repeated', async () => {
    const fault = await faultOf(inspect(refused(12345, 'bad secret-canary given')).prove(app));
    expect(JSON.stringify(fault.toBody())).not.toContain('canary');
  });

  test.each<[string, Turn, string]>([
    ['a broken connection', reset, 'upstream_unreachable'],
    ['a page', (response) => response.end('<html>'), 'upstream_broken'],
    ['no token', ok({}), 'upstream_broken'],
    ['a failure', refuse(2200, 500), 'upstream_failed'],
  ])('%s is not taken for wrong credentials', async (_, turn, code) => {
    expect((await faultOf(inspect(turn).prove(app))).code).toBe(code);
    expect((await faultOf(inspect(turn).examine(app, wanted))).code).toBe(code);
  });

  test('the permissions of persons are read from the configuration', async () => {
    const scopes = [
      { scope: 'im:message', token_types: ['user', 'tenant'] },
      { scope: 'im:chat', token_types: ['tenant'] },
    ];
    expect(await inspect(token, ok({ app: { app_id: 'cli_a', scopes } })).enabledScopes(app)).toEqual(['im:message']);
    expect(feishu.seen[1]).toMatchObject({ method: 'GET', path: '/open-apis/application/v6/applications/cli_a' });
    expect(feishu.seen[1]?.query.get('lang')).toBe('zh_cn');
    expect(feishu.seen[1]?.headers.authorization).toBe('Bearer t-canary');
  });

  test('or, where the app may not read that, from what its organization granted', async () => {
    const scopes = [{ scope_name: 'im:message', grant_status: 1, scope_type: 'user' }];
    const inspector = inspect(token, refuse(99991672), ok({ scopes }));
    expect(await inspector.enabledScopes(app)).toEqual(['im:message']);
    expect(feishu.seen[2]?.path).toBe('/open-apis/application/v6/scopes');
  });

  test.each<[string, Turn]>([
    ['refused', refuse(99991672)],
    ['not there', (response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found')],
    ['without kinds', ok({ scopes: [{ scope_name: 'im:message', grant_status: 1 }] })],
  ])('or are not known, when both are %s', async (_, turn) => {
    expect(await inspect(token, refuse(99991672), turn).enabledScopes(app)).toBeNull();
  });

  test('an app that is not installed is said to be off', async () => {
    const checks = await inspect(token, refuse(99991672), refuse(212100)).examine(app, wanted);
    expect(checks.find(({ id }) => id === 'enabled')?.level).toBe('error');
    const disabled = await inspect(refused(99991673, 'not installed')).examine(app, wanted);
    expect(disabled.find(({ id }) => id === 'enabled')?.level).toBe('error');
  });

  test('wrong credentials are all that the report says', async () => {
    expect(await inspect(refused(10014, 'app secret invalid')).examine(app, wanted)).toEqual([
      {
        id: 'credentials',
        level: 'error',
        words: expect.objectContaining({ en: expect.stringContaining('The App Secret is wrong') }),
        fix: { url: `${feishu.url}/app/cli_a/baseinfo`, copy: null },
      },
    ]);
  });

  test('no report has a secret in it', async () => {
    const checks = await inspect(token, ok({ app: { secret: 'secret-canary' } })).examine(app, wanted);
    expect(JSON.stringify(checks)).not.toContain('canary');
  });
});

describe('at the sandbox', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await createSandbox({ clock: systemClock });
  });
  afterEach(() => sandbox.close());
  const inspector = () =>
    createAppInspector({
      http,
      hostsFor: (brand) => {
        const url = brand === 'lark' ? sandbox.larkUrl : sandbox.url;
        return { open: url, accounts: url };
      },
    });
  const given = (change: Partial<AppCredentials> = {}): AppCredentials => ({
    appId: sandbox.appId,
    appSecret: sandbox.appSecret,
    brand: 'feishu',
    ...change,
  });
  const setApp = async (settings: object) => {
    const answer = await fetch(`${sandbox.url}/__app`, { method: 'POST', body: JSON.stringify(settings) });
    if (!answer.ok) throw new Error(`/__app: ${answer.status}`);
  };
  const levels = async () =>
    Object.fromEntries((await inspector().examine(given(), wanted)).map(({ id, level }) => [id, level]));

  test('an app is proved at its own service only', async () => {
    await inspector().prove(given());
    const lark = given({ appId: sandbox.larkAppId, appSecret: sandbox.larkAppSecret, brand: 'lark' });
    await inspector().prove(lark);
    expect((await faultOf(inspector().prove({ ...lark, brand: 'feishu' }))).words.en).toMatch(
      /does not know this App ID/,
    );
    expect((await faultOf(inspector().prove(given({ appSecret: 'wrong' })))).words.en).toMatch(/Secret is wrong/);
  });

  test('the doctor finds what is missing, and nothing else', async () => {
    await setApp({ redirectUris: [wanted.redirectUrl], strictRedirects: true });
    expect(new Set(Object.values(await levels()))).toEqual(new Set(['ok']));
    await setApp({ redirectUris: [], allowRefresh: false, withheldScopes: ['im:message', 'offline_access'] });
    expect(await levels()).toMatchObject({
      credentials: 'ok',
      enabled: 'ok',
      redirect_url: 'warning',
      refresh_switch: 'error',
      scopes: 'error',
      version: 'ok',
      self_manage: 'ok',
    });
    await setApp({ published: false, withheldScopes: ['im:message'] });
    expect(await levels()).toMatchObject({ enabled: 'error', version: 'error', scopes: 'warning' });
  });

  test('the doctor of an app that may not read itself still knows its permissions', async () => {
    await setApp({ selfManage: false, withheldScopes: ['im:message'] });
    expect(await levels()).toMatchObject({ enabled: 'ok', scopes: 'warning', self_manage: 'unknown' });
    const enabled = await inspector().enabledScopes(given());
    expect(commonScopes.filter((scope) => !enabled?.includes(scope))).toEqual(['im:message']);
  });
});
