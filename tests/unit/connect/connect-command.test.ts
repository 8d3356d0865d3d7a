import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectCommand, kindOf } from '../../../src-main/command/connect-command.ts';
import { bridgeCommand, openLocalConnections } from '../../../src-main/command/local-connections.ts';
import type { Terminal } from '../../../src-main/command/terminal.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { SessionView } from '../../../src-main/contract/views.ts';
import { type ConnectBench, openConnectBench } from '../../helpers/connect-bench.ts';

let bench: ConnectBench;
let out: { results: Record<string, unknown>[]; shown: string; said: string };
let sessions: SessionView[] | undefined;
let giveUp: AbortController;

beforeEach(async () => {
  bench = await openConnectBench();
  out = { results: [], shown: '', said: '' };
  sessions = undefined;
  giveUp = new AbortController();
});
afterEach(() => bench.close());

function terminal(interactive: boolean): Terminal {
  return {
    interactive,
    say: ({ zh, en }) => void (out.said += `${zh}\n${en}\n`),
    line: (text) => void (out.said += `${text}\n`),
    draw: () => {},
    result: (value, shown) => {
      out.results.push({ ...value });
      out.shown += shown;
    },
    secret: async () => '',
  };
}

function run(
  client: string | undefined,
  options: { undo?: boolean; dryRun?: boolean; replace?: boolean; interactive?: boolean } = {},
) {
  const { undo = false, dryRun = false, replace = false, interactive = false } = options;
  const { connections, clock } = bench;
  const parts = {
    connections,
    sessions: async () => sessions,
    terminal: terminal(interactive),
    clock,
    signal: giveUp.signal,
  };
  return connectCommand({ client, undo, dryRun, replace }, parts);
}

describe('larkgate connect', () => {
  test('without a client lists them all, with what became of them', async () => {
    await bench.install('cursor', '{}');
    await run('cursor');
    await bench.install('cursor', '{}');
    out.shown = '';
    out.said = '';
    await run(undefined);
    expect(out.shown.split('\n')).toHaveLength(14);
    expect(out.shown).toMatch(/^cursor\tCursor\tremoved\t.*mcp\.json$/m);
    expect(out.shown).toMatch(/^kiro\tKiro\tabsent/m);
    expect(out.said).toContain('Connect it again');
  });

  test('shows the change, writes it, and says what to do next; the key is nowhere but in the file', async () => {
    const file = await bench.install('cursor', '{}');
    await run('cursor');
    const secret = /lg_[0-9a-f]+_[\w-]+/.exec(await bench.read(file))?.[0] ?? '';
    expect(secret).not.toBe('');
    expect(out.said).toContain('+    "larkgate": {');
    expect(out.said).toContain('Written to');
    expect(out.said).toContain('Cursor');
    expect(out.said + out.shown).not.toContain(secret);
    await run('cursor');
    expect(out.said).toContain('is connected already');
  });

  test('prints links and texts to copy on stdout, once', async () => {
    await run('cherry');
    expect(out.shown).toContain('cherrystudio://mcp/install?servers=');
    await run('other');
    expect(out.shown).toContain('MCP address\nhttp://127.0.0.1:5275/mcp');
  });

  test('--dry-run shows the diff and changes nothing; --undo takes it back', async () => {
    const file = await bench.install('kiro', '{}\n');
    await run('kiro', { dryRun: true });
    expect(out.shown).toContain('+    "larkgate": {');
    expect(await bench.read(file)).toBe('{}\n');
    expect(bench.keys.list()).toHaveLength(1);
    await run('kiro');
    await run('kiro', { dryRun: true, undo: true });
    expect(await bench.read(file)).toContain('larkgate');
    await run('kiro', { undo: true });
    expect(await bench.read(file)).toBe('{}\n');
    expect(out.said).toContain('key revoked');
  });

  test('shows what would be replaced before it refuses to, and replaces it when told to', async () => {
    await bench.install('cursor', '{"mcpServers":{"larkgate":{"command":"theirs"}}}');
    await expect(run('cursor')).rejects.toMatchObject({ code: 'config_invalid' });
    expect(out.said).toContain('theirs');
    await run('cursor', { replace: true });
    expect(await bench.read(bench.fileOf('cursor'))).not.toContain('theirs');
  });

  test('an unknown client is answered with those there are; other common names are understood', () => {
    expect(() => kindOf('emacs')).toThrowError(expect.objectContaining({ code: 'config_invalid' }));
    expect(['Windsurf', 'vs-code', 'lm-studio', 'codex'].map((name) => kindOf(name))).toEqual([
      'devin',
      'vscode',
      'lmstudio',
      'codex',
    ]);
  });
});

