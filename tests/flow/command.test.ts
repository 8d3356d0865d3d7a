import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import type { LoginView } from '../../src-main/contract/views.ts';
import { type Sandbox, createSandbox } from '../../src-main/sandbox/sandbox.ts';
import { type TemporaryHome, cleanEnvironment, createHome, projectFolder } from '../helpers/run-node.ts';

let home: TemporaryHome;
let sandbox: Sandbox;
const running = new Set<ChildProcess>();

beforeEach(async () => {
  home = await createHome();
  sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
  settle();
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  await sandbox.close();
  await home.remove();
});

/** Points a data folder at the sandbox, with settings as a person would write them. */
function settle(lark: Record<string, unknown> = {}): void {
  const { url, larkUrl } = sandbox;
  const hosts = { openUrl: url, accountsUrl: url, larkOpenUrl: larkUrl, larkAccountsUrl: larkUrl };
  const settings = { server: { port: 0 }, lark: { ...hosts, ...lark } };
  writeFileSync(join(home.path, 'settings.json'), JSON.stringify(settings));
}

function start(argv: string[], input?: string, environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [join(projectFolder, 'dist/larkgate.mjs'), ...argv, '--data', home.path], {
    cwd: home.path,
    env: { ...cleanEnvironment(home.path), ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.stdin?.end(input);
  return child;
}

interface Ended {
  code: number | null;
  out: Record<string, unknown>[];
  words: string;
}

/** Runs a command with --json to its end; `confirm` does what the person does at each link. */
async function larkgate(
  argv: string[],
  options: { input?: string; confirm?: (login: LoginView) => Promise<unknown>; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = start([...argv, '--json'], options.input, options.env);
  if (!child.stdout || !child.stderr) throw new Error('The output is not piped');
  const words = text(child.stderr);
  const out: Record<string, unknown>[] = [];
  const seen = new Set<string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const result = JSON.parse(line);
    out.push(result);
    const login: LoginView | undefined = result.login;
    if (login?.state !== 'waiting' || !login.url || seen.has(login.url)) continue;
    seen.add(login.url);
    await options.confirm?.(login);
  }
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, out, words: await words };
}

/** What the person does with the phone. */
const scan = (person?: string) => async (login: LoginView) => {
  const url = new URL(login.url ?? '');
  const choice = person === undefined ? {} : { person };
  if (login.steps[login.step] === 'sign_in') await sandbox.confirmDevice(url, choice);
  else await sandbox.confirmRegistration(url, choice);
};

const addDemoApp = () => larkgate(['app', 'add', sandbox.appId], { input: sandbox.appSecret });
const accounts = async () => (await larkgate(['accounts'])).out[0]?.['accounts'] as Record<string, unknown>[];
const vault = () => readFileSync(join(home.path, 'token-snapshot.json'), 'utf8');

/** Every file of the data folder, for looking for what must not be there. */
function everything(folder = home.path): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? everything(path) : readFileSync(path, 'latin1');
    })
    .join('\n');
}

