import { sha256 } from '../../base/digest.ts';
import type { Config } from '../../contract/config.ts';

export type NameCase = Config['tools']['nameCase'];

export const nameCases = ['snake', 'camel', 'kebab', 'dot'] as const satisfies readonly NameCase[];

/** What the strictest clients take as a tool name has at most this many characters. */
const longest = 64;

/**
 * A dotted tool name in the case that clients see, as the official server writes it. The two names that come out longer
 * than 64 characters are cut to 56 and end in "_" and 7 hex digits of the SHA-256 of the dotted name.
 */
export function toNameCase(dotted: string, nameCase: NameCase): string {
  const cased = transforms[nameCase](dotted);
  return cased.length <= longest ? cased : `${cased.slice(0, 56)}_${sha256(dotted).slice(0, 7)}`;
}

const transforms: Record<NameCase, (dotted: string) => string> = {
  dot: (dotted) => dotted,
  kebab: (dotted) => dotted.replaceAll('.', '-'),
  snake: (dotted) => dotted.replaceAll('.', '_'),
  camel: (dotted) => dotted.replaceAll(/[._](\w)/g, (_, letter: string) => letter.toUpperCase()),
};
