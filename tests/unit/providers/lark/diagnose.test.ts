import { describe, expect, test } from 'vitest';
import {
  type AppConfig,
  type AppFacts,
  readAppConfig,
  readGrantedScopes,
} from '../../../../src-main/providers/lark/app-facts.ts';
import { diagnose, type Wanted } from '../../../../src-main/providers/lark/diagnose.ts';

const place = { openUrl: 'https://open.feishu.cn', appId: 'cli_a' };
const callback = 'http://127.0.0.1:5275/oauth/callback';
const wanted: Wanted = { redirectUrl: callback, scopes: ['offline_access', 'im:message', 'im:chat:read'] };

const good: AppConfig = {
  enabled: true,
  redirectUrls: [callback],
  mayRefresh: true,
  scopes: ['offline_access', 'im:message', 'im:chat:read', 'task:task:read'],
  published: true,
  inReview: false,
};
const factsWith = (change: Partial<AppConfig> = {}): AppFacts => {
  const config = { ...good, ...change };
  return { config, enabled: config.enabled, scopes: config.scopes };
};
const unreadable: AppFacts = { config: null, enabled: null, scopes: null };

const levels = (facts: AppFacts, asked = wanted) =>
  Object.fromEntries(diagnose(facts, asked, place).map(({ id, level }) => [id, level]));
const checkOf = (id: string, facts: AppFacts, asked = wanted) =>
  diagnose(facts, asked, place).find((check) => check.id === id);

const allGood = {
  credentials: 'ok',
  enabled: 'ok',
  redirect_url: 'ok',
  refresh_switch: 'ok',
  scopes: 'ok',
  version: 'ok',
  self_manage: 'ok',
};

const safe = 'https://open.feishu.cn/app/cli_a/safe';
const versions = 'https://open.feishu.cn/app/cli_a/version';

describe('an app', () => {
  test('with everything in place has nothing to mend', () => {
    expect(levels(factsWith())).toEqual(allGood);
    expect(diagnose(factsWith(), wanted, place).every(({ fix }) => fix === null)).toBe(true);
  });

  test.each<[string, Partial<AppConfig>, Partial<typeof allGood> | Record<string, string>, unknown]>([
    ['that is switched off', { enabled: false }, { enabled: 'error' }, { url: versions, copy: null }],
    ['of which Feishu does not say', { enabled: null }, { enabled: 'unknown' }, { url: versions, copy: null }],
    ['without the redirect URL', { redirectUrls: [] }, { redirect_url: 'warning' }, { url: safe, copy: callback }],
    [
      'with the redirect URL of another port',
      { redirectUrls: ['http://127.0.0.1:3000/oauth/callback'] },
      { redirect_url: 'warning' },
      { url: safe, copy: callback },
    ],
    [
      'with localhost instead of 127.0.0.1',
      { redirectUrls: ['http://localhost:5275/oauth/callback'] },
      { redirect_url: 'warning' },
      { url: safe, copy: callback },
    ],
    [
      'with a slash too many',
      { redirectUrls: [`${callback}/`, 'not a url'] },
      { redirect_url: 'warning' },
      { url: safe, copy: callback },
    ],
    ['that may not refresh', { mayRefresh: false }, { refresh_switch: 'error' }, { url: safe, copy: null }],
    ['whose switch is not told', { mayRefresh: null }, { refresh_switch: 'unknown' }, { url: safe, copy: null }],
    [
      'that lacks a permission',
      { scopes: ['offline_access', 'im:message'] },
      { scopes: 'warning' },
      { url: 'https://open.feishu.cn/page/scope-apply?clientID=cli_a&scopes=im%3Achat%3Aread', copy: 'im:chat:read' },
    ],
    [
      'that lacks offline_access',
      { scopes: ['im:message'] },
      { scopes: 'error' },
      {
        url: 'https://open.feishu.cn/page/scope-apply?clientID=cli_a&scopes=offline_access%2Cim%3Achat%3Aread',
        copy: 'offline_access,im:chat:read',
      },
    ],
    ['never published', { published: false }, { version: 'error' }, { url: versions, copy: null }],
    ['with a version in review', { inReview: true }, { version: 'warning' }, { url: versions, copy: null }],
  ])('%s is told so, with the page that mends it', (_, change, told, fix) => {
    const facts = factsWith(change);
    expect(levels(facts)).toEqual({ ...allGood, ...told });
    const [id = ''] = Object.keys(told);
    expect(checkOf(id, facts)?.fix).toEqual(fix);
  });

  test('that may not read itself is told how to allow it, and what to look for meanwhile', () => {
    expect(levels(unreadable)).toEqual({
      credentials: 'ok',
      enabled: 'unknown',
      redirect_url: 'unknown',
      refresh_switch: 'unknown',
      scopes: 'unknown',
      version: 'unknown',
      self_manage: 'unknown',
    });
    expect(checkOf('self_manage', unreadable)?.fix).toEqual({
      url: 'https://open.feishu.cn/app/cli_a/auth?q=application%3Aapplication%3Aself_manage&op_from=openapi&token_type=tenant',
      copy: 'application:application:self_manage',
    });
    expect(checkOf('redirect_url', unreadable)?.fix).toEqual({ url: safe, copy: callback });
  });

  test('whose permissions are known otherwise has them checked even so', () => {
    const facts = { config: null, enabled: true, scopes: ['im:message'] };
    expect(levels(facts)).toMatchObject({ enabled: 'ok', scopes: 'error', self_manage: 'unknown' });
  });

  test('that people sign in to by a scan needs no redirect URL', () => {
    expect(levels(factsWith({ redirectUrls: [] }), { ...wanted, redirectUrl: null })).not.toHaveProperty(
      'redirect_url',
    );
  });

  test('has query and fragment of a redirect URL left out of account, as at Feishu', () => {
    expect(levels(factsWith({ redirectUrls: [`${callback}?x=1#y`] })).redirect_url).toBe('ok');
  });

  test('of Lark international is mended at its own console', () => {
    const lark = { openUrl: 'https://open.larksuite.com', appId: 'cli_b' };
    const urls = diagnose(unreadable, wanted, lark).flatMap(({ fix }) => fix?.url ?? []);
    expect(urls.length).toBeGreaterThan(4);
    for (const url of urls) expect(new URL(url).origin).toBe('https://open.larksuite.com');
  });

  test('is spoken of in both languages, with what to do wherever something is amiss', () => {
    const worst = factsWith({ enabled: false, redirectUrls: [], mayRefresh: false, scopes: [], published: false });
    for (const facts of [worst, unreadable, factsWith(), factsWith({ inReview: true })]) {
      for (const { level, words, id } of diagnose(facts, wanted, place)) {
        expect(words.zh, id).toMatch(/\p{Script=Han}/u);
        expect(words.en, id).toMatch(/^[\x20-\x7e]+$/);
        if (level !== 'ok')
          expect([words.zh, words.en], id).toEqual([
            expect.stringContaining('请'),
            expect.stringMatching(/\b([Oo]pen|[Aa]dd|[Tt]urn|[Pp]ublish|[Cc]reate|[Aa]sk|make sure)\b/),
          ]);
      }
    }
  });
});

