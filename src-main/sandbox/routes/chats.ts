import { z } from 'zod';
import { chatsOf, isIn } from '../company/chat-messages.ts';
import { findPerson, idOf, type Person, requirePerson } from '../company/people.ts';
import { type Chat, once, type World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOfViews, pageQuery, route, userRoute } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const createBody = z.object({
  name: z.string().max(60).default(''),
  description: z.string().default(''),
  owner_id: z.string().optional(),
  user_id_list: z.array(z.string()).max(50).default([]),
});
const updateBody = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  owner_id: z.string().optional(),
});
const membersBody = z.object({ id_list: z.array(z.string()).min(1).max(50) });
const listQuery = pageQuery.extend({
  sort_type: z.enum(['ByCreateTimeAsc', 'ByActiveTimeDesc']).default('ByCreateTimeAsc'),
  types: z.string().optional(),
});
const searchQuery = pageQuery.extend({ query: z.string().max(64).default('') });
const searchBody = z.object({
  query: z.string().max(64).default(''),
  filter: z
    .object({ member_ids: z.array(z.string()).default([]), is_manager: z.boolean().default(false) })
    .prefault({}),
});
const pairsBody = z.object({ chatter_ids: z.array(z.string()).min(1).max(50) });
const manyBody = z.object({ chat_ids: z.array(z.string()).min(1).max(50) });
const createQuery = z.object({ uuid: z.string().max(50).optional() });
const memberQuery = pageQuery.extend({ member_id_type: z.enum(['open_id', 'union_id', 'user_id']).default('open_id') });

export function chatRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/im/v1/chats', scopes.chatCreate, (call) => ok(detailsOf(createChat(world, call), call))),
    route('GET', '/im/v1/chats', scopes.chatRead, (call) => {
      const query = call.query(listQuery);
      const kinds = query.types?.split(',') ?? ['group'];
      const mine = chatsOf(world, call).filter((chat) => kinds.includes(chat.mode));
      if (query.sort_type === 'ByActiveTimeDesc') mine.sort((a, b) => lastActive(world, b) - lastActive(world, a));
      return ok(pageOfViews(mine, query, (chat) => summaryOf(chat, call)));
    }),
    route('GET', '/im/v1/chats/search', scopes.chatRead, (call) => {
      const query = call.query(searchQuery);
      return ok(pageOfViews(matching(world, call, query.query), query, (chat) => summaryOf(chat, call)));
    }),
    route('POST', '/im/v2/chats/search', scopes.chatRead, (call) => {
      const { query, filter } = call.body(searchBody);
      const wanted = filter.member_ids.map((id) => requirePerson(id).key);
      const found = matching(world, call, query).filter(
        (chat) =>
          wanted.every((key) => chat.members.includes(key)) && (!filter.is_manager || chat.owner === call.actor),
      );
      const view = (chat: Chat) => ({ id: chat.id, display_info: chat.name, meta_data: summaryOf(chat, call) });
      return ok({ ...pageOfViews(found, call.query(pageQuery), view), total: found.length });
    }),
    route('POST', '/im/v1/chats/batch_query', scopes.chatRead, (call) => {
      const { chat_ids } = call.body(manyBody);
      const found = chatsOf(world, call).filter((chat) => chat_ids.includes(chat.id));
      return ok({ items: found.map((chat) => summaryOf(chat, call)) });
    }),
    userRoute('POST', '/im/v1/chat_p2p/batch_query', scopes.chatRead, (call) => {
      const { chatter_ids } = call.body(pairsBody);
      const pairs = chatsOf(world, call).map((chat) => ({ chatter_id: partnerId(chat, call), chat_id: chat.id }));
      return ok({ p2p_chats: pairs.filter(({ chatter_id }) => chatter_ids.includes(chatter_id)) });
    }),
    route('GET', '/im/v1/chats/:chat_id', scopes.chatRead, (call) => ok(detailsOf(findChat(world, call), call))),
    route('PUT', '/im/v1/chats/:chat_id', scopes.chatUpdate, (call) => {
      const body = call.body(updateBody);
      const chat = findChat(world, call);
      const { name = chat.name, description = chat.description, owner_id } = body;
      const owner = owner_id === undefined ? chat.owner : requirePerson(owner_id).key;
      world.chats.put(chat.id, { ...chat, name, description, owner });
      return ok();
    }),
    ...memberRoutes(world),
  ];
}

