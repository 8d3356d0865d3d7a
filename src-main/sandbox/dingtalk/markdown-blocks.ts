/** Blocks as DingTalk reads a document back: quirks included. */
export function toBlocks(markdown: string): Record<string, unknown>[] {
  const blocks: Record<string, unknown>[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length;) {
    const taken = takeBlock(lines, at);
    if (taken.block)
      blocks.push({ ...taken.block, index: blocks.length, id: `blk${blocks.length}x${markdown.length}` });
    at = taken.next;
  }
  return blocks;
}

interface Taken {
  block: Record<string, unknown> | undefined;
  next: number;
}

function takeBlock(lines: readonly string[], at: number): Taken {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { block: undefined, next: at + 1 };
  if (/^(```|~~~)/.test(line)) return code(lines, at);
  if (line.startsWith('|')) return table(lines, at);
  return { block: oneLine(line), next: at + 1 };
}

/** Code is not among what can be read. */
function code(lines: readonly string[], at: number): Taken {
  const end = lines.findIndex((line, index) => index > at && /^(```|~~~)\s*$/.test(line));
  return { block: { blockType: 'unknown' }, next: end < 0 ? lines.length : end + 1 };
}

function table(lines: readonly string[], at: number): Taken {
  let next = at;
  while (lines[next]?.startsWith('|')) next += 1;
  const cells = lines
    .slice(at, next)
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return {
    block: { blockType: 'table', table: { rowSize: cells.length, colSize: cells[0]?.length ?? 0, cells } },
    next,
  };
}

function oneLine(line: string): Record<string, unknown> {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  // Written as a number, read as a word.
  if (heading)
    return { blockType: 'heading', heading: { level: `heading-${heading[1]?.length ?? 1}`, text: heading[2] ?? '' } };
  const item = itemOf(line);
  if (item) return item;
  const quote = /^>\s?(.*)$/.exec(line);
  if (quote) return { blockType: 'blockquote', blockquote: { text: quote[1] ?? '' } };
  return { blockType: 'paragraph', paragraph: { text: line } };
}

function itemOf(line: string): Record<string, unknown> | undefined {
  const [, indent = '', mark = '', text] = /^(\s*)([-*]|\d+\.)\s+(.*)$/.exec(line) ?? [];
  if (text === undefined) return undefined;
  const content = { text, list: { level: Math.floor(indent.length / 2), listId: 'l1' } };
  return /\d/.test(mark)
    ? { blockType: 'orderedList', orderedList: content }
    : { blockType: 'unorderedList', unorderedList: content };
}
