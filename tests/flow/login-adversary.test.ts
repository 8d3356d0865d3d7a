import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request as rawRequest } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { createHttpClient } from '../../src-main/base/http-client.ts';
import { writeRunFile } from '../../src-main/base/run-file.ts';
import { reachGateway } from '../../src-main/command/gateway-link.ts';
import { createRegistrar } from '../../src-main/providers/lark/lark-registrar.ts';
import { type Sandbox, createSandbox } from '../../src-main/sandbox/sandbox.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { createOwnApp } from '../helpers/person-at-door.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { type TemporaryHome, cleanEnvironment, createHome, projectFolder } from '../helpers/run-node.ts';
import { logOf, spoil } from '../helpers/sandbox-control.ts';
import { type GatewayOptions, type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let home: TemporaryHome;
let sandbox: Sandbox;
let gateway: StartedGateway | undefined;
const servers: Server[] = [];

beforeEach(async () => {
  home = await createHome();
  sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
});

afterEach(async () => {
  await stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await sandbox.close();
  await home.remove();
});

/** Stops the gateway, if one runs. */
async function stop(): Promise<void> {
  await gateway?.close();
  gateway = undefined;
}

/** A gateway on the test's data folder; the one before it is stopped, as by a restart. */
async function restart(options: GatewayOptions = {}): Promise<StartedGateway> {
  await stop();
  gateway = await startGateway({ data: home.path, sandbox, signedIn: false, ...options });
  return gateway;
}

/** What anybody can guess; the link that is printed at start is longer. */
const addressOf = ({ mcp }: StartedGateway) => new URL('/oauth/start', mcp).href;
const appOf = ({ app }: StartedGateway) => app.call('snapshot', {}).then(({ apps }) => apps);
const noticesOf = ({ app }: StartedGateway) => app.call('snapshot', {}).then(({ notices }) => notices);

async function until(found: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 50));
}

type Handler = (path: string, body: string) => { status?: number; json: unknown };

