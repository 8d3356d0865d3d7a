import { z } from 'zod';
import { directChatId, searchChats, toChatId } from './chats.ts';
import { curated } from './curated-tool.ts';
import type { Desk } from './desk.ts';
import { nextOf, nextPage, paged, pageSize, pageToken, text, told, wrong } from './fields.ts';
import { fullText, messageOut, rawMessage, showMessages } from './im-messages.ts';
import { toOpenId, toOpenIds } from './people.ts';
import { moment, toSeconds } from './times.ts';

const chatOut = z.object({
  chat_id: z.string(),
  name: z.string(),
  type: z.string().optional(),
  description: z.string().optional(),
  owner_id: z.string().optional(),
});
const listAnswer = paged.extend({
  items: z
    .array(z.object({ chat_id: z.string(), name: text, description: text, owner_id: text, chat_mode: text }))
    .catch([]),
});

export const chatList = curated({
  risk: 'read',
  title: { zh: '我的会话列表', en: 'List my chats' },
  description: {
    zh: '列出我所在的群，也可列出单聊。',
    en: 'Lists the groups I am in, and direct chats when asked for.',
  },
  input: z.object({
    sort: z.enum(['active', 'created']).default('active'),
    types: z.array(z.enum(['group', 'p2p'])).default(['group']),
    page_size: pageSize(100, 20),
    page_token: pageToken,
  }),
  output: z.object({ chats: z.array(chatOut), next_page_token: nextPage }),
  run: async (desk, { sort, types, page_size, page_token }) => {
    const sort_type = sort === 'active' ? 'ByActiveTimeDesc' : 'ByCreateTimeAsc';
    const query = { sort_type, types: [...new Set(types)].join(','), page_size, page_token };
    const page = await desk.read({ path: '/im/v1/chats', query, answer: listAnswer });
    const chats = page.items.map(({ chat_id, name, chat_mode, description, owner_id }) => ({
      chat_id,
      name,
      ...told({ type: chat_mode, description, owner_id }),
    }));
    return { chats, ...nextOf(page) };
  },
});

export const chatSearch = curated({
  risk: 'read',
  title: { zh: '搜索群', en: 'Search groups' },
  description: { zh: '按群名或成员名搜索我能看到的群。', en: 'Finds groups that I can see by their name or members.' },
  input: z.object({
    query: z.string().max(64).optional(),
    search_types: z.array(z.enum(['private', 'external', 'public_joined', 'public_not_joined'])).optional(),
    member_ids: z
      .array(z.string())
      .max(50)
      .optional()
      .meta({ zh: '群里有这些人：姓名、邮箱或 open_id', en: 'Groups with these people: names, emails or open_ids' }),
    is_manager: z.boolean().optional().meta({ zh: '只要我管理的群', en: 'Only groups I manage' }),
    disable_search_by_user: z.boolean().optional().meta({ zh: '不按成员名匹配', en: 'Do not match member names' }),
    sort_by: z.enum(['create_time_desc', 'update_time_desc', 'member_count_desc']).optional(),
    page_size: pageSize(100, 20),
    page_token: pageToken,
  }),
  output: z.object({ chats: z.array(chatOut), total: z.int().optional(), next_page_token: nextPage }),
  run: async (desk, { query, sort_by, page_size, page_token, member_ids, ...given }) => {
    if (query === undefined && member_ids === undefined) throw nothingAsked('query', 'query/member_ids');
    const filter = { ...given, ...(member_ids && { member_ids: await toOpenIds(desk, member_ids, 'member_ids') }) };
    const wanted = Object.values(filter).some((value) => value !== undefined);
    const page = await searchChats(desk, {
      query,
      sorter: sort_by,
      page_size,
      page_token,
      ...(wanted && { filter }),
    });
    return { chats: page.found, ...(page.total !== undefined && { total: page.total }), ...nextOf(page) };
  },
});

const messagesAnswer = paged.extend({ items: z.array(rawMessage).catch([]) });

export const chatMessagesList = curated({
  risk: 'read',
  title: { zh: '读会话消息', en: 'Read the messages of a chat' },
  description: {
    zh: '按时间读一个群或与某人单聊的消息，默认从新到旧。',
    en: 'Reads the messages of a group or of my chat with a person, newest first.',
  },
  input: z.object({
    chat_id: z.string().optional().meta({ zh: '群 chat_id 或群名', en: 'Group: chat_id or name' }),
    user_id: z.string().optional().meta({ zh: '单聊对象：姓名、邮箱或 open_id', en: 'Person: name, email or open_id' }),
    start: moment.optional().meta({ zh: 'ISO 8601', en: 'ISO 8601' }),
    end: moment.optional(),
    sort: z.enum(['desc', 'asc']).default('desc'),
    full_text: fullText,
    page_size: pageSize(50, 20),
    page_token: pageToken,
  }),
  output: z.object({ chat_id: z.string(), messages: z.array(messageOut), next_page_token: nextPage }),
  run: async (desk, { sort, start, end, full_text, page_size, page_token, ...whom }) => {
    const chat_id = await chatOf(desk, whom);
    const query = {
      container_id_type: 'chat',
      container_id: chat_id,
      sort_type: sort === 'desc' ? 'ByCreateTimeDesc' : 'ByCreateTimeAsc',
      ...(start !== undefined && { start_time: toSeconds(start, 'start') }),
      ...(end !== undefined && { end_time: toSeconds(end, 'end', 'end') }),
      page_size,
      page_token,
    };
    const page = await desk.read({ path: '/im/v1/messages', query, answer: messagesAnswer });
    const messages = await showMessages(desk, page.items, { full: full_text, withChat: false });
    return { chat_id, messages, ...nextOf(page) };
  },
});

async function chatOf(
  desk: Desk,
  { chat_id, user_id }: { chat_id?: string | undefined; user_id?: string | undefined },
): Promise<string> {
  if ((chat_id === undefined) === (user_id === undefined)) throw nothingAsked('chat_id', 'chat_id/user_id');
  if (chat_id !== undefined) return toChatId(desk, chat_id, 'chat_id');
  return directChatId(desk, await toOpenId(desk, user_id ?? '', 'user_id'), 'user_id');
}

export function nothingAsked(field: string, fields: string) {
  return wrong(field, `${fields} 须给出其中一个。`, `Give one of ${fields}.`);
}
