import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src-main/base/fault.ts';
import { SettingsFile } from '../../src-main/base/settings-file.ts';
import type { ToolView } from '../../src-main/contract/tool-views.ts';
import { openStream } from '../helpers/raw-client.ts';
import { openRawSession, postHeaders, type RawSession } from '../helpers/raw-session.ts';
import { arrived, logOf, spoil } from '../helpers/sandbox-control.ts';
import { type GatewayOptions, type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
const start = async (options: GatewayOptions = {}) => (gateway = await startGateway(options));
afterEach(() => gateway.close());

const namesOf = async (session: RawSession) => {
  const { tools } = (await session.ask('tools/list')) as { tools: { name: string }[] };
  return tools.map(({ name }) => name);
};
const callOf = async (session: RawSession, name: string) =>
  JSON.stringify(await session.ask('tools/call', { name, arguments: {} }));
const faultOf = async (running: Promise<unknown>): Promise<Fault> => {
  const thrown: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof Fault) return thrown;
  throw new Error('no fault was thrown', { cause: thrown });
};

describe('the tools', () => {
  beforeEach(() => start());

  test('are all there with their costs, and those that clients get are marked', async () => {
    const list = await gateway.app.call('tools', {});
    expect(list.tools.length).toBeGreaterThanOrEqual(1269);
    const listed = list.tools.filter((tool) => tool.listed);
    expect(listed.map(({ name }) => name).toSorted()).toEqual(
      (await namesOf(await openRawSession(gateway))).toSorted(),
    );
    expect(list.tokens).toBe(sum(listed));
    expect(list.tools.filter(({ tokens }) => tokens <= 0)).toEqual([]);
    expect(list.tools.filter(({ listed: is, whyNot }) => is && whyNot)).toEqual([]);
    const preset = list.presets.find(({ name }) => name === 'preset.default');
    expect(preset?.tools.toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
    expect(preset?.tokens).toBe(list.tokens);
    expect(list).toMatchObject({ enabled: ['preset.default'], language: 'en' });
  });

  test('can be looked at one by one; a name that is none gets the nearest', async () => {
    const { tool } = await gateway.app.call('tool', { name: 'im_v1_chat_list' });
    expect(tool).toMatchObject({
      id: 'im.v1.chat.list',
      listed: true,
      annotations: { readOnlyHint: true },
      request: { method: 'GET', path: '/open-apis/im/v1/chats' },
      outputSchema: null,
    });
    expect((await gateway.app.call('tool', { name: 'im.v1.chat.list' })).tool).toEqual(tool);
    const fault = await faultOf(gateway.app.call('tool', { name: 'im_v1_chat_lst' }));
    expect(fault).toMatchObject({ code: 'unknown_tool' });
    expect(fault.details?.['didYouMean']).toContain('im_v1_chat_list');
  });

  test('that a client would see are shown with their costs', async () => {
    const session = await openRawSession(gateway);
    const view = await gateway.app.call('clientView', { keyId: 'default' });
    expect(view.tools.map(({ name }) => name).toSorted()).toEqual((await namesOf(session)).toSorted());
    expect(view.bytes).toBe(Buffer.byteLength(JSON.stringify(await session.ask('tools/list'))));
    expect(view.tokens).toBe(sum(view.tools));
    expect(await faultOf(gateway.app.call('clientView', { keyId: 'nobody' }))).toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('other tools are chosen', () => {
  test('and clients hear of it, get them, and may call what they see', async () => {
    await start();
    const session = await openRawSession(gateway);
    const stream = await openStream(gateway.mcp, {
      headers: { ...postHeaders(gateway), 'mcp-session-id': session.id },
    });
    const list = await gateway.app.call('setTools', { enabled: ['im_v1_chat_list', 'calendar.v4.calendar.list'] });
    expect(list).toMatchObject({ enabled: ['im_v1_chat_list', 'calendar.v4.calendar.list'], kept: false });
    expect(list.tools.filter(({ listed }) => listed)).toHaveLength(2);
    expect(await stream.nextMessage()).toMatchObject({ method: 'notifications/tools/list_changed' });
    stream.drop();
    expect(await namesOf(session)).toEqual(['im_v1_chat_list', 'calendar_v4_calendar_list']);
    expect(await callOf(session, 'im_v1_chat_list')).toContain('产品群');
    expect(await callOf(session, 'im_v1_message_list')).toContain('unknown_tool');
  });

  test('and a call under way with a tool that goes away is not disturbed', async () => {
    await start();
    const session = await openRawSession(gateway);
    await spoil(gateway.sandbox, { path: '/open-apis/im/v1/chats', kind: 'delay', delayMs: 300 });
    const running = callOf(session, 'im_v1_chat_list');
    await arrived(gateway.sandbox, '/open-apis/im/v1/chats');
    await gateway.app.call('setTools', { enabled: ['calendar.v4.calendar.list'] });
    expect(await namesOf(await openRawSession(gateway))).toEqual(['calendar_v4_calendar_list']);
    expect(await running).toContain('产品群');
  });

  test('and one unknown name refuses them all, with the nearest', async () => {
    await start();
    const before = await gateway.app.call('tools', {});
    const fault = await faultOf(gateway.app.call('setTools', { enabled: ['preset.light', 'im.v1.chat.lst'] }));
    expect(fault).toMatchObject({
      code: 'config_invalid',
      details: { problems: [{ name: 'im.v1.chat.lst', didYouMean: expect.arrayContaining(['im.v1.chat.list']) }] },
    });
    expect(await gateway.app.call('tools', {})).toEqual(before);
  });

  test('and one that only an app can use is said to be missing, until it is no longer asked for', async () => {
    await start();
    const noticeIds = async () => (await gateway.app.call('snapshot', {})).notices.map(({ id }) => id);
    await gateway.app.call('setTools', { enabled: ['preset.default', 'im.v1.message.urgentSms'] });
    expect(await noticeIds()).toContain('tools.im.v1.message.urgentSms');
    await gateway.app.call('setTools', { enabled: ['preset.default'] });
    expect(await noticeIds()).not.toContain('tools.im.v1.message.urgentSms');
  });

  test('and stay chosen over a restart', async () => {
    const data = await mkdtemp(join(tmpdir(), 'larkgate-tools-'));
    const file = new SettingsFile(data);
    await start({ keepSettings: async (section, change) => void (await file.merge(section, change)) });
    expect((await gateway.app.call('setTools', { enabled: ['im.v1.chat.list'] })).kept).toBe(true);
    expect((await file.read()).tools.enabled).toEqual(['im.v1.chat.list']);
    await rm(data, { recursive: true });
  });
});

describe('a person tries a tool out', () => {
  beforeEach(() => start());
  const asked = () => logOf(gateway.sandbox, '/open-apis/im/*');

  test('and it is called like a client would, and recorded as the dashboard’s', async () => {
    const { result } = await gateway.app.call('tryTool', {
      name: 'im_v1_chat_list',
      arguments: { params: { page_size: 5 } },
    });
    expect(result).toMatchObject({ isError: false, text: expect.stringContaining('产品群'), call: { outcome: 'ok' } });
    const { calls } = await gateway.app.call('calls', {});
    expect(calls).toEqual([result?.call]);
    expect(calls[0]).toMatchObject({ client: 'LarkGate dashboard', keyId: 'dashboard', tool: 'im_v1_chat_list' });
    const { sessions } = await gateway.app.call('sessions', {});
    expect(sessions).toMatchObject([{ client: { name: 'LarkGate dashboard' }, calls: 1 }]);
  });

  test('also one that clients do not get; but none that only an app can use', async () => {
    const { result } = await gateway.app.call('tryTool', { name: 'task.v2.task.list' });
    expect(result?.call).toMatchObject({ tool: 'task_v2_task_list', provider: 'lark' });
    expect(await namesOf(await openRawSession(gateway))).not.toContain('task_v2_task_list');
    const fault = await faultOf(gateway.app.call('tryTool', { name: 'im.v1.message.urgentSms', confirm: true }));
    expect(fault).toMatchObject({ code: 'unknown_tool', words: { zh: expect.stringContaining('只接受应用身份') } });
  });

  test('as the account they choose, and as the default one otherwise', async () => {
    await gateway.signIn('chen.zhiyuan');
    const { accounts } = await gateway.app.call('snapshot', {});
    for (const { id } of accounts) {
      const { result } = await gateway.app.call('tryTool', { name: 'im_v1_chat_list', accountId: id });
      expect(result?.call.accountId).toBe(id);
    }
    const people = (await asked()).map(({ authorization }) => authorization.person);
    expect(new Set(people).size).toBe(2);
    const { result } = await gateway.app.call('tryTool', { name: 'im_v1_chat_list' });
    expect(result?.call.accountId).toBe(accounts.find(({ isDefault }) => isDefault)?.id);
  });

  test('and nothing is changed in Feishu before they have confirmed it', async () => {
    const wish = {
      name: 'im_v1_message_create',
      arguments: {
        params: { receive_id_type: 'chat_id' },
        data: { receive_id: 'oc_0000', msg_type: 'text', content: '{"text":"hi"}' },
      },
    };
    const fault = await faultOf(gateway.app.call('tryTool', wish));
    expect(fault).toMatchObject({ code: 'invalid_request', details: { needs: 'confirm', risk: 'write' } });
    expect(await asked()).toEqual([]);
    const { dryRun } = await gateway.app.call('tryTool', { ...wish, dryRun: true });
    expect(dryRun).toMatchObject({
      request: { method: 'POST', path: '/open-apis/im/v1/messages', query: [['receive_id_type', 'chat_id']] },
      more: false,
    });
    expect(await asked()).toEqual([]);
    expect((await gateway.app.call('calls', {})).calls).toEqual([]);
    const { result } = await gateway.app.call('tryTool', { ...wish, confirm: true });
    expect(result?.call.risk).toBe('write');
    expect(await asked()).toHaveLength(1);
  });

  test('and wrong arguments are named, by a dry run and by a call', async () => {
    const wish = { name: 'im_v1_chat_list', arguments: { params: { page_size: 'many' } } };
    const fault = await faultOf(gateway.app.call('tryTool', { ...wish, dryRun: true }));
    expect(fault).toMatchObject({ code: 'invalid_arguments', details: { problems: [{ field: 'params.page_size' }] } });
    const { result } = await gateway.app.call('tryTool', wish);
    expect(result).toMatchObject({ isError: true, call: { fault: 'invalid_arguments' } });
    expect(result?.text).toContain('params.page_size');
  });

  test('and a paused gateway runs nothing for them either', async () => {
    await gateway.app.call('setPaused', { paused: true });
    const { result } = await gateway.app.call('tryTool', { name: 'im_v1_chat_list' });
    expect(result?.call).toMatchObject({ outcome: 'refused', fault: 'paused' });
    expect(await asked()).toEqual([]);
  });
});

function sum(tools: readonly Pick<ToolView, 'tokens'>[]): number {
  return tools.reduce((all, { tokens }) => all + tokens, 0);
}
