import { z } from 'zod';
import {
  directChat,
  findMessage,
  invalid,
  isIn,
  isVisible,
  messageView,
  receiverOf,
  requireJson,
  sendOnce,
} from '../company/chat-messages.ts';
import { findPerson, people } from '../company/people.ts';
import type { Message, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import {
  type OpenCall,
  type OpenRoute,
  pageOfViews,
  pageQuery,
  repeated,
  required,
  route,
  tenantRoute,
} from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const receiverQuery = z.object({ receive_id_type: z.enum(['open_id', 'union_id', 'user_id', 'email', 'chat_id']) });
const uuid = z.string().max(50).optional();
const createBody = z.object({ receive_id: required, msg_type: required, content: required, uuid });
const replyBody = z.object({
  msg_type: required,
  content: required,
  reply_in_thread: z.boolean().default(false),
  uuid,
});
const forwardBody = z.object({ receive_id: required });
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
const ids = z.array(z.string()).default([]);
const batchBody = z.object({
  msg_type: z.enum(['text', 'post', 'image', 'interactive', 'share_chat']),
  content: z.unknown().optional(),
  card: z.unknown().optional(),
  open_ids: ids,
  user_ids: ids,
  union_ids: ids,
  department_ids: ids,
});

export function messageRoutes(world: World): OpenRoute[] {
  return [
    route('GET', '/im/v1/messages', scopes.messageRead, (call) => {
      const query = call.query(listQuery);
      const found = messagesIn(world, call, query);
      const ordered = query.sort_type === 'ByCreateTimeDesc' ? found.toReversed() : found;
      return ok(pageOfViews(ordered, query, (message) => messageView(message, call)));
    }),
    route('GET', '/im/v1/messages/mget', scopes.messageRead, (call) => {
      const wanted = call.query(manyQuery).message_ids.flatMap((id) => id.split(','));
      const found = wanted.map((id) => world.messages.get(id)).filter((message) => message !== undefined);
      const visible = found.filter((message) => isVisible(world, call, message));
      return ok({ items: visible.map((message) => messageView(message, call)) });
    }),
    route('GET', '/im/v1/messages/:message_id', scopes.messageRead, (call) =>
      ok({ items: [messageView(findMessage(world, call), call)] }),
    ),
    ...sendRoutes(world),
    ...changeRoutes(world),
  ];
}

function messagesIn(world: World, call: OpenCall, query: z.infer<typeof listQuery>): Message[] {
  const inTime = (message: Message) => {
    const at = Math.floor(message.createdAt / 1000);
    return at >= (query.start_time ?? 0) && at <= (query.end_time ?? Number.MAX_SAFE_INTEGER);
  };
  if (query.container_id_type === 'thread') {
    const inThread = world.messages.list().filter((message) => message.thread === query.container_id);
    return inThread.filter((message) => isVisible(world, call, message) && inTime(message));
  }
  const chat = world.chats.get(query.container_id);
  if (!chat) throw invalid('invalid container_id');
  if (!isIn(chat, call)) throw new Refusal(230_002, 'The operator can NOT be out of the chat.');
  return world.messages.list(chat.id).filter((message) => inTime(message));
}

function sendRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/im/v1/messages', scopes.messageSend, (call) => {
      const { receive_id_type } = call.query(receiverQuery);
      const { receive_id, msg_type: type, ...body } = call.body(createBody);
      const chat = receiverOf(world, call, receive_id_type, receive_id);
      return ok(messageView(sendOnce(world, call, { chat, type, ...body }), call));
    }),
    route('POST', '/im/v1/messages/:message_id/reply', scopes.messageSend, (call) => {
      const { msg_type: type, reply_in_thread, ...body } = call.body(replyBody);
      const parent = findMessage(world, call);
      const chat = receiverOf(world, call, 'chat_id', parent.chat);
      const thread = reply_in_thread ? (parent.thread ?? world.store.nextId('thread')) : parent.thread;
      return ok(messageView(sendOnce(world, call, { chat, type, ...body, parent, thread }), call));
    }),
    route('POST', '/im/v1/messages/:message_id/forward', scopes.messageSend, (call) => {
      const { receive_id_type } = call.query(receiverQuery);
      const { type, content } = findMessage(world, call);
      const chat = receiverOf(world, call, receive_id_type, call.body(forwardBody).receive_id);
      return ok(messageView(sendOnce(world, call, { chat, type, content }), call));
    }),
    tenantRoute('POST', '/message/v4/batch_send', scopes.batchSend, (call) => {
      const body = call.body(batchBody);
      const named = [...body.open_ids, ...body.user_ids, ...body.union_ids].map((id) => findPerson(id));
      const reached = people.filter((one) => body.department_ids.includes(one.departmentId));
      const content = JSON.stringify((body.msg_type === 'interactive' ? body.card : body.content) ?? null);
      world.store.atomically(() => {
        for (const person of new Set([...named, ...reached])) {
          if (person)
            sendOnce(world, call, { chat: directChat(world, call, person.key), type: body.msg_type, content });
        }
      });
      return ok({
        message_id: world.store.nextId('batchMessage'),
        invalid_department_ids: body.department_ids.filter((id) => !people.some((one) => one.departmentId === id)),
        invalid_open_ids: body.open_ids.filter((id) => !findPerson(id)),
        invalid_user_ids: body.user_ids.filter((id) => !findPerson(id)),
        invalid_union_ids: body.union_ids.filter((id) => !findPerson(id)),
      });
    }),
  ];
}

function changeRoutes(world: World): OpenRoute[] {
  const path = '/im/v1/messages/:message_id';
  const edit = (call: OpenCall) => {
    const message = ownMessage(world, call);
    const { content, msg_type: type = message.type } = call.body(editBody);
    requireJson(content);
    const edited = world.messages.put(message.id, { ...message, type, content, updatedAt: world.now() });
    return ok(messageView(edited, call));
  };
  return [
    route('PUT', path, scopes.messageChange, edit),
    route('PATCH', path, scopes.messageChange, edit),
    route('DELETE', path, scopes.messageRecall, (call) => {
      const message = ownMessage(world, call);
      const content = '{"text":"This message was recalled"}';
      world.messages.put(message.id, { ...message, deleted: true, content, updatedAt: world.now() });
      return ok();
    }),
  ];
}

function ownMessage(world: World, call: OpenCall): Message {
  const message = findMessage(world, call);
  if (message.sender !== call.actor) throw new Refusal(230_071, 'The operator is not the sender of the message.');
  return message;
}