describe('on an empty data folder with no gateway running', () => {
  test('login creates an app by one scan and signs in by another, with nothing typed', async () => {
    const login = await larkgate(['login'], { confirm: scan() });
    expect(login.words).toContain('已登录：林晓雨');
    expect(login.code).toBe(0);
    expect(login.out.at(-1)).toMatchObject({ account: { name: '林晓雨', state: 'signed_in', way: 'device' } });
    expect(await accounts()).toMatchObject([{ name: '林晓雨', isDefault: true, brand: 'feishu' }]);
    const { out } = await larkgate(['app']);
    expect(out[0]).toMatchObject({ apps: [{ origin: 'registered', isDefault: true }] });
  });

  test('a person of Lark international who scans gets an app and an account there', async () => {
    const login = await larkgate(['login'], { confirm: scan('olivia.carter') });
    expect(login.out.at(-1)).toMatchObject({ account: { brand: 'lark', state: 'signed_in' } });
  });

  test('an app from the developer console is proved before it is kept, and its secret is nowhere in clear', async () => {
    const wrong = await larkgate(['app', 'add', sandbox.appId], { input: 'wrong-secret-canary' });
    expect(wrong).toMatchObject({ code: 1, words: expect.stringContaining('App Secret') });
    expect((await larkgate(['app'])).out).toEqual([{ apps: [] }]);
    expect((await addDemoApp()).out).toMatchObject([
      { apps: [{ id: sandbox.appId, origin: 'given', isDefault: true }] },
    ]);
    expect(everything()).not.toContain('wrong-secret-canary');
    expect(everything()).not.toContain(sandbox.appSecret);
  });

  test('a pasted token works for two hours, is said to, and is nowhere in clear', async () => {
    await addDemoApp();
    const token = await freshToken();
    const pasted = await larkgate(['login', '--token'], { input: `${token}\n` });
    expect(pasted.words).toContain('两小时');
    expect(pasted.out).toMatchObject([
      { account: { state: 'manual', way: 'token', name: '林晓雨', refreshExpiresAt: null } },
    ]);
    expect(everything()).not.toContain(token.slice(-40));
    expect((await larkgate(['login', '--token'], { input: 'u-wrongwrongwrong' })).code).toBe(1);
    expect((await larkgate(['login', '--token'], { input: '' })).words).toContain('标准输入');
  });

  test('the browser comes back to this machine', async () => {
    settle({ scopes: ['offline_access', 'im:chat'] });
    await addDemoApp();
    const login = await larkgate(['login', '--browser'], { confirm: browse });
    expect(login.out.at(-1)).toMatchObject({ account: { way: 'browser', scopes: ['offline_access', 'im:chat'] } });
  });

  test('a person who says no is told that nothing was stored, and nothing is', async () => {
    await addDemoApp();
    const before = vault();
    const deny = ({ url }: LoginView) => sandbox.confirmDevice(new URL(url ?? ''), { deny: true });
    const login = await larkgate(['login'], { confirm: deny });
    expect(login.code).toBe(1);
    expect(login.words).toContain('取消了授权');
    expect(await accounts()).toEqual([]);
    expect(JSON.parse(vault()).accounts).toEqual(JSON.parse(before).accounts);
  });

  test('Ctrl-C cancels a sign-in that waits, and says so', async () => {
    await addDemoApp();
    const child = start(['login', '--json']);
    if (!child.stdout || !child.stderr) throw new Error('The output is not piped');
    const words = text(child.stderr);
    for await (const line of createInterface({ input: child.stdout }))
      if (JSON.parse(line).login?.state === 'waiting') child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(1);
    expect(await words).toContain('取消');
  });

  test('renew renews, logout makes Feishu forget too, and both say who', async () => {
    await addDemoApp();
    await larkgate(['login'], { confirm: scan() });
    const before = (await accounts())[0]?.['accessExpiresAt'];
    const renewed = await larkgate(['renew', '林晓雨']);
    expect(renewed.out).toMatchObject([{ account: { lastRenewal: { outcome: 'renewed' } } }]);
    expect(renewed.out[0]?.['account']).not.toMatchObject({ accessExpiresAt: before });
    const left = await larkgate(['logout', '--all']);
    expect(left.words).toContain('林晓雨');
    expect(await accounts()).toEqual([]);
    expect(await sandboxState()).toMatchObject({ liveRefreshTokens: 0 });
  });

  test('every command says what to do when nobody is signed in or no app is there', async () => {
    expect(await larkgate(['accounts'])).toMatchObject({ code: 0, words: expect.stringContaining('larkgate login') });
    expect(await larkgate(['renew'])).toMatchObject({ code: 1, words: expect.stringContaining('larkgate login') });
    expect(await larkgate(['app'])).toMatchObject({ code: 0, words: expect.stringContaining('larkgate app create') });
    expect(await larkgate(['doctor'])).toMatchObject({ code: 1, words: expect.stringContaining('larkgate login') });
    expect(await larkgate(['login', '--browser'])).toMatchObject({
      code: 1,
      words: expect.stringContaining('app add'),
    });
  });

  test('a change that cannot be kept ends in words that say so, and looking does not', async () => {
    await addDemoApp();
    await larkgate(['login'], { confirm: scan() });
    const [account] = await accounts();
    writeFileSync(join(home.path, 'master.key'), 'ab'.repeat(32));
    const before = vault();
    const kept = await larkgate(['app', 'add', sandbox.larkAppId, '--lark'], { input: sandbox.larkAppSecret });
    expect(kept).toMatchObject({ code: 1, words: expect.stringContaining('sealed with another key') });
    const chosen = await larkgate(['accounts', 'default', String(account?.['id'])]);
    expect(chosen).toMatchObject({ code: 1, words: expect.stringContaining('sealed with another key') });
    expect(await larkgate(['app'])).toMatchObject({ code: 0, out: [{ apps: [] }] });
    expect((await larkgate(['accounts'])).code).toBe(0);
    expect(vault()).toBe(before);
  });

  test('the doctor names the redirect URL that is missing and where to add it', async () => {
    await addDemoApp();
    const { out, words } = await larkgate(['doctor']);
    expect(words).toContain(`/app/${sandbox.appId}/safe`);
    expect(out[0]).toMatchObject({
      appId: sandbox.appId,
      checks: expect.arrayContaining([expect.objectContaining({ id: 'redirect_url' })]),
    });
  });
});

