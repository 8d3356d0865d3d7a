import type { Block } from './blocks.ts';

export const formats = ['text', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/** The document as one text. `placeholder` stands where a block cannot be read. */
export function renderBlocks(blocks: readonly Block[], format: Format, placeholder: (type: string) => string): string {
  if (format === 'html') return renderHtml(blocks, placeholder);
  const numbers = new Numbering();
  const pieces = blocks.map((block) => ({
    kind: block.kind,
    text: format === 'text' ? toText(block, numbers, placeholder) : toMarkdown(block, numbers, placeholder),
  }));
  return pieces.map(({ kind, text }, index) => separator(format, pieces[index - 1]?.kind, kind) + text).join('');
}

function separator(format: Format, before: Block['kind'] | undefined, kind: Block['kind']): string {
  if (before === undefined) return '';
  // Markdown joins lines into one paragraph unless an empty line is between them.
  return format === 'text' || (before === 'item' && kind === 'item') ? '\n' : '\n\n';
}

/** Counts the items of ordered lists, level by level. */
class Numbering {
  #counts: number[] = [];

  of(block: Block): string {
    if (block.kind !== 'item') {
      this.#counts = [];
      return '';
    }
    this.#counts = this.#counts.slice(0, block.level + 1);
    while (this.#counts.length <= block.level) this.#counts.push(0);
    if (!block.ordered) {
      this.#counts[block.level] = 0;
      return '- ';
    }
    const count = (this.#counts[block.level] ?? 0) + 1;
    this.#counts[block.level] = count;
    return `${count}. `;
  }
}

function toText(block: Block, numbers: Numbering, placeholder: (type: string) => string): string {
  const mark = numbers.of(block);
  switch (block.kind) {
    case 'item':
      return '  '.repeat(block.level) + mark + block.text;
    case 'table':
      return block.rows.map((row) => row.map((cell) => oneLine(cell)).join('\t')).join('\n');
    case 'unreadable':
      return placeholder(block.type);
    default:
      return block.text;
  }
}

function toMarkdown(block: Block, numbers: Numbering, placeholder: (type: string) => string): string {
  const mark = numbers.of(block);
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${oneLine(block.text)}`;
    case 'paragraph':
      return block.text;
    case 'quote':
      return block.text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
    case 'item':
      return '   '.repeat(block.level) + mark + oneLine(block.text);
    case 'table':
      return tableMarkdown(block.rows);
    case 'unreadable':
      return placeholder(block.type);
  }
  return block satisfies never;
}

function tableMarkdown(rows: string[][]): string {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const line = (row: string[]) =>
    `| ${Array.from({ length: width }, (_, column) => oneLine(row[column] ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `|${' --- |'.repeat(width)}`, ...body.map((row) => line(row))].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

function renderHtml(blocks: readonly Block[], placeholder: (type: string) => string): string {
  const lists = new OpenLists();
  const lines = blocks.flatMap((block) =>
    block.kind === 'item' ? lists.item(block) : [...lists.closeTo(0), blockHtml(block, placeholder)],
  );
  return [...lines, ...lists.closeTo(0)].join('\n');
}

/** The lists that an item is inside of. Each has its last item still open, for a deeper list belongs into it. */
class OpenLists {
  readonly #open: ('ol' | 'ul')[] = [];

  item({ ordered, level, text }: Extract<Block, { kind: 'item' }>): string[] {
    const list = ordered ? 'ol' : 'ul';
    const depth = level + 1;
    const lines = this.closeTo(this.#open[level] === list ? depth : level);
    if (this.#open.length === depth) lines.push('</li>');
    while (this.#open.length < depth) {
      this.#open.push(list);
      lines.push(`<${list}>`);
      if (this.#open.length < depth) lines.push('<li>');
    }
    return [...lines, `<li>${escapeHtml(text)}`];
  }

  closeTo(depth: number): string[] {
    return this.#open
      .splice(depth)
      .toReversed()
      .map((list) => `</li></${list}>`);
  }
}

function blockHtml(block: Exclude<Block, { kind: 'item' }>, placeholder: (type: string) => string): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'quote':
      return `<blockquote>${escapeHtml(block.text)}</blockquote>`;
    case 'table': {
      const cells = (row: string[]) => row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
      return `<table>${block.rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</table>`;
    }
    case 'unreadable':
      return `<p>${escapeHtml(placeholder(block.type))}</p>`;
  }
  return block satisfies never;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '').replaceAll('\n', '<br>');
}
