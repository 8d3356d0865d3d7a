import { wrong } from './fields.ts';

interface Heading {
  level: number;
  text: string;
  /** Where its line begins, and where the text after it does. */
  from: number;
  until: number;
}

/** The headings of a Markdown text. What looks like one inside a fence is code. */
function headingsOf(markdown: string): Heading[] {
  const headings: Heading[] = [];
  let fenced = false;
  let from = 0;
  for (const line of markdown.split('\n')) {
    const until = from + line.length + 1;
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const [, marks = '', text = ''] = fenced ? [] : (/^(#{1,9})\s+(.*?)\s*#*$/.exec(line) ?? []);
    if (marks !== '') headings.push({ level: marks.length, text, from, until });
    from = until;
  }
  return headings;
}

/** The headings alone, each as it stands. */
export function outlineOf(markdown: string): string {
  return headingsOf(markdown)
    .map(({ level, text }) => `${'#'.repeat(level)} ${text}`)
    .join('\n');
}

/** From a heading up to the next of its level or above. Throws `invalid_arguments` naming the headings there are. */
export function sectionOf(markdown: string, wanted: string): string {
  const headings = headingsOf(markdown);
  const name = wanted.replace(/^#+\s*/, '').trim();
  const index = headings.findIndex(({ text }) => text === name);
  const found = headings[index];
  if (!found) {
    const list =
      headings
        .slice(0, 30)
        .map(({ text }) => text.slice(0, 80))
        .join(' | ') || '-';
    throw wrong('heading', `没有这个标题。标题有：${list}`, `There is no such heading. Headings: ${list}`);
  }
  const next = headings.find(({ level }, at) => at > index && level <= found.level);
  return markdown.slice(found.from, next?.from ?? markdown.length);
}
