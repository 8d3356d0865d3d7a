/** Pieces of a text as the o200k tokenizer cuts it before it looks anything up. */
const pieces =
  /(?<word>[^\r\n\p{L}\p{N}]?(?:\p{Lu}*\p{Ll}+|\p{Lu}+))|(?<script>[^\r\n\p{L}\p{N}]?\p{L}+)|\p{N}{1,3}|(?<marks> ?[^\s\p{L}\p{N}]+)|\s+/gu;

/**
 * About how many tokens of o200k a tool's JSON has, without the tokenizer's tables of several megabytes: up to nine
 * letters of a word are one token, and a Chinese character is two thirds of one. At most 15 % off for any tool of the
 * catalog.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const { 0: piece, groups } of text.matchAll(pieces)) tokens += tokensOf(piece.length, groups);
  return Math.round(tokens);
}

function tokensOf(length: number, groups: Record<string, string | undefined> | undefined): number {
  if (groups?.['word'] !== undefined) return 1 + Math.max(0, Math.ceil((length - 9) / 6));
  if (groups?.['script'] !== undefined) return Math.max(1, length * 0.68);
  if (groups?.['marks'] !== undefined) return Math.ceil(length / 4);
  return 1;
}
