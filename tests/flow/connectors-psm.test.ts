import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { createHttpClient } from '../../src-main/base/http-client.ts';
import { silentLog } from '../../src-main/base/log.ts';
import { Notices } from '../../src-main/base/notices.ts';
import { connectorsFromEnvironment, psmConfigSchema } from '../../src-main/contract/connectors-config.ts';
import { createPsmProvider } from '../../src-main/providers/psm/psm-provider.ts';
import { createIntranetStandIn, type IntranetStandIn } from '../../src-main/sandbox/intranet/intranet-stand-in.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { createProviderServer } from '../helpers/provider-server.ts';
import { cleanEnvironment, createHome, projectFolder, type TemporaryHome } from '../helpers/run-node.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

describe('a client that looks for services', () => {
  const http = createHttpClient({ clock: systemClock });
  let intranet: IntranetStandIn;
  let gateway: StartedGateway;
  let client: Client;

  beforeAll(async () => {
    intranet = await createIntranetStandIn({ clock: systemClock });
    const { psm, secrets } = connectorsFromEnvironment({
      CAS_SESSION: intranet.casSession,
      PSM_AUTH_URL: `${intranet.authUrl}/`,
      PSM_REGIONS: intranet.regionUrls.join(','),
    });
    const provider = createPsmProvider({
      http,
      clock: systemClock,
      log: silentLog(),
      notices: new Notices(new EventBus(systemClock), () => systemClock.now()),
      settings: psmConfigSchema.parse({ enabled: true, ...psm }),
      language: 'zh',
      casSession: () => secrets.casSession,
      limits: { answerBytes: 16_777_216, callMs: 60_000 },
    });
    gateway = await startGateway({ signedIn: false, mount: () => createProviderServer(provider) });
    client = await connectAs('psm-flow', gateway);
  });
  afterAll(async () => {
    await client.close();
    await gateway.close();
    await http.close();
    await intranet.close();
  });

  async function call(name: string, input: Record<string, unknown> = {}): Promise<string> {
    const { content } = await client.callTool({ name, arguments: input });
    return (content as { text: string }[])[0]?.text ?? '';
  }

  test('finds one, sees how the JWT is, and never sees the JWT or the session', async () => {
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      'search_psm_service',
      'check_jwt_status',
    ]);
    const found = await call('search_psm_service', { keyword: 'oec.affiliate.monitor' });
    expect(JSON.parse(found)).toMatchObject({
      error_code: 0,
      data: [{ psm: 'oec.affiliate.monitor', node_id: 9_439_321, owners: 'lin.xiaoyu', level: 'P2' }],
      match_type: 'exact',
    });
    const status = await call('check_jwt_status');
    expect(JSON.parse(status)).toMatchObject({ valid: true, expires_at: expect.stringMatching(/^20\d\d-/) });
    expect(found + status).not.toMatch(/eyJ|sandbox-cas/);
    expect(intranet.auth.count()).toBe(1);
  });

  test('twenty of them at once are answered, each with its own', async () => {
    intranet.services[0]?.push(...Array.from({ length: 20 }, (_, index) => ({ psm: `team.svc.n${index}x` })));
    const texts = await Promise.all(
      Array.from({ length: 20 }, (_, index) => call('search_psm_service', { keyword: `team.svc.n${index}x` })),
    );
    expect(texts.map((text) => JSON.parse(text).data[0].psm)).toEqual(
      Array.from({ length: 20 }, (_, index) => `team.svc.n${index}x`),
    );
  });

  test('a session that is over is said with what to do', async () => {
    intranet.revokeJwts();
    intranet.endSession();
    expect(await call('search_psm_service', { keyword: 'fresh.keyword' })).toMatch(/^Error: CAS_SESSION 已失效/);
  });
});

/** Stands where the gateway's program will: listens on its port, answers /healthz, and ends on SIGTERM unless told not to. */
const program = `
import { createServer } from 'node:http';
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
process.stdout.write(JSON.stringify({ ready: true, key: 'lg_CANARYKEY' }) + '\\n');
process.stderr.write('started with ' + process.argv.slice(2).join(' ') + '\\n');
if (process.env.BREAKS) process.exit(1);
if (process.env.STUBBORN) process.on('SIGTERM', () => {});
createServer((request, response) => response.end('{}')).listen(port, '127.0.0.1');
`;

