import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClientKind } from '../../../src-main/contract/connect-views.ts';
import { type ConnectBench, openConnectBench, platforms } from '../../helpers/connect-bench.ts';

const jsonc = `\uFEFF{\r\n  // 我的服务器\r\n  "theme": "dark", /* keep */\r\n  "SERVERS": {\r\n    "other": {\r\n      "command": "npx",\r\n      "env": { "API_TOKEN": "canary-of-another-server" }\r\n    }, // mine\r\n  },\r\n  "last": [1, 2,   3]\r\n}`;
const json =
  '{\n\t"numStartups": 7,\n\t"SERVERS": {\n\t\t"other": {"command": "npx","args":[ "-y","x" ]}\n\t},\n\t"projects": {}\n}\n';
const toml = 'model = "o5" # best\n\n[mcp_servers.other] # mine\ncommand = "npx"\nargs = [\n  "-y",\n]\n\n# end\n';

const clients: Record<string, { servers: string; text: string }> = {
  'claude-desktop': { servers: 'mcpServers', text: json },
  'claude-code': { servers: 'mcpServers', text: json },
  codex: { servers: '', text: toml },
  cursor: { servers: 'mcpServers', text: jsonc },
  vscode: { servers: 'servers', text: jsonc },
  devin: { servers: 'mcpServers', text: jsonc },
  kiro: { servers: 'mcpServers', text: jsonc },
  gemini: { servers: 'mcpServers', text: jsonc },
  qwen: { servers: 'mcpServers', text: jsonc },
  opencode: { servers: 'mcp', text: jsonc },
  lmstudio: { servers: 'mcpServers', text: jsonc },
};

let bench: ConnectBench;
afterEach(() => bench.close());

/** What a text is once the secret in it has the same letters every time. */
const still = (text: string) => text.replaceAll(/lg_[a-z0-9]+_[\w-]+/g, 'lg_KEY');

describe.each(platforms)('on %s', (platform) => {
  describe.each(Object.keys(clients).map((kind) => kind as ClientKind))('%s', (kind) => {
    const { servers = '', text = '' } = clients[kind] ?? {};
    const config = text.replace('SERVERS', servers);

    test('is connected, connected again and undone, and what is not ours stays byte for byte', async () => {
      bench = await openConnectBench(platform);
      const file = await bench.install(kind, config);
      const { change, key } = await bench.connections.connect({ kind });
      const connected = await bench.read(file);
      expect(change).toBe('add');
      expect([relative(bench.machine.home, file), still(connected)]).toMatchSnapshot();
      expect(await bench.keys.verify(key?.secret ?? '')).toMatchObject({ id: key?.id });

      const again = await bench.connections.connect({ kind });
      expect(again).toMatchObject({ change: 'none', key: null, client: { state: 'connected', keyId: key?.id } });
      expect(await bench.read(file)).toBe(connected);

      const undone = await bench.connections.disconnect({ kind });
      expect(undone).toMatchObject({ change: 'restored', client: { state: 'ready', keyId: null } });
      expect(await bench.read(file)).toBe(config);
      expect(await bench.keys.verify(key?.secret ?? '')).toBeUndefined();
    });

    test('that has no file yet gets one that only its owner can read, and undoing takes it away', async () => {
      bench = await openConnectBench(platform);
      const file = await bench.install(kind);
      expect((await bench.connections.connect({ kind })).change).toBe('create');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(still(await bench.read(file))).toMatchSnapshot();
      expect((await bench.connections.disconnect({ kind })).change).toBe('restored');
      expect(existsSync(file)).toBe(false);
    });

    test('keeps what others wrote after us when it is undone', async () => {
      bench = await openConnectBench(platform);
      const file = await bench.install(kind, config);
      await bench.connections.connect({ kind });
      const later = (await bench.read(file)).replace('npx', 'pnpx');
      await bench.install(kind, later);
      expect((await bench.connections.disconnect({ kind })).change).toBe('removed');
      expect(await bench.read(file)).toBe(config.replace('npx', 'pnpx'));
    });
  });

  test('a client that is not there is said to be, and connecting it says what to do', async () => {
    bench = await openConnectBench(platform);
    const absent = (await bench.connections.list()).filter(({ state }) => state === 'absent').map(({ kind }) => kind);
    expect(absent).toEqual([...Object.keys(clients), 'cherry-studio'].sort((a, b) => order(a) - order(b)));
    await expect(bench.connections.connect({ kind: 'cursor' })).rejects.toMatchObject({
      code: 'config_invalid',
      words: { zh: expect.stringContaining('请先安装'), en: expect.stringContaining('does not exist') },
    });
    expect(bench.keys.list()).toHaveLength(1);
  });
});

const all = ['cherry-studio', ...Object.keys(clients)];
const order = (kind: string) => all.indexOf(kind);

test('a Claude Desktop that Windows keeps in a package is connected where it really reads', async () => {
  bench = await openConnectBench('win32');
  const packaged = join(bench.machine.home, 'AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude');
  await mkdir(packaged, { recursive: true });
  await bench.connections.connect({ kind: 'claude-desktop' });
  expect(existsSync(join(packaged, 'claude_desktop_config.json'))).toBe(true);
});

test('the folders that people set by environment variables are used', async () => {
  bench = await openConnectBench('linux', {
    XDG_CONFIG_HOME: '/nowhere',
    CODEX_HOME: '/nowhere/codex',
    CLAUDE_CONFIG_DIR: '/nowhere/claude',
  });
  expect(bench.fileOf('vscode')).toBe('/nowhere/Code/User/mcp.json');
  expect(bench.fileOf('opencode')).toBe('/nowhere/opencode/opencode.jsonc');
  expect(bench.fileOf('codex')).toBe('/nowhere/codex/config.toml');
  expect(bench.fileOf('claude-code')).toBe('/nowhere/claude/.claude.json');
});

test('an installation of before the new name is connected in its own file and form', async () => {
  bench = await openConnectBench();
  await mkdir(join(bench.machine.home, '.codeium/windsurf'), { recursive: true });
  await bench.connections.connect({ kind: 'devin' });
  expect(still(await bench.read(join(bench.machine.home, '.codeium/windsurf/mcp_config.json')))).toContain(
    '"serverUrl"',
  );
});
