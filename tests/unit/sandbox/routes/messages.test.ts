import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let lin: ReturnType<SandboxClient['callWith']>;
let chen: typeof lin;
let zhou: typeof lin;
let app: typeof lin;
let chatId: string;

const text = (words: string) => JSON.stringify({ text: words });
const send = (receive_id: string, words: string, more: object = {}) =>
  lin('POST', '/im/v1/messages?receive_id_type=chat_id', {
    receive_id,
    msg_type: 'text',
    content: text(words),
    ...more,
  });
const list = (call: typeof lin, id: string, query = '') =>
  call('GET', `/im/v1/messages?container_id_type=chat&container_id=${id}${query}`);

beforeAll(async () => {
  client = await SandboxClient.open();
  lin = client.callWith((await client.signIn()).access_token);
  chen = client.callWith((await client.signIn({ person: 'chen.zhiyuan' })).access_token);
  zhou = client.callWith((await client.signIn({ person: 'zhou.zihan' })).access_token);
  app = client.callWith(await client.tenantToken());
  chatId = (await lin('GET', '/im/v1/chats')).data.items[0].chat_id;
});
afterAll(() => client.close());

describe('messages', () => {
  test('what one person sends, the others in the chat read', async () => {
    const { data } = await send(chatId, '评审改到三点');
    expect(data).toMatchObject({
      msg_type: 'text',
      deleted: false,
      chat_id: chatId,
      sender: { sender_type: 'user', id_type: 'open_id' },
    });
    const newest = await list(chen, chatId, '&sort_type=ByCreateTimeDesc&page_size=1');
    expect(newest.data.items[0]).toEqual(data);
    expect((await chen('GET', `/im/v1/messages/${data.message_id}`)).data.items).toEqual([data]);
    expect(
      (await chen('GET', `/im/v1/messages/mget?message_ids=${data.message_id}&message_ids=om_gone`)).data.items,
    ).toEqual([data]);
  });

  test('are read page by page without a gap', async () => {
    const all = (await list(lin, chatId)).data.items.map((one: { message_id: string }) => one.message_id);
    const paged: string[] = [];
    let token = '';
    do {
      const { data } = await list(lin, chatId, `&page_size=3&page_token=${token}`);
      paged.push(...data.items.map((one: { message_id: string }) => one.message_id));
      token = data.page_token;
    } while (token);
    expect(paged).toEqual(all);
  });

  test('can be limited to a time', async () => {
    const late = Math.floor(Date.now() / 1000) + 3600;
    expect((await list(lin, chatId, `&start_time=${late}`)).data.items).toEqual([]);
  });

  test('with the same uuid are sent once', async () => {
    const first = await send(chatId, '一次', { uuid: 'u-1' });
    expect((await send(chatId, '一次', { uuid: 'u-1' })).data.message_id).toBe(first.data.message_id);
    const other = await chen('POST', '/im/v1/messages?receive_id_type=chat_id', {
      receive_id: chatId,
      msg_type: 'text',
      content: text('一次'),
      uuid: 'u-1',
    });
    expect(other.data.message_id).not.toBe(first.data.message_id);
  });

  test('replies know what they answer, and threads can be read on their own', async () => {
    const { data: question } = await send(chatId, '谁去？');
    const reply = { msg_type: 'text', content: text('我去'), reply_in_thread: true };
    const { data: answer } = await chen('POST', `/im/v1/messages/${question.message_id}/reply`, reply);
    expect(answer).toMatchObject({ parent_id: question.message_id, root_id: question.message_id, chat_id: chatId });
    const thread = await lin('GET', `/im/v1/messages?container_id_type=thread&container_id=${answer.thread_id}`);
    expect(thread.data.items).toEqual([answer]);
  });

  test('to a person go to the chat of the two, whatever id names them', async () => {
    const [, person] = await client.control('GET', '/__people');
    const ids = { open_id: person.openId, union_id: person.unionId, user_id: person.userId, email: person.email };
    const chats = new Set<string>();
    for (const [type, id] of Object.entries(ids)) {
      const sent = await lin('POST', `/im/v1/messages?receive_id_type=${type}`, {
        receive_id: id,
        msg_type: 'text',
        content: text('嗨'),
      });
      chats.add(sent.data.chat_id);
    }
    expect(chats.size).toBe(1);
    const [direct] = chats;
    expect((await list(chen, direct ?? '')).data.items).toHaveLength(4);
    expect((await chen('GET', '/im/v1/chats?types=p2p')).data.items).toHaveLength(1);
  });

  test('can be edited, forwarded and recalled by their sender only', async () => {
    const { message_id } = (await send(chatId, '草稿')).data;
    const edited = await lin('PUT', `/im/v1/messages/${message_id}`, { msg_type: 'text', content: text('定稿') });
    expect(edited.data).toMatchObject({ message_id, body: { content: text('定稿') } });
    expect((await chen('PUT', `/im/v1/messages/${message_id}`, { content: text('我改的') })).code).toBe(230071);
    expect((await chen('DELETE', `/im/v1/messages/${message_id}`)).code).toBe(230071);
    const forwarded = await chen('POST', `/im/v1/messages/${message_id}/forward?receive_id_type=chat_id`, {
      receive_id: chatId,
    });
    expect(forwarded.data.body.content).toBe(text('定稿'));
    expect((await lin('DELETE', `/im/v1/messages/${message_id}`)).code).toBe(0);
    expect((await lin('GET', `/im/v1/messages/${message_id}`)).code).toBe(230011);
    const shown = (await list(lin, chatId, '&page_size=50')).data.items.find(
      (one: { message_id: string }) => one.message_id === message_id,
    );
    expect(shown.deleted).toBe(true);
    expect(shown.body.content).not.toContain('定稿');
  });

  test('are found by their text in the chats that the person is in', async () => {
    const { message_id } = (await send(chatId, '暗号：芝麻开门')).data;
    const found = await lin('POST', '/im/v1/messages/search', { query: '芝麻开门' });
    expect(found.data).toMatchObject({ total: 1, items: [{ id: message_id, meta_data: { chat_id: chatId } }] });
    expect((await lin('POST', '/search/v2/message', { query: '芝麻开门' })).data.items).toEqual([message_id]);
    expect((await zhou('POST', '/im/v1/messages/search', { query: '芝麻开门' })).data.items).toEqual([]);
    const elsewhere = { query: '芝麻开门', filter: { chat_ids: ['oc_other'] } };
    expect((await lin('POST', '/im/v1/messages/search', elsewhere)).data.total).toBe(0);
  });

  test.each([
    [230001, 'to a chat that is not there', { receive_id: 'oc_unknown' }],
    [230001, 'whose content is not JSON', { content: '你好' }],
    [230001, 'of an unknown kind', { msg_type: 'telegram' }],
  ])('%i: a message %s', async (code, _, changes) => {
    expect((await send(chatId, 'x', changes)).code).toBe(code);
  });

  test('230002: nobody writes to or reads a chat they are not in', async () => {
    expect(
      (
        await zhou('POST', '/im/v1/messages?receive_id_type=chat_id', {
          receive_id: chatId,
          msg_type: 'text',
          content: text('x'),
        })
      ).code,
    ).toBe(230002);
    expect((await list(zhou, chatId)).code).toBe(230002);
  });

  test('the app sends to many at once and says whom it did not reach', async () => {
    const body = {
      msg_type: 'text',
      content: { text: '放假通知' },
      user_ids: ['g1a2b3c1', 'nobody'],
      department_ids: ['D003', 'D999'],
    };
    const { data } = await app('POST', '/message/v4/batch_send', body);
    expect(data).toMatchObject({
      message_id: expect.stringMatching(/^bm-/),
      invalid_user_ids: ['nobody'],
      invalid_department_ids: ['D999'],
    });
    const [direct] = (await lin('GET', '/im/v1/chats?types=p2p&sort_type=ByActiveTimeDesc')).data.items;
    expect((await list(lin, direct.chat_id)).data.items).toMatchObject([
      { sender: { sender_type: 'app', id: client.sandbox.appId }, body: { content: text('放假通知') } },
    ]);
  });
});

