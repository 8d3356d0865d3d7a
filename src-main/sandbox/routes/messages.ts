import { z } from 'zod';
import { ok, Refusal } from '../envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, repeated, required } from '../open-route.ts';
import { findPerson, people } from '../people.ts';
import { type Chat, type Message, once, type World } from '../world.ts';
import { chatsOf, findChat, isIn, known } from './chats.ts';
import { scopes } from './scopes.ts';

const messageTypes = ['text', 'post', 'image', 'file', 'audio', 'media', 'sticker', 'interactive', 'share_chat', 'share_user', 'system'];

const receiverQuery = z.object({ receive_id_type: z.enum(['open_id', 'union_id', 'user_id', 'email', 'chat_id']) });
const content = { msg_type: required, content: required };
const createBody = z.object({ receive_id: required, ...content, uuid: z.string().max(50).optional() });
const replyBody = z.object({ ...content, reply_in_thread: z.boolean().default(false), uuid: z.string().max(50).optional() });
const editBody = z.object({ msg_type: z.string().optional(), content: required });
const seconds = z.coerce.number().int().optional();
const listQuery = pageQuery.extend({
  page_size: z.coerce.number().int().min(1).max(50).optional(),
  container_id_type: z.enum(['chat', 'thread']),
  container_id: required,
  start_time: seconds,
  end_time: seconds,
  sort_type: z.enum(['ByCreateTimeAsc', 'ByCreateTimeDesc']).default('ByCreateTimeAsc'),
});
const manyQuery = z.object({ message_ids: repeated });
const searchBody = z.object({
  query: z.string().default(''),
  filter: z.object({ chat_ids: z.array(z.string()).optional(), from_ids: z.array(z.string()).optional() }).default({}),
});
const batchBody = z.object({
  msg_type: z.enum(['text', 'post', 'image', 'interactive', 'share_chat']),
  content: z.unknown(),
  card: z.unknown(),
  open_ids: z.array(z.string()).default([]),
  user_ids: z.array(z.string()).default([]),
  union_ids: z.array(z.string()).default([]),
  department_ids: z.array(z.string()).default([]),
});

export function messageRoutes(world: World): OpenRoute[] {
  return [
    {
      method: 'POST',
      path: '/im/v1/messages',
      scopes: scopes.messageSend,
      run: (call) => {
        const { receive_id_type } = call.query(receiverQuery);
        const body = call.body(createBody);
        const chat = receive_id_type === 'chat_id' ? chatToSendTo(world, call, body.receive_id) : directChat(world, call, body.receive_id);
        return ok(viewOf(sendOnce(world, call, { chat, type: body.msg_type, content: body.content, uuid: body.uuid }), call));
      },
    },
    {
      method: 'GET',
      path: '/im/v1/messages',
      scopes: scopes.messageRead,
      run: (call) => {
        const query = call.query(listQuery);
        const found = messagesIn(world, call, query).filter((message) => {
          const at = Math.floor(message.createdAt / 1000);
          return at >= (query.start_time ?? 0) && at <= (query.end_time ?? Number.MAX_SAFE_INTEGER);
        });
        const page = pageOf(query.sort_type === 'ByCreateTimeDesc' ? found.toReversed() : found, query);
        return ok({ ...page, items: page.items.map((message) => viewOf(message, call)) });
      },
    },
    {
      method: 'GET',
      path: '/im/v1/messages/mget',
      scopes: scopes.messageRead,
      run: (call) => {
        const ids = call.query(manyQuery).message_ids.flatMap((id) => id.split(','));
        const found = ids.map((id) => world.messages.get(id)).filter((message) => message !== undefined);
        const visible = found.filter((message) => isVisible(world, call, message));
        return ok({ items: visible.map((message) => viewOf(message, call)) });
      },
    },
    {
      method: 'GET',
      path: '/im/v1/messages/:message_id',
      scopes: scopes.messageRead,
      run: (call) => ok({ items: [viewOf(findMessage(world, call), call)] }),
    },
    ...searchRoutes(world),
    ...changeRoutes(world),
  ];
}

