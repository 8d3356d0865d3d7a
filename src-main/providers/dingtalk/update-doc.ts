import { z } from 'zod';
import type { Language } from '../../contract/words.ts';
import type { DingtalkCall } from './dingtalk-call.ts';
import type { DingtalkToolDefinition } from './dingtalk-tool.ts';
import { documentId, factsOf, findDocument } from './get-doc.ts';
import type { Memory } from './memory.ts';
import { modifiedAt, read } from './nodes.ts';
import { Refusal } from './refusal.ts';
import { dentryOf, fileFacts } from './requests.ts';
import { partsOf, writeContent } from './write-content.ts';

function input(language: Language) {
  const of = descriptions[language];
  return z.strictObject({
    document_id: documentId(language),
    content: z.string().describe(of.content),
    mode: z.enum(['overwrite', 'append']).default('overwrite').describe(of.mode),
    comment: z.string().optional().describe(of.comment),
  });
}

type Input = z.infer<ReturnType<typeof input>>;

export const updateDoc: DingtalkToolDefinition<Input> = {
  name: 'update_doc',
  risk: 'destructive',
  idempotent: false,
  hasInvalidParams: false,
  input,
  texts: {
    zh: {
      title: '更新钉钉文档',
      description: '根据文档 ID 或链接更新钉钉文档的内容，覆盖全文或追加到末尾。覆盖会丢失图片、提及和批注位置。',
    },
    en: {
      title: 'Update a DingTalk document',
      description:
        'Replaces the content of a DingTalk document, or adds to its end. Replacing loses images, mentions and the places of comments.',
    },
  },
  perform,
};

async function perform(call: DingtalkCall, { document_id, content, mode, comment }: Input, memory: Memory) {
  const { language, link } = call.parts;
  const { id } = await findDocument(call, document_id, memory);
  const parts = partsOf(call, content, 1);
  await memory.queue.run(id, () => writeContent(call, { id, parts, mode, fresh: false }));
  memory.listings.clear();
  const node = await factsOf(call, id);
  return {
    document_id: id,
    update_time: (node && modifiedAt(node)) ?? new Date(call.now).toISOString(),
    version: link.settings.readVersion ? await versionOf(call, id) : null,
    ...(comment && { warnings: [commentDropped[language]] }),
  };
}

const place = z.looseObject({ spaceId: z.coerce.string(), dentryId: z.coerce.string() });
const facts = z.looseObject({ dentry: z.looseObject({ version: z.coerce.number().int() }) });

/** The file services count versions. No call about documents gives one. */
async function versionOf(call: DingtalkCall, id: string): Promise<number | null> {
  try {
    const where = read(place, await call.send((operator) => dentryOf(operator, id)));
    return read(facts, await call.send((operator) => fileFacts(operator, where))).dentry.version;
  } catch (thrown) {
    if (thrown instanceof Refusal) return null;
    throw thrown;
  }
}

const commentDropped = {
  zh: '钉钉不支持更新备注（comment），没有保存。',
  en: 'comment is not supported by DingTalk and was not stored',
};

const descriptions = {
  zh: {
    content: '要更新的内容，Markdown',
    mode: '更新模式：overwrite 覆盖全文，append 追加到末尾；默认为 overwrite',
    comment: '更新备注（可选）；钉钉不保存它',
  },
  en: {
    content: 'The content as Markdown',
    mode: 'overwrite replaces the content, append adds to its end; overwrite by default',
    comment: 'A note on the update (optional); DingTalk does not store it',
  },
};
