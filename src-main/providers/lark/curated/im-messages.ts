import { z } from 'zod';
import { chatNamesOf } from './chats.ts';
import type { Desk } from './desk.ts';
import { shorten, text, told } from './fields.ts';
import { mention, messageText } from './message-text.ts';
import { namesOf } from './people.ts';
import { isoOfStamp } from './times.ts';

/** A message as Feishu gives it. */
export const rawMessage = z.object({
  message_id: z.string(),
  msg_type: text,
  create_time: z.union([z.string(), z.number()]).catch(''),
  deleted: z.boolean().catch(false),
  chat_id: text,
  parent_id: text,
  thread_id: text,
  sender: z.object({ id: text, sender_type: text }).catch({ id: '', sender_type: '' }),
  body: z.object({ content: text }).catch({ content: '' }),
  mentions: z.array(mention).catch([]),
});

/** A message as a model gets it. */
export const messageOut = z.object({
  message_id: z.string(),
  time: z.string().optional(),
  sender: z.string().optional(),
  sender_id: z.string().optional(),
  text: z.string(),
  chat_id: z.string().optional(),
  chat: z.string().optional(),
  reply_to: z.string().optional(),
  thread_id: z.string().optional(),
});

const usualChars = 2000;
const mostChars = 100_000;

export const fullText = z
  .boolean()
  .optional()
  .meta({ zh: '不截断长消息（默认截到 2000 字）', en: 'Do not cut long messages (cut at 2000 characters)' });

/** Messages with the names that go with them. `withChat` where they come from several chats. */
export async function showMessages(
  desk: Desk,
  messages: readonly z.output<typeof rawMessage>[],
  { full, withChat }: { full: boolean | undefined; withChat: boolean },
): Promise<z.input<typeof messageOut>[]> {
  const [people, chats] = await Promise.all([
    namesOf(
      desk,
      messages.map(({ sender }) => sender.id),
    ),
    withChat
      ? chatNamesOf(
          desk,
          messages.map(({ chat_id }) => chat_id),
        )
      : new Map<string, string>(),
  ]);
  return messages.map((message) => {
    const { message_id, sender, chat_id, parent_id, thread_id } = message;
    const written = message.deleted
      ? '[recalled]'
      : messageText(message.msg_type, message.body.content, message.mentions);
    return {
      message_id,
      text: shorten(written, full === true ? mostChars : usualChars),
      ...told({
        time: isoOfStamp(message.create_time),
        sender: people.get(sender.id) ?? (sender.sender_type === 'app' ? 'bot' : undefined),
        sender_id: sender.id,
        ...(withChat && { chat_id, chat: chats.get(chat_id) }),
        reply_to: parent_id,
        thread_id,
      }),
    };
  });
}
