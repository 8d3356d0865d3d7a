import { Refusal } from '../wire/envelope.ts';
import { documentCodes } from './drive-files.ts';
import type { Block, DocumentBody, World } from './world.ts';

/** Block types of docx and the member that holds their text. */
const textKinds: Record<number, string> = {
  1: 'page',
  2: 'text',
  3: 'heading1',
  4: 'heading2',
  5: 'heading3',
  6: 'heading4',
  7: 'heading5',
  8: 'heading6',
  12: 'bullet',
  13: 'ordered',
  14: 'code',
  15: 'quote',
  17: 'todo',
};

const dividerType = 22;

/** A block as its creator gives it: without ids. */
export type NewBlock = { block_type: number } & Record<string, unknown>;

/** Lines of Markdown that start a block of their own; everything else is text. */
const markdownLines: [RegExp, (found: RegExpExecArray) => NewBlock][] = [
  [/^(#{1,6})\s+(.*)$/, ([, marks = '', text = '']) => textBlock(2 + marks.length, text)],
  [/^\s*[-*+]\s+\[( |x|X)\]\s+(.*)$/, ([, mark = ' ', text = '']) => textBlock(17, text, { done: mark !== ' ' })],
  [/^\s*[-*+]\s+(.*)$/, ([, text = '']) => textBlock(12, text)],
  [/^\s*\d+[.)]\s+(.*)$/, ([, text = '']) => textBlock(13, text)],
  [/^>\s?(.*)$/, ([, text = '']) => textBlock(15, text)],
  [/^(?:---|\*\*\*)\s*$/, () => ({ block_type: dividerType, divider: {} })],
];

function textBlock(type: number, text: string, style: Record<string, unknown> = {}): NewBlock {
  return {
    block_type: type,
    [textKinds[type] ?? 'text']: { elements: [{ text_run: { content: text, text_element_style: {} } }], style },
  };
}

export function markdownToBlocks(markdown: string): NewBlock[] {
  const lines = markdown.split('\n');
  const blocks: NewBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('```')) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith('```'));
      const until = end === -1 ? lines.length : end;
      blocks.push(textBlock(14, lines.slice(at + 1, until).join('\n')));
      at = until;
    } else if (line.trim() !== '') {
      blocks.push(lineToBlock(line));
    }
  }
  return blocks;
}

function lineToBlock(line: string): NewBlock {
  for (const [shape, make] of markdownLines) {
    const found = shape.exec(line);
    if (found) return make(found);
  }
  return textBlock(2, line);
}

/** The text of a block, without its style; undefined for blocks that hold none. */
function textOf(block: Block): string | undefined {
  const holder = block[textKinds[block.block_type] ?? ''];
  if (typeof holder !== 'object' || holder === null || !('elements' in holder) || !Array.isArray(holder.elements))
    return undefined;
  return holder.elements
    .map((element: { text_run?: { content?: string } }) => element.text_run?.content ?? '')
    .join('');
}

/** Blocks in reading order, the page first. */
export function inOrder(document: DocumentBody): Block[] {
  const byId = new Map(document.blocks.map((block) => [block.block_id, block]));
  const walk = (id: string): Block[] => {
    const block = byId.get(id);
    return block ? [block, ...(block.children ?? []).flatMap((child) => walk(child))] : [];
  };
  return walk(document.token);
}

/** Title and text, one line per block. */
export function rawContent(document: DocumentBody): string {
  return `${inOrder(document)
    .map((block) => textOf(block))
    .filter((text) => text !== undefined)
    .join('\n')}\n`;
}

export function toMarkdown(document: DocumentBody): string {
  return inOrder(document)
    .map((block) => markdownOf(block))
    .join('\n\n');
}

function markdownOf(block: Block): string {
  const text = textOf(block) ?? '';
  if (block.block_type === dividerType) return '---';
  if (block.block_type === 1) return `# ${text}`;
  if (block.block_type >= 3 && block.block_type <= 8) return `${'#'.repeat(block.block_type - 2)} ${text}`;
  const marks: Record<number, string> = { 12: '- ', 13: '1. ', 15: '> ', 17: '- [ ] ' };
  return block.block_type === 14 ? `\`\`\`\n${text}\n\`\`\`` : `${marks[block.block_type] ?? ''}${text}`;
}

