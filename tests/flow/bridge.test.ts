import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeRunFile } from '../../src-main/base/run-file.ts';
import {
  type BuiltBridge,
  type RawBridge,
  bridgeCommand,
  builtBridge,
  giveBridgeKey,
  initialize,
  initialized,
  spawnBridge,
} from '../helpers/bridge.ts';
import { readAnswer, readNames } from '../helpers/clients/client.ts';
import { createFixtureServer } from '../helpers/fixture-server.ts';
import { type TemporaryHome, createHome } from '../helpers/run-node.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let bridge: BuiltBridge;
let home: TemporaryHome;
let gateway: StartedGateway | undefined;
let raw: RawBridge | undefined;

beforeAll(async () => {
  bridge = await builtBridge();
});
afterAll(() => bridge.remove());
beforeEach(async () => {
  home = await createHome();
});
afterEach(async () => {
  await raw?.end();
  raw = undefined;
  await gateway?.close();
  gateway = undefined;
  await home.remove();
});

/** The real gateway on the data folder, announced as `serve` announces it. */
async function start(options: Parameters<typeof startGateway>[0] = {}): Promise<StartedGateway> {
  gateway = await startGateway({ data: home.path, ...options });
  await writeRunFile(home.path, { pid: process.pid, port: gateway.app.port, startedAt: 1 });
  return gateway;
}

const call = (id: number, name: string, args = {}) => ({ id, method: 'tools/call', params: { name, arguments: args } });

describe('a client of the era with sessions', () => {
  test('lists the tools and works in Feishu as the person who is signed in', async () => {
    await giveBridgeKey(home.path);
    await start();
    const client = new LegacyClient({ name: 'Claude Desktop', version: '1.0.0' });
    await client.connect(new LegacyStdio(bridgeCommand(bridge, home.path)));
    expect(client.getServerVersion()).toMatchObject({ name: 'larkgate' });
    expect(readNames(await client.listTools())).toContain('im_v1_chat_list');
    const made = await client.callTool({ name: 'im_v1_chat_create', arguments: { data: { name: '桥 😀' } } });
    expect(readAnswer(made)).toMatchObject({ isError: false });
    const listed = readAnswer(await client.callTool({ name: 'im_v1_chat_list', arguments: {} }));
    expect(listed.text).toContain('桥 😀');
    await client.close();
    // It said goodbye: nothing is left of it at the gateway.
    await expect.poll(async () => (await gateway?.app.call('snapshot', {}))?.sessions).toEqual([]);
  });

  test('is asked back by the server, and its answer arrives', async () => {
    await giveBridgeKey(home.path);
    await start({ mount: createFixtureServer });
    const client = new LegacyClient({ name: 'asked', version: '1' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, async () => ({
      action: 'accept',
      content: { username: 'lin', email: 'lin@example.com' },
    }));
    await client.connect(new LegacyStdio(bridgeCommand(bridge, home.path)));
    const answer = readAnswer(await client.callTool({ name: 'test_elicitation', arguments: { message: 'who?' } }));
    expect(answer.text).toContain('accept');
    const progress: number[] = [];
    await client.callTool({ name: 'test_tool_with_progress', arguments: {} }, undefined, {
      onprogress: (update) => void progress.push(update.progress),
    });
    expect(progress.length).toBeGreaterThan(1);
    await client.close();
  });
});

describe('a client of the era without sessions', () => {
  test('agrees on 2026-07-28, lists the tools and works', async () => {
    await giveBridgeKey(home.path);
    await start();
    const client = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new ModernStdio(bridgeCommand(bridge, home.path)));
    expect([client.getProtocolEra(), client.getNegotiatedProtocolVersion()]).toEqual(['modern', '2026-07-28']);
    expect(readNames(await client.listTools())).toContain('im_v1_chat_list');
    const made = await client.callTool({ name: 'im_v1_chat_create', arguments: { data: { name: '新桥' } } });
    expect(readAnswer(made)).toMatchObject({ isError: false });
    await client.close();
  });
});

