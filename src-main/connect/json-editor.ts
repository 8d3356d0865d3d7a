import type { Node } from 'jsonc-parser';
import type { ConfigEditor, Placed } from './config-editor.ts';
import type { Entry } from './entry.ts';
import {
  descend,
  endOf,
  type JsonDocument,
  memberOf,
  parseJsonDocument,
  plainValue,
  valueOf,
} from './json-document.ts';
import { removeMember, setMember } from './json-edit.ts';
import { applyEdits } from './text-edit.ts';

/** Edits JSON and JSON with comments. */
export function jsonEditor(at: readonly string[], strict: boolean): ConfigEditor {
  const parse = (text: string) => parseJsonDocument(text.trim() === '' ? '{}' : text, strict);
  return {
    read: (text) => {
      const value = plainValue(parse(text).root);
      return typeof value === 'object' && value !== null ? { ...value } : {};
    },
    put: (text, name, entry, keep) =>
      text.trim() === '' ? fresh(at, name, entry) : put(parse(text), at, { name, entry, keep }),
    take: (text, name, created) => {
      const document = parse(text);
      const { object, missing, trail } = descend(document, at);
      const member = missing.length === 0 ? memberOf(document, object, name) : undefined;
      return member ? take(document, [...trail, member], created) : text;
    },
  };
}

function fresh(at: readonly string[], name: string, entry: Entry): Placed {
  return { text: `${JSON.stringify(nested([...at, name], entry), undefined, 2)}\n`, created: at.length };
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, name) => ({ [name]: inner }), value);
}

function put(
  document: JsonDocument,
  at: readonly string[],
  { name, entry, keep }: { name: string; entry: Entry; keep: boolean },
): Placed {
  const { object, missing } = descend(document, at);
  const [first, ...rest] = [...missing, name];
  const present = missing.length === 0 ? memberOf(document, object, name) : undefined;
  if (present && keep && valueOf(present).type === 'object')
    return { text: merge(document, [...at, name], entry), created: 0 };
  const edits = setMember(document, object, first ?? name, nested(rest, entry));
  return { text: applyEdits(document.text, edits), created: missing.length };
}

/** One member after the other, each in the text that the one before left. */
function merge(document: JsonDocument, path: readonly string[], entry: Entry): string {
  let current = document;
  for (const [key, value] of Object.entries(entry)) {
    const { object } = descend(current, path);
    const text = applyEdits(current.text, setMember(current, object, key, value));
    current = parseJsonDocument(text, false);
  }
  return current.text;
}

/** Takes out the last of `trail`, or the outermost table around it that was made for it and holds nothing else. */
function take(document: JsonDocument, trail: readonly Node[], created: number): string {
  let depth = trail.length - 1;
  const lowest = Math.max(0, depth - created);
  while (depth > lowest && isOnly(document, trail[depth - 1])) depth -= 1;
  const member = trail[depth];
  const outer = trail[depth - 1];
  if (!member) return document.text;
  return applyEdits(document.text, removeMember(document, outer ? valueOf(outer) : document.root, member));
}

/** Whether a table holds one member and no comment. */
function isOnly(document: JsonDocument, member: Node | undefined): boolean {
  const [only, second] = member?.children?.[1]?.children ?? [];
  if (!member || !only || second) return false;
  const value = valueOf(member);
  const around =
    document.text.slice(value.offset + 1, only.offset) + document.text.slice(endOf(only), endOf(value) - 1);
  return /^[\s,]*$/.test(around);
}
