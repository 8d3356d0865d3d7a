import type { RecordedLimitHit } from '../src-main/contract/control.ts';

export interface HitsOfSession {
  /** A session, or a key where there was no session; null when neither is known. */
  id: string | null;
  keyId: string | null;
  count: number;
  lastAt: number;
}

/** Who met limits, the most often first. */
export function bySession(hits: RecordedLimitHit[]): HitsOfSession[] {
  const all = new Map<string, HitsOfSession>();
  for (const { sessionId, keyId, at } of hits) {
    const who = sessionId ?? keyId ?? '';
    const { count = 0, lastAt = at } = all.get(who) ?? {};
    all.set(who, { id: sessionId, keyId, count: count + 1, lastAt: Math.max(lastAt, at) });
  }
  return [...all.values()].sort((a, b) => b.count - a.count || b.lastAt - a.lastAt);
}

/** Hits have no names; these stay theirs while others come on top and old ones go. `hits`: the newest first. */
export function withKeys(hits: RecordedLimitHit[]): { key: string; hit: RecordedLimitHit }[] {
  const seen = new Map<number, number>();
  const keyed = hits.toReversed().map((hit) => {
    const before = seen.get(hit.at) ?? 0;
    seen.set(hit.at, before + 1);
    return { key: `${hit.at} ${before}`, hit };
  });
  return keyed.toReversed();
}
