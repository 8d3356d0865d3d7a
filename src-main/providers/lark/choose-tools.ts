import { Fault } from '../../base/fault.ts';
import { nearestNames } from '../../base/nearest.ts';
import type { Words } from '../../contract/words.ts';
import { nameCases, toNameCase } from './name-case.ts';

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
  const dottedName = nameFinder(offer.names);
  for (const wanted of enabled) {
    for (const member of offer.presets.get(wanted) ?? []) if (!offer.whyNot(member)) chosen.add(member);
    if (offer.presets.has(wanted)) continue;
    const name = dottedName(wanted);
    const words = name && offer.whyNot(name);
    if (name === undefined) unknown.push(wanted);
    else if (words) notOffered.set(name, words);
    else chosen.add(name);
  }
  if (unknown.length > 0) throw unknownNames(unknown, [...offer.presets.keys(), ...offer.names]);
  return { chosen: [...chosen], notOffered: [...notOffered].map(([name, words]) => ({ name, words })) };
}

/** Finds a tool by its dotted name, or by the name that a client sees. */
function nameFinder(names: readonly string[]): (wanted: string) => string | undefined {
  const dotted = new Set(names);
  // Most settings name presets only: five thousand spellings are not worth making for them.
  let cased: Map<string, string> | undefined;
  return (wanted) => {
    if (dotted.has(wanted)) return wanted;
    cased ??= new Map(names.flatMap((name) => spellings(name).map((spelling) => [spelling, name])));
    return cased.get(wanted);
  };
}

function spellings(name: string): string[] {
  return nameCases.map((nameCase) => toNameCase(name, nameCase));
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