describe("an app's configuration as Feishu tells it", () => {
  const told = {
    app_id: 'cli_a',
    status: 1,
    redirect_urls: ['http://a/'],
    security: { redirect_urls: ['http://b/'] },
    allow_refresh_token: true,
    online_version_id: 'oav_1',
    unaudit_version_id: '',
    scopes: [
      { scope: 'im:message', level: 2, token_types: ['user', 'tenant'] },
      { scope: 'im:chat', level: 1, token_types: ['tenant'] },
      { scope: 'im:resource', level: 1 },
    ],
  };
  const configOf = (change: object) => readAppConfig({ app: { ...told, ...change } });

  test('is read, and only what persons can grant counts as enabled', () => {
    expect(configOf({})).toEqual({
      enabled: true,
      redirectUrls: ['http://a/', 'http://b/'],
      mayRefresh: true,
      scopes: ['im:message'],
      published: true,
      inReview: false,
    });
  });

  test.each<[object, Partial<AppConfig>]>([
    [{ status: 0 }, { enabled: false }],
    [{ status: 2 }, { enabled: false }],
    [{ status: 3 }, { enabled: null }],
    [{ status: undefined }, { enabled: null }],
    [{ allow_refresh_token: false }, { mayRefresh: false }],
    [{ allow_refresh_token: undefined }, { mayRefresh: null }],
    [{ allow_refresh_token: 'yes' }, { mayRefresh: null }],
    [{ online_version_id: undefined }, { published: false }],
    [{ unaudit_version_id: 'oav_2' }, { inReview: true }],
    [{ redirect_urls: undefined, security: null }, { redirectUrls: [] }],
    [{ scopes: undefined }, { scopes: [] }],
  ])('may say %j', (change, means) => {
    expect(configOf(change)).toMatchObject(means);
  });

  test.each([{}, { app: null }, 'text', undefined])('is not guessed from %j', (data) => {
    expect(readAppConfig(data)).toBeUndefined();
  });

  test('names the permissions in force, of persons only', () => {
    const scope = (scope_name: string, scope_type: string | undefined, grant_status = 1) => ({
      scope_name,
      grant_status,
      ...(scope_type !== undefined && { scope_type }),
    });
    expect(
      readGrantedScopes({ scopes: [scope('a:b', 'user'), scope('c:d', 'tenant'), scope('e:f', 'user', 2)] }),
    ).toEqual(['a:b']);
    expect(readGrantedScopes({ scopes: [scope('a:b', undefined)] })).toBeUndefined();
    expect(readGrantedScopes({ scopes: 'all' })).toBeUndefined();
  });
});
