import { z } from 'zod';
import { toChatId } from './chats.ts';
import { curated } from './curated-tool.ts';
import { at, type Desk, orDocumented } from './desk.ts';
import { inParts, nextPage, paged, pageSize, pageToken, text, told } from './fields.ts';
import { fullText, messageOut, rawMessage, showMessages } from './im-messages.ts';
import { nothingAsked } from './im-tools.ts';
import { toOpenIds } from './people.ts';
import { isoOf, moment, toMs } from './times.ts';

const input = z.object({
  query: z.string().max(64).default(''),
  chat_id: z.string().optional().meta({ zh: '只在这个群：chat_id 或群名', en: 'Only in this group: chat_id or name' }),
  sender: z
    .array(z.string())
    .max(20)
    .optional()
    .meta({ zh: '发送人：姓名、邮箱或 open_id', en: 'From: names, emails or open_ids' }),
  include_attachment_type: z.enum(['file', 'image', 'video', 'link']).optional(),
  chat_type: z.enum(['group', 'p2p']).optional(),
  sender_type: z.enum(['user', 'bot']).optional(),
  exclude_sender_type: z.enum(['user', 'bot']).optional(),
  is_at_me: z.boolean().optional(),
  start: moment.optional().meta({ zh: 'ISO 8601', en: 'ISO 8601' }),
  end: moment.optional(),
  full_text: fullText,
  page_size: pageSize(50, 20),
  page_token: pageToken,
  page_all: z.boolean().optional().meta({ zh: '连续翻页', en: 'Follow the pages' }),
  page_limit: z.int().min(1).max(40).default(5),
});
type Input = z.output<typeof input>;

const searchAnswer = paged.extend({
  items: z.array(z.object({ id: text, meta_data: z.object({ message_id: text }).catch({ message_id: '' }) })).catch([]),
  total: z.int().optional().catch(undefined),
});

export const messagesSearch = curated({
  risk: 'read',
  title: { zh: '搜索消息', en: 'Search messages' },
  description: {
    zh: '按关键词、发送人、群、时间等搜索我能看到的消息。',
    en: 'Finds messages that I can see by words, sender, group, time and more.',
  },
  input,
  output: z.object({ messages: z.array(messageOut), total: z.int().optional(), next_page_token: nextPage }),
  run: async (desk, given) => {
    const filter = await filterOf(desk, given);
    if (given.query === '' && Object.keys(filter).length === 0) throw nothingAsked('query', 'query/sender/chat_id/...');
    const { ids, total, next } = await searchAll(desk, given, filter);
    const messages = await messagesById(desk, ids);
    return {
      messages: await showMessages(desk, messages, { full: given.full_text, withChat: true }),
      ...told({ total, next_page_token: next }),
    };
  },
});

async function filterOf(desk: Desk, given: Input): Promise<Record<string, unknown>> {
  const { chat_id, sender, start, end, sender_type, exclude_sender_type, include_attachment_type } = given;
  const time_range = {
    ...(start !== undefined && { start_time: isoOf(toMs(start, 'start')) }),
    ...(end !== undefined && { end_time: isoOf(toMs(end, 'end', 'end')) }),
  };
  return told({
    chat_ids: chat_id === undefined ? undefined : [await toChatId(desk, chat_id, 'chat_id')],
    from_ids: sender && (await toOpenIds(desk, sender, 'sender')),
    time_range: Object.keys(time_range).length > 0 ? time_range : undefined,
    include_attachment_types: include_attachment_type && [include_attachment_type],
    from_types: sender_type && [sender_type],
    exclude_from_types: exclude_sender_type && [exclude_sender_type],
    chat_type: given.chat_type,
    is_at_me: given.is_at_me,
  });
}

async function searchAll(desk: Desk, { query, page_size, ...given }: Input, filter: Record<string, unknown>) {
  const ids: string[] = [];
  const body = { query, ...(Object.keys(filter).length > 0 && { filter }) };
  const most = given.page_all ? given.page_limit : 1;
  let page_token = given.page_token ?? '';
  for (let pages = 1; ; pages += 1) {
    const page = await desk.read({
      method: 'POST',
      path: '/im/v1/messages/search',
      query: { page_size, ...(page_token && { page_token }) },
      body,
      answer: searchAnswer,
    });
    ids.push(...page.items.map(({ id, meta_data }) => meta_data.message_id || id));
    const next = page.has_more && page.page_token !== page_token ? page.page_token : '';
    if (next === '' || pages >= most) return { ids, total: page.total, next };
    page_token = next;
  }
}

const manyAnswer = z.object({ items: z.array(rawMessage).catch([]) });

/** Whole messages, in the order of their ids. */
async function messagesById(desk: Desk, ids: readonly string[]): Promise<z.output<typeof rawMessage>[]> {
  const parts = await Promise.all(
    inParts([...new Set(ids)], 50).map((part) =>
      orDocumented(
        async () => {
          const query = { message_ids: part.join(',') };
          return (await desk.read({ path: '/im/v1/messages/mget', query, answer: manyAnswer })).items;
        },
        async () => (await Promise.all(part.map((id) => oneMessage(desk, id)))).flat(),
      ),
    ),
  );
  const byId = new Map(parts.flat().map((message) => [message.message_id, message]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function oneMessage(desk: Desk, id: string): Promise<z.output<typeof rawMessage>[]> {
  return (await desk.read({ path: at`/im/v1/messages/${id}`, answer: manyAnswer })).items;
}
