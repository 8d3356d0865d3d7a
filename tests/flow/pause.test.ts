import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SettingsFile } from '../../src-main/base/settings-file.ts';
import { openRawSession, openRawSse, type RawSession } from '../helpers/raw-session.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.close());

const list = async (session: RawSession) =>
  JSON.stringify(await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} }));

test('a paused gateway runs no tool and says in words why; the clients stay connected and go on afterwards', async () => {
  const session = await openRawSession(gateway);
  expect(await list(session)).toContain('产品群');
  await gateway.app.call('setPaused', { paused: true });
  const asked = (await logOf(gateway.sandbox, '/open-apis/im/*')).length;
  expect(await list(session)).toContain('paused');
  expect(JSON.stringify(await session.ask('tools/list'))).toContain('im_v1_chat_list');
  expect(await logOf(gateway.sandbox, '/open-apis/im/*')).toHaveLength(asked);
  const { calls } = await gateway.app.call('calls', { outcome: 'refused' });
  expect(calls).toMatchObject([{ tool: 'im_v1_chat_list', fault: 'paused' }]);
  await gateway.app.call('setPaused', { paused: false });
  expect(await list(session)).toContain('产品群');
});

test('what is paused stays paused over a restart, and what was set stays set', async () => {
  const data = await mkdtemp(join(tmpdir(), 'larkgate-pause-'));
  const file = new SettingsFile(data);
  const keepSettings = async (section: Parameters<SettingsFile['merge']>[0], change: Record<string, unknown>) =>
    void (await file.merge(section, change));
  const first = await startGateway({ data, sandbox: gateway.sandbox, keepSettings });
  await first.app.call('setPaused', { paused: true });
  await first.app.call('setLimits', { perSession: 7 });
  await first.close();
  const settings = await file.read();
  expect(settings.server.paused).toBe(true);
  expect(settings.limits).toMatchObject({ perSession: 7, perAddress: 200 });
  const second = await startGateway({
    data,
    sandbox: gateway.sandbox,
    config: { server: { paused: settings.server.paused } },
  });
  expect(await list(await openRawSession(second))).toContain('paused');
  await second.close();
  await rm(data, { recursive: true, force: true });
});

test('whoever is connected with a key that is revoked is not any more', async () => {
  const key = await gateway.addKey('Cursor');
  const session = await openRawSession({ ...gateway, key });
  const sse = await openRawSse({ ...gateway, key });
  const other = await openRawSession(gateway);
  const id = /^lg_([a-z0-9]+)_/.exec(key)?.[1] ?? '';
  expect(await gateway.app.keys.revoke(id)).toBe(true);
  await expect(session.ask('tools/list')).rejects.toThrow();
  await expect(sse.stream.nextMessage()).rejects.toThrow();
  expect(JSON.stringify(await other.ask('tools/list'))).toContain('im_v1_chat_list');
  const { sessions } = await gateway.app.call('sessions', { live: false });
  expect(sessions.filter(({ keyId }) => keyId === id)).toMatchObject([{ end: 'key_revoked' }, { end: 'key_revoked' }]);
});