/** Something that answers like Feishu, and not as it should. */
async function standIn(handle: Handler): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { status = 200, json } = handle(request.url ?? '', await text(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const whoever = (name: string): Handler => {
  return () => ({ json: { code: 0, data: { union_id: 'on_1', open_id: 'ou_1', name } } });
};

function settle(lark: Record<string, unknown>): void {
  writeFileSync(join(home.path, 'settings.json'), JSON.stringify({ server: { port: 0 }, lark }));
}

/** Runs the built command to its end. */
async function larkgate(argv: string[], input = '', environment: Record<string, string> = {}) {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(projectFolder, 'dist/larkgate.mjs'), ...argv, '--data', home.path],
    { cwd: home.path, env: { ...cleanEnvironment(home.path), ...environment }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  if (!child.stdout || !child.stderr) throw new Error('The output is not piped');
  child.stdin?.end(input);
  const [out, words] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, out, words };
}

describe('somebody else on this machine', () => {
  test('signs in without any key or link, and nobody’s client works as them', async () => {
    const stranger = await restart();
    const page = await stranger.signIn('chen.zhiyuan', addressOf(stranger));
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('登录链接')]);
    const session = await openRawSession(stranger);
    const answer = await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
    expect(JSON.stringify(answer)).toContain('sign_in_required');
  });

  test('on any web page opens the sign-in address again and again, and the person’s own sign-in goes on', async () => {
    const started = await restart();
    const { app } = started;
    const { login } = await app.call('login', { way: 'device' });
    const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' };
    for (let n = 0; n < 20; n += 1) await fetch(addressOf(started), { redirect: 'manual', headers });
    const { logins } = await app.call('logins', {});
    expect(logins.find(({ id }) => id === login.id)?.state).toBe('waiting');
  });

  test.fails('serves a page on another port, and does not get into the dashboard of who looks at it', async () => {
    const { app } = await restart();
    const cookies: string[] = [];
    const thief = createServer((request, response) => {
      cookies.push(request.headers.cookie ?? '');
      response.end('hello');
    });
    servers.push(thief.listen(0, '127.0.0.1'));
    await once(thief, 'listening');
    const address = thief.address();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(app.dashboardLink());
      await page.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
    } finally {
      await browser.close();
    }
    const headers = { cookie: cookies[0] ?? '', 'content-type': 'application/json' };
    const stolen = await fetch(app.urls.mcp.replace('/mcp', '/control/snapshot'), {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect(stolen.status).not.toBe(200);
  });

  test('asks for the health of the gateway, and reads nobody’s name', async () => {
    const clock = new FakeClock(Date.now());
    const { app, signIn } = await restart({ clock });
    await signIn();
    await spoil(sandbox, { path: '/oauth/v3/token', kind: 'reset', times: 100 });
    clock.jump(6.5 * 24 * 3_600_000);
    app.wake();
    await until(async () => {
      await clock.advance(1000);
      return (await app.call('snapshot', {})).notices.some(({ id }) => id.startsWith('tokens.expiring'));
    });
    expect(await (await fetch(app.urls.health)).text()).not.toContain(app.accounts()[0]?.name);
  });

  test('asks for proofs without end, and a command still works through the running gateway', async () => {
    const { app } = await restart();
    await writeRunFile(home.path, { pid: process.pid, port: app.port, startedAt: Date.now() });
    const hello = app.urls.health.replace('/healthz', `/hello?nonce=${'a'.repeat(43)}`);
    await Promise.all(Array.from({ length: 210 }, () => fetch(hello)));
    const another = () => Promise.reject(new Error('a second gateway on the same folder'));
    const link = await reachGateway(await createNodeHost(home.path, {}), another);
    expect(await link.call('logins', {})).toEqual({ logins: [] });
    await link.close();
  });

  test('comes by a rebound name, another origin, a frame or a picture, and is refused everywhere', async () => {
    const { app } = await restart();
    const ask = async (path: string, headers: Record<string, string>, method = 'GET') => {
      const asked = rawRequest({ host: '127.0.0.1', port: app.port, path, method, headers }).end();
      const [answer] = await once(asked, 'response');
      answer.resume();
      return answer.statusCode;
    };
    const own = { host: `127.0.0.1:${app.port}` };
    for (const path of ['/oauth/start', '/oauth/wait?login=x', '/oauth/callback', `/hello?nonce=${'a'.repeat(43)}`]) {
      expect(await ask(path, { host: `evil.example:${app.port}` })).toBe(403);
      expect(await ask(path, { ...own, origin: 'https://evil.example' })).toBe(403);
      expect(await ask(path, { ...own, origin: 'null' })).toBe(403);
    }
    const form = { ...own, origin: 'http://127.0.0.1:9', 'content-type': 'application/x-www-form-urlencoded' };
    expect(await ask('/oauth/rebind', form, 'POST')).toBe(403);
    for (const dest of ['image', 'iframe', 'embed', 'object', 'script', 'empty', 'fencedframe'])
      expect(await ask('/oauth/start', { ...own, 'sec-fetch-dest': dest })).toBe(403);
  });
});

