import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import type { DisconnectResult } from '../contract/connect-views.ts';
import { BrokenFile } from './broken-file.ts';
import type { Place } from './client-spec.ts';
import { isRecord, type Placed, serversIn } from './config-editor.ts';
import { editorFor } from './editor-for.ts';
import { type Door, type Entry, entryName } from './entry.ts';
import type { FileRecord } from './journal.ts';
import { entryDigest, type Standing, standingOf } from './standing.ts';
import { bytesOf, type TargetFile, textOf } from './target-file.ts';
import { ChangedMeanwhile, removeTarget, writeTarget } from './write-target.ts';

/** Everything the file holds among its servers. Throws a fault with line and column when it is broken. */
export function serversOf(place: Place, target: TargetFile): Record<string, unknown> {
  return inWords(target.path, () => serversIn(editorFor(place).read(textOf(target) ?? ''), place.at));
}

/** The text with our entry in it. What others added to an entry of ours stays, unless it leads elsewhere. */
export function withEntry(place: Place, target: TargetFile, entry: Entry, standing: Standing): Placed {
  const keep = standing !== 'foreign' && standing !== 'edited';
  return inWords(target.path, () => editorFor(place).put(textOf(target) ?? '', entryName, entry, keep));
}

/** Writes our entry and returns what to remember of it. */
export async function writeEntry(
  place: Place,
  target: TargetFile,
  {
    entry,
    standing,
    clock,
    record,
  }: { entry: Entry; standing: Standing; clock: Clock; record: FileRecord | undefined },
): Promise<FileRecord> {
  const { text, created } = withEntry(place, target, entry, standing);
  const bytes = bytesOf(text, target.bytes);
  const backup = await writeTarget(target, bytes, { clock });
  const keys = Object.keys(entry);
  const written = { path: place.file, entry: entryDigest(entry, keys), keys, after: digestOf(bytes) };
  // An entry of ours that is written anew: the way back leads to before the first time.
  if (record && standing !== 'absent' && standing !== 'foreign')
    return { ...record, ...written, exact: record.exact && isSame(target, record.after) };
  const before = target.bytes === undefined ? null : digestOf(target.bytes);
  return { ...written, before, backup, exact: true, created, replaced: standing === 'foreign' };
}

interface Undoing {
  change: DisconnectResult['change'];
  /** What the file is to hold: null when it is to go, undefined when it stays as it is. */
  bytes: Buffer | null | undefined;
}

/** What takes our change out of the file, and nothing that was changed since. */
export async function undoing(
  place: Place,
  target: TargetFile,
  { record, door }: { record: FileRecord; door: Omit<Door, 'key'> },
): Promise<Undoing> {
  if (target.bytes === undefined) return { change: 'none', bytes: undefined };
  const backup = await backupOf(target, record);
  if (record.exact && isSame(target, record.after)) {
    if (record.before === null) return { change: 'restored', bytes: null };
    if (backup) return { change: 'restored', bytes: backup };
  }
  const found = serversOf(place, target)[entryName];
  const standing = standingOf(found, place, { door, record });
  if (standing === 'absent') return { change: 'none', bytes: undefined };
  if (standing === 'edited') return { change: 'left', bytes: undefined };
  const text = inWords(target.path, () => {
    const former = record.replaced && backup ? serversOf(place, { ...target, bytes: backup })[entryName] : undefined;
    return isRecord(former)
      ? editorFor(place).put(textOf(target) ?? '', entryName, former, false).text
      : editorFor(place).take(textOf(target) ?? '', entryName, record.created);
  });
  const empty = record.before === null && /^[\s{}]*$/.test(text);
  return { change: 'removed', bytes: empty ? null : bytesOf(text, target.bytes) };
}

export async function applyUndoing(target: TargetFile, { bytes, change }: Undoing, clock: Clock): Promise<void> {
  if (bytes === undefined) return;
  if (bytes === null) return removeTarget(target);
  await writeTarget(target, bytes, { clock, backup: change !== 'restored' });
}

/** Does something to a file that its client may be writing at the same time; begins anew when it did. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile) || attempt === 5) throw error;
    }
  }
}

async function backupOf({ path }: TargetFile, { backup, before }: FileRecord): Promise<Buffer | undefined> {
  if (backup === null || before === null) return undefined;
  const bytes = await readFile(join(dirname(path), backup)).catch(() => undefined);
  return bytes && digestOf(bytes) === before ? bytes : undefined;
}

function digestOf(bytes: Buffer): string {
  return sha256(bytes.toString('base64'));
}

function isSame({ bytes }: TargetFile, digest: string): boolean {
  return bytes !== undefined && digestOf(bytes) === digest;
}

function inWords<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof BrokenFile ? error.toFault(file) : error;
  }
}
