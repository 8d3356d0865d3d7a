import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { systemClock } from '../../../src-main/base/clock.ts';
import { createHttpClient, type HttpClient } from '../../../src-main/base/http-client.ts';
import type { Brand } from '../../../src-main/contract/views.ts';
import { createRegistrar } from '../../../src-main/providers/lark/lark-registrar.ts';
import { createSandbox, type Sandbox } from '../../../src-main/sandbox/sandbox.ts';
import type { Registration, RegistrationNote } from '../../../src-main/tokens/registrar.ts';
import { faultOf } from './lark/lark-bench.ts';
import { HastyClock, json, openStandIn, reset, type Turn } from './lark/stand-in.ts';

type StandIn = Awaited<ReturnType<typeof openStandIn>>;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Registers at these two origins, and remembers what was said on the way. */
function prepare(clock: Clock, urls: Record<Brand, string>) {
  const http: HttpClient = createHttpClient({ clock });
  closers.push(() => http.close());
  const hostsFor = (brand: Brand) => ({ open: urls[brand], accounts: urls[brand] });
  const register = createRegistrar({ http, clock, hostsFor });
  const links: { url: URL; expiresInMs: number }[] = [];
  const notes: RegistrationNote[] = [];
  const leaving = new AbortController();
  const run = (change: Partial<Registration> = {}) =>
    register({
      brand: 'feishu',
      scopes: ['offline_access', 'im:chat:read'],
      signal: leaving.signal,
      onLink: (link) => links.push(link),
      onNote: (note) => notes.push(note),
      ...change,
    });
  return { run, links, notes, leaving };
}

function addonsOf(url: URL | undefined): unknown {
  const packed = Buffer.from(url?.searchParams.get('addons') ?? '', 'base64url');
  return JSON.parse(gunzipSync(packed).toString());
}

const grant = {
  device_code: 'device-canary',
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://accounts.feishu.cn/page/launcher',
  verification_uri_complete: 'https://accounts.feishu.cn/page/launcher?user_code=ABCD-EFGH',
  expires_in: 600,
  interval: 5,
};
const begun = json(grant);
const no = (error: string, status = 400) => json({ error, error_description: 'canary words' }, status);
const app = { client_id: 'cli_new', client_secret: 'secret-canary' };
const done = json({ ...app, user_info: { open_id: 'ou_1', tenant_brand: 'feishu' } });

