import { createScanner, type Node } from 'jsonc-parser';
import { endOf, type JsonDocument, memberOf, valueOf } from './json-document.ts';
import { indentAt, lineEnding, type TextEdit } from './text-edit.ts';

/** Sets a member of an object, in the style that the text around it has. */
export function setMember(document: JsonDocument, object: Node, name: string, value: unknown): TextEdit[] {
  const style = styleOf(document, object);
  const member = memberOf(document, object, name);
  if (member) {
    const old = valueOf(member);
    return [{ offset: old.offset, length: old.length, text: written(value, style) }];
  }
  return insertion(document, object, `${JSON.stringify(name)}:${style.gap}${written(value, style)}`);
}

interface Style {
  multiline: boolean;
  /** Before each member, and before the closing brace. */
  indent: string;
  outer: string;
  unit: string;
  eol: string;
  /** After a colon. */
  gap: string;
}

function styleOf({ text, root }: JsonDocument, object: Node): Style {
  const inside = text.slice(object.offset, endOf(object));
  const [first] = object.children ?? [];
  const multiline = inside.includes('\n') || (!first && (object === root || text.includes('\n')));
  const unit = unitOf(text);
  const outer = indentAt(text, object.offset);
  const indent = (first && ownIndent(text, first.offset)) ?? outer + unit;
  const gap = multiline || /:\s/.test(inside) || !text.includes(':') ? ' ' : '';
  return { multiline, indent, outer, unit, eol: lineEnding(text), gap };
}

/** One step of indentation: that of the first line that has any. */
function unitOf(text: string): string {
  const first = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return first.startsWith('\t') ? '\t' : first;
}

/** The whitespace before what begins its line; undefined for what does not. */
function ownIndent(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*$/.test(text.slice(start, offset)) ? text.slice(start, offset) : undefined;
}

function written(value: unknown, style: Style): string {
  if (!style.multiline) return style.gap === '' ? JSON.stringify(value) : spaced(value);
  return JSON.stringify(value, undefined, style.unit).replaceAll('\n', style.eol + style.indent);
}

/** JSON on one line with a space after each colon and comma. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => spaced(item)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function insertion(document: JsonDocument, object: Node, member: string): TextEdit[] {
  const style = styleOf(document, object);
  const { multiline, eol, indent, outer, gap } = style;
  const last = object.children?.at(-1);
  const around = lookAround(document.text, last ? endOf(last) : object.offset + 1);
  const lead = multiline ? eol + indent : gap;
  if (!last) {
    const rest = document.text.slice(around.anchor, endOf(object) - 1);
    const tail = multiline ? (rest.includes('\n') ? '' : eol + outer) : rest === '' ? gap : '';
    return [{ offset: around.anchor, length: 0, text: lead + member + tail }];
  }
  if (around.comma !== undefined) return [{ offset: around.anchor, length: 0, text: `${lead}${member},` }];
  return [
    { offset: endOf(last), length: 0, text: ',' },
    { offset: around.anchor, length: 0, text: lead + member },
  ];
}

/** What stands between `from` and the next brace: a comma, and the comments that belong to the line before. */
function lookAround(text: string, from: number): { comma: number | undefined; anchor: number } {
  let comma: number | undefined;
  let anchor = from;
  let newLine = false;
  for (const { kind, offset, end } of tokens(text, from)) {
    if (kind === 'comma') {
      comma = offset;
      anchor = end;
      newLine = false;
    } else if (kind === 'comment' && !newLine) anchor = end;
    else if (kind === 'break') newLine = true;
    else if (kind === 'other') break;
  }
  return { comma, anchor };
}

/** Takes a member out, with the whitespace before it and the comma that only it needed. */
export function removeMember({ text }: JsonDocument, object: Node, member: Node): TextEdit[] {
  const siblings = object.children ?? [];
  const index = siblings.indexOf(member);
  const before = siblings[index - 1];
  const ahead = [...tokens(text, before ? endOf(before) : object.offset + 1)].filter(
    ({ offset }) => offset < member.offset,
  );
  const start = ahead.findLast(({ kind }) => kind === 'comma' || kind === 'comment')?.end ?? object.offset + 1;
  const after = [...tokens(text, endOf(member))];
  const comma = after.find(({ kind }) => kind === 'comma');
  const edits = [{ offset: start, length: (comma?.end ?? endOf(member)) - start, text: '' }];
  const former = comma || !before ? undefined : ahead.find(({ kind }) => kind === 'comma');
  if (former) edits.push({ offset: former.offset, length: 1, text: '' });
  return edits;
}

interface Token {
  kind: 'comma' | 'comment' | 'break' | 'other';
  offset: number;
  end: number;
}

/** jsonc-parser's SyntaxKind, a const enum that does not exist at run time. */
const scanned = { comma: 5, lineComment: 12, blockComment: 13, lineBreak: 14, blank: 15, end: 17 };

/** The tokens from `from` up to the first that is neither comma nor whitespace nor comment. */
function* tokens(text: string, from: number): Generator<Token> {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  for (let kind: number = scanner.scan(); kind !== scanned.end; kind = scanner.scan()) {
    if (kind === scanned.blank) continue;
    const offset = scanner.getTokenOffset();
    const token = { offset, end: offset + scanner.getTokenLength() };
    if (kind === scanned.comma) yield { kind: 'comma', ...token };
    else if (kind === scanned.lineComment || kind === scanned.blockComment) yield { kind: 'comment', ...token };
    else if (kind === scanned.lineBreak) yield { kind: 'break', ...token };
    else return;
  }
}
