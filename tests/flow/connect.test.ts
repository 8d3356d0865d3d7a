import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseTOML, getStaticTOMLValue } from 'toml-eslint-parser';
import { systemClock } from '../../src-main/base/clock.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { writeRunFile } from '../../src-main/base/run-file.ts';
import { openLocalConnections } from '../../src-main/command/local-connections.ts';
import type { Connections } from '../../src-main/connect/connections.ts';
import { awaitHandshake } from '../../src-main/connect/handshake.ts';
import { configSchema } from '../../src-main/contract/config.ts';
import { type BuiltBridge, builtBridge } from '../helpers/bridge.ts';
import { readNames } from '../helpers/clients/client.ts';
import { type TemporaryHome, cleanEnvironment, createHome } from '../helpers/run-node.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let bridge: BuiltBridge;
let data: TemporaryHome;
let person: TemporaryHome;
let gateway: StartedGateway;
let connections: Connections;

beforeAll(async () => {
  bridge = await builtBridge();
});
afterAll(() => bridge.remove());

// A gateway that runs, and beside it the command line of the same person.
beforeEach(async () => {
  data = await createHome();
  person = await createHome();
  gateway = await startGateway({ data: data.path });
  await writeRunFile(data.path, { pid: process.pid, port: gateway.app.port, startedAt: 1 });
  connections = await openLocalConnections({
    host: await createNodeHost(data.path, {}),
    settings: configSchema.parse({}),
    clock: systemClock,
    machine: { platform: 'linux', home: person.path, environment: {} },
    programFolder: bridge.folder,
    runtime: process.execPath,
  });
});
afterEach(async () => {
  await gateway.close();
  await data.remove();
  await person.remove();
});

function handshake(keyId: string) {
  return awaitHandshake(keyId, {
    subscribe: (listener) => gateway.app.bus.subscribe(listener),
    sessions: () => [],
    signal: new AbortController().signal,
  });
}

test('a client that reads what was written connects, is recognized by its key, and is out when it is undone', async () => {
  const file = join(person.path, '.cursor', 'mcp.json');
  await mkdir(join(person.path, '.cursor'));
  await writeFile(file, '{}');
  const { key } = await connections.connect({ kind: 'cursor' });
  const { url, headers } = JSON.parse(await readFile(file, 'utf8')).mcpServers.larkgate;
  const seen = handshake(key?.id ?? '');
  const client = new Client({ name: 'Cursor', version: '2.1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  expect(await seen).toMatchObject({ client: { name: 'Cursor', version: '2.1' }, protocolVersion: '2025-11-25' });
  expect(readNames(await client.listTools()).length).toBeGreaterThan(10);
  await connections.disconnect({ kind: 'cursor' });
  await expect
    .poll(
      async () =>
        client.ping().then(
          () => 'open',
          () => 'shut',
        ),
      { timeout: 10_000 },
    )
    .toBe('shut');
  expect(await readFile(file, 'utf8')).toBe('{}');
});

test('Codex finds its address and its header in the TOML', async () => {
  await mkdir(join(person.path, '.codex'));
  const { key } = await connections.connect({ kind: 'codex' });
  const text = await readFile(join(person.path, '.codex', 'config.toml'), 'utf8');
  const values = getStaticTOMLValue(parseTOML(text)) as {
    mcp_servers: { larkgate: { url: string; http_headers: Record<string, string> } };
  };
  const { url, http_headers: headers } = values.mcp_servers.larkgate;
  const seen = handshake(key?.id ?? '');
  const client = new Client({ name: 'codex', version: '0.169' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  expect((await seen).client.name).toBe('codex');
  await client.close();
});

test('Claude Desktop runs the bridge as its configuration says, and shows up with its own key', async () => {
  const folder = join(person.path, '.config', 'Claude');
  await mkdir(folder, { recursive: true });
  const { key } = await connections.connect({ kind: 'claude-desktop' });
  const { command, args } = JSON.parse(await readFile(join(folder, 'claude_desktop_config.json'), 'utf8')).mcpServers
    .larkgate;
  const seen = handshake(key?.id ?? '');
  const client = new Client({ name: 'claude-ai', version: '0.1.0' });
  await client.connect(new StdioClientTransport({ command, args, env: cleanEnvironment(person.path) }));
  expect(await seen).toMatchObject({ keyId: key?.id, client: { name: 'claude-ai' } });
  expect(readNames(await client.listTools())).toContain('im_v1_chat_list');
  await client.close();
});
