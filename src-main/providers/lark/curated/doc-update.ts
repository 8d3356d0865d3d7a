import { z } from 'zod';
import { curated } from './curated-tool.ts';
import {
  type Block,
  blocksOf,
  elementsOf,
  insertMarkdown,
  removeBlocks,
  type Stretch,
  stretchOf,
  textOfBlock,
} from './doc-blocks.ts';
import { doc, markdown } from './doc-tools.ts';
import { at, type Desk } from './desk.ts';
import { wrong } from './fields.ts';
import { resolveThing } from './links.ts';

const input = z.object({
  doc,
  command: z.enum(['append', 'overwrite', 'str_replace', 'insert_after', 'replace', 'delete']).meta({
    zh: 'insert_after、replace、delete 针对 heading 的一节或 block_id；str_replace 把文字 pattern 换成 content',
    en: 'insert_after, replace and delete act on the section of heading, or block_id; str_replace puts content for the words of pattern',
  }),
  content: markdown.optional().meta({ zh: 'Markdown', en: 'Markdown' }),
  pattern: z.string().min(1).max(10_000).optional(),
  heading: z.string().max(500).optional(),
  block_id: z.string().max(100).optional(),
});
type Input = z.output<typeof input>;

export const docsUpdate = curated({
  risk: 'write',
  title: { zh: '改文档', en: 'Edit a document' },
  description: {
    zh: '用 Markdown 改云文档：追加、整篇覆盖、替换文字，或按标题插入、替换、删除一节。',
    en: 'Edits a document with Markdown: appends, overwrites, replaces words, or inserts, replaces or deletes by heading.',
  },
  input,
  output: z.object({ document_id: z.string(), changed: z.int() }),
  run: async (desk, given) => {
    requireParts(given);
    const { token } = await resolveThing(desk, given.doc, { kind: 'docx', field: 'doc' });
    return { document_id: token, changed: await edits[given.command](desk, token, given) };
  },
});

type Edit = (desk: Desk, document: string, given: Input) => Promise<number>;

const edits: Record<Input['command'], Edit> = {
  append: (desk, document, { content = '' }) => insertMarkdown(desk, document, { markdown: content, index: -1 }),
  // The new comes before the old goes: whatever fails, no text is lost.
  overwrite: async (desk, document, { content = '' }) => {
    const { children } = await firstLevel(desk, document);
    const added = await insertMarkdown(desk, document, { markdown: content, index: -1 });
    await removeBlocks(desk, document, 0, children.length);
    return added;
  },
  str_replace: replaceWords,
  insert_after: async (desk, document, { content = '', ...place }) => {
    const { until } = await find(desk, document, place);
    return insertMarkdown(desk, document, { markdown: content, index: until });
  },
  // A section keeps its heading; a block is replaced as a whole.
  replace: async (desk, document, { content = '', ...place }) => {
    const { from, until } = await find(desk, document, place);
    const added = await insertMarkdown(desk, document, { markdown: content, index: until });
    await removeBlocks(desk, document, place.heading === undefined ? from : from + 1, until);
    return added;
  },
  delete: async (desk, document, place) => {
    const { from, until } = await find(desk, document, place);
    await removeBlocks(desk, document, from, until);
    return until - from;
  },
};

const needs: Record<Input['command'], (keyof Input)[]> = {
  append: ['content'],
  overwrite: ['content'],
  str_replace: ['pattern', 'content'],
  insert_after: ['content'],
  replace: ['content'],
  delete: [],
};

function requireParts(given: Input): void {
  for (const field of needs[given.command]) {
    if (given[field] === undefined)
      throw wrong(field, `${given.command} 需要 ${field}。`, `${given.command} needs ${field}.`);
  }
  const placed = ['insert_after', 'replace', 'delete'].includes(given.command);
  if (placed && (given.heading === undefined) === (given.block_id === undefined))
    throw wrong('heading', '须给出 heading 或 block_id 之一。', 'Give one of heading and block_id.');
}

async function firstLevel(desk: Desk, document: string): Promise<{ children: Block[]; blocks: Block[] }> {
  const blocks = await blocksOf(desk, document);
  const byId = new Map(blocks.map((one) => [one.block_id, one]));
  const page = byId.get(document) ?? blocks.find(({ block_type }) => block_type === 1);
  return { blocks, children: (page?.children ?? []).flatMap((id) => byId.get(id) ?? []) };
}

async function find(
  desk: Desk,
  document: string,
  place: { heading?: string | undefined; block_id?: string | undefined },
): Promise<Stretch> {
  return stretchOf((await firstLevel(desk, document)).children, place);
}

async function replaceWords(desk: Desk, document: string, { pattern = '', content = '' }: Input): Promise<number> {
  const { blocks } = await firstLevel(desk, document);
  const hits = blocks.filter((one) => one.block_type !== 1 && textOfBlock(one).includes(pattern));
  if (hits.length === 0)
    throw wrong('pattern', '文档中没有 pattern 这段文字。', 'The words of pattern are not in the document.');
  for (const block of hits) {
    const body = { update_text_elements: { elements: replaced(block, pattern, content) } };
    const path = at`/docx/v1/documents/${document}/blocks/${block.block_id}`;
    await desk.write({ method: 'PATCH', path, query: { document_revision_id: -1 }, body, answer: z.unknown() });
  }
  return hits.length;
}

/** Words within one run keep its style; words across runs make the block one run, in the style of its first. */
function replaced(block: Block, pattern: string, content: string): unknown[] {
  const elements = elementsOf(block) ?? [];
  const within = elements.some((element) => element.text_run?.content.includes(pattern));
  if (!within) {
    const [first] = elements;
    return [
      { ...first, text_run: { ...first?.text_run, content: textOfBlock(block).replaceAll(pattern, () => content) } },
    ];
  }
  return elements.map((element) =>
    element.text_run
      ? {
          ...element,
          text_run: { ...element.text_run, content: element.text_run.content.replaceAll(pattern, () => content) },
        }
      : element,
  );
}