/** Stores a document that has only its page block, titled, with `blocks` under it. */
export function createDocument(world: World, title: string, blocks: NewBlock[]): DocumentBody {
  return world.documents.add('document', (token) => {
    const page: Block = { ...textBlock(1, title), block_id: token, parent_id: '', children: [] };
    return insertBlocks(world, { token, revision: 0, blocks: [page] }, { parent: token, index: -1, blocks });
  });
}

/** The document with new blocks under `parent`, before the child at `index`; at the end when it is negative. */
export function insertBlocks(
  world: World,
  document: DocumentBody,
  { parent, index, blocks }: { parent: string; index: number; blocks: NewBlock[] },
): DocumentBody {
  const fresh = blocks.map((block): Block => ({
    ...block,
    block_id: world.store.nextId('block'),
    parent_id: parent,
  }));
  const ids = fresh.map((block) => block.block_id);
  const holder = blockOf(document, parent);
  const children = holder.children ?? [];
  const at = index < 0 ? children.length : index;
  const changed = withBlock(document, { ...holder, children: children.toSpliced(at, 0, ...ids) });
  return { ...changed, blocks: [...changed.blocks, ...fresh] };
}

/** Blocks under their creator's own ids, and which of them hold which. */
export interface NewTree {
  parent: string;
  index: number;
  children: string[];
  blocks: (NewBlock & { block_id: string; children: string[] })[];
}

/** The document with a tree of new blocks under `parent`; they get ids of their own. */
export function insertTree(world: World, document: DocumentBody, { parent, index, ...tree }: NewTree): DocumentBody {
  const ids = new Map(tree.blocks.map((block) => [block.block_id, world.store.nextId('block')]));
  const idOf = (given: string): string => {
    const id = ids.get(given);
    if (id === undefined) throw new Refusal(1_770_001, `invalid param: no block ${given}`);
    return id;
  };
  const holders = new Map(tree.blocks.flatMap((block) => block.children.map((child) => [child, idOf(block.block_id)])));
  const fresh = tree.blocks.map((block): Block => ({
    ...block,
    block_id: idOf(block.block_id),
    parent_id: holders.get(block.block_id) ?? parent,
    children: block.children.map((child) => idOf(child)),
  }));
  const holder = blockOf(document, parent);
  const before = holder.children ?? [];
  const at = index < 0 ? before.length : index;
  if (at > before.length) throw new Refusal(1_770_001, 'invalid param: index');
  const children = before.toSpliced(at, 0, ...tree.children.map((child) => idOf(child)));
  const changed = withBlock(document, { ...holder, children });
  return { ...changed, blocks: [...changed.blocks, ...fresh] };
}

export function blockOf(document: DocumentBody, id: string): Block {
  const block = document.blocks.find((one) => one.block_id === id);
  if (!block) throw new Refusal(documentCodes.missing, 'block not found');
  return block;
}

/** The document with other text in one block; the block's kind and style stay. */
export function withText(document: DocumentBody, id: string, elements: unknown[]): DocumentBody {
  const block = blockOf(document, id);
  const kind = textKinds[block.block_type] ?? '';
  const holder = block[kind];
  if (typeof holder !== 'object' || holder === null) throw new Refusal(1_770_001, 'the block holds no text');
  return withBlock(document, { ...block, [kind]: { ...holder, elements } });
}

/** The document without the children of a block from the first index up to, not including, the second. */
export function withoutChildren(document: DocumentBody, id: string, [from, until]: [number, number]): DocumentBody {
  const parent = blockOf(document, id);
  const children = parent.children ?? [];
  if (until <= from || until > children.length) throw new Refusal(1_770_001, 'invalid param');
  const gone = new Set(children.slice(from, until));
  const kept = withBlock(document, { ...parent, children: children.filter((child) => !gone.has(child)) });
  return { ...kept, blocks: kept.blocks.filter((block) => !gone.has(block.block_id)) };
}

function withBlock(document: DocumentBody, block: Block): DocumentBody {
  const blocks = document.blocks.map((one) => (one.block_id === block.block_id ? block : one));
  return { ...document, revision: document.revision + 1, blocks };
}
