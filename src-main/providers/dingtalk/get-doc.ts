import { z } from 'zod';
import type { Language, Words } from '../../contract/words.ts';
import { type Block, readBlocks } from './blocks.ts';
import type { DingtalkCall } from './dingtalk-call.ts';
import type { DingtalkToolDefinition } from './dingtalk-tool.ts';
import { readDocumentName } from './document-ids.ts';
import type { Memory } from './memory.ts';
import { modifiedAt, readNode, titleOf, type WikiNode } from './nodes.ts';
import { Refusal } from './refusal.ts';
import { formats, renderBlocks } from './render-blocks.ts';
import { blocksOf, nodeById, nodeByUrl } from './requests.ts';

const window = 100;
const mostBlocks = 5000;

/** An id or a link. */
export const documentId = (language: Language) =>
  z
    .string()
    .max(2000)
    .refine((text) => readDocumentName(text) !== undefined, { error: notADocument[language] })
    .describe(ofDocument[language]);

const notADocument = { zh: '须为文档 ID 或文档链接', en: 'must be the id or the link of a document' };
const ofDocument = { zh: '文档 ID，或文档链接', en: 'Id of the document, or its link' };

function input(language: Language) {
  const format = { zh: '返回格式，默认为 text', en: 'Format of the content; text by default' };
  return z.strictObject({
    document_id: documentId(language),
    format: z.enum(formats).default('text').describe(format[language]),
  });
}

type Input = z.infer<ReturnType<typeof input>>;

export const getDoc: DingtalkToolDefinition<Input> = {
  name: 'get_doc',
  risk: 'read',
  idempotent: true,
  hasInvalidParams: false,
  input,
  texts: {
    zh: {
      title: '获取钉钉文档内容',
      description: '根据文档 ID 或链接读取钉钉文档的内容，可选 text、markdown 或 html。',
    },
    en: {
      title: 'Read a DingTalk document',
      description: 'Reads a DingTalk document by its id or link, as text, Markdown or HTML.',
    },
  },
  perform,
};

async function perform(call: DingtalkCall, { document_id, format }: Input, memory: Memory) {
  const { language, limits } = call.parts;
  const found = await findDocument(call, document_id, memory);
  const [node, read] = await Promise.all([found.node ?? factsOf(call, found.id), blocksIn(call, found.id)]);
  const warnings = read.warnings.map((words) => words[language]);
  const rendered = renderBlocks(read.blocks, format, (type) => unreadable(type)[language]);
  // In JSON a character may take twice its place, and the result says everything twice.
  const content = rendered.slice(0, Math.floor(limits.resultBytes / 8));
  if (content.length < rendered.length) warnings.push(cutShort[language]);
  const types = [...new Set(read.blocks.flatMap((block) => (block.kind === 'unreadable' ? [block.type] : [])))];
  warnings.push(...types.map((type) => unreadableWarning(type)[language]));
  return {
    document_id: found.id,
    title: node ? titleOf(node.name) : null,
    content,
    format,
    update_time: node ? modifiedAt(node) : null,
    author: node?.creatorId ?? null,
    ...(warnings.length > 0 && { warnings }),
    ...((read.truncated || content.length < rendered.length) && { truncated: true }),
  };
}

/** The document that an id or a link means. A link without an id in it is looked up, which gives its facts too. */
export async function findDocument(
  call: DingtalkCall,
  text: string,
  { ids }: Memory,
): Promise<{ id: string; node?: WikiNode | undefined }> {
  const name = readDocumentName(text);
  if (name?.id !== undefined) return { id: ids.documentOf(name.id) };
  const node = readNode(await call.send((operator) => nodeByUrl(operator, name?.link ?? text)));
  return { id: node.nodeId, node };
}

/** Title and times, or nothing where DingTalk does not tell: a docKey is no node, and reading needs other rights. */
export async function factsOf(call: DingtalkCall, id: string): Promise<WikiNode | undefined> {
  try {
    return readNode(await call.send((operator) => nodeById(operator, id)));
  } catch (thrown) {
    if (thrown instanceof Refusal) return undefined;
    throw thrown;
  }
}

interface ReadBlocks {
  blocks: Block[];
  truncated: boolean;
  warnings: Words[];
}

/** Reads window by window. Whether the last index of a window is part of it DingTalk does not say: ids tell. */
async function blocksIn(call: DingtalkCall, id: string): Promise<ReadBlocks> {
  const blocks: Block[] = [];
  const seen = new Set<string>();
  for (;;) {
    const from = blocks.length;
    const answer = await call.send((operator) => blocksOf(operator, id, { from, to: from + window }));
    const page = readBlocks(answer);
    if (!page) throw new Refusal({ meaning: 'unknown', words: noBlocks });
    const before = blocks.length;
    for (const one of page.blocks) {
      if (one.id !== undefined && seen.has(one.id)) continue;
      if (one.id !== undefined) seen.add(one.id);
      blocks.push(one.block);
    }
    const ended = page.blocks.length < window || blocks.length === before;
    if (ended) return { blocks, truncated: false, warnings: [] };
    if (blocks.length >= mostBlocks || call.left === 0)
      return { blocks, truncated: true, warnings: [tooMany(blocks.length)] };
  }
}

function unreadable(type: string): Words {
  return { zh: `[无法读取的内容：${type}]`, en: `[content that cannot be read: ${type}]` };
}

function unreadableWarning(type: string): Words {
  return {
    zh: `钉钉接口不提供 ${type} 类型的内容，其位置以占位行标出。`,
    en: `DingTalk's interface does not give blocks of type ${type}; a line stands in their place.`,
  };
}

function tooMany(read: number): Words {
  return {
    zh: `文档过长，只读取了前 ${read} 个块。`,
    en: `The document is long: only its first ${read} blocks were read.`,
  };
}

const cutShort = { zh: '内容过长，已截断。', en: 'The content is long and was cut.' };
const noBlocks = { zh: '钉钉没有返回文档内容。', en: 'DingTalk did not give the content of the document.' };