describe('secrets and tokens', () => {
  test('of an app that was created here are not replaced by the environment’s secret of another one', async () => {
    await createOwnApp(await restart({ appless: true }), 'lin.xiaoyu');
    const [own] = gateway ? await appOf(gateway) : [];
    // The person made it the default one: the settings name it now. The environment’s secret is that of the former one.
    const { app } = await restart({ config: { lark: { appId: own?.id ?? '', scopes: [] } } });
    const { account } = await app.call('renew', { accountId: app.accounts()[0]?.id ?? '' });
    expect(account.lastRenewal?.outcome).toBe('renewed');
  });

  test('of Feishu never reach Lark, also when the settings call the app one of Lark', async () => {
    await (await restart()).signIn();
    const { app } = await restart({ config: { lark: { brand: 'lark' } } });
    const id = app.accounts()[0]?.id ?? '';
    await app.call('renew', { accountId: id }).catch(() => {});
    await app.signOut(id);
    const lark = { url: sandbox.larkUrl };
    expect([...(await logOf(lark, '/oauth/v3/token')), ...(await logOf(lark, '/oauth/v1/revoke'))]).toEqual([]);
  });

  test('of one app are not sent in place of the one that was given for another', async () => {
    settle({ openUrl: sandbox.url, accountsUrl: sandbox.url, larkOpenUrl: sandbox.larkUrl });
    const environment = { FEISHU_APP_ID: sandbox.appId, FEISHU_APP_SECRET: sandbox.appSecret };
    const { words } = await larkgate(['app', 'add', sandbox.larkAppId, '--lark'], sandbox.larkAppSecret, environment);
    expect(words).not.toContain('The App Secret is wrong');
  });

  test('that another key sealed are kept aside when somebody signs in with the present one', async () => {
    await createOwnApp(await restart({ appless: true }), 'lin.xiaoyu');
    const [own] = gateway ? await appOf(gateway) : [];
    const keyFile = join(home.path, 'master.key');
    const former = readFileSync(keyFile);
    await stop();
    writeFileSync(keyFile, 'ab'.repeat(32));
    await (await restart()).signIn('chen.zhiyuan');
    await stop();
    writeFileSync(keyFile, former);
    const [kept = ''] = readdirSync(home.path).filter((name) => name.startsWith('token-snapshot.json.key-lost-'));
    renameSync(join(home.path, kept), join(home.path, 'token-snapshot.json'));
    const again = await restart({ appless: true });
    expect((await appOf(again)).map(({ id }) => id)).toContain(own?.id);
    const { account } = await again.app.call('renew', { accountId: again.app.accounts()[0]?.id ?? '' });
    expect(account).toMatchObject({ name: '林晓雨', lastRenewal: { outcome: 'renewed' } });
  });

  test('of an app that were altered on disk are missed aloud', async () => {
    await createOwnApp(await restart({ appless: true }), 'lin.xiaoyu');
    await stop();
    const path = join(home.path, 'token-snapshot.json');
    const file = readFileSync(path, 'utf8');
    writeFileSync(path, file.replace(/("apps":\{"[^"]+":\{"secret":")./, '$1_'));
    expect((await noticesOf(await restart({ appless: true }))).map(({ id }) => id)).toContain('tokens.dropped');
  });
});

describe('an unlucky person', () => {
  test('whose sign-in could not be kept is not told that it worked', async () => {
    settle({ openUrl: await standIn(whoever('Lin')) });
    writeFileSync(join(home.path, 'token-snapshot.json'), JSON.stringify({ version: 99 }));
    const login = await larkgate(['login', '--token'], `u-${'a'.repeat(30)}`);
    expect(login).toMatchObject({ code: 1, out: '', words: expect.stringContaining('The token file was written by') });
    expect(login.words).not.toContain('Signed in');
    const looked = await larkgate(['accounts']);
    expect([looked.code, looked.out]).toEqual([0, '']);
  });

  test('finds the app that was made the default one still the default one after a restart', async () => {
    const { app } = await restart();
    const { larkAppId: appId, larkAppSecret: appSecret } = sandbox;
    await app.call('addApp', { appId, appSecret, brand: 'lark' });
    await app.call('setDefaultApp', { appId });
    const apps = await appOf(await restart());
    expect(apps.find(({ isDefault }) => isDefault)?.id).toBe(appId);
  });

  test('may call this machine localhost', async () => {
    const { app } = await restart();
    const jar = new Map<string, string>();
    const visit = async (url: string) => {
      const { hostname } = new URL(url);
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie: jar.get(hostname) ?? '' } });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0];
      if (cookie !== undefined) jar.set(hostname, cookie);
      return answer;
    };
    let start = await visit(app.urls.signIn.replace('127.0.0.1', 'localhost'));
    if (start.headers.get('location')?.includes('/oauth/start'))
      start = await visit(start.headers.get('location') ?? '');
    const callback = await sandbox.consent(new URL(start.headers.get('location') ?? ''));
    expect((await visit(callback.href)).status).toBe(200);
  });

  test('whose clock was forty days ahead for some minutes is still signed in', async () => {
    const clock = new FakeClock(Date.now());
    const { app, signIn } = await restart({ clock });
    await signIn();
    clock.jump(40 * 24 * 3_600_000);
    for (let n = 0; n < 12; n += 1) {
      await clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    clock.jump(-40 * 24 * 3_600_000);
    expect(app.accounts()).toHaveLength(1);
  });

  test('who wrote permissions with blanks into the settings reads which ones', async () => {
    settle({ scopes: ['', 'im:message im:chat', 'im:chat', 'docx:document\n'] });
    const { code, words } = await larkgate(['accounts']);
    expect([code, words.match(/lark\.scopes\.\d/g)]).toEqual([
      1,
      [0, 1, 3, 0, 1, 3].map((place) => `lark.scopes.${place}`),
    ]);
  });
});