describe('the scripts', () => {
  let home: TemporaryHome;
  let port: number;
  const environment = () => ({ LARKGATE_PROGRAM: join(home.path, 'program.mjs'), MCP_PORT: String(port) });

  beforeEach(async () => {
    home = await createHome();
    writeFileSync(join(home.path, 'program.mjs'), program);
    port = await freePort();
  });
  afterEach(async () => {
    await run('stop.sh');
    await home.remove();
  });

  async function run(script: string, more: Record<string, string> = {}) {
    const child = spawn(join(projectFolder, 'scripts', script), {
      cwd: home.path,
      env: { ...cleanEnvironment(home.path), ...environment(), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { stdout, stderr, code: child.exitCode };
  }

  const start = (more: Record<string, string> = {}) => run('startup.sh', { CAS_SESSION: 'CANARY-session', ...more });
  const pidFile = () => join(home.path, 'mcp-server.pid');
  const pid = () => Number(readFileSync(pidFile(), 'utf8'));

  test('refuse to start without CAS_SESSION', async () => {
    const { code, stderr } = await run('startup.sh');
    expect(code).toBe(1);
    expect(stderr).toContain('错误: CAS_SESSION 环境变量未设置');
    expect(existsSync(pidFile())).toBe(false);
  });

  test.each([
    [{ MCP_PORT: 'many' }, 'MCP_PORT'],
    [{ MCP_PORT: '70000' }, 'MCP_PORT'],
    [{ LOG_LEVEL: 'LOUD' }, 'LOG_LEVEL'],
    [{ LARKGATE_PROGRAM: '/nowhere.mjs' }, '/nowhere.mjs'],
  ])('refuse to start with %j, naming it', async (wrong, name) => {
    const { code, stderr } = await start(wrong);
    expect(code).toBe(1);
    expect(stderr).toContain(name);
  });

  test('start in the background, say where it is, show it, and stop it', async () => {
    expect((await run('status.sh')).stdout).toContain('MCP 服务器未运行（找不到 pid 文件）');
    const started = await start({ LOG_LEVEL: 'WARNING' });
    expect(started).toMatchObject({ code: 0, stderr: '' });
    expect(started.stdout).toContain(`MCP 服务器已启动，进程 ID: ${pid()}`);
    expect(started.stdout).toContain('日志文件: mcp-server.log');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);

    const status = (await run('status.sh')).stdout;
    expect(status).toContain(`MCP 服务器运行中，进程 ID: ${pid()}`);
    expect(status).toContain(`端口: ${port}\n`);

    const settings = join(home.path, '.byted-api', 'settings.json');
    expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({
      psm: { enabled: true },
      tools: { enabled: [] },
      log: { level: 'warn' },
    });
    const log = join(home.path, 'mcp-server.log');
    expect(readFileSync(log, 'utf8')).toContain(`serve --port ${port}`);
    // Neither the session nor the client key is in what the scripts leave behind or show.
    expect(started.stdout + status + readFileSync(log, 'utf8') + readFileSync(settings, 'utf8')).not.toContain(
      'CANARY',
    );
    expect(statSync(log).mode & 0o077).toBe(0);

    const gone = pid();
    expect((await run('stop.sh')).stdout).toContain('MCP 服务器已停止');
    expect(existsSync(pidFile())).toBe(false);
    expect(isRunning(gone)).toBe(false);
    expect((await run('stop.sh')).stdout).toContain('MCP 服务器未运行（找不到 pid 文件）');
  });

  test('refuse a second start and leave the first one alone', async () => {
    await start();
    const first = pid();
    const again = await start();
    expect(again.code).toBe(1);
    expect(again.stderr).toContain(`进程 ID: ${first}`);
    expect(pid()).toBe(first);
  });

  test('take a pid of somebody else for stale: nobody is stopped, and a start goes on', async () => {
    writeFileSync(pidFile(), String(process.pid));
    expect((await run('status.sh')).stdout).toContain('MCP 服务器未运行（进程不存在）');
    expect((await run('stop.sh')).stdout).toContain('MCP 服务器未运行');
    expect(existsSync(pidFile())).toBe(false);
    writeFileSync(pidFile(), '999999');
    expect((await start()).code).toBe(0);
  });

  test('say that a start failed, and where it is written why', async () => {
    const { code, stderr } = await start({ BREAKS: '1' });
    expect(code).toBe(1);
    expect(stderr).toContain('mcp-server.log');
    expect(existsSync(pidFile())).toBe(false);
  });

  test('stop one that does not listen by force', async () => {
    await start({ STUBBORN: '1' });
    const stubborn = pid();
    expect((await run('stop.sh')).stdout).toContain('MCP 服务器已停止');
    expect(isRunning(stubborn)).toBe(false);
  });
});

/** A process that is over and that nobody has asked after yet runs no more. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.includes('Z');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