describe('chats', () => {
  test('are made with members, found by name, and changed', async () => {
    const [, person] = await client.control('GET', '/__people');
    const made = await lin('POST', '/im/v1/chats', { name: '读书会', user_id_list: [person.openId] });
    expect(made.data).toMatchObject({
      chat_id: expect.stringMatching(/^oc_/),
      name: '读书会',
      user_count: '2',
      owner_id_type: 'open_id',
    });
    const { chat_id } = made.data;
    expect((await chen('GET', '/im/v1/chats/search?query=读书')).data.items).toMatchObject([{ chat_id }]);
    expect((await chen('POST', '/im/v2/chats/search', { query: '读书' })).data).toMatchObject({
      total: 1,
      items: [{ id: chat_id }],
    });
    expect((await lin('PUT', `/im/v1/chats/${chat_id}`, { description: '每周四' })).code).toBe(0);
    expect((await chen('GET', `/im/v1/chats/${chat_id}`)).data).toMatchObject({
      name: '读书会',
      description: '每周四',
    });
  });

  test('are made once per uuid', async () => {
    const make = () => lin('POST', '/im/v1/chats?uuid=once-1', { name: '只建一次' });
    expect((await make()).data.chat_id).toBe((await make()).data.chat_id);
  });

  test('members come and go', async () => {
    const [, , person] = await client.control('GET', '/__people');
    const { chat_id } = (await lin('POST', '/im/v1/chats', { name: '临时' })).data;
    const members = async (type = 'open_id') =>
      (await lin('GET', `/im/v1/chats/${chat_id}/members?member_id_type=${type}`)).data;
    expect(
      (await lin('POST', `/im/v1/chats/${chat_id}/members`, { id_list: [person.openId, 'ou_nobody'] })).data
        .invalid_id_list,
    ).toEqual(['ou_nobody']);
    expect(await members('union_id')).toMatchObject({
      member_total: 2,
      items: [{}, { member_id: person.unionId, name: '王思琪' }],
    });
    await lin('DELETE', `/im/v1/chats/${chat_id}/members`, { id_list: [person.openId] });
    expect((await members()).member_total).toBe(1);
  });

  test.each([
    [232006, 'oc_unknown'],
    [232011, 'one of another company'],
  ])('%i: %s cannot be seen', async (code, id) => {
    expect((await zhou('GET', `/im/v1/chats/${id.startsWith('oc_') ? id : chatId}`)).code).toBe(code);
  });

  test('99992351: a person whom nobody knows cannot be invited', async () => {
    expect((await lin('POST', '/im/v1/chats', { user_id_list: ['ou_nobody'] })).code).toBe(99992351);
  });
});