describe('without a gateway', () => {
  test('the model reads that LarkGate is not running, and the tools appear when it is started', async () => {
    await giveBridgeKey(home.path);
    const client = new LegacyClient({ name: 'early', version: '1' });
    let changed = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, async () => void (changed += 1));
    await client.connect(new LegacyStdio(bridgeCommand(bridge, home.path, 0)));
    expect(client.getInstructions()).toContain('LarkGate is not running');
    expect(await client.listTools()).toEqual({ tools: [] });
    await client.ping();
    const answer = readAnswer(await client.callTool({ name: 'im_v1_chat_list', arguments: {} }));
    expect(answer).toMatchObject({ isError: true, text: expect.stringContaining('LarkGate 没有运行') });
    await start();
    await expect.poll(() => changed, { timeout: 30_000 }).toBe(1);
    expect(readNames(await client.listTools())).toContain('im_v1_chat_list');
    expect(readAnswer(await client.callTool({ name: 'im_v1_chat_list', arguments: {} })).isError).toBe(false);
    await client.close();
  });

  test('a client of the era without sessions is told the same', async () => {
    await giveBridgeKey(home.path);
    const client = new ModernClient(
      { name: 'early', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await client.connect(new ModernStdio(bridgeCommand(bridge, home.path, 0)));
    expect(readNames(await client.listTools())).toEqual([]);
    const answer = readAnswer(await client.callTool({ name: 'im_v1_chat_list', arguments: {} }));
    expect(answer.text).toContain('LarkGate is not running');
    await start();
    await expect
      .poll(async () => readNames(await client.listTools()), { timeout: 30_000 })
      .toContain('im_v1_chat_list');
    await client.close();
  });

  test('a request waits for one that is just starting', async () => {
    await giveBridgeKey(home.path);
    raw = spawnBridge(bridge, home.path);
    raw.send({ jsonrpc: '2.0', ...initialize });
    await start();
    expect(await raw.next()).toMatchObject({ id: 'init', result: { serverInfo: { version: '0.0.0-test' } } });
  });
});

describe('who it speaks to', () => {
  test('a program that took the port of the gateway gets no key, and the model is told', async () => {
    const { secret } = await giveBridgeKey(home.path);
    let heard = '';
    const stranger: Server = createServer((request, response) => {
      heard += `${request.method} ${request.url} ${JSON.stringify(request.headers)}\n`;
      request.on('data', (chunk) => void (heard += String(chunk)));
      response.end(JSON.stringify({ name: 'larkgate', version: '1', proof: 'x'.repeat(43) }));
    });
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    await writeRunFile(home.path, { pid: process.pid, port: (stranger.address() as AddressInfo).port, startedAt: 1 });
    raw = spawnBridge(bridge, home.path, 0);
    await raw.ask(initialize);
    const answer = await raw.ask(call(2, 'im_v1_chat_list'));
    expect(JSON.stringify(answer)).toContain('Another program holds the port');
    expect(heard).toContain('GET /hello?nonce=');
    expect(heard).not.toContain(secret);
    expect(heard).not.toContain('POST');
    stranger.closeAllConnections();
    stranger.close();
  });

  test('without a key file, or with one that others can read, nothing is sent and the way out is said', async () => {
    await start();
    raw = spawnBridge(bridge, home.path, 0);
    expect(JSON.stringify(await raw.ask(initialize))).toContain('larkgate connect');
    await giveBridgeKey(home.path);
    await chmod(join(home.path, 'bridge', 'claude-desktop.json'), 0o644);
    expect(JSON.stringify(await raw.ask(call(2, 'im_v1_chat_list')))).toContain('others could read');
    await chmod(join(home.path, 'bridge', 'claude-desktop.json'), 0o600);
    await expect
      .poll(async () => (await raw?.ask(call(3, 'im_v1_chat_list')))?.['result'])
      .toMatchObject({ content: [{}] });
    expect(JSON.stringify(await raw.ask(call(4, 'im_v1_chat_list')))).not.toContain('isError');
  });

  test('a revoked key is said to be', async () => {
    const { id } = await giveBridgeKey(home.path);
    const { app } = await start();
    raw = spawnBridge(bridge, home.path);
    await raw.ask(initialize);
    await app.keys.revoke(id);
    expect(JSON.stringify(await raw.ask(call(2, 'im_v1_chat_list')))).toContain('refused the key of this client');
  });
});

describe('what goes through it', () => {
  test('is whole, however large, and a message that is too large is refused by its id', async () => {
    await giveBridgeKey(home.path);
    await start({ mount: createFixtureServer });
    raw = spawnBridge(bridge, home.path);
    await raw.ask(initialize);
    raw.send(initialized);
    const note = 'é😀'.repeat(400_000);
    const large = await raw.ask({
      id: 2,
      method: 'tools/call',
      params: { name: 'test_simple_text', arguments: {}, _meta: { note } },
    });
    expect(large).toMatchObject({ result: { content: [{ type: 'text' }] } });
    const larger = await raw.ask({
      id: 3,
      method: 'tools/call',
      params: { name: 'x', arguments: { note: 'x'.repeat(8 * 1024 * 1024) } },
    });
    expect(JSON.stringify(larger)).toContain('too large');
    raw.send('x'.repeat(33 * 1024 * 1024));
    expect(await raw.next()).toMatchObject({ id: null, error: { code: -32000 } });
    expect(await raw.ask({ id: 4, method: 'ping' })).toMatchObject({ result: {} });
  });

  test('waits while the client does not read, and is all there when it does', async () => {
    await giveBridgeKey(home.path);
    await start({ config: { limits: { perSession: 10_000, perAddress: 10_000 } } });
    raw = spawnBridge(bridge, home.path);
    await raw.ask(initialize);
    raw.send(initialized);
    raw.child.stdout?.pause();
    const count = 600;
    for (let id = 0; id < count; id += 1) raw.send({ jsonrpc: '2.0', id, method: 'tools/list' });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = memoryOf(raw.child.pid);
    raw.child.stdout?.resume();
    const ids = new Set<unknown>();
    while (ids.size < count) {
      const answer = await raw.next();
      if ('result' in answer) ids.add(answer['id']);
    }
    expect(ids.size).toBe(count);
    // Six hundred lists of tools are some 60 MB: they waited at the gateway and in the pipe, not in the bridge.
    expect(before).toBeLessThan(250);
  });

  test('that is no JSON is refused, and the next message is taken', async () => {
    await giveBridgeKey(home.path);
    await start();
    raw = spawnBridge(bridge, home.path);
    raw.send('{ broken', '', '[]');
    expect(await raw.next()).toMatchObject({ id: null, error: { code: -32700 } });
    expect(await raw.ask(initialize)).toMatchObject({ result: {} });
  });

  test('a canceled call is answered by nobody, and the next one is', async () => {
    await giveBridgeKey(home.path);
    await start({ mount: createFixtureServer });
    raw = spawnBridge(bridge, home.path);
    await raw.ask(initialize);
    raw.send(
      initialized,
      { jsonrpc: '2.0', ...call(2, 'test_tool_with_progress') },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } },
    );
    const answer = await raw.ask({ id: 3, method: 'ping' });
    expect(answer).toMatchObject({ id: 3, result: {} });
  });
});

