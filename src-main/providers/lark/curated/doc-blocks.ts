import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { at, type Desk } from './desk.ts';
import { wrong } from './fields.ts';

/** A block of a document: its kind, and a member named after the kind that holds its text. */
const block = z.looseObject({
  block_id: z.string(),
  parent_id: z.string().catch(''),
  block_type: z.int(),
  children: z.array(z.string()).catch([]),
});
export type Block = z.output<typeof block>;

const blocksAnswer = z.object({
  items: z.array(block),
  has_more: z.boolean().catch(false),
  page_token: z.string().catch(''),
});
const mostPages = 40;

/** Every block of a document, the page first. */
export async function blocksOf(desk: Desk, document: string): Promise<Block[]> {
  const blocks: Block[] = [];
  let page_token = '';
  for (let pages = 0; pages < mostPages; pages += 1) {
    const query = { page_size: 500, document_revision_id: -1, ...(page_token && { page_token }) };
    const page = await desk.read({ path: at`/docx/v1/documents/${document}/blocks`, query, answer: blocksAnswer });
    blocks.push(...page.items);
    if (!page.has_more || page.page_token === page_token) return blocks;
    page_token = page.page_token;
  }
  return blocks;
}

const convertAnswer = z.object({ first_level_block_ids: z.array(z.string()), blocks: z.array(block) });
const anything = z.unknown();
const mostBlocks = 1000;

/** Markdown as blocks that can be put into a document, in batches that Feishu takes at once. */
async function toBatches(desk: Desk, markdown: string): Promise<{ children: string[]; blocks: Block[] }[]> {
  if (markdown.trim() === '') return [];
  const converted = await desk.read({
    method: 'POST',
    path: '/docx/v1/documents/blocks/convert',
    body: { content_type: 'markdown', content: markdown },
    answer: convertAnswer,
  });
  const byId = new Map(converted.blocks.map((one) => [one.block_id, withoutMergeInfo(one)]));
  const batches: { children: string[]; blocks: Block[] }[] = [];
  for (const id of converted.first_level_block_ids) {
    const tree = treeOf(id, byId);
    const last = batches.at(-1);
    if (last && last.blocks.length + tree.length <= mostBlocks) {
      last.children.push(id);
      last.blocks.push(...tree);
    } else batches.push({ children: [id], blocks: tree });
  }
  return batches;
}

function treeOf(id: string, byId: ReadonlyMap<string, Block>): Block[] {
  const found = byId.get(id);
  return found ? [found, ...found.children.flatMap((child) => treeOf(child, byId))] : [];
}

/** A table's merged cells can be read and not written. */
function withoutMergeInfo(one: Block): Block {
  const table = z.looseObject({ property: z.looseObject({}) }).safeParse(one.table);
  if (!table.success) return one;
  const { merge_info: _, ...property } = table.data.property;
  return { ...one, table: { ...table.data, property } };
}

/** Puts Markdown among the first-level blocks of a document, before the one at `index`; at its end when that is -1. */
export async function insertMarkdown(
  desk: Desk,
  document: string,
  { markdown, index }: { markdown: string; index: number },
): Promise<number> {
  let next = index;
  let count = 0;
  for (const { children, blocks } of await toBatches(desk, markdown)) {
    await desk.write(
      {
        method: 'POST',
        path: at`/docx/v1/documents/${document}/blocks/${document}/descendant`,
        query: { document_revision_id: -1, client_token: randomUUID() },
        body: { index: next, children_id: children, descendants: blocks.map((one) => asNew(one)) },
        answer: anything,
      },
      'once',
    );
    if (next >= 0) next += children.length;
    count += blocks.length;
  }
  return count;
}

/** A block that is not in a document yet has nobody above it. */
function asNew({ children, ...rest }: Block): Record<string, unknown> {
  return { ...rest, parent_id: undefined, ...(children.length > 0 && { children }) };
}

/** Takes away the first-level blocks from `from` up to, not including, `until`. */
export async function removeBlocks(desk: Desk, document: string, from: number, until: number): Promise<void> {
  if (until <= from) return;
  await desk.write(
    {
      method: 'DELETE',
      path: at`/docx/v1/documents/${document}/blocks/${document}/children/batch_delete`,
      query: { document_revision_id: -1, client_token: randomUUID() },
      body: { start_index: from, end_index: until },
      answer: anything,
    },
    'once',
  );
}

const run = z.looseObject({ text_run: z.looseObject({ content: z.string() }).optional() });
const holder = z.looseObject({ elements: z.array(run) });

/** The pieces of text in a block, or undefined when it holds none. */
export function elementsOf(one: Block): z.output<typeof run>[] | undefined {
  for (const [name, member] of Object.entries(one)) {
    if (name === 'page') continue;
    const found = holder.safeParse(member);
    if (found.success) return found.data.elements;
  }
  return undefined;
}

export function textOfBlock(one: Block): string {
  return (elementsOf(one) ?? []).map((element) => element.text_run?.content ?? '').join('');
}

/** 1 to 9 of a heading; 0 of anything else. */
function headingLevel({ block_type }: Block): number {
  return block_type >= 3 && block_type <= 11 ? block_type - 2 : 0;
}

export interface Stretch {
  from: number;
  until: number;
}

/** The first-level blocks that a heading (by its text) or a block id stands for. Throws `invalid_arguments`. */
export function stretchOf(
  children: readonly Block[],
  { heading, block_id }: { heading?: string | undefined; block_id?: string | undefined },
): Stretch {
  if (block_id !== undefined) {
    const index = children.findIndex((one) => one.block_id === block_id);
    if (index >= 0) return { from: index, until: index + 1 };
    throw wrong(
      'block_id',
      '文档第一层没有这个 block_id。',
      'There is no such block_id on the first level of the document.',
    );
  }
  const wanted = (heading ?? '').replace(/^#+\s*/, '').trim();
  const found = children.flatMap((one, index) =>
    headingLevel(one) > 0 && textOfBlock(one).trim() === wanted ? [index] : [],
  );
  const [index, ...others] = found;
  if (index === undefined || others.length > 0) throw unclear(children, others.length > 0);
  const level = headingLevel(children[index] ?? { block_id: '', parent_id: '', block_type: 2, children: [] });
  const next = children.findIndex((one, at) => at > index && headingLevel(one) > 0 && headingLevel(one) <= level);
  return { from: index, until: next === -1 ? children.length : next };
}

function unclear(children: readonly Block[], several: boolean) {
  const headings = children.filter((one) => headingLevel(one) > 0).map((one) => textOfBlock(one).slice(0, 80));
  const list = headings.slice(0, 30).join(' | ') || '-';
  return several
    ? wrong(
        'heading',
        `有几个同名标题，请用 block_id。标题有：${list}`,
        `Several headings read so; use block_id. Headings: ${list}`,
      )
    : wrong('heading', `没有这个标题。标题有：${list}`, `There is no such heading. Headings: ${list}`);
}
