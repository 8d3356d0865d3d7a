/** What DingTalk takes at once, in characters. */
export const mostCharacters = 50_000;

const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/;

interface OpenFence {
  mark: string;
  head: string;
}

/**
 * Cuts Markdown into parts of at most `most` characters: at blank lines outside code where there are any, at line ends
 * otherwise, and inside a line only where it alone is too long. Code that is cut goes on as code in the next part.
 */
export function splitMarkdown(markdown: string, most = mostCharacters): string[] {
  if (markdown.length <= most) return [markdown];
  const parts: string[] = [];
  let rest = markdown;
  while (rest.length > most) {
    const { end, open } = cutOf(rest, most);
    const part = rest.slice(0, end);
    parts.push(open ? `${part.replace(/\n+$/, '')}\n${open.mark}` : part.replace(/\n+$/, ''));
    const after = rest.slice(end);
    rest = open ? `${open.head}\n${after}` : after.replace(/^\n+/, '');
  }
  return [...parts, rest].filter((part) => part !== '');
}

interface Cut {
  end: number;
  /** The code that the cut goes through. */
  open: OpenFence | undefined;
}

/** The last good place to cut within `most` characters. */
function cutOf(text: string, most: number): Cut {
  let blank: Cut | undefined;
  let lineEnd: Cut | undefined;
  for (const { line, cut } of linesWithin(text, most)) {
    if (fits(cut, most)) lineEnd = cut;
    if (!cut.open && line.trim() === '') blank = cut;
  }
  // A blank line that is far from the end would make many small parts.
  if (blank && blank.end >= most / 2) return blank;
  return lineEnd ?? blank ?? { end: whole(text, most), open: undefined };
}

function* linesWithin(text: string, most: number): Generator<{ line: string; cut: Cut }> {
  let open: OpenFence | undefined;
  for (
    let start = 0, end = text.indexOf('\n');
    end >= 0 && end < most;
    start = end + 1, end = text.indexOf('\n', start)
  ) {
    const line = text.slice(start, end);
    open = fenceAfter(line, open);
    yield { line, cut: { end: end + 1, open } };
  }
}

/** A cut through code needs room for the mark that closes it, and must take more away than the head that comes back. */
function fits({ end, open }: Cut, most: number): boolean {
  return !open || (end + open.mark.length + 1 <= most && end > open.head.length + 1);
}

/** Never between the two halves of a character. */
function whole(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

function fenceAfter(line: string, open: OpenFence | undefined): OpenFence | undefined {
  const match = fence.exec(line);
  const mark = match?.[1];
  if (mark === undefined) return open;
  if (!open) return { mark, head: line };
  const closes = mark[0] === open.mark[0] && mark.length >= open.mark.length && match?.[2]?.trim() === '';
  return closes ? undefined : open;
}
