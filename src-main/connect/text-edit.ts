/** Replaces `length` characters at `offset`. */
export interface TextEdit {
  offset: number;
  length: number;
  text: string;
}

/** Applies edits that do not overlap; at one offset the insertions come first, in the order given. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.offset - b.offset || Math.sign(a.length) - Math.sign(b.length) || a.index - b.index);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    result += text.slice(at, edit.offset) + edit.text;
    at = edit.offset + edit.length;
  }
  return result + text.slice(at);
}

/** The line ending that most lines of a text have; that of most files where it has none. */
export function lineEnding(text: string): '\n' | '\r\n' {
  const windows = text.split('\r\n').length - 1;
  return windows > 0 && windows * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
}

/** The whitespace that a line begins with, up to `offset`. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}
