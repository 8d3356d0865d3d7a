import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RawSession, openRawSession } from '../helpers/raw-session.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
let session: RawSession;
beforeEach(async () => {
  gateway = await startGateway({ config: { tools: { enabled: ['larkgate.curated'] } } });
  session = await openRawSession(gateway);
});
afterEach(() => gateway.close());

interface Answer {
  isError?: boolean;
  content: { text: string }[];
  structuredContent?: Record<string, unknown>;
}

async function call(name: string, args: Record<string, unknown> = {}, through = session): Promise<Answer> {
  return (await through.ask('tools/call', { name, arguments: args })) as Answer;
}

test('a client that asks for the curated preset gets twenty-eight tools with schemas for what goes in and comes out', async () => {
  const { tools } = (await session.ask('tools/list')) as { tools: { name: string; outputSchema?: { type: string } }[] };
  expect(tools).toHaveLength(28);
  expect(tools.every(({ name }) => name.startsWith('lark_'))).toBe(true);
  expect(tools.every(({ outputSchema }) => outputSchema?.type === 'object')).toBe(true);
});

test('a day’s work by names alone: find a group, free time and a room, meet, write it down, tell the group', async () => {
  const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  const [start, end] = [`${day}T15:00:00+08:00`, `${day}T16:00:00+08:00`];
  const { structuredContent: free } = await call('lark_calendar_freebusy', { start, end, user_id: '陈志远' });
  expect(free).toMatchObject({ busy: [] });
  const found = await call('lark_calendar_room_find', { slot: [`${start}~${end}`], min_capacity: 8 });
  const { slots } = { ...found.structuredContent } as { slots: { rooms: { room_id: string }[] }[] };
  const attendee_ids = ['陈志远', slots[0]?.rooms[0]?.room_id];
  const event = await call('lark_calendar_create', { summary: '评审', start, end, attendee_ids });
  expect(event).not.toHaveProperty('isError');
  const doc = await call('lark_docs_create', { title: '评审纪要', content: '## 结论\n下周发布' });
  const url = String(doc.structuredContent?.['url']);
  await call('lark_task_create', { summary: '跟进评审', assignee: '陈志远', due: day });
  await call('lark_im_messages_send', { chat_id: '产品群', markdown: `纪要：[评审纪要](${url})` });

  const { sandbox } = gateway;
  const theirs = await startGateway({ sandbox, signedIn: false, config: { tools: { enabled: ['larkgate.curated'] } } });
  await theirs.signIn('chen.zhiyuan');
  const colleague = await openRawSession(theirs);
  const agenda = await call('lark_calendar_agenda', { start, end }, colleague);
  expect(agenda.structuredContent?.['events']).toEqual(
    expect.arrayContaining([expect.objectContaining({ summary: '评审', organizer: '林晓雨' })]),
  );
  const { structuredContent: tasks } = await call('lark_task_get_my_tasks', { query: '跟进' }, colleague);
  expect(tasks).toMatchObject({ tasks: [{ summary: '跟进评审', due: day, assignees: ['陈志远'] }] });
  const { structuredContent: chat } = await call(
    'lark_im_chat_messages_list',
    { chat_id: '产品群', page_size: 1 },
    colleague,
  );
  expect(chat).toMatchObject({ messages: [{ sender: '林晓雨', text: `纪要：[评审纪要](${url})` }] });
  const { structuredContent: text } = await call('lark_docs_fetch', { doc: url, heading: '结论' }, colleague);
  expect(text).toMatchObject({ content: expect.stringContaining('下周发布') });
  await theirs.close();
});

test('a rehearsal through the gateway writes nothing', async () => {
  const { structuredContent } = await call('lark_im_messages_send', { chat_id: '产品群', text: 'x', dry_run: true });
  expect(structuredContent).toMatchObject({ dry_run: true, would_send: { path: '/open-apis/im/v1/messages' } });
  expect(await logOf(gateway.sandbox, '/open-apis/im/v1/messages')).toEqual([]);
});

test('an argument that is wrong comes back as a result that names it, and a mistyped field as one that lists the right ones', async () => {
  const wrong = await call('lark_task_create', { summary: 'x', due: 'soon' });
  expect(wrong.isError).toBe(true);
  expect(wrong.content[0]?.text).toContain('due is not an ISO 8601 time');
  const stray = await call('lark_task_create', { summary: 'x', dueDate: '2027-01-01' });
  expect(stray.content[0]?.text).toContain('no such field; there is summary');
});

test('a person who is not signed in gets a link, and Feishu is not asked anything', async () => {
  const other = await startGateway({ signedIn: false, config: { tools: { enabled: ['larkgate.curated'] } } });
  const refused = await call('lark_im_chat_list', {}, await openRawSession(other));
  expect(refused.content[0]?.text).toContain('/oauth/start?session=');
  expect(await logOf(other.sandbox, '/open-apis/im/*')).toEqual([]);
  await other.close();
});
