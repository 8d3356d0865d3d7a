import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGatewayProcess } from '../helpers/gateway-process.ts';
import { openRawSession, openRawSse } from '../helpers/raw-session.ts';
import { arrived, spoil } from '../helpers/sandbox-control.ts';
import { type TemporaryHome, cleanEnvironment, createHome, projectFolder } from '../helpers/run-node.ts';

let home: TemporaryHome;
beforeEach(async () => {
  home = await createHome();
});
afterEach(() => home.remove());

/** Runs the executable to its end. */
async function larkgate(argv: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(projectFolder, 'dist/larkgate.mjs'), ...argv], {
    cwd: home.path,
    env: { ...cleanEnvironment(home.path), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { stdout, stderr, code: child.exitCode };
}

const serve = (...argv: string[]) =>
  larkgate(['serve', '--sandbox', '--port', '0', '--data', home.path, '--json', ...argv]);

describe('larkgate serve', () => {
  test('says on one line where it is, stops on SIGTERM with 0, and leaves whole files', async () => {
    const gateway = await startGatewayProcess({ data: home.path });
    const session = await openRawSession(gateway.target);
    await session.ask('tools/list');
    expect(await gateway.stop()).toBe(0);
    const log = readdirSync(join(home.path, 'logs'))
      .map((name) => readFileSync(join(home.path, 'logs', name), 'utf8'))
      .join('');
    expect(
      log
        .trim()
        .split('\n')
        .every((line) => typeof JSON.parse(line) === 'object'),
    ).toBe(true);
    expect(readdirSync(home.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(JSON.parse(readFileSync(join(home.path, 'token-snapshot.json'), 'utf8'))).toBeTypeOf('object');
  });

  test('keeps its key and its people from one start to the next', async () => {
    const first = await startGatewayProcess({ data: home.path });
    await first.kill();
    const second = await startGatewayProcess({ data: home.path });
    expect(second.ready.key).toBe(first.ready.key);
    const session = await openRawSession(second.target);
    const answer = await session.ask('tools/call', {
      name: 'im_v1_chat_list',
      arguments: { params: { page_size: 1 } },
    });
    expect(JSON.stringify(answer)).toContain('chat_id');
    await second.stop();
  });

  test('says that the port is taken, on either loopback address, and does not move elsewhere', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const squatter = createServer().listen({ host, port: 0 });
      await once(squatter, 'listening');
      const { port } = squatter.address() as { port: number };
      const { code, stdout, stderr } = await serve('--port', String(port));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/端口.*\n.*port is taken/i);
      squatter.close();
    }
  });

  test.each([
    [['--port', 'many'], /--port/],
    [['--port', '70000'], /--port/],
    [['--nonsense'], /nonsense/],
    [['extra'], /extra/],
  ])('refuses %j, naming it, in both languages', async (argv, named) => {
    const { code, stderr } = await serve(...argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(named);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  test('lists every problem of the settings at once, and none of their values', async () => {
    const settings = {
      server: { port: 'canary-port' },
      limits: { perSession: -1 },
      colour: 'canary-colour',
      log: { level: 'loud' },
    };
    writeFileSync(join(home.path, 'settings.json'), JSON.stringify(settings));
    const { code, stderr } = await serve();
    expect(code).toBe(1);
    for (const field of ['server.port', 'limits.perSession', 'colour', 'log.level']) expect(stderr).toContain(field);
    expect(stderr).not.toContain('canary');
  });

  test('refuses a settings file that is not JSON, and leaves it as it is', async () => {
    writeFileSync(join(home.path, 'settings.json'), '{"server":');
    const { code, stderr } = await serve();
    expect(code).toBe(1);
    expect(stderr).toContain('settings.json');
    expect(readFileSync(join(home.path, 'settings.json'), 'utf8')).toBe('{"server":');
  });

  test('refuses a master key that is none, without showing it', async () => {
    const { code, stderr } = await larkgate(['serve', '--port', '0', '--data', home.path], {
      LARKGATE_KEY: 'canary-key',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('LARKGATE_KEY');
    expect(stderr).not.toContain('canary');
  });

  test('works in a folder with spaces and Chinese characters in its name', async () => {
    const data = join(home.path, '我的 数据');
    mkdirSync(data);
    const gateway = await startGatewayProcess({ data });
    expect((await fetch(gateway.ready.health)).status).toBe(200);
    await gateway.stop();
  });

  test('without an app it runs, and its sign-in page says what is missing', async () => {
    const child = spawn(
      process.execPath,
      [join(projectFolder, 'dist/larkgate.mjs'), 'serve', '--port', '0', '--data', home.path, '--json'],
      {
        cwd: home.path,
        env: cleanEnvironment(home.path),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { signIn } = JSON.parse(String(line)) as { signIn: string };
    const page = await fetch(signIn);
    const html = await page.text();
    child.kill();
    await once(child, 'exit');
    expect(page.status).toBe(503);
    expect(html).toContain('还没有飞书应用');
    expect(html).toContain('There is no Feishu app yet. Create one by a scan');
  });
});

describe('a gateway that is told to stop', () => {
  const slow = { path: '/open-apis/im/v1/chats', kind: 'delay', delayMs: 1500 };
  const call = { name: 'im_v1_chat_list', arguments: { params: { page_size: 1 } } };

  test.each(['/mcp', '/sse'])('lets a call on %s finish, and the client has its answer', async (door) => {
    const gateway = await startGatewayProcess({ data: home.path });
    const sandbox = { url: gateway.ready.sandbox ?? '' };
    const session = door === '/mcp' ? await openRawSession(gateway.target) : await openRawSse(gateway.target);
    await spoil(sandbox, slow);
    const answer = session.ask('tools/call', call);
    await arrived(sandbox, '/open-apis/im/v1/chats');
    const stopped = gateway.stop();
    expect(JSON.stringify(await answer)).toContain('chat_id');
    expect(await stopped).toBe(0);
  });

  test('records a write that it cannot wait for as of unknown outcome', async () => {
    const gateway = await startGatewayProcess({ data: home.path });
    const sandbox = { url: gateway.ready.sandbox ?? '' };
    const session = await openRawSession(gateway.target);
    await spoil(sandbox, { ...slow, path: '/open-apis/bitable/v1/apps', delayMs: 60_000, when: 'after' });
    const lost = session
      .ask('tools/call', { name: 'bitable_v1_app_create', arguments: { data: { name: '登记' } } })
      .catch(() => {});
    await arrived(sandbox, '/open-apis/bitable/v1/apps');
    expect(await gateway.stop()).toBe(0);
    await lost;
    const records = new DatabaseSync(join(home.path, 'records.sqlite'), { readOnly: true });
    expect(records.prepare("SELECT outcome FROM calls WHERE tool = 'bitable_v1_app_create'").all()).toEqual([
      { outcome: 'unknown' },
    ]);
    records.close();
  });
});

describe('larkgate keys', () => {
  const keys = (...argv: string[]) => larkgate(['keys', ...argv, '--data', home.path]);

  test('makes a key that a running gateway takes, and takes it back', async () => {
    const gateway = await startGatewayProcess({ data: home.path });
    const { stdout } = await keys('add', 'Cursor');
    const target = { ...gateway.target, key: stdout.trim() };
    await expect(openRawSession(target)).resolves.toBeDefined();
    const id = (await keys('list')).stdout.split('\t')[0] ?? '';
    expect((await keys('revoke', id)).code).toBe(0);
    expect((await keys('revoke', id)).code).toBe(1);
    await gateway.stop();
  });
});