describe('beside a running gateway', () => {
  /** A gateway of its own process on the same folder. */
  async function serve(): Promise<{ mcp: string; key: string }> {
    const child = start(['serve', '--json']);
    if (!child.stdout) throw new Error('The output is not piped');
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
    throw new Error('The gateway ended before it was ready');
  }

  test('a sign-in on the command line is the gateway’s own: its clients work at once', async () => {
    await addDemoApp();
    const gateway = await serve();
    const call = () => callTool(gateway);
    expect(await call()).toContain('sign_in_required');
    await larkgate(['login'], { confirm: scan() });
    expect(await call()).toContain('产品群');
    await larkgate(['logout']);
    expect(await call()).toContain('sign_in');
  });

  test('a program that took the port is sent nothing, and the command says what to do instead of working beside it', async () => {
    await addDemoApp();
    const before = vault();
    const heard: string[] = [];
    const impostor = createServer((request, response) => {
      heard.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.cookie ?? 'no cookie'}`);
      response.setHeader('content-type', 'application/json').end('{"name":"larkgate","version":"1","proof":"x"}');
    }).listen(0, '127.0.0.1');
    await once(impostor, 'listening');
    const { port } = impostor.address() as { port: number };
    const run = { version: 1, pid: process.pid, port, startedAt: 1 };
    writeFileSync(join(home.path, 'gateway.json'), JSON.stringify(run));
    expect(await larkgate(['app', 'forget', sandbox.appId])).toMatchObject({
      code: 1,
      out: [],
      words: expect.stringMatching(new RegExp(`端口 ${port} .*gateway\\.json[^]*port ${port} .*gateway\\.json`)),
    });
    expect(heard).toEqual(['GET /hello no cookie']);
    expect(vault()).toBe(before);
    impostor.close();
    rmSync(join(home.path, 'gateway.json'));
    expect((await larkgate(['app'])).out).toMatchObject([{ apps: [{ id: sandbox.appId }] }]);
  });

  test('a gateway that was started with LARKGATE_KEY is found with the same key, and not worked around without it', async () => {
    const env = { LARKGATE_KEY: 'c'.repeat(64) };
    await larkgate(['app', 'add', sandbox.appId], { input: sandbox.appSecret, env });
    const child = start(['serve', '--json'], undefined, env);
    if (!child.stdout) throw new Error('The output is not piped');
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    expect(JSON.parse(line)).toMatchObject({ ready: true });
    const before = vault();
    const without = await larkgate(['app', 'forget', sandbox.appId]);
    expect(without).toMatchObject({ code: 1, words: expect.stringContaining('LARKGATE_KEY') });
    expect(vault()).toBe(before);
    expect((await larkgate(['app'], { env })).out).toMatchObject([{ apps: [{ id: sandbox.appId }] }]);
  });
});

async function callTool({ mcp, key }: { mcp: string; key: string }): Promise<string> {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'im_v1_chat_list',
  };
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'im_v1_chat_list', arguments: { params: { page_size: 2 } }, _meta: meta };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return (await fetch(mcp, { method: 'POST', headers, body })).text();
}

/** Goes where a browser would go: our page, Feishu's consent page, and back. */
async function browse({ url }: LoginView): Promise<void> {
  const begun = await fetch(url ?? '', { redirect: 'manual' });
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const back = await sandbox.consent(new URL(begun.headers.get('location') ?? ''));
  await fetch(back, { headers: { cookie } });
}

/** A user_access_token that somebody copied from Feishu's API explorer. */
async function freshToken(): Promise<string> {
  const redirectUri = 'http://127.0.0.1:9/oauth/callback';
  const authorize = new URL('/open-apis/authen/v1/authorize', sandbox.url);
  authorize.search = new URLSearchParams({
    client_id: sandbox.appId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'im:chat',
  }).toString();
  const code = (await sandbox.consent(authorize)).searchParams.get('code') ?? '';
  const answer = await fetch(new URL('/oauth/v3/token', sandbox.url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: sandbox.appId,
      client_secret: sandbox.appSecret,
      code,
      redirect_uri: redirectUri,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function sandboxState(): Promise<unknown> {
  return (await fetch(new URL('/__state', sandbox.url))).json();
}
