import { Refusal } from '../wire/envelope.ts';
import type { OpenCall } from '../wire/open-route.ts';
import { findPerson, people } from './people.ts';
import { type Chat, type Message, once, type World } from './world.ts';

const messageTypes = [
  'text',
  'post',
  'image',
  'file',
  'audio',
  'media',
  'sticker',
  'interactive',
  'share_chat',
  'share_user',
  'system',
];

export interface Draft {
  chat: Chat;
  type: string;
  /** JSON text. */
  content: string;
  uuid?: string | undefined;
  parent?: Message;
  thread?: string | null;
}

/** Sends, unless this sender used the uuid before: then the first message is returned. */
export function sendOnce(world: World, call: OpenCall, { chat, type, content, uuid, parent, thread }: Draft): Message {
  if (!messageTypes.includes(type)) throw invalid(`invalid msg_type ${type}`);
  requireJson(content);
  const now = world.now();
  return once(world, {
    key: uuid && `message/${call.actor}/${uuid}`,
    find: (id) => world.messages.get(id),
    idOf: (message) => message.id,
    make: () =>
      world.messages.add('message', (id) => ({
        id,
        chat: chat.id,
        type,
        content,
        sender: call.actor,
        createdAt: now,
        updatedAt: now,
        deleted: false,
        parent: parent?.id ?? null,
        root: parent ? (parent.root ?? parent.id) : null,
        thread: thread ?? null,
      })),
  });
}

export function requireJson(content: string): void {
  try {
    JSON.parse(content);
  } catch {
    throw invalid('content is not a string in json format');
  }
}

/** Where a message to `id` goes: that chat, or the caller's own with that person. */
export function receiverOf(world: World, call: OpenCall, type: string, id: string): Chat {
  if (type !== 'chat_id') return directChat(world, call, id);
  const chat = world.chats.get(id);
  if (!chat) throw invalid('invalid receive_id');
  if (!isIn(chat, call)) throw new Refusal(230_002, 'The sender can NOT be out of the chat.');
  return chat;
}

/** The chat of the caller and one other person; begun when they never talked. */
export function directChat(world: World, call: OpenCall, id: string): Chat {
  const person = id.includes('@') ? people.find((one) => one.email === id) : findPerson(id);
  if (!person) throw invalid('invalid receive_id');
  const withBot = call.person === null;
  const members = [...new Set(withBot ? [person.key] : [person.key, call.actor])].sort();
  const isOurs = (chat: Chat) =>
    chat.mode === 'p2p' && chat.withBot === withBot && chat.members.join() === members.join();
  return (
    world.chats.list().find((chat) => isOurs(chat)) ??
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

export function isIn(chat: Chat, call: OpenCall): boolean {
  return call.person ? chat.members.includes(call.person.key) : chat.withBot;
}

export function chatsOf(world: World, call: OpenCall): Chat[] {
  return world.chats.list().filter((chat) => isIn(chat, call));
}

export function isVisible(world: World, call: OpenCall, message: Message): boolean {
  const chat = world.chats.get(message.chat);
  return chat !== undefined && isIn(chat, call);
}

/** The message of the path, if the caller is in its chat and nobody recalled it. */
export function findMessage(world: World, call: OpenCall): Message {
  const message = world.messages.get(call.param('message_id'));
  if (!message) throw invalid('invalid message_id');
  if (!isVisible(world, call, message)) throw new Refusal(230_002, 'The operator can NOT be out of the chat.');
  if (message.deleted) throw new Refusal(230_011, 'The message was recalled.');
  return message;
}

export function invalid(what: string): Refusal {
  return new Refusal(230_001, `Your request contains an invalid request parameter, ext=${what}.`);
}

export function messageView(message: Message, call: OpenCall) {
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
      : { id: call.appId, id_type: 'app_id', sender_type: 'app', tenant_key: call.tenantKey },
    body: { content: message.content },
  };
}
