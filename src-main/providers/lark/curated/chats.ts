import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { at, type Desk, ifAllowed, orDocumented } from './desk.ts';
import { inParts, paged, text, wrong } from './fields.ts';

export interface ChatFound {
  chat_id: string;
  name: string;
  description?: string;
}

const searchAnswer = paged.extend({
  items: z.array(z.object({ meta_data: z.object({ chat_id: z.string(), name: text, description: text }) })).catch([]),
  total: z.int().optional().catch(undefined),
});

export interface ChatSearch {
  query?: string | undefined;
  filter?: Record<string, unknown>;
  sorter?: string | undefined;
  page_size: number;
  page_token?: string | undefined;
}

/** Group chats by their own or their members' names. */
export async function searchChats(desk: Desk, { query, filter, sorter, ...page }: ChatSearch) {
  const body = { ...(query !== undefined && { query }), ...(filter && { filter }), ...(sorter && { sorter }) };
  const { items, ...rest } = await desk.read({
    method: 'POST',
    path: '/im/v2/chats/search',
    query: page,
    body,
    answer: searchAnswer,
  });
  return { ...rest, found: items.map(({ meta_data }) => toFound(meta_data)) };
}

function toFound({ chat_id, name, description }: { chat_id: string; name: string; description: string }): ChatFound {
  return { chat_id, name, ...(description !== '' && { description }) };
}

/** The chat_id of a group given by id or name. Throws `invalid_arguments` naming the candidates. */
export async function toChatId(desk: Desk, given: string, field: string): Promise<string> {
  const chat = given.trim();
  if (/^oc_[\w-]{1,64}$/.test(chat)) return chat;
  if (chat === '' || chat.length > 64) throw noChat(field);
  const { found } = await searchChats(desk, { query: chat, page_size: 20 });
  const exact = found.filter(({ name }) => name.toLowerCase() === chat.toLowerCase());
  const [only, ...others] = exact.length > 0 ? exact : found;
  if (!only) throw noChat(field);
  if (others.length === 0) return only.chat_id;
  throw new Fault('invalid_arguments', {
    words: {
      zh: `${field} 可能是几个群，请从 candidates 中选一个 chat_id；不确定时请问用户。`,
      en: `${field} may be several groups. Choose a chat_id from candidates; ask the user when in doubt.`,
    },
    details: { field, candidates: [only, ...others] },
  });
}

function noChat(field: string): Fault {
  return wrong(
    field,
    `找不到 ${field} 指的群。请用群名或 chat_id，或先用 lark_im_chat_search 查找。`,
    `There is no group that ${field} names. Give its name or chat_id, or look with lark_im_chat_search.`,
  );
}

const pairAnswer = z.object({ p2p_chats: z.array(z.object({ chat_id: z.string() })).catch([]) });
const chatAnswer = paged.extend({
  items: z.array(z.object({ chat_id: z.string(), p2p_target_id: text })).catch([]),
});

/** The chat of the person who is signed in with somebody else. Throws `invalid_arguments` when they never talked. */
export async function directChatId(desk: Desk, openId: string, field: string): Promise<string> {
  const found = await orDocumented(
    async () => {
      const { p2p_chats } = await desk.read({
        method: 'POST',
        path: '/im/v1/chat_p2p/batch_query',
        query: { chatter_id_type: 'open_id' },
        body: { chatter_ids: [openId] },
        answer: pairAnswer,
      });
      return p2p_chats[0]?.chat_id;
    },
    () => directChatListed(desk, openId),
  );
  if (found !== undefined) return found;
  throw wrong(field, `你和 ${field} 还没有单聊。`, `You have no direct chat with ${field} yet.`);
}

const mostPages = 10;

async function directChatListed(desk: Desk, openId: string): Promise<string | undefined> {
  let page_token = '';
  for (let pages = 0; pages < mostPages; pages += 1) {
    const query = { types: 'p2p', sort_type: 'ByActiveTimeDesc', page_size: 100, ...(page_token && { page_token }) };
    const page = await desk.read({ path: '/im/v1/chats', query, answer: chatAnswer });
    const found = page.items.find(({ p2p_target_id }) => p2p_target_id === openId);
    if (found || !page.has_more || page.page_token === page_token) return found?.chat_id;
    page_token = page.page_token;
  }
  return undefined;
}

const oneAnswer = z.object({ chat_id: text, name: text, chat_mode: text });
const manyAnswer = z.object({ items: z.array(oneAnswer).catch([]) });

/** Names by chat_id, as far as they may be known. A direct chat has none. */
export async function chatNamesOf(desk: Desk, chatIds: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(chatIds)].filter((id) => id !== '');
  const parts = inParts(wanted, 50).map((chat_ids) =>
    ifAllowed(
      orDocumented(
        async () => {
          const ask = { method: 'POST', path: '/im/v1/chats/batch_query', body: { chat_ids } } as const;
          return (await desk.read({ ...ask, answer: manyAnswer })).items;
        },
        () => Promise.all(chat_ids.map((id) => oneChat(desk, id))),
      ),
    ),
  );
  const chats = (await Promise.all(parts)).flatMap((part) => part ?? []);
  return new Map(chats.map(({ chat_id, name }) => [chat_id, name]));
}

async function oneChat(desk: Desk, id: string): Promise<z.output<typeof oneAnswer>> {
  const chat = await desk.read({ path: at`/im/v1/chats/${id}`, answer: oneAnswer });
  return { ...chat, chat_id: id };
}
