import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, SandboxClient } from '../sandbox-client.ts';

type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

let client: SandboxClient;
let lin: Call;
let chen: Call;
beforeAll(async () => {
  client = await SandboxClient.open();
  lin = client.callWith((await client.signIn()).access_token);
  chen = client.callWith((await client.signIn({ person: 'chen.zhiyuan' })).access_token);
});
afterAll(() => client.close());

const form = (fields: Record<string, string | Blob>) => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
};

describe('files in parts', () => {
  const size = 5 * 1024 * 1024;
  const begin = async () =>
    (
      await lin('POST', '/drive/v1/files/upload_prepare', {
        file_name: 'a.bin',
        parent_type: 'explorer',
        parent_node: '',
        size,
      })
    ).data;
  const part = (upload_id: string, seq: number, bytes: Buffer) =>
    lin(
      'POST',
      '/drive/v1/files/upload_part',
      form({ upload_id, seq: String(seq), size: String(bytes.length), file: new Blob([new Uint8Array(bytes)]) }),
    );

  test('are there when all parts are, and not before', async () => {
    const { upload_id, block_size, block_num } = await begin();
    expect(block_num).toBe(2);
    const bytes = Buffer.alloc(size, 'abc');
    await part(upload_id, 1, bytes.subarray(block_size));
    expect((await lin('POST', '/drive/v1/files/upload_finish', { upload_id, block_num })).code).toBe(1_062_008);
    await part(upload_id, 0, bytes.subarray(0, block_size));
    const { file_token } = (await lin('POST', '/drive/v1/files/upload_finish', { upload_id, block_num })).data;
    expect((await lin('GET', `/drive/v1/files/${file_token}/download`)).data).toBe(bytes.toString());
    expect((await lin('POST', '/drive/v1/files/upload_finish', { upload_id, block_num })).code).toBe(1_061_031);
  });

  test('with a size that is not theirs are refused', async () => {
    const { upload_id } = await begin();
    const wrong = form({ upload_id, seq: '0', size: '9', file: new Blob(['x']) });
    expect((await lin('POST', '/drive/v1/files/upload_part', wrong)).code).toBe(1_062_009);
  });
});

test('pictures of messages are seen by those who got the message', async () => {
  const image = form({ image_type: 'message', image: new Blob(['PNG']) });
  const { image_key } = (await lin('POST', '/im/v1/images', image)).data;
  const body = {
    receive_id: 'chen.zhiyuan@qinghe.example.com',
    msg_type: 'image',
    content: JSON.stringify({ image_key }),
  };
  const { message_id, chat_id } = (await lin('POST', '/im/v1/messages?receive_id_type=email', body)).data;
  expect((await chen('GET', `/im/v1/messages/${message_id}/resources/${image_key}?type=image`)).data).toBe('PNG');
  expect((await chen('GET', `/im/v1/messages/${message_id}/resources/img_other?type=image`)).code).toBe(234_003);
  const pairs = await chen('POST', '/im/v1/chat_p2p/batch_query', {
    chatter_ids: ['ou_01010101010101010101010101010101'],
  });
  expect(pairs.data.p2p_chats).toEqual([{ chatter_id: 'ou_01010101010101010101010101010101', chat_id }]);
});

test('a tree of blocks goes where it was meant to, with ids of its own', async () => {
  const { document } = (await lin('POST', '/docx/v1/documents', { title: '树' })).data;
  const path = `/docx/v1/documents/${document.document_id}/blocks/${document.document_id}/descendant`;
  const text = (content: string) => ({ elements: [{ text_run: { content } }] });
  const descendants = [
    { block_id: 'a', block_type: 12, bullet: text('甲'), children: ['b'] },
    { block_id: 'b', block_type: 12, bullet: text('乙') },
  ];
  expect((await lin('POST', path, { index: 0, children_id: ['a'], descendants })).code).toBe(0);
  const blocks = (await lin('GET', `/docx/v1/documents/${document.document_id}/blocks`)).data.items;
  expect(blocks).toMatchObject([
    { children: [blocks[1].block_id] },
    { parent_id: document.document_id, children: [blocks[2].block_id] },
    { parent_id: blocks[1].block_id },
  ]);
  expect((await lin('POST', path, { children_id: ['nowhere'], descendants })).code).toBe(1_770_001);
});

test('a room that is booked is not free, and another company’s calendar does not say why', async () => {
  const [start, end] = ['2027-04-01T10:00:00+08:00', '2027-04-01T11:00:00+08:00'];
  const find = async () =>
    (await chen('POST', '/calendar/v4/freebusy/room_find', { event_start_time: start, event_end_time: end })).data
      .available_rooms;
  const [room] = await find();
  const stamp = (text: string) => ({ timestamp: String(Date.parse(text) / 1000) });
  const { event } = (
    await lin('POST', '/calendar/v4/calendars/primary/events', {
      summary: 'x',
      start_time: stamp(start),
      end_time: stamp(end),
    })
  ).data;
  const attendees = [{ type: 'resource', room_id: room.room_id }];
  await lin('POST', `/calendar/v4/calendars/primary/events/${event.event_id}/attendees`, { attendees });
  expect(await find()).toHaveLength(2);
  const body = { time_min: start, time_max: end, room_id: room.room_id };
  expect((await chen('POST', '/calendar/v4/freebusy/list', body)).data.freebusy_list).toHaveLength(1);
  expect((await chen('POST', '/calendar/v4/freebusy/list', { ...body, room_id: 'omm_x' })).code).toBe(121_005);
});

test('a draft is sent once and arrives; nobody reads another’s mail', async () => {
  const raw = Buffer.from('To: chen.zhiyuan@qinghe.example.com\r\nSubject: =?UTF-8?B?5L2g5aW9?=\r\n\r\nSGk=').toString(
    'base64url',
  );
  const { draft_id } = (await lin('POST', '/mail/v1/user_mailboxes/me/drafts', { raw })).data;
  const send = `/mail/v1/user_mailboxes/me/drafts/${draft_id}/send`;
  expect((await chen('POST', send)).code).toBe(1_234_007);
  expect((await lin('POST', send)).code).toBe(0);
  expect((await lin('POST', send)).code).toBe(1_234_010);
  const { items } = (await chen('GET', '/mail/v1/user_mailboxes/me/messages')).data;
  const { message } = (await chen('GET', `/mail/v1/user_mailboxes/me/messages/${items[0]}`)).data;
  expect(message).toMatchObject({ subject: '你好', folder_id: 'INBOX' });
  expect((await lin('GET', '/mail/v1/user_mailboxes/chen.zhiyuan@qinghe.example.com/messages')).code).toBe(1_234_019);
});

test('records added with one key are added once, and found by groups of conditions', async () => {
  const { app } = (await lin('POST', '/bitable/v1/apps', { name: 'x' })).data;
  const path = `/bitable/v1/apps/${app.app_token}/tables/${app.default_table_id}/records`;
  const records = [{ fields: { 文本: '甲乙' } }, { fields: { 文本: '甲' } }];
  await lin('POST', `${path}/batch_create?client_token=k`, { records });
  await lin('POST', `${path}/batch_create?client_token=k`, { records });
  const has = (value: string) => ({ conditions: [{ field_name: '文本', operator: 'contains', value: [value] }] });
  const search = async (filter: object) => (await lin('POST', `${path}/search`, { filter })).data.total;
  expect(await search(has('甲'))).toBe(2);
  expect(await search({ conjunction: 'and', children: [has('甲'), has('乙')] })).toBe(1);
  expect(await search({ conjunction: 'or', children: [has('丙'), has('乙')] })).toBe(1);
});
