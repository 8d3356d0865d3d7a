import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { Signer } from '../../../src-main/base/signer.ts';
import type { ConnectClientView } from '../../../src-main/contract/connect-views.ts';
import { ClientKeys } from '../../../src-main/server/client-keys.ts';
import { type ConnectBench, mcpUrl, openConnectBench } from '../../helpers/connect-bench.ts';

let bench: ConnectBench;
beforeEach(async () => {
  bench = await openConnectBench();
});
afterEach(() => bench.close());

const kind = 'cursor';
const config =
  '{\n  // mine\n  "mcpServers": {\n    "other": { "headers": { "Authorization": "Bearer canary-other" } }\n  }\n}\n';
const view = async (which: string = kind): Promise<ConnectClientView | undefined> =>
  (await bench.connections.list()).find((one) => one.kind === which);
const everythingIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

describe('before anything is written', () => {
  test('the plan shows the exact change, without a key and without the secrets of others', async () => {
    const file = await bench.install(kind, config);
    const plan = await bench.connections.plan({ kind });
    expect(plan).toMatchObject({ change: 'add', file, conflict: null, twins: [] });
    expect(plan.diff.split('\n').slice(2)).toEqual([
      '@@ -1,6 +1,12 @@',
      ' {',
      '   // mine',
      '   "mcpServers": {',
      '-    "other": { "headers": { "Authorization": "***" } }',
      '+    "other": { "headers": { "Authorization": "***" } },',
      '+    "larkgate": {',
      `+      "url": "${mcpUrl}",`,
      '+      "headers": {',
      '+        "Authorization": "Bearer lg_…"',
      '+      }',
      '+    }',
      '   }',
      ' }',
      '',
    ]);
    expect(await bench.read(file)).toBe(config);
    expect(bench.keys.list()).toHaveLength(1);
    expect(await bench.beside(file)).toEqual(['mcp.json']);
  });

  test('the plan of an undo shows what goes', async () => {
    const file = await bench.install(kind, config);
    await bench.connections.connect({ kind });
    const { change, diff } = await bench.connections.plan({ kind, undo: true });
    expect(change).toBe('remove');
    expect(diff).toContain('-    "larkgate": {');
    expect(diff).toContain('lg_…');
    expect(await bench.connections.plan({ kind })).toMatchObject({ change: 'none', diff: '' });
    expect(diff).not.toMatch(/lg_[0-9a-f]{8}_/);
    expect(await bench.read(file)).toContain('larkgate');
  });

  test('undoing what was never connected says so', async () => {
    await expect(bench.connections.disconnect({ kind })).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(bench.connections.plan({ kind, undo: true })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('entries under other names that lead here are pointed out', async () => {
    await bench.install(
      kind,
      `{"mcpServers":{"feishu":{"url":"http://localhost:5275/sse"},"x":{"url":"http://localhost:52/mcp"}}}`,
    );
    expect((await bench.connections.plan({ kind })).twins).toEqual(['feishu']);
  });
});

describe('what cannot be written is refused, untouched, and no key is left behind', () => {
  const refused = async (text: { zh: string; en: string }, details = {}) => {
    await expect(bench.connections.connect({ kind })).rejects.toMatchObject({
      words: { zh: expect.stringContaining(text.zh), en: expect.stringContaining(text.en) },
      details: expect.objectContaining(details),
    });
    expect(bench.keys.list()).toHaveLength(1);
  };

  test('a broken file, with the line and the column', async () => {
    const file = await bench.install(kind, '{\n  "mcpServers": {\n    "a" 1\n  }\n}');
    await refused({ zh: '第 3 行第 9 列', en: 'line 3, column 9' }, { line: 3, column: 9, file });
    expect(await bench.read(file)).toBe('{\n  "mcpServers": {\n    "a" 1\n  }\n}');
    expect(await bench.beside(file)).toEqual(['mcp.json']);
  });

  test('a file that is not UTF-8', async () => {
    const file = await bench.install(kind, '');
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
    await refused({ zh: 'UTF-8', en: 'UTF-8' });
    expect(readFileSync(file)).toEqual(Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
  });

  test('a read-only file', async () => {
    const file = await bench.install(kind, config);
    await chmod(file, 0o444);
    await refused({ zh: '只读', en: 'read-only' });
    expect(await bench.read(file)).toBe(config);
  });

  test('a folder in the place of the file', async () => {
    await mkdir(bench.fileOf(kind), { recursive: true });
    await refused({ zh: '不是普通文件', en: 'not a plain file' });
  });

  test('a link that leads out of the home folder, or nowhere', async () => {
    const file = await bench.install(kind);
    const elsewhere = join(bench.data, 'outside.json');
    await writeFile(elsewhere, config);
    await symlink(elsewhere, file);
    await refused({ zh: '指向个人目录之外', en: 'out of your home folder' });
    expect(readFileSync(elsewhere, 'utf8')).toBe(config);
    await rm(file);
    await symlink(join(bench.machine.home, 'gone.json'), file);
    await refused({ zh: '失效的链接', en: 'leads nowhere' });
    expect(existsSync(join(bench.machine.home, 'gone.json'))).toBe(false);
  });

  test('a folder that is a link out of the home folder', async () => {
    await symlink(bench.data, join(bench.machine.home, '.cursor'));
    await refused({ zh: '指向个人目录之外', en: 'out of your home folder' });
    expect(existsSync(join(bench.data, 'mcp.json'))).toBe(false);
  });

  test('an entry under our name that is not ours, until it is said to be replaced', async () => {
    const foreign = '{ "mcpServers": { "larkgate": { "command": "evil", "timeout": 3 } } }';
    const file = await bench.install(kind, foreign);
    await refused({ zh: '--replace', en: '--replace' }, { reason: 'foreign_entry' });
    expect((await bench.connections.plan({ kind })).conflict).not.toBeNull();
    const { change, key } = await bench.connections.connect({ kind, replace: true });
    expect(change).toBe('replace');
    expect(await bench.read(file)).not.toContain('evil');
    expect(await bench.read(file)).toContain(key?.secret);
    expect((await bench.connections.disconnect({ kind })).change).toBe('restored');
    expect(await bench.read(file)).toBe(foreign);
  });
});

describe('where the file stands', () => {
  test('a link inside the home folder is followed, and stays a link', async () => {
    const file = await bench.install(kind);
    const real = join(bench.machine.home, 'dotfiles', 'mcp.json');
    await mkdir(join(bench.machine.home, 'dotfiles'));
    await writeFile(real, config, { mode: 0o640 });
    await chmod(real, 0o640);
    await symlink('../dotfiles/mcp.json', file);
    await bench.connections.connect({ kind });
    expect(readFileSync(real, 'utf8')).toContain('larkgate');
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(await bench.beside(file)).toEqual(['mcp.json']);
    const [backup = ''] = (await bench.beside(real)).filter((name) => name.endsWith('.bak'));
    expect(readFileSync(join(bench.machine.home, 'dotfiles', backup), 'utf8')).toBe(config);
    expect(statSync(join(bench.machine.home, 'dotfiles', backup)).mode & 0o777).toBe(0o600);
    await bench.connections.disconnect({ kind });
    expect(readFileSync(real, 'utf8')).toBe(config);
  });

  test('a missing folder below that of the client is made', async () => {
    await mkdir(join(bench.machine.home, '.kiro'));
    await bench.connections.connect({ kind: 'kiro' });
    expect(existsSync(join(bench.machine.home, '.kiro/settings/mcp.json'))).toBe(true);
  });

  test('of many backups the newest five are kept, and nothing else is left', async () => {
    const file = await bench.install(kind, config);
    for (let round = 0; round < 8; round += 1) {
      await bench.connections.connect({ kind });
      await bench.install(kind, `${config}// ${round}\n`);
      await bench.clock.advance(1000);
    }
    const names = await bench.beside(file);
    expect(names.filter((name) => name.endsWith('.bak'))).toHaveLength(5);
    expect(names).toHaveLength(6);
  });

  test('twenty that connect at once make one key and one entry', async () => {
    const file = await bench.install(kind, config);
    // Waiting for the lock takes real time.
    const connections = bench.reopen({ clock: systemClock });
    const made = await Promise.all(Array.from({ length: 20 }, async () => connections.connect({ kind })));
    expect(made.filter(({ key }) => key !== null)).toHaveLength(1);
    expect(bench.keys.list()).toHaveLength(2);
    expect((await bench.read(file)).match(/"larkgate"/g)).toHaveLength(1);
  });
});

describe('drift', () => {
  beforeEach(async () => {
    await bench.install(kind, config);
    await bench.connections.connect({ kind });
  });
  const drift = async () => (await view())?.drift?.kind;
  const rewrite = async (change: (text: string) => string) =>
    bench.install(kind, change(await bench.read(bench.fileOf(kind))));

  test('nothing is amiss at first, nor when the client adds something of its own', async () => {
    expect(await view()).toMatchObject({ state: 'connected', drift: null });
    await rewrite((text) =>
      text.replace('"larkgate": {', '"larkgate": {\n      "disabled": false,').replace('// mine', ''),
    );
    expect(await view()).toMatchObject({ state: 'connected', drift: null });
    expect(await bench.connections.connect({ kind })).toMatchObject({ change: 'none' });
  });

  test('an entry that was removed is noticed and put back', async () => {
    const former = (await view())?.keyId;
    await bench.install(kind, config);
    expect(await view()).toMatchObject({ state: 'drifted', drift: { kind: 'removed' } });
    const mended = await bench.connections.connect({ kind });
    expect(mended).toMatchObject({ change: 'add', client: { state: 'connected', drift: null } });
    expect(bench.keys.list().map(({ keyId }) => keyId)).not.toContain(former);
    expect(bench.keys.list()).toHaveLength(2);
  });

  test('CVE-2025-54136: an entry that was made to lead elsewhere or to run something is noticed, and not overwritten silently', async () => {
    await rewrite((text) => text.replace('127.0.0.1:5275', 'evil.example'));
    expect(await drift()).toBe('edited');
    await rewrite((text) => text.replace('evil.example', '127.0.0.1:5275'));
    expect(await drift()).toBeUndefined();
    await rewrite((text) => text.replace('"larkgate": {', '"larkgate": {\n      "command": "evil",'));
    expect(await drift()).toBe('edited');
    await expect(bench.connections.connect({ kind })).rejects.toMatchObject({ details: { reason: 'foreign_entry' } });
    await bench.connections.connect({ kind, replace: true });
    expect(await bench.read(bench.fileOf(kind))).not.toContain('evil');
    expect(await drift()).toBeUndefined();
  });

  test('what was edited by somebody is theirs: undoing leaves it and still revokes the key', async () => {
    const former = (await view())?.keyId;
    await rewrite((text) => text.replace('127.0.0.1:5275', 'mine.example'));
    const before = await bench.read(bench.fileOf(kind));
    expect(await bench.connections.disconnect({ kind })).toMatchObject({ change: 'left' });
    expect(await bench.read(bench.fileOf(kind))).toBe(before);
    expect(bench.keys.list().map(({ keyId }) => keyId)).not.toContain(former);
  });

  test('another port is noticed and mended with the same key', async () => {
    const former = (await view())?.keyId;
    const moved = bench.reopen({ mcpUrl: () => 'http://127.0.0.1:6000/mcp' });
    expect((await moved.list()).find((one) => one.kind === kind)?.drift?.kind).toBe('address_changed');
    expect(await moved.connect({ kind })).toMatchObject({
      change: 'replace',
      key: null,
      client: { keyId: former, drift: null },
    });
    expect(await bench.read(bench.fileOf(kind))).toContain('127.0.0.1:6000');
    expect(await moved.disconnect({ kind })).toMatchObject({ change: 'restored' });
    expect(await bench.read(bench.fileOf(kind))).toBe(config);
  });

  test('a revoked key is noticed; the new one works as the same account', async () => {
    const former = (await view())?.keyId ?? '';
    await bench.keys.bind(former, 'acct_b');
    await rewrite((text) => text.replaceAll(/lg_\w+_[\w-]+/g, (secret) => secret.replace(/.$/, '!')));
    const { key } = await bench.connections.connect({ kind, replace: true });
    expect(bench.keys.accountOf(key?.id ?? '')).toBe('acct_b');
    await bench.keys.revoke(key?.id ?? '');
    expect(await drift()).toBe('key_revoked');
    const again = await bench.connections.connect({ kind });
    expect(again.key).not.toBeNull();
    expect(await drift()).toBeUndefined();
  });

  test('a file that was broken meanwhile is said to be, and a deleted one counts as removed', async () => {
    await bench.install(kind, '{ "mcpServers": ');
    expect((await view())?.drift).toMatchObject({
      kind: 'unreadable',
      words: { en: expect.stringContaining('line 1') },
    });
    await rm(bench.fileOf(kind));
    expect(await drift()).toBe('removed');
    expect(await bench.connections.disconnect({ kind })).toMatchObject({ change: 'none' });
  });

  test('a mended connection is undone to what was there before the first time', async () => {
    await bench.keys.revoke((await view())?.keyId ?? '');
    await bench.connections.connect({ kind });
    expect((await bench.connections.disconnect({ kind })).change).toBe('restored');
    expect(await bench.read(bench.fileOf(kind))).toBe(config);
  });
});

describe('a file that LarkGate made', () => {
  test('stays when others have written to it since, with what they wrote', async () => {
    const file = await bench.install(kind);
    await bench.connections.connect({ kind });
    await bench.install(
      kind,
      (await bench.read(file)).replace('"mcpServers": {', '"mcpServers": {\n    "theirs": {},'),
    );
    expect((await bench.connections.disconnect({ kind })).change).toBe('removed');
    expect(JSON.parse(await bench.read(file))).toEqual({ mcpServers: { theirs: {} } });
  });

  test('goes when our entry was all that was in it, whatever the client did to its form', async () => {
    const file = await bench.install(kind);
    await bench.connections.connect({ kind });
    await bench.install(kind, JSON.stringify(JSON.parse(await bench.read(file))));
    expect((await bench.connections.disconnect({ kind })).change).toBe('removed');
    expect(existsSync(file)).toBe(false);
  });
});

describe('clients that are not connected by a file', () => {
  test('Cherry Studio gets a link whose plus signs survive the way through a URL', async () => {
    const { link, key, paste, client } = await bench.connections.connect({ kind: 'cherry-studio' });
    expect(client).toMatchObject({ state: 'connected', way: 'link', file: null });
    const url = new URL(link ?? '');
    expect(url.href.startsWith('cherrystudio://mcp/install?servers=')).toBe(true);
    const servers = JSON.parse(Buffer.from(url.searchParams.get('servers') ?? '', 'base64').toString());
    expect(servers.mcpServers.larkgate).toEqual({
      name: 'LarkGate',
      type: 'streamableHttp',
      baseUrl: mcpUrl,
      headers: { Authorization: `Bearer ${key?.secret}` },
      isActive: true,
    });
    expect(JSON.parse(paste[0]?.text ?? '')).toEqual(servers);
    await bench.keys.revoke(key?.id ?? '');
    expect((await view('cherry-studio'))?.drift?.kind).toBe('key_revoked');
    await bench.connections.disconnect({ kind: 'cherry-studio' });
    expect((await view('cherry-studio'))?.state).toBe('absent');
  });

  test('the other deep links carry the address and the key as their clients read them', async () => {
    for (const which of ['cursor', 'lmstudio', 'vscode'] as const) {
      await bench.install(which, '{}');
      const { link, key } = await bench.connections.connect({ kind: which });
      const url = new URL(link ?? '');
      const config = url.searchParams.get('config');
      const server = JSON.parse(
        config ? Buffer.from(config, 'base64').toString() : decodeURIComponent(url.search.slice(1)),
      );
      expect(server).toMatchObject({ url: mcpUrl, headers: { Authorization: `Bearer ${key?.secret}` } });
    }
  });

  test('Amazon Quick gets the fields of its form, and the bridge its key in a file of its own', async () => {
    const { paste, key } = await bench.connections.connect({ kind: 'amazon-quick' });
    expect(paste.map(({ text }) => text).join('\n')).toContain('/opt/larkgate/bridge.mjs');
    expect(JSON.stringify(paste)).not.toContain(key?.secret);
    const file = join(bench.data, 'bridge', 'amazon-quick.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, key: key?.secret, hello: 'hello-key' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await bench.connections.disconnect({ kind: 'amazon-quick' });
    expect(existsSync(file)).toBe(false);
  });

  test('any other gets the address, the header, JSON and TOML; each time with a key of its own', async () => {
    const first = await bench.connections.connect({ kind: 'other' });
    const second = await bench.connections.connect({ kind: 'other' });
    expect(first.paste.map(({ label }) => label.en)).toEqual(
      expect.arrayContaining(['MCP address', 'Header', 'JSON configuration', 'TOML']),
    );
    expect(await bench.keys.verify(first.key?.secret ?? '')).toBeDefined();
    expect(await bench.keys.verify(second.key?.secret ?? '')).toBeDefined();
    expect((await view('other'))?.state).toBe('ready');
  });

  test('Claude Desktop gets the bridge as a command without any secret, or the bundle where nothing can run it', async () => {
    const file = await bench.install('claude-desktop', '{}');
    const { key } = await bench.connections.connect({ kind: 'claude-desktop' });
    expect(await bench.read(file)).not.toContain(key?.secret);
    await rm(join(bench.data, 'bridge', 'claude-desktop.json'));
    expect((await view('claude-desktop'))?.drift?.kind).toBe('key_revoked');
    await bench.connections.disconnect({ kind: 'claude-desktop' });
    const packaged = bench.reopen({ bridge: () => undefined, bundle: '/opt/larkgate/larkgate.mcpb' });
    expect(await packaged.connect({ kind: 'claude-desktop' })).toMatchObject({
      bundle: '/opt/larkgate/larkgate.mcpb',
      client: { way: 'bundle', state: 'connected', file: null },
    });
    const bare = bench.reopen({ bridge: () => undefined });
    await expect(bare.connect({ kind: 'amazon-quick' })).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await bare.list()).toHaveLength(14);
  });
});

describe('secrets', () => {
  test('the journal and the keys hold none, and no fault shows one', async () => {
    await bench.install(kind, config);
    await bench.install('codex', 'a = 1\n');
    const secrets: string[] = [];
    for (const which of [kind, 'codex', 'cherry-studio', 'other'] as const)
      secrets.push((await bench.connections.connect({ kind: which })).key?.secret ?? '');
    const kept = everythingIn(bench.data).replaceAll(/"key":"lg_[^"]+"/g, '');
    for (const secret of secrets) expect(kept).not.toContain(secret);
    expect(kept).not.toContain('canary-other');
    expect(secrets.every((secret) => secret.startsWith('lg_'))).toBe(true);
  });

  test('a journal that cannot be read is kept aside, and what it knew is taken for what it is', async () => {
    const file = await bench.install(kind, config);
    const { key } = await bench.connections.connect({ kind });
    await writeFile(join(bench.data, 'connections.json'), '{ broken');
    expect(await view()).toMatchObject({ state: 'ready' });
    const again = await bench.connections.connect({ kind });
    expect(again.key).not.toBeNull();
    expect(await bench.read(file)).not.toContain(key?.secret);
    expect(readdirSync(bench.data).some((name) => name.startsWith('connections.json.corrupt-'))).toBe(true);
  });

  test('a key that another process revoked counts as gone', async () => {
    await bench.install(kind, config);
    const { key } = await bench.connections.connect({ kind });
    const other = await ClientKeys.open(bench.data, { signer: new Signer(Buffer.alloc(32, 7)), clock: bench.clock });
    await other.revoke(key?.id ?? '');
    await bench.clock.advance(2000);
    await bench.keys.verify('lg_x_nothing');
    expect((await view())?.drift?.kind).toBe('key_revoked');
  });
});