function searchRoutes(world: World): OpenRoute[] {
  const search = (call: OpenCall) => {
    const { query, filter } = call.body(searchBody);
    const senders = filter.from_ids?.map((id) => known(id).key);
    return chatsOf(world, call)
      .filter((chat) => filter.chat_ids?.includes(chat.id) ?? true)
      .flatMap((chat) => world.messages.list(chat.id))
      .filter((message) => !message.deleted && message.content.includes(query) && (senders?.includes(message.sender) ?? true))
      .toReversed();
  };
  return [
    {
      method: 'POST',
      path: '/im/v1/messages/search',
      scopes: scopes.messageSearch,
      identity: 'user',
      run: (call) => {
        const found = search(call);
        const page = pageOf(found, call.query(pageQuery));
        const items = page.items.map((message) => {
          const from = findPerson(message.sender);
          const meta_data = {
            message_id: message.id,
            type: message.type,
            create_time: String(message.createdAt),
            update_time: String(message.updatedAt),
            chat_id: message.chat,
            from_id: from ? call.idOf(from) : '',
            is_p2p_chat: world.chats.get(message.chat)?.mode === 'p2p',
          };
          return { id: message.id, display_info: message.content, meta_data };
        });
        return ok({ ...page, items, total: found.length });
      },
    },
    {
      method: 'POST',
      path: '/search/v2/message',
      scopes: scopes.messageSearch,
      identity: 'user',
      run: (call) => {
        const page = pageOf(search(call), call.query(pageQuery));
        return ok({ ...page, items: page.items.map((message) => message.id) });
      },
    },
  ];
}

function changeRoutes(world: World): OpenRoute[] {
  const edit = (call: OpenCall) => {
    const message = ownMessage(world, call);
    const body = call.body(editBody);
    requireJson(body.content);
    const { content: text, msg_type: type = message.type } = body;
    return ok(viewOf(world.messages.put(message.id, { ...message, type, content: text, updatedAt: world.now() }), call));
  };
  return [
    {
      method: 'POST',
      path: '/im/v1/messages/:message_id/reply',
      scopes: scopes.messageSend,
      run: (call) => {
        const body = call.body(replyBody);
        const parent = findMessage(world, call);
        const chat = chatToSendTo(world, call, parent.chat);
        const thread = body.reply_in_thread ? (parent.thread ?? world.messages.nextId('thread')) : parent.thread;
        return ok(viewOf(sendOnce(world, call, { chat, type: body.msg_type, content: body.content, uuid: body.uuid, parent, thread }), call));
      },
    },
    {
      method: 'POST',
      path: '/im/v1/messages/:message_id/forward',
      scopes: scopes.messageSend,
      run: (call) => {
        const { receive_id_type } = call.query(receiverQuery);
        const { receive_id } = call.body(z.object({ receive_id: required }));
        const message = findMessage(world, call);
        const chat = receive_id_type === 'chat_id' ? chatToSendTo(world, call, receive_id) : directChat(world, call, receive_id);
        return ok(viewOf(sendOnce(world, call, { chat, type: message.type, content: message.content, uuid: undefined }), call));
      },
    },
    { method: 'PUT', path: '/im/v1/messages/:message_id', scopes: scopes.messageChange, run: edit },
    { method: 'PATCH', path: '/im/v1/messages/:message_id', scopes: scopes.messageChange, run: edit },
    {
      method: 'DELETE',
      path: '/im/v1/messages/:message_id',
      scopes: scopes.messageRecall,
      run: (call) => {
        const message = ownMessage(world, call);
        world.messages.put(message.id, { ...message, deleted: true, content: '{"text":"This message was recalled"}', updatedAt: world.now() });
        return ok();
      },
    },
    {
      method: 'POST',
      path: '/message/v4/batch_send',
      scopes: scopes.batchSend,
      identity: 'tenant',
      run: (call) => {
        const body = call.body(batchBody);
        const named = [...body.open_ids, ...body.user_ids, ...body.union_ids];
        const reached = people.filter((one) => body.department_ids.includes(one.departmentId));
        const text = JSON.stringify(body.msg_type === 'interactive' ? body.card : body.content);
        world.store.atomically(() => {
          for (const id of [...named.filter((one) => findPerson(one)), ...reached.map((one) => one.openId)]) {
            sendOnce(world, call, { chat: directChat(world, call, id), type: body.msg_type, content: text, uuid: undefined });
          }
        });
        return ok({
          message_id: world.messages.nextId('batchMessage'),
          invalid_department_ids: body.department_ids.filter((id) => !people.some((one) => one.departmentId === id)),
          invalid_open_ids: body.open_ids.filter((id) => !findPerson(id)),
          invalid_user_ids: body.user_ids.filter((id) => !findPerson(id)),
          invalid_union_ids: body.union_ids.filter((id) => !findPerson(id)),
        });
      },
    },
  ];
}

interface Sending {
  chat: Chat;
  type: string;
  content: string;
  uuid: string | undefined;
  parent?: Message;
  thread?: string | null;
}

