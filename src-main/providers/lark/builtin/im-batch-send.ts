import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Fault, fieldFault } from '../../../base/fault.ts';
import type { Language } from '../../../contract/words.ts';
import type { LarkCall, LarkData } from '../lark-client.ts';
import { messageContent } from '../message-content.ts';
import type { LarkToolDefinition } from '../lark-tool.ts';

const maxRecipients = 50;
const recipientLists = ['open_ids', 'user_ids', 'union_ids'] as const;

/**
 * Sends one message to several people. Feishu's own batch endpoint (POST /open-apis/message/v4/batch_send) takes the
 * app's identity only; here each person gets the message from the one who is signed in.
 */
export function imBatchSend(language: Language): LarkToolDefinition {
  const text = texts[language];
  const ids = (description: string) => ({
    type: 'array',
    items: { type: 'string' },
    maxItems: maxRecipients,
    description,
  });
  return {
    risk: 'write',
    several: true,
    entry: () => ({
      title: text.title,
      description: text.description,
      inputSchema: {
        type: 'object',
        properties: {
          data: {
            type: 'object',
            properties: {
              msg_type: {
                type: 'string',
                enum: ['text', 'post', 'image', 'interactive', 'share_chat'],
                description: text.type,
              },
              content: { description: text.content },
              card: { description: text.card },
              open_ids: ids(text.openIds),
              user_ids: ids(text.userIds),
              union_ids: ids(text.unionIds),
              department_ids: ids(text.departments),
            },
            required: ['msg_type'],
          },
        },
        required: ['data'],
      },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    }),
    perform: sendToAll,
  };
}

const list = z.array(z.string()).default([]);
const inputSchema = z.object({
  data: z.object({
    msg_type: z.string(),
    content: z.unknown().optional(),
    card: z.unknown().optional(),
    open_ids: list,
    user_ids: list,
    union_ids: list,
    department_ids: list,
  }),
});
type Input = z.infer<typeof inputSchema>['data'];

interface Recipient {
  receive_id_type: string;
  receive_id: string;
}

async function sendToAll(call: LarkCall, raw: Record<string, unknown>): Promise<LarkData> {
  const input = inputSchema.parse(raw).data;
  const recipients = recipientsOf(input);
  const content = messageContent(input.msg_type, input.msg_type === 'interactive' ? input.card : input.content);
  const sent: (Recipient & { message: unknown })[] = [];
  const failed: (Recipient & { error: string; message: string; details: unknown })[] = [];
  let logId: string | null = null;
  for (const [at, { receive_id_type, receive_id }] of recipients.entries()) {
    try {
      const body = { receive_id, msg_type: input.msg_type, content, uuid: randomUUID() };
      const query: [string, string][] = [['receive_id_type', receive_id_type]];
      const answer = await call.send({ method: 'POST', path: '/open-apis/im/v1/messages', query, body }, 'repeatable');
      logId = answer.logId;
      sent.push({ receive_id_type, receive_id, message: answer.data });
    } catch (thrown) {
      const fault = Fault.from(thrown);
      failed.push({ receive_id_type, receive_id, error: fault.code, message: fault.message, details: fault.details });
      if (fault.code === 'upstream_refused' || fault.code === 'outcome_unknown') continue;
      // Anything else would befall the others too.
      if (sent.length === 0) throw fault;
      return { data: { sent, failed, not_sent: recipients.slice(at + 1) }, logId };
    }
  }
  return { data: { sent, failed, not_sent: [] }, logId };
}

function recipientsOf(input: Input): Recipient[] {
  if (input.department_ids.length > 0)
    throw fieldFault('invalid_arguments', 'data.department_ids', noDepartments.zh, noDepartments.en);
  const recipients = recipientLists.flatMap((name) =>
    [...new Set(input[name])].map((receive_id) => ({ receive_id_type: name.slice(0, -1), receive_id })),
  );
  if (recipients.length > 0 && recipients.length <= maxRecipients) return recipients;
  throw fieldFault(
    'invalid_arguments',
    'data.open_ids',
    `收件人须为 1 到 ${maxRecipients} 个，实际 ${recipients.length} 个。`,
    `There must be 1 to ${maxRecipients} recipients; there are ${recipients.length}.`,
  );
}

const noDepartments = {
  zh: '按部门群发只有应用能做；请列出收件人，或发到部门群。',
  en: 'Only an app can send to whole departments. List the people, or send to the chat of the department.',
};

const texts = {
  en: {
    title: 'Send a message to several people',
    description: `Sends one message, from you, to each of up to ${maxRecipients} people, and tells who got it and who did not.`,
    type: 'Kind of message; "interactive" is a card',
    content: 'Message content as JSON, such as {"text": "hello"}; not for cards',
    card: 'Card content as JSON; only with msg_type "interactive"',
    openIds: 'Recipients by open_id',
    userIds: 'Recipients by user_id',
    unionIds: 'Recipients by union_id',
    departments: 'Not available as a person: leave it out',
  },
  zh: {
    title: '给多人发消息',
    description: `以你的身份把同一条消息分别发给最多 ${maxRecipients} 人，并说明谁已收到、谁没有。`,
    type: '消息类型；interactive 为卡片',
    content: '消息内容（JSON），例如 {"text": "你好"}；卡片不用此字段',
    card: '卡片内容（JSON），仅当 msg_type 为 interactive 时使用',
    openIds: '收件人的 open_id',
    userIds: '收件人的 user_id',
    unionIds: '收件人的 union_id',
    departments: '以个人身份不可用，请不要填写',
  },
};
