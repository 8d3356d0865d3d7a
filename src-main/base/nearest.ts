/** The few known names that look most like `name`, best first; for "did you mean". */
export function nearestNames(name: string, known: readonly string[], count = 3): string[] {
  const wanted = pairs(name);
  return known
    .map((candidate) => ({ candidate, score: likeness(wanted, pairs(candidate)) }))
    .filter(({ score }) => score > 0.3)
    .sort((a, b) => b.score - a.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Sørensen–Dice coefficient of two sets of letter pairs. */
function likeness(a: Set<string>, b: Set<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared += 1;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

function pairs(name: string): Set<string> {
  const plain = name
    .slice(0, 128)
    .toLowerCase()
    .replaceAll(/[^a-z0-9\p{L}]/gu, '');
  return new Set(Array.from({ length: Math.max(0, plain.length - 1) }, (_, at) => plain.slice(at, at + 2)));
}
