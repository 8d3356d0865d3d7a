import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RawSession, openRawSession, postHeaders } from '../helpers/raw-session.ts';
import { send } from '../helpers/raw-client.ts';
import { logOf, spoil } from '../helpers/sandbox-control.ts';
import { type GatewayOptions, type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
const start = async (options: GatewayOptions = {}) => (gateway = await startGateway(options));

afterEach(() => gateway.close());

interface ToolAnswer {
  isError?: boolean;
  content: { text: string }[];
}

async function call(session: RawSession, name: string, args: Record<string, unknown> = {}) {
  const result = (await session.ask('tools/call', { name, arguments: args })) as ToolAnswer;
  const value = JSON.parse(result.content[0]?.text ?? 'null') as Record<string, unknown>;
  return { isError: result.isError ?? false, value, error: (value?.['error'] ?? {}) as Record<string, unknown> };
}

const chats = (session: RawSession) => call(session, 'im_v1_chat_list', { params: { page_size: 1 } });

describe('a person who is not signed in', () => {
  beforeEach(() => start({ signedIn: false }));

  test('gets a link from the tool, and Feishu is not called in anybody’s name', async () => {
    const { isError, error } = await chats(await openRawSession(gateway));
    expect(isError).toBe(true);
    expect(error).toMatchObject({
      code: 'sign_in_required',
      signInUrl: expect.stringContaining('/oauth/start?session='),
    });
    expect(await logOf(gateway.sandbox, '/open-apis/*')).toEqual([]);
  });

  test('signs in by that link, and the same session works without reconnecting', async () => {
    const session = await openRawSession(gateway);
    const { error } = await chats(session);
    const page = await gateway.signIn(undefined, String(error['signInUrl']));
    expect(await page.text()).toContain('授权成功');
    expect((await chats(session)).isError).toBe(false);
    const calls = await logOf(gateway.sandbox, '/open-apis/im/v1/chats');
    expect(calls.map(({ authorization }) => authorization.kind)).toEqual(['user']);
  });

  test('may bring a token of their own, which is used for that client alone and kept nowhere', async () => {
    const foreign = await startGateway({ sandbox: gateway.sandbox });
    await chats(await openRawSession(foreign));
    await foreign.close();
    const headers = {
      ...postHeaders(gateway),
      authorization: 'Bearer u-not-a-real-token-000000',
      'x-larkgate-key': gateway.key,
    };
    const session = await openRawSession(gateway);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: 'im_v1_chat_list', arguments: {} },
    });
    const answer = await send(gateway.mcp, {
      method: 'POST',
      headers: { ...headers, 'mcp-session-id': session.id },
      body,
    });
    expect(answer.body).toContain('user_access_token');
    const { error } = await chats(session);
    expect(error).toMatchObject({ code: 'sign_in_required' });
  });
});

