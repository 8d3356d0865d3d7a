import type { AST } from 'toml-eslint-parser';
import { type ConfigEditor, isRecord, type Placed } from './config-editor.ts';
import type { Entry } from './entry.ts';
import { applyEdits, lineEnding, type TextEdit } from './text-edit.ts';
import { namesOf, parseTomlDocument, partsOf, type TomlDocument, type TomlPart } from './toml-document.ts';

/** Edits TOML as text: the parser says where things are, and nothing but our own lines is written. */
export function tomlEditor(at: readonly string[]): ConfigEditor {
  return {
    read: (text) => parseTomlDocument(text).values,
    put: (text, name, entry, keep) => {
      const document = parseTomlDocument(text === '' || text.endsWith('\n') ? text : text + lineEnding(text));
      const path = [...at, name];
      const parts = partsOf(document, path);
      const merged = keep ? merge(document, parts, path, entry) : undefined;
      if (merged !== undefined) return { text: merged, created: 0 };
      return append(removeParts(document, parts), path, entry);
    },
    take: (text, name) => {
      const document = parseTomlDocument(text);
      return removeParts(document, partsOf(document, [...at, name]));
    },
  };
}

function append(text: string, path: readonly string[], entry: Entry): Placed {
  const eol = lineEnding(text);
  const gap = text.trim() === '' ? '' : eol;
  const lines = [
    `[${path.map(keyText).join('.')}]`,
    ...Object.entries(entry).map(([key, value]) => assignment(key, value)),
  ];
  return { text: text + gap + lines.join(eol) + eol, created: 0 };
}

/**
 * Writes our keys into the table that is there, beside those of others. Undefined where there is no plain table: the entry
 * is then written anew.
 */
function merge(document: TomlDocument, parts: TomlPart[], path: readonly string[], entry: Entry): string | undefined {
  const [table, ...more] = parts.filter(({ path: own }) => own.length === path.length);
  if (!table || more.length > 0 || table.node.type !== 'TOMLTable' || table.node.kind !== 'standard') return undefined;
  const { node } = table;
  const ours = Object.keys(entry);
  const below = parts.filter(({ path: own }) => own.length > path.length && ours.includes(own[path.length] ?? ''));
  const eol = lineEnding(document.text);
  const edits: TextEdit[] = below.map((part) => lineRange(document.text, part.node));
  for (const [key, value] of Object.entries(entry)) {
    const members = node.body.filter((member) => namesOf(member.key)[0] === key);
    const [first, ...others] = members;
    edits.push(...others.map((member) => lineRange(document.text, member)));
    if (first)
      edits.push({ offset: first.range[0], length: first.range[1] - first.range[0], text: assignment(key, value) });
    else
      edits.push({
        offset: lineEnd(document.text, headerEnd(document.text, node)),
        length: 0,
        text: `${assignment(key, value)}${eol}`,
      });
  }
  return applyEdits(document.text, edits);
}

function removeParts(document: TomlDocument, parts: readonly TomlPart[]): string {
  const { text } = document;
  const edits = parts.map(({ node }) => {
    const range = lineRange(text, node);
    // The blank line that set it off from what stands before.
    const blank =
      node.type === 'TOMLTable' ? (/(?:^|\n)(\r?\n)$/.exec(text.slice(0, range.offset))?.[1]?.length ?? 0) : 0;
    return { ...range, offset: range.offset - blank, length: range.length + blank };
  });
  return applyEdits(text, edits);
}

/** The whole lines of a table or a key. */
function lineRange(text: string, node: AST.TOMLTable | AST.TOMLKeyValue): TextEdit {
  const offset = text.lastIndexOf('\n', node.range[0] - 1) + 1;
  const last = node.type === 'TOMLTable' ? (node.body.at(-1)?.range[1] ?? headerEnd(text, node)) : node.range[1];
  return { offset, length: lineEnd(text, last) - offset, text: '' };
}

function headerEnd(text: string, table: AST.TOMLTable): number {
  return text.indexOf(']', table.key.range[1]) + 1;
}

/** The beginning of the next line. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function assignment(key: string, value: unknown): string {
  return `${keyText(key)} = ${valueText(value)}`;
}

function keyText(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** Our entries hold texts, switches and numbers, and lists and tables of them. JSON's strings are TOML's basic strings. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item)).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => assignment(key, member))
    .join(', ')} }`;
}
