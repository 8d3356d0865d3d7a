import { z } from 'zod';
import { ok, Refusal } from '../envelope.ts';
import { flag, type OpenCall, type OpenRoute, pageOf, pageQuery, required } from '../open-route.ts';
import { findPerson, type Person } from '../people.ts';
import type { Chat, World } from '../world.ts';
import { scopes } from './scopes.ts';

const createBody = z.object({
  name: z.string().max(60).default(''),
  description: z.string().default(''),
  owner_id: z.string().optional(),
  user_id_list: z.array(z.string()).max(50).default([]),
});
const updateBody = z.object({ name: z.string().optional(), description: z.string().optional(), owner_id: z.string().optional() });
const membersBody = z.object({ id_list: z.array(z.string()).min(1).max(50) });
const listQuery = pageQuery.extend({ sort_type: z.enum(['ByCreateTimeAsc', 'ByActiveTimeDesc']).default('ByCreateTimeAsc'), types: z.string().optional() });
const searchQuery = pageQuery.extend({ query: z.string().max(64).default('') });
const searchBody = z.object({ query: z.string().max(64).default('') });
const uuidQuery = z.object({ uuid: z.string().max(50).optional(), set_bot_manager: flag.optional() });

export function chatRoutes(world: World): OpenRoute[] {
  const { chats } = world;
  return [
    {
      method: 'POST',
      path: '/im/v1/chats',
      scopes: scopes.chatCreate,
      run: (call) => {
        call.query(uuidQuery);
        const body = call.body(createBody);
        const owner = body.owner_id === undefined ? call.person : known(body.owner_id);
        const members = [...new Set([call.person, owner, ...body.user_id_list.map((id) => known(id))])].filter((one) => one !== null);
        const chat = chats.add('chat', (id) => ({
          id,
          name: body.name || members.map((one) => one.name).join('、'),
          description: body.description,
          owner: owner?.key ?? 'app',
          members: members.map((one) => one.key),
          withBot: call.person === null,
          mode: 'group',
          tenantKey: call.tenantKey,
          createdAt: world.now(),
        }));
        return ok(detailsOf(chat, call));
      },
    },
    {
      method: 'GET',
      path: '/im/v1/chats',
      scopes: scopes.chatRead,
      run: (call) => {
        const query = call.query(listQuery);
        const mine = chatsOf(world, call).filter((chat) => query.types?.split(',').includes(chat.mode) ?? chat.mode === 'group');
        if (query.sort_type === 'ByActiveTimeDesc') mine.sort((a, b) => lastActive(world, b) - lastActive(world, a));
        const page = pageOf(mine, query);
        return ok({ ...page, items: page.items.map((chat) => summaryOf(chat, call)) });
      },
    },
    {
      method: 'GET',
      path: '/im/v1/chats/search',
      scopes: scopes.chatRead,
      run: (call) => {
        const query = call.query(searchQuery);
        const page = pageOf(matching(world, call, query.query), query);
        return ok({ ...page, items: page.items.map((chat) => summaryOf(chat, call)) });
      },
    },
    {
      method: 'POST',
      path: '/im/v2/chats/search',
      scopes: scopes.chatRead,
      run: (call) => {
        const found = matching(world, call, call.body(searchBody).query);
        const page = pageOf(found, call.query(pageQuery));
        const items = page.items.map((chat) => ({ id: chat.id, display_info: chat.name, meta_data: summaryOf(chat, call) }));
        return ok({ ...page, items, total: found.length });
      },
    },
    { method: 'GET', path: '/im/v1/chats/:chat_id', scopes: scopes.chatRead, run: (call) => ok(detailsOf(findChat(world, call), call)) },
    {
      method: 'PUT',
      path: '/im/v1/chats/:chat_id',
      scopes: scopes.chatUpdate,
      run: (call) => {
        const { owner_id, ...changes } = call.body(updateBody);
        const chat = findChat(world, call);
        const owner = owner_id === undefined ? chat.owner : known(owner_id).key;
        chats.put(chat.id, { ...chat, name: changes.name ?? chat.name, description: changes.description ?? chat.description, owner });
        return ok();
      },
    },
    ...memberRoutes(world),
  ];
}

function memberRoutes(world: World): OpenRoute[] {
  const path = '/im/v1/chats/:chat_id/members';
  return [
    {
      method: 'GET',
      path,
      scopes: scopes.chatMembersRead,
      run: (call) => {
        const chat = findChat(world, call);
        const idType = call.query(z.object({ member_id_type: z.enum(['open_id', 'union_id', 'user_id']).default('open_id') })).member_id_type;
        const members = chat.members.map((key) => findPerson(key)).filter((one) => one !== undefined);
        const page = pageOf(members, call.query(pageQuery));
        const ids = { open_id: 'openId', union_id: 'unionId', user_id: 'userId' } as const;
        const items = page.items.map((one) => ({
          member_id_type: idType,
          member_id: one[ids[idType]],
          name: one.name,
          tenant_key: one.tenantKey,
        }));
        return ok({ ...page, items, member_total: members.length });
      },
    },
    {
      method: 'POST',
      path,
      scopes: scopes.chatMembersWrite,
      run: (call) => {
        const chat = findChat(world, call);
        const ids = call.body(membersBody).id_list;
        const found = ids.map((id) => findPerson(id)).filter((one) => one !== undefined);
        world.chats.put(chat.id, { ...chat, members: [...new Set([...chat.members, ...found.map((one) => one.key)])] });
        return ok({ invalid_id_list: ids.filter((id) => !findPerson(id)), not_existed_id_list: [], pending_approval_id_list: [] });
      },
    },
    {
      method: 'DELETE',
      path,
      scopes: scopes.chatMembersWrite,
      run: (call) => {
        const chat = findChat(world, call);
        const ids = call.body(membersBody).id_list;
        const gone = new Set(ids.map((id) => findPerson(id)?.key));
        world.chats.put(chat.id, { ...chat, members: chat.members.filter((key) => !gone.has(key)) });
        return ok({ invalid_id_list: ids.filter((id) => !findPerson(id)) });
      },
    },
  ];
}

/** The chat of the path, if the caller is in it. */
export function findChat(world: World, call: OpenCall, id = call.param('chat_id')): Chat {
  const chat = world.chats.get(id);
  if (!chat) throw new Refusal(232_006, 'Your request specifies a chat_id which is invalid.');
  if (!isIn(chat, call)) throw new Refusal(232_011, 'Operator can NOT be out of the chat.');
  return chat;
}

export function isIn(chat: Chat, call: OpenCall): boolean {
  return call.person ? chat.members.includes(call.person.key) : chat.withBot;
}

export function chatsOf(world: World, call: OpenCall): Chat[] {
  return world.chats.list().filter((chat) => isIn(chat, call));
}

/** A person by any id, in whatever type the caller names them. */
export function known(id: string): Person {
  const person = findPerson(id);
  if (!person) throw new Refusal(99_992_351, `The user id ${id} is unknown or not visible to the app.`);
  return person;
}

function matching(world: World, call: OpenCall, text: string): Chat[] {
  const wanted = text.toLowerCase();
  const hits = (chat: Chat) =>
    chat.name.toLowerCase().includes(wanted) || chat.members.some((key) => findPerson(key)?.name.includes(text) ?? false);
  return chatsOf(world, call).filter((chat) => chat.mode === 'group' && hits(chat));
}

function lastActive(world: World, chat: Chat): number {
  return world.messages.list(chat.id).at(-1)?.createdAt ?? chat.createdAt;
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