describe('registering an app at a stand-in', () => {
  let feishu: StandIn;
  let lark: StandIn;
  let clock: HastyClock;
  beforeEach(async () => {
    feishu = await openStandIn();
    lark = await openStandIn();
    clock = new HastyClock();
    closers.push(feishu.close, lark.close);
  });
  const begin = (...turns: Turn[]) => {
    feishu.will(...turns);
    return prepare(clock, { feishu: feishu.url, lark: lark.url });
  };

  test('gives the link with all that is wanted, waits, and ends with the app', async () => {
    const { run, links, notes } = begin(begun, no('authorization_pending'), no('authorization_pending'), done);
    expect(await run()).toEqual({ appId: 'cli_new', appSecret: 'secret-canary', brand: 'feishu' });
    const [link] = links;
    expect(link?.expiresInMs).toBe(600_000);
    expect(Object.fromEntries(link?.url.searchParams ?? [])).toMatchObject({
      user_code: 'ABCD-EFGH',
      from: 'sdk',
      source: 'node-sdk/larkgate',
      name: 'LarkGate ({user})',
      createOnly: 'true',
    });
    expect(addonsOf(link?.url)).toEqual({ preset: false, scopes: { user: ['offline_access', 'im:chat:read'] } });
    expect(notes).toEqual(['waiting']);
    expect(clock.slept).toEqual([5000, 5000, 5000]);
    expect(feishu.seen.map(({ path, body }) => [path, new URLSearchParams(body).get('action')])).toEqual([
      ['/oauth/v1/app/registration', 'begin'],
      ['/oauth/v1/app/registration', 'poll'],
      ['/oauth/v1/app/registration', 'poll'],
      ['/oauth/v1/app/registration', 'poll'],
    ]);
  });

  test('can name the app', async () => {
    const { run, links } = begin(begun, done);
    await run({ name: '小雨的助手' });
    expect(links[0]?.url.searchParams.get('name')).toBe('小雨的助手');
  });

  test('can add permissions to an app that is there, and changes no other one', async () => {
    const { run, links } = begin(begun, done, begun, done);
    expect((await run({ appId: 'cli_new', scopes: ['task:task:write'] })).appId).toBe('cli_new');
    expect(links[0]?.url.searchParams.get('clientID')).toBe('cli_new');
    expect(links[0]?.url.searchParams.has('createOnly')).toBe(false);
    expect(addonsOf(links[0]?.url)).toEqual({ scopes: { user: ['task:task:write'] } });
    const fault = await faultOf(run({ appId: 'cli_mine', scopes: ['task:task:write'] }));
    expect(fault.code).toBe('login_failed');
    expect(fault.words.en).toContain('Another app');
  });

  test('slows down when told, up to a minute, and never asks faster than that', async () => {
    const slow = Array.from({ length: 13 }, () => no('slow_down'));
    const { run, notes } = begin(json({ ...grant, expires_in: 3600 }), ...slow, done);
    await run();
    expect(clock.slept).toEqual([
      5000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000, 50_000, 55_000, 60_000, 60_000, 60_000,
    ]);
    expect(notes).toEqual(['slow_down']);
  });

  test.each<[string, Turn]>([
    ['a broken connection', reset],
    ['a page', (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>')],
    ['a portal that redirects', (response) => response.writeHead(302, { location: 'http://portal.invalid/' }).end()],
    ['half an answer', (response) => response.writeHead(200).end('{"client_id":')],
    ['a failure of Feishu', no('server_error', 500)],
    ['nothing to go by', json({})],
  ])('goes on after %s while it waits', async (_, failure) => {
    const { run, notes } = begin(begun, failure, no('authorization_pending'), done);
    expect((await run()).appId).toBe('cli_new');
    expect(notes).toEqual(['network', 'waiting']);
    expect(clock.slept).toEqual([5000, 6000, 6000]);
  });

  test.each([
    ['access_denied', 'login_denied'],
    ['expired_token', 'login_expired'],
    ['something_else', 'login_failed'],
  ])('that Feishu ends with %s becomes %s, and repeats nothing that Feishu said', async (error, code) => {
    const { run } = begin(begun, no(error));
    const fault = await faultOf(run());
    expect(fault.code).toBe(code);
    expect(JSON.stringify(fault.toBody())).not.toContain('canary');
  });

  test('is over when the link has expired, even if Feishu never says so', async () => {
    const { run, links } = begin(json({ ...grant, expires_in: 60, interval: 25 }), no('authorization_pending'));
    expect((await faultOf(run())).code).toBe('login_expired');
    expect(links[0]?.expiresInMs).toBe(60_000);
    expect(clock.slept).toEqual([25_000, 25_000, 10_000]);
  });

  test.each<[string, Turn, string]>([
    ['nobody can be reached', reset, 'upstream_unreachable'],
    ['the answer is a page', (response) => response.end('<html>'), 'upstream_broken'],
    [
      'the link is none of Feishu',
      json({ ...grant, verification_uri_complete: 'http://evil.example/' }),
      'upstream_broken',
    ],
    ['the link is a script', json({ ...grant, verification_uri_complete: 'javascript:alert(1)' }), 'upstream_broken'],
    ['Feishu refuses', json({ error: 'invalid_request' }, 400), 'upstream_refused'],
  ])('does not begin when %s', async (_, turn, code) => {
    const { run, links } = begin(turn);
    const fault = await faultOf(run());
    expect(fault.code).toBe(code);
    expect(links).toEqual([]);
    expect(feishu.seen).toHaveLength(1);
  });

  test('is canceled by the person who began it, wherever it is', async () => {
    const early = begin(begun);
    early.leaving.abort();
    expect((await faultOf(early.run())).code).toBe('login_canceled');
    const waiting = begin(begun, no('authorization_pending'));
    const fault = faultOf(waiting.run({ onNote: () => waiting.leaving.abort() }));
    expect((await fault).code).toBe('login_canceled');
    const asked = feishu.seen.length;
    await systemClock.sleep(30);
    expect(feishu.seen).toHaveLength(asked);
  });

  test('moves to Lark once when the person belongs there', async () => {
    lark.will(json({ ...app, user_info: { open_id: 'ou_1', tenant_brand: 'lark' } }));
    const { run, notes } = begin(begun, no('authorization_pending'), json({ user_info: { tenant_brand: 'lark' } }));
    expect((await run()).brand).toBe('lark');
    expect(notes).toEqual(['waiting', 'domain_switched']);
    expect(lark.seen).toHaveLength(1);
    expect(clock.slept).toEqual([5000, 5000]);
  });

  test('for Lark begins at Feishu all the same, which is where creating works, and moves on from there', async () => {
    lark.will(json({ ...app, user_info: { open_id: 'ou_1', tenant_brand: 'lark' } }));
    const { run } = begin(begun, json({ user_info: { tenant_brand: 'lark' } }));
    expect((await run({ brand: 'lark' })).brand).toBe('lark');
    expect([feishu.seen.length, lark.seen.length]).toEqual([2, 1]);
  });

  test.each([
    ['says nothing of it', {}],
    ['names the other', { user_info: { tenant_brand: 'feishu' } }],
  ])('gives an app of Lark when Lark handed it out and %s', async (_what, more) => {
    lark.will(json({ ...app, ...more }));
    const { run } = begin(begun, json({ user_info: { tenant_brand: 'lark' } }));
    expect((await run()).brand).toBe('lark');
  });

  test('for Lark gives an app of Feishu to a person of Feishu', async () => {
    const { run } = begin(begun, done);
    expect((await run({ brand: 'lark' })).brand).toBe('feishu');
    expect(lark.seen).toEqual([]);
  });

  test('that extends an app of Lark begins at Lark, and asks no more when it has the app', async () => {
    lark.will(begun, json({ ...app, user_info: { open_id: 'ou_1', tenant_brand: 'lark' } }));
    const { run, notes } = begin();
    expect((await run({ brand: 'lark', appId: app.client_id })).brand).toBe('lark');
    expect(feishu.seen).toEqual([]);
    expect(lark.seen).toHaveLength(2);
    expect(notes).toEqual([]);
  });

  test('goes each its own way when several run at once in one process', async () => {
    const second = await openStandIn();
    closers.push(second.close);
    second.will(begun, no('authorization_pending'), json({ client_id: 'cli_second', client_secret: 'other' }));
    const one = begin(begun, no('authorization_pending'), done);
    const other = prepare(new HastyClock(), { feishu: second.url, lark: second.url });
    const apps = await Promise.all([one.run(), other.run()]);
    expect(apps.map(({ appId }) => appId)).toEqual(['cli_new', 'cli_second']);
    expect([feishu.seen.length, second.seen.length]).toEqual([3, 3]);
  });

  test('keeps its secrets to itself: no address carries one', async () => {
    const { run, links } = begin(begun, done);
    await run();
    for (const { path, query } of feishu.seen) expect(`${path}?${query}`).not.toContain('canary');
    expect(links[0]?.url.href).not.toContain('canary');
  });
});

describe('registering an app in the sandbox', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
    closers.push(() => sandbox.close());
  });
  const open = () => prepare(systemClock, { feishu: sandbox.url, lark: sandbox.larkUrl });

  test('takes one confirmation, and one more to add a permission', async () => {
    const { run } = open();
    const made = await run({ onLink: ({ url }) => void sandbox.confirmRegistration(url) });
    expect(made).toMatchObject({ appId: expect.stringMatching(/^cli_/), brand: 'feishu' });
    const again = await run({
      appId: made.appId,
      scopes: ['task:task:write'],
      onLink: ({ url }) => void sandbox.confirmRegistration(url),
    });
    expect(again).toEqual(made);
  });

  test('for a person of Lark moves there by itself', async () => {
    const { run, notes } = open();
    const made = await run({
      onLink: ({ url }) => void sandbox.confirmRegistration(url, { person: 'olivia.carter' }),
    });
    expect(made.brand).toBe('lark');
    expect(notes).toEqual(['domain_switched']);
  });

  test('that the person declines creates nothing', async () => {
    const { run } = open();
    const fault = await faultOf(run({ onLink: ({ url }) => void sandbox.confirmRegistration(url, { deny: true }) }));
    expect(fault.code).toBe('login_denied');
  });
});
