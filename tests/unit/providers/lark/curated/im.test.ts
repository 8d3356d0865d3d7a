import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { useCurated } from './curated-bench.ts';

const bench = useCurated();
const { call, refused } = bench;
afterEach(() => bench.calm());

const groupNamed = async (name: string): Promise<string> =>
  (await call('lark_im_chat_search', { query: name })).chats[0].chat_id;
const newest = async (chat_id: string) =>
  (await call('lark_im_chat_messages_list', { chat_id, page_size: 1 })).messages[0];

describe('sending a message', () => {
  test('by the name of a group is read by another member, once and as sent', async () => {
    const sent = await call('lark_im_messages_send', { chat_id: '产品群', text: '下午三点评审 <b>&"' });
    const seen = await call('lark_im_chat_messages_list', { chat_id: '产品群' }, 'chen.zhiyuan');
    expect(seen.messages[0]).toMatchObject({
      message_id: sent.message_id,
      sender: '林晓雨',
      text: '下午三点评审 <b>&"',
      time: sent.time,
    });
    expect(sent.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
  });

  test.each([
    ['a name', '陈志远'],
    ['a mail address', 'chen.zhiyuan@qinghe.example.com'],
    ['an open_id', 'ou_02020202020202020202020202020202'],
  ])('to a person by %s reaches their direct chat', async (how, user_id) => {
    await call('lark_im_messages_send', { user_id, text: `你好，${how}` });
    const { messages } = await call('lark_im_chat_messages_list', { user_id: '林晓雨' }, 'chen.zhiyuan');
    expect(messages[0].text).toBe(`你好，${how}`);
  });

  test('in Markdown is Markdown again when read', async () => {
    const markdown = '# 周报\n- **完成** [链接](https://example.com)';
    await call('lark_im_messages_send', { chat_id: '产品群', markdown });
    expect((await newest('产品群')).text).toBe(markdown);
  });

  test('with an idempotency key is sent once', async () => {
    const message = { chat_id: '产品群', text: 'once', idempotency_key: 'key-1' };
    const first = await call('lark_im_messages_send', message);
    expect((await call('lark_im_messages_send', message)).message_id).toBe(first.message_id);
  });

  test('whose answer is lost is sent once all the same', async () => {
    await bench.spoil({ method: 'POST', path: '/open-apis/im/v1/messages', kind: 'reset', when: 'after' });
    await call('lark_im_messages_send', { chat_id: '产品群', text: 'lost answer' });
    const { messages } = await call('lark_im_chat_messages_list', { chat_id: '产品群' });
    expect(messages.filter(({ text }: { text: string }) => text === 'lost answer')).toHaveLength(1);
  });

  test('with a local picture and file uploads them first; names with spaces and quotes arrive', async () => {
    writeFileSync(join(bench.folder, 'a.png'), 'PNG');
    writeFileSync(join(bench.folder, '周报 "final".pdf'), 'PDF');
    await call('lark_im_messages_send', { chat_id: '产品群', image: 'a.png' });
    expect((await newest('产品群')).text).toMatch(/^\[image img_/);
    await call('lark_im_messages_send', { chat_id: '产品群', file: join(bench.folder, '周报 "final".pdf') });
    const { message_id, text } = await newest('产品群');
    const key = /file_[\w]+/.exec(text)?.[0] ?? '';
    const lin = await bench.openApi();
    const file = await lin('GET', `/im/v1/messages/${message_id}/resources/${key}?type=file`);
    expect(file.data).toBe('PDF');
    expect(file.headers.get('content-disposition')).toContain(encodeURIComponent('周报 "final".pdf'));
  });

  test('rehearsed shows the request with the names resolved, and sends nothing', async () => {
    const chat_id = await groupNamed('产品群');
    await bench.forget();
    writeFileSync(join(bench.folder, 'b.png'), 'PNG');
    for (const body of [{ text: 'rehearsal' }, { image: 'b.png' }]) {
      const { dry_run, would_send } = await call('lark_im_messages_send', {
        chat_id: '产品群',
        ...body,
        dry_run: true,
      });
      expect(dry_run).toBe(true);
      expect(would_send).toMatchObject({
        method: 'POST',
        path: '/open-apis/im/v1/messages',
        query: { receive_id_type: 'chat_id' },
        body: { receive_id: chat_id },
      });
    }
    expect((await bench.asked()).filter((line) => !line.includes('search'))).toEqual([]);
  });

  test.each([
    ['nobody', { text: 'x' }, 'chat_id'],
    ['a person and a group', { text: 'x', chat_id: 'oc_1', user_id: 'me' }, 'chat_id'],
    ['nothing to say', { chat_id: '产品群' }, 'text'],
    ['two things to say', { chat_id: '产品群', text: 'x', markdown: 'y' }, 'text'],
    ['a content that is no JSON', { chat_id: '产品群', msg_type: 'post', content: 'x' }, 'content'],
    ['a video without cover', { chat_id: '产品群', video: 'file_x' }, 'video_cover'],
  ])('to or with %s is refused, naming the field', async (_, input, field) => {
    expect(await refused('lark_im_messages_send', input)).toMatchObject({
      code: 'invalid_arguments',
      details: { field },
    });
  });

  test('to a name that several or no groups have sends nothing and says which there are', async () => {
    await bench.forget();
    const several = await refused('lark_im_messages_send', { chat_id: '林晓雨', text: 'x' });
    expect(several.details?.candidates).toHaveLength(3);
    const none = await refused('lark_im_messages_send', { chat_id: '没有这个群', text: 'x' });
    expect(none).toMatchObject({ code: 'invalid_arguments', details: { field: 'chat_id' } });
    expect((await bench.asked()).filter((line) => line === 'POST /im/v1/messages')).toEqual([]);
  });

  test('to somebody whose part of a name several people have asks which', async () => {
    const fault = await refused('lark_im_messages_send', { user_id: 'qinghe.example.com', text: 'x' });
    expect(fault.details).toMatchObject({
      field: 'user_id',
      candidates: expect.arrayContaining([expect.objectContaining({ name: 'Chen Zhiyuan' })]),
    });
  });
});

describe('chats', () => {
  test('are listed by activity and in pages, direct chats when asked for', async () => {
    const first = await call('lark_im_chat_list', { page_size: 2 });
    const rest = await call('lark_im_chat_list', { page_size: 2, page_token: first.next_page_token });
    const names = [...first.chats, ...rest.chats].map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(['产品群', '市场活动小组', '研发周报']);
    expect(rest.next_page_token).toBeUndefined();
    await call('lark_im_messages_send', { user_id: '王思琪', text: 'hi' });
    const { chats } = await call('lark_im_chat_list', { types: ['p2p'] });
    expect(chats).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'p2p' })]));
  });

  test('are found by name and by members', async () => {
    expect((await call('lark_im_chat_search', { query: '市场' })).chats).toMatchObject([{ name: '市场活动小组' }]);
    const { chats } = await call('lark_im_chat_search', { member_ids: ['陈志远', '王思琪'] });
    expect(chats.map(({ name }: { name: string }) => name)).toEqual(['产品群', '研发周报']);
    expect(await refused('lark_im_chat_search', {})).toMatchObject({ code: 'invalid_arguments' });
  });

  test('with a person are found where only documented endpoints are', async () => {
    await call('lark_im_messages_send', { user_id: '王思琪', text: 'documented' });
    await bench.without('/open-apis/im/v1/chat_p2p/batch_query');
    const { messages } = await call('lark_im_chat_messages_list', { user_id: '王思琪' });
    expect(messages[0]).toMatchObject({ text: 'documented', sender: '林晓雨' });
  });

  test('with a person one never talked to are said not to be there', async () => {
    expect(await refused('lark_im_chat_messages_list', { user_id: '张伟明' }, 'wang.siqi')).toMatchObject({
      code: 'invalid_arguments',
      details: { field: 'user_id' },
    });
  });

  test('are read in order, within a time, page by page', async () => {
    const all = await call('lark_im_chat_messages_list', { chat_id: '研发周报', sort: 'asc' });
    expect(all.messages.map(({ sender }: { sender: string }) => sender)).toEqual(['陈志远', '王思琪']);
    const first = await call('lark_im_chat_messages_list', { chat_id: '研发周报', sort: 'asc', page_size: 1 });
    const page_token = first.next_page_token;
    const second = await call('lark_im_chat_messages_list', {
      chat_id: '研发周报',
      sort: 'asc',
      page_size: 1,
      page_token,
    });
    expect([...first.messages, ...second.messages]).toEqual(all.messages);
    const later = await call('lark_im_chat_messages_list', { chat_id: '研发周报', start: all.messages[1].time });
    expect(later.messages).toHaveLength(1);
  });

  test('have long messages cut, with a way to get the rest', async () => {
    const text = '长'.repeat(5000);
    await call('lark_im_messages_send', { chat_id: '产品群', text });
    expect((await newest('产品群')).text).toMatch(/^长{2000}…\(\+3000\)$/);
    const whole = await call('lark_im_chat_messages_list', { chat_id: '产品群', page_size: 1, full_text: true });
    expect(whole.messages[0].text).toBe(text);
  });

  test('show senders by id where their names may not be seen', async () => {
    const scope = 'offline_access im:message im:chat search:message contact:user:search';
    const { access_token } = await bench.client.signIn({ person: 'zhang.weiming', scope });
    const credential = { accountId: 'a', accessToken: access_token, brand: 'feishu' as const, appId: null };
    const { messages } = await bench.callWith(
      'lark_im_chat_messages_list',
      { chat_id: '市场活动小组' },
      { credential },
    );
    expect(messages[0]).not.toHaveProperty('sender');
    expect(messages[0].sender_id).toMatch(/^ou_/);
  });
});