function createChat(world: World, call: OpenCall): Chat {
  const { uuid: key } = call.query(createQuery);
  const body = call.body(createBody);
  const owner = body.owner_id === undefined ? call.person : requirePerson(body.owner_id);
  const invited = body.user_id_list.map((id) => requirePerson(id));
  const members = [...new Set([call.person, owner, ...invited])].filter((one) => one !== null);
  return once(world, {
    key: key && `chat/${call.actor}/${key}`,
    find: (id) => world.chats.get(id),
    idOf: (chat) => chat.id,
    make: () =>
      world.chats.add('chat', (id) => ({
        id,
        name: body.name || members.map((one) => one.name).join('、'),
        description: body.description,
        owner: owner?.key ?? 'app',
        members: members.map((one) => one.key),
        withBot: call.person === null,
        mode: 'group',
        tenantKey: call.tenantKey,
        createdAt: world.now(),
      })),
  });
}

function memberRoutes(world: World): OpenRoute[] {
  const path = '/im/v1/chats/:chat_id/members';
  return [
    route('GET', path, scopes.chatMembersRead, (call) => {
      const query = call.query(memberQuery);
      const members = findChat(world, call)
        .members.map((key) => findPerson(key))
        .filter((one) => one !== undefined);
      const view = (one: Person) => ({
        member_id_type: query.member_id_type,
        member_id: idOf(one, query.member_id_type),
        name: one.name,
        tenant_key: one.tenantKey,
      });
      return ok({ ...pageOfViews(members, query, view), member_total: members.length });
    }),
    route('POST', path, scopes.chatMembersWrite, (call) => {
      const chat = findChat(world, call);
      const ids = call.body(membersBody).id_list;
      const found = ids.map((id) => findPerson(id)).filter((one) => one !== undefined);
      world.chats.put(chat.id, { ...chat, members: [...new Set([...chat.members, ...found.map((one) => one.key)])] });
      return ok({
        invalid_id_list: ids.filter((id) => !findPerson(id)),
        not_existed_id_list: [],
        pending_approval_id_list: [],
      });
    }),
    route('DELETE', path, scopes.chatMembersWrite, (call) => {
      const chat = findChat(world, call);
      const ids = call.body(membersBody).id_list;
      const gone = new Set(ids.map((id) => findPerson(id)?.key));
      world.chats.put(chat.id, { ...chat, members: chat.members.filter((key) => !gone.has(key)) });
      return ok({ invalid_id_list: ids.filter((id) => !findPerson(id)) });
    }),
  ];
}

/** The chat of the path, if the caller is in it. */
function findChat(world: World, call: OpenCall): Chat {
  const chat = world.chats.get(call.param('chat_id'));
  if (!chat) throw new Refusal(232_006, 'Your request specifies a chat_id which is invalid.');
  if (!isIn(chat, call)) throw new Refusal(232_011, 'Operator can NOT be out of the chat.');
  return chat;
}

function matching(world: World, call: OpenCall, text: string): Chat[] {
  const wanted = text.toLowerCase();
  const hits = (chat: Chat) =>
    chat.name.toLowerCase().includes(wanted) ||
    chat.members.some((key) => findPerson(key)?.name.includes(text) ?? false);
  return chatsOf(world, call).filter((chat) => chat.mode === 'group' && hits(chat));
}

function lastActive(world: World, chat: Chat): number {
  return world.messages.list(chat.id).at(-1)?.createdAt ?? chat.createdAt;
}

/** Of a direct chat: the other one in it. */
function partnerId(chat: Chat, call: OpenCall): string {
  if (chat.mode !== 'p2p') return '';
  const partner = findPerson(chat.members.find((key) => key !== call.actor) ?? '');
  return partner ? call.idOf(partner) : '';
}

function ownerOf(chat: Chat, call: OpenCall): { owner_id: string; owner_id_type: string } {
  const owner = findPerson(chat.owner);
  return { owner_id: owner ? call.idOf(owner) : '', owner_id_type: call.idType() };
}

function summaryOf(chat: Chat, call: OpenCall) {
  return {
    chat_id: chat.id,
    avatar: '',
    name: chat.name,
    description: chat.description,
    ...ownerOf(chat, call),
    external: false,
    tenant_key: chat.tenantKey,
    chat_mode: chat.mode,
    ...(chat.mode === 'p2p' && { p2p_target_id: partnerId(chat, call), p2p_target_type: 'user' }),
    chat_status: 'normal',
  };
}

function detailsOf(chat: Chat, call: OpenCall) {
  return {
    ...summaryOf(chat, call),
    chat_type: 'private',
    group_message_type: 'chat',
    add_member_permission: 'all_members',
    share_card_permission: 'allowed',
    at_all_permission: 'all_members',
    edit_permission: 'all_members',
    join_message_visibility: 'all_members',
    leave_message_visibility: 'all_members',
    membership_approval: 'no_approval_required',
    moderation_permission: 'all_members',
    user_count: String(chat.members.length),
    bot_count: chat.withBot ? '1' : '0',
  };
}