/** Sends, unless this sender used the uuid before. */
function sendOnce(world: World, call: OpenCall, { chat, type, content: text, uuid, parent, thread }: Sending): Message {
  if (!messageTypes.includes(type)) throw new Refusal(230_001, `Your request contains an invalid request parameter, ext=invalid msg_type ${type}.`);
  requireJson(text);
  const sender = call.person?.key ?? 'app';
  const now = world.now();
  return once(world, {
    key: uuid && `message/${sender}/${uuid}`,
    find: (id) => world.messages.get(id),
    idOf: (message) => message.id,
    make: () =>
      world.messages.add('message', (id) => ({
        id,
        chat: chat.id,
        type,
        content: text,
        sender,
        createdAt: now,
        updatedAt: now,
        deleted: false,
        parent: parent?.id ?? null,
        root: parent ? (parent.root ?? parent.id) : null,
        thread: thread ?? null,
      })),
  });
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Refusal(230_001, 'Your request contains an invalid request parameter, ext=content is not a string in json format.');
  }
}

function chatToSendTo(world: World, call: OpenCall, id: string): Chat {
  const chat = world.chats.get(id);
  if (!chat) throw new Refusal(230_001, 'Your request contains an invalid request parameter, ext=invalid receive_id.');
  if (!isIn(chat, call)) throw new Refusal(230_002, 'The sender can NOT be out of the chat.');
  return chat;
}

/** The chat of the caller and one other person; begun when they never talked. */
function directChat(world: World, call: OpenCall, id: string): Chat {
  const person = id.includes('@') ? people.find((one) => one.email === id) : findPerson(id);
  if (!person) throw new Refusal(230_001, 'Your request contains an invalid request parameter, ext=invalid receive_id.');
  const members = [...new Set([person.key, ...(call.person ? [call.person.key] : [])])].sort();
  const withBot = call.person === null;
  const before = world.chats.list().find((chat) => chat.mode === 'p2p' && chat.withBot === withBot && chat.members.join() === members.join());
  return (
    before ??
    world.chats.add('chat', (chatId) => ({
      id: chatId,
      name: '',
      description: '',
      owner: person.key,
      members,
      withBot,
      mode: 'p2p',
      tenantKey: person.tenantKey,
      createdAt: world.now(),
    }))
  );
}

function messagesIn(world: World, call: OpenCall, query: z.infer<typeof listQuery>): Message[] {
  if (query.container_id_type === 'chat') {
    const chat = world.chats.get(query.container_id);
    if (!chat) throw new Refusal(230_001, 'Your request contains an invalid request parameter, ext=invalid container_id.');
    if (!isIn(chat, call)) throw new Refusal(230_002, 'The operator can NOT be out of the chat.');
    return world.messages.list(chat.id);
  }
  return world.messages.list().filter((message) => message.thread === query.container_id && isVisible(world, call, message));
}

function isVisible(world: World, call: OpenCall, message: Message): boolean {
  const chat = world.chats.get(message.chat);
  return chat !== undefined && isIn(chat, call);
}

function findMessage(world: World, call: OpenCall): Message {
  const message = world.messages.get(call.param('message_id'));
  if (!message) throw new Refusal(230_001, 'Your request contains an invalid request parameter, ext=invalid message_id.');
  findChat(world, call, message.chat);
  if (message.deleted) throw new Refusal(230_011, 'The message was recalled.');
  return message;
}

function ownMessage(world: World, call: OpenCall): Message {
  const message = findMessage(world, call);
  if (message.sender !== (call.person?.key ?? 'app')) throw new Refusal(230_071, 'The operator is not the sender of the message.');
  return message;
}

function viewOf(message: Message, call: OpenCall) {
  const person = findPerson(message.sender);
  return {
    message_id: message.id,
    ...(message.root !== null && { root_id: message.root }),
    ...(message.parent !== null && { parent_id: message.parent }),
    ...(message.thread !== null && { thread_id: message.thread }),
    msg_type: message.type,
    create_time: String(message.createdAt),
    update_time: String(message.updatedAt),
    deleted: message.deleted,
    updated: message.updatedAt !== message.createdAt,
    chat_id: message.chat,
    sender: person
      ? { id: person.openId, id_type: 'open_id', sender_type: 'user', tenant_key: person.tenantKey }
      : { id: 'cli_sandbox000000000', id_type: 'app_id', sender_type: 'app', tenant_key: call.tenantKey },
    body: { content: message.content },
  };
}
