import { isDeepStrictEqual } from 'node:util';
import { BrokenFile } from './broken-file.ts';
import type { Place } from './client-spec.ts';
import { type ConfigEditor, isRecord, serversIn } from './config-editor.ts';
import { jsonEditor } from './json-editor.ts';
import { tomlEditor } from './toml-editor.ts';

/** The editor for a place, with every result read again: what was not to change did not, or nothing is changed at all. */
export function editorFor(place: Pick<Place, 'format' | 'at'>): ConfigEditor {
  const editor = place.format === 'toml' ? tomlEditor(place.at) : jsonEditor(place.at, place.format === 'json');
  const othersOf = (text: string, name: string) => without(editor.read(text), [...place.at, name]);
  const checked = (before: string, after: string, name: string) => {
    if (!same(othersOf(before, name), othersOf(after, name))) throw new BrokenFile('unsafe');
  };
  return {
    read: (text) => editor.read(text),
    put: (text, name, entry, keep) => {
      const placed = editor.put(text, name, entry, keep);
      checked(text, placed.text, name);
      const written = serversIn(editor.read(placed.text), place.at)[name];
      if (!isRecord(written) || Object.entries(entry).some(([key, value]) => !same(written[key], value)))
        throw new BrokenFile('unsafe');
      return placed;
    },
    take: (text, name, created) => {
      const taken = editor.take(text, name, created);
      checked(text, taken, name);
      if (serversIn(editor.read(taken), place.at)[name] !== undefined) throw new BrokenFile('unsafe');
      return taken;
    },
  };
}

/** A copy without what `path` leads to, and without the tables on the way that this leaves empty. */
function without(values: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  const [name = '', ...rest] = path;
  const { [name]: inner, ...others } = values;
  if (rest.length === 0 || !isRecord(inner)) return rest.length === 0 || inner === undefined ? others : values;
  const remaining = without(inner, rest);
  return Object.keys(remaining).length === 0 ? others : { ...others, [name]: remaining };
}

/** By value: the parsers make objects of other kinds than literals are, and dates. */
function same(a: unknown, b: unknown): boolean {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');
  return isDeepStrictEqual(plain(a), plain(b));
}