test('a session that the gateway forgot is opened anew behind the back of the client', async () => {
  await giveBridgeKey(home.path);
  await start();
  raw = spawnBridge(bridge, home.path);
  await raw.ask(initialize);
  raw.send(initialized);
  await gateway?.close();
  for (const name of readdirSync(home.path).filter((file) => file.startsWith('records.sqlite')))
    await rm(join(home.path, name));
  await start();
  expect(await raw.ask(call(2, 'im_v1_chat_list'))).toMatchObject({
    result: { content: [{ text: expect.stringContaining('chat_id') }] },
  });
});

test('it ends with its input, and says no secret anywhere', async () => {
  const { secret } = await giveBridgeKey(home.path);
  await start();
  raw = spawnBridge(bridge, home.path, 0);
  await raw.ask(initialize);
  const commandLine =
    readFileSync(`/proc/${raw.child.pid}/cmdline`, 'utf8') + readFileSync(`/proc/${raw.child.pid}/environ`, 'utf8');
  const { hello } = JSON.parse(readFileSync(join(home.path, 'bridge', 'claude-desktop.json'), 'utf8'));
  await gateway?.close();
  gateway = undefined;
  await raw.ask({ id: 2, method: 'tools/list' }).catch(() => {});
  expect(await raw.end()).toBe(0);
  for (const text of [commandLine, raw.complaints()]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(hello);
  }
  expect(raw.complaints()).toContain('cannot reach LarkGate');
});

/** Resident memory in megabytes. */
function memoryOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
