import type { Definition } from './definitions.ts';

/**
 * A short title per tool name. A description reads "[Feishu/Lark]-Chapter-Section-Title-What it does ...", with any
 * number of chapters, and the last part may be missing. What the tools of one resource have in common is chapters;
 * after them, the title is what comes before the first part that reads like a sentence.
 */
export function titlesOf(definitions: Definition[]): Map<string, string> {
  const parts = new Map(definitions.map(({ name, description }) => [name, partsOf(description)]));
  const resources = Map.groupBy(definitions, ({ name }) => name.slice(0, name.lastIndexOf('.')));
  const titles = new Map<string, string>();
  for (const members of resources.values()) {
    const chapters = commonLength(members.map(({ name }) => parts.get(name) ?? []));
    for (const { name } of members) titles.set(name, titleIn(parts.get(name) ?? [], chapters) ?? name);
  }
  return titles;
}

function titleIn(parts: string[], chapters: number): string | undefined {
  const sentence = parts.findIndex((part, at) => at > chapters && looksLikeSentence(part));
  const title = parts[sentence < 0 ? parts.length - 1 : sentence - 1];
  return title?.slice(0, 120);
}

/** How many leading parts all the lists share; a single list tells nothing. */
function commonLength(lists: string[][]): number {
  const [first = [], ...others] = lists;
  if (others.length === 0) return 0;
  const differs = first.findIndex((part, at) => others.some((list) => list[at] !== part));
  return differs < 0 ? first.length - 1 : differs;
}

function looksLikeSentence(part: string): boolean {
  const cjk = /\p{Script=Han}/u.test(part);
  return /[，。；！？]|[.;] |, |接口|\binterface\b|\bAPI\b/.test(part) || part.length > (cjk ? 20 : 64);
}

/** A hyphen that is not inside one of the compound words the descriptions use. */
const separator =
  /(?<!\b(?:multi|self|[Tt]hird|three|user|sub|pre|un|meta|back|follow|top|to|real|bubble|tag|tenant|full|prev|next))-|(?<!\be)-(?![a-z])/;

function partsOf(description: string): string[] {
  const body = description.replace(/^\[Feishu\/Lark\]\s*-?\s*/, '');
  return body
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !/^(Deprecated Version|历史版本)/.test(part));
}
