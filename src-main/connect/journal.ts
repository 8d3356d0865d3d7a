import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { readText, setAside, writeTextAtomically } from '../base/files.ts';
import { type ClientKind, clientKinds } from '../contract/connect-views.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const record = z.strictObject({
  kind: z.enum(clientKinds),
  keyId: z.string(),
  connectedAt: z.number(),
  /** The address that the client was given. */
  url: z.string(),
  /** Null for a client that is not connected by a file. */
  file: z
    .strictObject({
      /** The configuration file as the client names it. */
      path: z.string(),
      /** Of the entry that was written, and its keys. */
      entry: digest,
      keys: z.array(z.string()),
      /** Of the whole file as it was when we first wrote to it, and as we last left it. Null: there was no file. */
      before: digest.nullable(),
      after: digest,
      /** Holds what the file held before. */
      backup: z.string().nullable(),
      /** Whether between `before` and `after` nobody else wrote to the file: the way back is to put the old bytes there. */
      exact: z.boolean(),
      /** Enclosing tables that were made for the entry. */
      created: z.int().min(0),
      /** Whether the backup holds an entry of somebody else under our name. */
      replaced: z.boolean(),
    })
    .nullable(),
});

const journalFile = z.strictObject({ version: z.literal(1), connections: z.array(record) });

/** What was written into which client's configuration. Holds no secret: ids and digests only. */
export type ConnectionRecord = z.infer<typeof record>;
export type FileRecord = NonNullable<ConnectionRecord['file']>;

/** The connections of a data folder, by client. One that cannot be read is kept aside: the clients work without it. */
export async function readJournal(folder: string, clock: Clock): Promise<Map<ClientKind, ConnectionRecord>> {
  const path = pathIn(folder);
  const text = await readText(path);
  if (text === undefined) return new Map();
  const parsed = journalFile.safeParse(parseJson(text));
  if (!parsed.success) await setAside(path, 'corrupt', clock.now());
  return new Map(parsed.data?.connections.map((one) => [one.kind, one]));
}

export async function writeJournal(folder: string, connections: Iterable<ConnectionRecord>): Promise<void> {
  const text = JSON.stringify({ version: 1, connections: [...connections] }, undefined, 2);
  await writeTextAtomically(pathIn(folder), `${text}\n`);
}

function pathIn(folder: string): string {
  return join(folder, 'connections.json');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
