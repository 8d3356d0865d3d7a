import { z } from 'zod';
import type { Language } from '../../contract/words.ts';
import type { DingtalkCall } from './dingtalk-call.ts';
import type { DingtalkToolDefinition } from './dingtalk-tool.ts';
import { idPattern } from './document-ids.ts';
import type { Memory } from './memory.ts';
import { createdAt, read, readNode, readSpace } from './nodes.ts';
import { Refusal } from './refusal.ts';
import { createDocument, nodeById, ownSpace } from './requests.ts';
import { partsOf, writeContent } from './write-content.ts';

const longestTitle = 200;
/** Models fill in an empty text for what they leave out. */
export const optionalId = () => z.union([z.literal(''), z.string().trim().regex(idPattern)]).optional();

function input(language: Language) {
  const of = descriptions[language];
  return z.strictObject({
    title: z
      .string()
      .trim()
      .min(1)
      .max(longestTitle)
      .regex(/^[^\p{Cc}]*$/u)
      .describe(of.title),
    content: z.string().optional().describe(of.content),
    space_id: optionalId().describe(of.space),
    folder_id: optionalId().describe(of.folder),
  });
}

type Input = z.infer<ReturnType<typeof input>>;

const createdSchema = z.looseObject({
  dentryUuid: z.string().min(1),
  docKey: z.string().optional(),
  nodeId: z.string().optional(),
  url: z.string().catch(''),
});
type Created = z.infer<typeof createdSchema>;

export const createDoc: DingtalkToolDefinition<Input> = {
  name: 'create_doc',
  risk: 'write',
  idempotent: false,
  hasInvalidParams: true,
  input,
  texts: {
    zh: { title: '创建钉钉文档', description: '创建新的钉钉文档，可指定标题、Markdown 初始内容和所在空间、文件夹。' },
    en: {
      title: 'Create a DingTalk document',
      description: 'Creates a DingTalk document with a title, and with Markdown, a space and a folder if given.',
    },
  },
  perform,
};

async function perform(call: DingtalkCall, { title, content, space_id, folder_id }: Input, memory: Memory) {
  const name = title.replace(/\.adoc$/i, '') || title;
  // Where it goes, the document itself, and its facts at the end.
  const parts = content ? partsOf(call, content, 3) : [];
  const spaceId = await spaceFor(call, space_id, folder_id);
  const answer = await call.send((operator) =>
    createDocument(operator, { spaceId, name, parentNodeId: folder_id || undefined }),
  );
  const created = readCreated(answer);
  memory.ids.add(created.dentryUuid, [created.docKey, created.nodeId]);
  memory.listings.clear();
  if (parts.length > 0) await fill(call, created, parts);
  return {
    document_id: created.dentryUuid,
    title: name,
    create_time: await creationOf(call, created.dentryUuid),
    url: created.url,
  };
}

async function spaceFor(
  call: DingtalkCall,
  spaceId: string | undefined,
  folderId: string | undefined,
): Promise<string> {
  if (spaceId) return spaceId;
  if (folderId) {
    const { workspaceId } = readNode(await call.send((operator) => nodeById(operator, folderId)));
    if (workspaceId !== undefined) return workspaceId;
  }
  const usual = call.parts.link.settings.defaultSpaceId;
  return usual || readSpace(await call.send((operator) => ownSpace(operator))).workspaceId;
}

function readCreated(answer: unknown): Created {
  try {
    return read(createdSchema, answer);
  } catch (cause) {
    throw new Refusal({ meaning: 'unknown', words: createdUnseen, cause });
  }
}

async function fill(call: DingtalkCall, created: Created, parts: string[]): Promise<void> {
  try {
    await writeContent(call, { id: created.dentryUuid, parts, mode: 'overwrite', fresh: true });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    throw withoutContent(thrown, created);
  }
}

/** By DingTalk's clock, or by ours when it cannot be asked: the document is there either way. */
async function creationOf(call: DingtalkCall, id: string): Promise<string> {
  const local = new Date(call.now).toISOString();
  try {
    return createdAt(readNode(await call.send((operator) => nodeById(operator, id)))) ?? local;
  } catch (thrown) {
    if (thrown instanceof Refusal) return local;
    throw thrown;
  }
}

/** Nobody must create a second document because the first one is empty. */
function withoutContent({ words }: Refusal, { dentryUuid, url }: Created): Refusal {
  return new Refusal({
    meaning: 'unknown',
    words: {
      zh: `文档已创建（document_id ${dentryUuid}，${url}），但内容没有写完。请不要再次创建，用 update_doc 写入内容。${words.zh}`,
      en: `The document was created (document_id ${dentryUuid}, ${url}), but its content was not written in full. Do not create it again; write the content with update_doc. ${words.en}`,
    },
    cause: words,
  });
}

const createdUnseen = {
  zh: '钉钉接受了创建请求，但没有给出文档 ID。请先用 list_docs 查找，不要重复创建。',
  en: 'DingTalk accepted the request to create the document but gave no id. Look for it with list_docs before you create it again.',
};

const descriptions = {
  zh: {
    title: `文档标题，最多 ${longestTitle} 个字符`,
    content: '文档初始内容，Markdown（可选）',
    space: '关联的空间 ID（可选）',
    folder: '关联的文件夹 ID（可选）',
  },
  en: {
    title: `Title of the document, at most ${longestTitle} characters`,
    content: 'Initial content as Markdown (optional)',
    space: 'Id of the space it belongs to (optional)',
    folder: 'Id of the folder it belongs to (optional)',
  },
};