describe('with a person waiting and a gateway running', () => {
  const session = (keyId: string, protocolVersion: string | null): SessionView => ({
    id: 'ses_1',
    transport: 'streamable-http',
    protocolVersion,
    client: { name: 'Cursor', version: '2.1' },
    keyId,
    accountId: null,
    openedAt: 1,
    lastSeenAt: 2,
    calls: 0,
    limitHits: 0,
  });

  const waitsFor = (name: string) => vi.waitFor(() => expect(out.said).toContain(`Waiting for ${name}`), 30_000);

  test('it waits for the handshake of this very client and shows it', async () => {
    await bench.install('cursor', '{}');
    sessions = [session('default', '2025-11-25')];
    const running = run('cursor', { interactive: true });
    await waitsFor('Cursor');
    await bench.clock.advance(3000);
    const keyId = bench.keys.list()[1]?.keyId ?? '';
    sessions = [...sessions, session(keyId, null)];
    await bench.clock.advance(2000);
    expect(out.said).not.toContain('✓');
    sessions = [session(keyId, '2025-11-25')];
    await bench.clock.advance(2000);
    await running;
    expect(out.said).toContain('✓ Cursor 2.1, MCP 2025-11-25');
    expect(out.results.at(-1)).toMatchObject({ handshake: { keyId, protocolVersion: '2025-11-25' } });
  });

  test('it stops waiting after two minutes and says that all is in place, or at once when the person says so', async () => {
    await bench.install('cursor', '{}');
    sessions = [];
    const running = run('cursor', { interactive: true });
    await waitsFor('Cursor');
    await bench.clock.advance(130_000);
    await running;
    expect(out.said).toContain('has not connected yet');
    await bench.install('kiro', '{}');
    const canceled = run('kiro', { interactive: true });
    await waitsFor('Kiro');
    await bench.clock.advance(1500);
    giveUp.abort();
    await canceled;
    expect(out.said).not.toContain('Kiro has not connected yet');
  });
});

test('beside no gateway the address is that of the settings, and the bridge is run by this very runtime', async () => {
  const settings = configSchema.parse({ server: { port: 6001 } });
  const local = await openLocalConnections({
    host: { dataFolder: bench.data, masterKey: async () => Buffer.alloc(32, 7) },
    settings,
    clock: bench.clock,
    machine: bench.machine,
    programFolder: '/opt/larkgate',
    runtime: '/opt/node',
  });
  const file = await bench.install('claude-desktop', '{}');
  await local.connect({ kind: 'claude-desktop' });
  expect(JSON.parse(await bench.read(file)).mcpServers.larkgate).toEqual({
    command: '/opt/node',
    args: ['/opt/larkgate/bridge.mjs', '--data', bench.data, '--client', 'claude-desktop'],
  });
  await bench.install('cursor', '{}');
  await local.connect({ kind: 'cursor' });
  expect(await bench.read(bench.fileOf('cursor'))).toContain('http://127.0.0.1:6001/mcp');
  expect(bridgeCommand('amazon-quick', { runtime: 'n', programFolder: 'p', dataFolder: 'd' }).args).toContain(
    'amazon-quick',
  );
});
