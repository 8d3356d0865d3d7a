import { Fault } from '../../base/fault.ts';
import { nearestNames } from '../../base/nearest.ts';
import type { Words } from '../../contract/words.ts';
import { toNameCase } from './name-case.ts';

/** What there is to choose from. */
export interface Offer {
  presets: ReadonlyMap<string, readonly string[]>;
  /** Dotted names. */
  names: readonly string[];
  /** Why a tool cannot be used by a signed-in person, or undefined when it can. */
  whyNot(name: string): Words | undefined;
}

export interface Choice {
  /** Dotted names, each once, in the order of the settings. */
  chosen: string[];
  /** Tools asked for by their own name that a person cannot use. Those inside a preset are left out silently. */
  notOffered: { name: string; words: Words }[];
}

/**
 * Turns the settings' list of presets and tool names (dotted or in any case) into tools. Throws `config_invalid` with
 * every unknown name and its nearest known ones.
 */
export function chooseTools(enabled: readonly string[], offer: Offer): Choice {
  const chosen = new Set<string>();
  const notOffered = new Map<string, Words>();
  const unknown: string[] = [];
  for (const wanted of enabled) {
    for (const member of offer.presets.get(wanted) ?? []) if (!offer.whyNot(member)) chosen.add(member);
    if (offer.presets.has(wanted)) continue;
    const name = dottedName(wanted, offer.names);
    const words = name && offer.whyNot(name);
    if (name === undefined) unknown.push(wanted);
    else if (words) notOffered.set(name, words);
    else chosen.add(name);
  }
  if (unknown.length > 0) throw unknownNames(unknown, [...offer.presets.keys(), ...offer.names]);
  return { chosen: [...chosen], notOffered: [...notOffered].map(([name, words]) => ({ name, words })) };
}

function dottedName(wanted: string, names: readonly string[]): string | undefined {
  if (names.includes(wanted)) return wanted;
  const cases = ['snake', 'camel', 'kebab', 'dot'] as const;
  return names.find((name) => cases.some((nameCase) => toNameCase(name, nameCase) === wanted));
}

function unknownNames(unknown: string[], known: readonly string[]): Fault {
  const problems = unknown.map((name) => ({ name, didYouMean: nearestNames(name, known) }));
  const list = (join: string) =>
    problems.map(({ name, didYouMean }) => `${name}${didYouMean.length > 0 ? ` (${didYouMean.join(join)})` : ''}`);
  return new Fault('config_invalid', {
    words: {
      zh: `tools.enabled 中有不认识的名字（括号内是最接近的）：${list('、').join('；')}。`,
      en: `tools.enabled has unknown names (the nearest known ones in brackets): ${list(', ').join('; ')}.`,
    },
    details: { field: 'tools.enabled', problems },
  });
}
