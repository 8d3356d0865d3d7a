import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Fault } from '../../src-main/base/fault.ts';
import { SettingsFile } from '../../src-main/base/settings-file.ts';
import type { SettingView } from '../../src-main/contract/settings-views.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
let data: string;
let file: SettingsFile;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'larkgate-settings-'));
  file = new SettingsFile(data);
  gateway = await startGateway({
    data,
    keepSettings: async (section, change) => void (await file.merge(section, change)),
  });
});
afterEach(async () => {
  await gateway.close();
  await rm(data, { recursive: true });
});

const fieldOf = (fields: SettingView[], name: string) => fields.find((field) => field.name === name);

test('a limit that is changed holds at once, and is in the file beside nothing else', async () => {
  const { fields, kept } = await gateway.app.call('setSettings', { section: 'limits', change: { perSession: 3 } });
  expect(kept).toBe(true);
  expect(fieldOf(fields, 'perSession')).toMatchObject({
    value: 3,
    running: 3,
    default: 50,
    applies: 'now',
    changed: true,
  });
  expect(JSON.parse(await readFile(file.path, 'utf8'))).toEqual({ limits: { perSession: 3 } });
  const session = await openRawSession(gateway);
  for (let n = 0; n < 3; n += 1) await session.ask('tools/list');
  await expect(session.ask('tools/list')).rejects.toThrow('429');
  expect((await gateway.app.call('snapshot', {})).limits.perSession).toBe(3);
});

test('a port waits for a restart and says so; the gateway stays where it is', async () => {
  const port = gateway.app.port + 1;
  const { fields, restartNeeded } = await gateway.app.call('setSettings', { section: 'server', change: { port } });
  expect(restartNeeded).toBe(true);
  expect(fieldOf(fields, 'port')).toMatchObject({ value: port, running: 0, applies: 'restart', pending: true });
  expect((await fetch(gateway.app.urls.health)).status).toBe(200);
  expect((await file.read()).server.port).toBe(port);
  expect(await gateway.app.call('portHolder', { port: gateway.app.port })).toMatchObject({ state: 'self' });
});

test('what is wrong is refused field by field, and the file is as it was', async () => {
  const change = { perSession: -1, callMs: 'Canary9' };
  const fault = await gateway.app
    .call('setSettings', { section: 'limits', change })
    .catch((thrown) => Fault.from(thrown));
  expect(fault).toMatchObject({
    code: 'config_invalid',
    details: { problems: [{ path: 'limits.perSession' }, { path: 'limits.callMs' }] },
  });
  expect(JSON.stringify(fault)).not.toContain('Canary9');
  await expect(readFile(file.path)).rejects.toThrow();
});

test('the log level, the pause and the retention hold at once', async () => {
  await gateway.app.call('setSettings', { section: 'log', change: { level: 'debug' } });
  await gateway.app.call('setSettings', { section: 'server', change: { paused: true } });
  const session = await openRawSession(gateway);
  const refused = JSON.stringify(await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} }));
  expect(refused).toContain('paused');
  expect((await gateway.app.call('snapshot', {})).paused).toBe(true);
  await gateway.app.call('setSettings', { section: 'server', change: { paused: false } });
  for (let n = 0; n < 4; n += 1) await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
  expect((await gateway.app.call('callCounts', {})).counts.total).toBe(5);
  await gateway.app.call('setSettings', { section: 'records', change: { calls: 2 } });
  expect((await gateway.app.call('callCounts', {})).counts.total).toBe(2);
  const { text } = await gateway.app.call('supportBundle', {});
  expect(text).toContain('call.started');
});

test('about says what runs', async () => {
  const about = await gateway.app.call('about', {});
  expect(about).toMatchObject({
    version: '0.0.0-test',
    node: process.versions.node,
    electron: null,
    dataFolder: data,
    definitions: { name: '@larksuiteoapi/lark-mcp', version: '0.5.1', tools: 1266 },
  });
  expect(about.sqlite).toMatch(/^3\.\d+\.\d+/);
});

test('a support bundle is one JSON document with health, settings, counts and the end of the log', async () => {
  const session = await openRawSession(gateway);
  await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
  const { filename, text } = await gateway.app.call('supportBundle', {});
  expect(filename).toMatch(/^larkgate-support-\d{4}-\d\d-\d\d\.json$/);
  const bundle: unknown = JSON.parse(text);
  expect(bundle).toMatchObject({
    about: { version: '0.0.0-test' },
    health: { status: 'ready' },
    settings: { 'limits.perSession': 50, 'lark.tokenEndpoint': 'v3' },
    counts: { accounts: { 'feishu browser signed_in': 1 }, calls: { total: 1 } },
    log: expect.arrayContaining([expect.objectContaining({ event: 'call.finished', tool: 'im_v1_chat_list' })]),
  });
  expect(text).not.toContain('林小雨');
});