describe('a Feishu that answers strangely', () => {
  test('with a name of several lines adds no line to the list of accounts', async () => {
    settle({ openUrl: await standIn(whoever('Eve\nacc_0000000000000000\tBoss\tfeishu:cli_x\tsigned_in')) });
    await larkgate(['login', '--token'], `u-${'a'.repeat(30)}`);
    expect((await larkgate(['accounts'])).out.trim().split('\n')).toHaveLength(1);
  });

  test('with a link too long for a QR code still leads to a page with the link', async () => {
    const link = `https://a.example/?q=${'x'.repeat(3000)}`;
    const device = { device_code: 'd'.repeat(40), user_code: 'ABCD', verification_uri: link, expires_in: 240 };
    const begun = { device_code: 'r'.repeat(40), verification_uri_complete: 'https://a.example/', interval: 1 };
    const url = await standIn((path, body) => {
      if (path.includes('device_authorization')) return { json: device };
      if (body.includes('action=begin')) return { json: begun };
      if (body.includes('action=poll')) return { json: { client_id: 'cli_0123456789abcdef', client_secret: 'known' } };
      return { status: 400, json: { code: 1, error: 'authorization_pending' } };
    });
    const { app } = await restart({ appless: true, config: { lark: { openUrl: url, accountsUrl: url } } });
    await app.call('createApp', {});
    await until(async () => (await app.call('logins', {})).logins.some(({ url: shown }) => shown === link));
    expect((await fetch(app.urls.signIn)).status).toBe(200);
  });

  test('that hands out an app at Lark without saying so again makes it an app of Lark', async () => {
    const lark = await standIn(() => ({ json: { client_id: 'cli_0123456789abcdef', client_secret: 'known' } }));
    const begun = { device_code: 'r'.repeat(40), verification_uri_complete: 'https://a.example/', interval: 1 };
    const feishu = await standIn((_path, body) => ({
      json: body.includes('action=begin') ? begun : { user_info: { tenant_brand: 'lark' } },
    }));
    const http = createHttpClient({ clock: systemClock });
    const register = createRegistrar({
      http,
      clock: systemClock,
      hostsFor: (brand) => (brand === 'lark' ? { open: lark, accounts: lark } : { open: feishu, accounts: feishu }),
    });
    const { signal } = new AbortController();
    const app = await register({ brand: 'lark', scopes: [], signal, onLink: () => {}, onNote: () => {} });
    await http.close();
    expect(app.brand).toBe('lark');
  });
});

test('of two hundred sign-ins begun at once twenty go on, and each of those works', async () => {
  const { app } = await restart();
  await Promise.all(Array.from({ length: 200 }, () => app.call('login', { way: 'device' })));
  const { logins } = await app.call('logins', {});
  const waiting = logins.filter(({ state }) => state === 'waiting');
  expect([waiting.length, logins.length]).toEqual([20, 100]);
  const people = ['lin.xiaoyu', 'chen.zhiyuan'];
  await Promise.all(
    waiting.map(({ url }, n) => sandbox.confirmDevice(new URL(url ?? ''), { person: people[n % 2] ?? '' })),
  );
  const ids = new Set(waiting.map(({ id }) => id));
  const ended = async () =>
    (await app.call('logins', {})).logins.filter(({ id, state }) => ids.has(id) && state === 'done');
  await until(async () => (await ended()).length === 20);
  expect(app.accounts()).toHaveLength(2);
});