describe('a person who is signed in', () => {
  test('writes with one tool what another one reads', async () => {
    await start();
    const session = await openRawSession(gateway);
    const found = await chats(session);
    const [chat] = found.value['items'] as { chat_id: string }[];
    const text = `下午三点评审 ${chat?.chat_id}`;
    const sent = await call(session, 'im_v1_message_create', {
      params: { receive_id_type: 'chat_id' },
      data: { receive_id: chat?.chat_id, msg_type: 'text', content: JSON.stringify({ text }) },
    });
    expect(sent).toMatchObject({ isError: false });
    const read = await call(session, 'im_v1_message_list', {
      params: { container_id_type: 'chat', container_id: chat?.chat_id, sort_type: 'ByCreateTimeDesc' },
    });
    expect(JSON.stringify(read.value)).toContain('下午三点评审');
  });

  test('works as the person of their own session, also when two use one gateway', async () => {
    await start({ signedIn: false });
    const [first, second] = [await openRawSession(gateway), await openRawSession(gateway)];
    for (const [session, person] of [
      [first, 'lin.xiaoyu'],
      [second, 'chen.zhiyuan'],
    ] as const) {
      const { error } = await chats(session);
      // The second person meets the first one’s account, which is everybody’s default, so both go by the link.
      const link =
        typeof error['signInUrl'] === 'string'
          ? error['signInUrl']
          : new URL(`/oauth/start?sessionId=${session.id}`, gateway.mcp).href;
      expect((await gateway.signIn(person, link)).status).toBe(200);
    }
    await fetch(`${gateway.sandbox.url}/__log`, { method: 'DELETE' });
    await chats(first);
    await chats(second);
    const calls = await logOf(gateway.sandbox, '/open-apis/im/v1/chats');
    expect(calls.map(({ authorization }) => authorization.person)).toEqual(['lin.xiaoyu', 'chen.zhiyuan']);
  });

  test('is told which permission is missing, grants it by the link, and repeats the same call', async () => {
    await start({ config: { lark: { scopes: ['offline_access'] } } });
    const session = await openRawSession(gateway);
    const { error } = await chats(session);
    expect(error).toMatchObject({ code: 'scope_required', anyOf: expect.arrayContaining(['im:chat:read']) });
    await gateway.signIn(undefined, String(error['grantUrl']));
    expect((await chats(session)).isError).toBe(false);
  });

  test('calls on when Feishu ends a token early: one renewal, one repeat', async () => {
    await start();
    const session = await openRawSession(gateway);
    await spoil(gateway.sandbox, { path: '/open-apis/im/v1/chats', kind: 'code', code: 99_991_677 });
    expect((await chats(session)).isError).toBe(false);
    expect(await logOf(gateway.sandbox, '/open-apis/im/v1/chats')).toHaveLength(2);
    expect(await logOf(gateway.sandbox, '/oauth/v3/token')).toHaveLength(2);
  });

  test('is never told that a refused call worked, though Feishu answers HTTP 200', async () => {
    await start();
    const session = await openRawSession(gateway);
    await spoil(gateway.sandbox, { path: '/open-apis/im/v1/chats', kind: 'code', code: 230_002, status: 200 });
    const { isError, error } = await chats(session);
    expect(isError).toBe(true);
    expect(error).toMatchObject({ code: 'upstream_refused', logId: expect.any(String) });
  });

  test('learns that the outcome of a lost write is unknown, and the write is not sent twice', async () => {
    await start();
    const session = await openRawSession(gateway);
    const path = '/open-apis/bitable/v1/apps';
    await spoil(gateway.sandbox, { method: 'POST', path, kind: 'reset', when: 'after' });
    const { error } = await call(session, 'bitable_v1_app_create', { data: { name: '登记' } });
    expect(error).toMatchObject({ code: 'outcome_unknown' });
    expect((await logOf(gateway.sandbox, path)).filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('who signs out is gone: from the next call and from the disk', async () => {
    await start();
    const session = await openRawSession(gateway);
    const [account] = gateway.app.accounts();
    await gateway.app.signOut(account?.id ?? '');
    expect((await chats(session)).error).toMatchObject({ code: 'sign_in_required' });
    expect(gateway.app.accounts()).toEqual([]);
  });
});

describe('arguments', () => {
  beforeEach(() => start());

  test.each([
    [
      'an unknown tool',
      'im_v1_chat_lst',
      {},
      { code: 'unknown_tool', didYouMean: expect.arrayContaining(['im_v1_chat_list']) },
    ],
    [
      'a missing field',
      'im_v1_message_create',
      { params: { receive_id_type: 'chat_id' } },
      { code: 'invalid_arguments' },
    ],
    ['a wrong type', 'im_v1_chat_list', { params: { page_size: 'many' } }, { code: 'invalid_arguments' }],
  ])('%s is said with its name, and Feishu is not called', async (_what, tool, args, expected) => {
    const { isError, error } = await call(await openRawSession(gateway), tool, args);
    expect(isError).toBe(true);
    expect(error).toMatchObject(expected);
    expect(await logOf(gateway.sandbox, '/open-apis/im/*')).toEqual([]);
  });

  test('an id that tries to leave its path stays in it', async () => {
    const session = await openRawSession(gateway);
    await call(session, 'docx_v1_document_rawContent', { path: { document_id: '../../../contact/v3/users/ou_x?a=' } });
    const asked = await logOf(gateway.sandbox, '/open-apis/*');
    expect(asked.filter(({ path }) => path.includes('/contact/'))).toEqual([]);
  });
});
