import { maskSecrets } from '../base/mask.ts';

const context = 3;
/** A whole configuration may stand on one line. */
const longest = 2000;

/**
 * A unified diff of two texts that differ in one stretch of lines, which is all we ever change. What looks like a secret
 * is masked, ours and those of the other servers in the file.
 */
export function unifiedDiff(name: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return '';
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, fresh.length) - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const first = Math.max(0, head - context);
  const shared = Math.min(context, tail);
  const lines = [
    ...old.slice(first, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - tail + shared).map((line) => ` ${line}`),
  ];
  const span = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`;
  const removed = old.length - tail - first + shared;
  const added = fresh.length - tail - first + shared;
  return [
    `--- ${before === undefined ? '/dev/null' : name}`,
    `+++ ${after === undefined ? '/dev/null' : name}`,
    `@@ -${span(first, removed)} +${span(first, added)} @@`,
    ...lines.map((line) => maskValues(line)),
    '',
  ].join('\n');
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Names of keys whose value is somebody's secret, as servers in such files have them in `env` and `headers`. */
const secretName =
  /(["']?[\w-]*(?:key|token|secret|password|passwd|auth|cookie|credential)[\w-]*["']?\s*[:=]\s*)(["'])(?:(?!\2).)*\2/gi;

/** Stand for our own key while everything else is masked: that there is one, and where, is what the diff is to show. */
const bearer = '\uE000';
const bare = '\uE001';

function maskValues(whole: string): string {
  const line = (whole.length > longest ? `${whole.slice(0, longest)}…` : whole)
    .replaceAll(/\bBearer lg_[a-z0-9]+_[\w-]{20,}/g, bearer)
    .replaceAll(/\blg_[a-z0-9]+_[\w-]{20,}/g, bare);
  return maskSecrets(line)
    .replace(secretName, (match: string, name: string, quote: string) =>
      match.includes(bearer) || match.includes(bare) ? match : `${name}${quote}***${quote}`,
    )
    .replaceAll(bearer, 'Bearer lg_…')
    .replaceAll(bare, 'lg_…');
}
