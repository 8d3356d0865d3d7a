import { z } from 'zod';
import { chatsOf } from '../company/chat-messages.ts';
import { findPerson, requirePerson } from '../company/people.ts';
import type { Message, World } from '../company/world.ts';
import { ok } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOfViews, pageQuery, userRoute } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const ids = z.array(z.string()).optional();
const searchBody = z.object({
  query: z.string().default(''),
  filter: z.object({ chat_ids: ids, from_ids: ids }).default({}),
});
const olderBody = z.object({ query: z.string(), chat_ids: ids, from_ids: ids });

interface Wanted {
  text: string;
  chats: string[] | undefined;
  senders: string[] | undefined;
}

/** Finding messages by their text, newest first: the present method and the older one. */
export function messageSearchRoutes(world: World): OpenRoute[] {
  return [
    userRoute('POST', '/im/v1/messages/search', scopes.messageSearch, (call) => {
      const { query, filter } = call.body(searchBody);
      const found = search(world, call, { text: query, chats: filter.chat_ids, senders: filter.from_ids });
      const page = pageOfViews(found, call.query(pageQuery), (message) => hitView(world, message, call));
      return ok({ ...page, total: found.length });
    }),
    userRoute('POST', '/search/v2/message', scopes.messageSearch, (call) => {
      const body = call.body(olderBody);
      const found = search(world, call, { text: body.query, chats: body.chat_ids, senders: body.from_ids });
      return ok(pageOfViews(found, call.query(pageQuery), (message) => message.id));
    }),
  ];
}

function search(world: World, call: OpenCall, { text, chats, senders }: Wanted): Message[] {
  const keys = senders?.map((id) => requirePerson(id).key);
  const hits = (message: Message) =>
    !message.deleted && message.content.includes(text) && (keys?.includes(message.sender) ?? true);
  return chatsOf(world, call)
    .filter((chat) => chats?.includes(chat.id) ?? true)
    .flatMap((chat) => world.messages.list(chat.id))
    .filter((message) => hits(message))
    .sort((a, b) => b.createdAt - a.createdAt);
}

function hitView(world: World, message: Message, call: OpenCall) {
  const sender = findPerson(message.sender);
  const meta_data = {
    message_id: message.id,
    type: message.type,
    create_time: String(message.createdAt),
    update_time: String(message.updatedAt),
    chat_id: message.chat,
    from_id: sender ? call.idOf(sender) : '',
    is_p2p_chat: world.chats.get(message.chat)?.mode === 'p2p',
  };
  return { id: message.id, display_info: message.content, meta_data };
}