describe('searching messages', () => {
  test('gives whole messages with sender and group', async () => {
    const { messages, total } = await call('lark_im_messages_search', { query: '灰度' });
    expect(total).toBe(1);
    expect(messages).toMatchObject([{ sender: '林晓雨', chat: '产品群', text: expect.stringContaining('月底灰度') }]);
  });

  test('by sender, group and kind of sender finds those alone', async () => {
    const { messages } = await call('lark_im_messages_search', { sender: ['陈志远'], chat_id: '产品群' });
    expect(new Set(messages.map(({ sender }: { sender: string }) => sender))).toEqual(new Set(['陈志远']));
    const bots = await call('lark_im_messages_search', { sender_type: 'bot' });
    expect(bots.messages).toMatchObject([{ sender: 'bot' }]);
  });

  test('follows pages as far as asked, and tells where it stopped', async () => {
    const input = { chat_id: '产品群', page_size: 2 };
    const two = await call('lark_im_messages_search', { ...input, page_all: true, page_limit: 2 });
    expect(two.messages).toHaveLength(4);
    const next = await call('lark_im_messages_search', { ...input, page_token: two.next_page_token });
    expect(two.messages).not.toEqual(expect.arrayContaining(next.messages));
  });

  test('finds the same where only documented endpoints are', async () => {
    const usual = await call('lark_im_messages_search', { query: '设计稿' });
    await bench.without('/open-apis/im/v1/messages/mget');
    await bench.without('/open-apis/im/v1/chats/batch_query');
    expect(await call('lark_im_messages_search', { query: '设计稿' })).toEqual(usual);
  });

  test('for nothing at all is refused', async () => {
    expect(await refused('lark_im_messages_search', {})).toMatchObject({ code: 'invalid_arguments' });
  });
});
