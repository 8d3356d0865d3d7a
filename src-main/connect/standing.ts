import { canonicalJson, sha256 } from '../base/digest.ts';
import type { Place } from './client-spec.ts';
import { isRecord } from './config-editor.ts';
import { type Door, type Entry, leadingPart, secretIn } from './entry.ts';
import type { FileRecord } from './journal.ts';

/**
 * How our entry in a client's configuration stands. `moved`: it is as we wrote it, and the gateway or the bridge is
 * elsewhere by now, or it is ours and was never recorded. `edited`: it was ours. `foreign`: it never was.
 */
export type Standing = 'absent' | 'connected' | 'moved' | 'edited' | 'foreign';

/** Tells entries apart by what leads somewhere; the digest of one that holds a secret tells nothing about it. */
export function entryDigest(entry: Entry, ownKeys: readonly string[]): string {
  return sha256(canonicalJson(leadingPart(entry, ownKeys)));
}

export function standingOf(
  found: unknown,
  place: Pick<Place, 'entry'>,
  { door, record }: { door: Omit<Door, 'key'>; record: FileRecord | undefined },
): Standing {
  if (found === undefined) return 'absent';
  if (!isRecord(found)) return record ? 'edited' : 'foreign';
  const expected = place.entry({ ...door, key: secretIn(found) ?? '' });
  const keys = Object.keys(expected);
  if (entryDigest(found, keys) === entryDigest(expected, keys)) return record ? 'connected' : 'moved';
  if (!record) return 'foreign';
  return entryDigest(found, record.keys) === record.entry ? 'moved' : 'edited';
}

/** Other servers that lead to this gateway: the client would list every tool twice. */
export function twinsIn(servers: Record<string, unknown>, own: string, url: string): string[] {
  const { port } = new URL(url);
  const here = new RegExp(String.raw`https?://(?:127\.0\.0\.1|localhost|\[::1\]):${port}/(?:mcp|sse)`, 'i');
  return Object.entries(servers).flatMap(([name, server]) =>
    name !== own && here.test(JSON.stringify(server) ?? '') ? [name] : [],
  );
}
