import { z } from 'zod';
import { chatsOf } from '../company/chat-messages.ts';
import { findPerson, requirePerson } from '../company/people.ts';
import type { Message, World } from '../company/world.ts';
import { ok } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOfViews, pageQuery, userRoute } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const ids = z.array(z.string()).optional();
const types = z.array(z.enum(['user', 'bot'])).optional();
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();
const searchBody = z.object({
  query: z.string().default(''),
  filter: z
    .object({
      chat_ids: ids,
      from_ids: ids,
      time_range: z.object({ start_time: moment, end_time: moment }).optional(),
      chat_type: z.enum(['group', 'p2p']).optional(),
      from_types: types,
      exclude_from_types: types,
    })
    .default({}),
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
      const fits = filterOf(world, filter);
      const found = search(world, call, { text: query, chats: filter.chat_ids, senders: filter.from_ids }).filter(
        (message) => fits(message),
      );
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

type Filter = z.infer<typeof searchBody>['filter'];

function filterOf(world: World, { time_range, chat_type, ...filter }: Filter): (message: Message) => boolean {
  const { start_time: from = 0, end_time: until = Number.MAX_SAFE_INTEGER } = time_range ?? {};
  const { from_types = ['user', 'bot'], exclude_from_types = [] } = filter;
  return (message) => {
    const kind = message.sender === 'app' ? 'bot' : 'user';
    const inTime = message.createdAt >= from && message.createdAt <= until;
    const inChat = chat_type === undefined || world.chats.get(message.chat)?.mode === chat_type;
    return inTime && inChat && from_types.includes(kind) && !exclude_from_types.includes(kind);
  };
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
