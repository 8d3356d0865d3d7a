import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText, writeTextAtomically } from './files.ts';

const runFacts = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  port: z.int().min(1).max(65_535),
  startedAt: z.number(),
});

/** Which gateway runs on a data folder, and where it listens. */
export type RunFacts = Omit<z.infer<typeof runFacts>, 'version'>;

/** Says that this gateway runs; to be called when the door is open. Rejects with `storage`. */
export async function writeRunFile(folder: string, { pid, port, startedAt }: RunFacts): Promise<void> {
  await writeTextAtomically(pathIn(folder), `${JSON.stringify({ version: 1, pid, port, startedAt })}\n`);
}

/** Takes the file away when it is still the one that was written with `facts`. */
export async function removeRunFile(folder: string, facts: RunFacts): Promise<void> {
  const present = await read(folder);
  if (present?.pid === facts.pid && present.startedAt === facts.startedAt) await rm(pathIn(folder), { force: true });
}

/** The gateway that runs on this folder. Undefined when none does, or the file says nothing to rely on. */
export async function readRunFile(folder: string): Promise<RunFacts | undefined> {
  const facts = await read(folder);
  return facts && isAlive(facts.pid) ? facts : undefined;
}

function pathIn(folder: string): string {
  return join(folder, 'gateway.json');
}

async function read(folder: string): Promise<RunFacts | undefined> {
  try {
    const path = pathIn(folder);
    const { uid } = await lstat(path);
    // Whoever else wrote it could name a program of theirs.
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    return runFacts.safeParse(JSON.parse((await readText(path)) ?? 'null')).data;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // Of a process that is not ours to signal, too: the gateway of this folder is.
    return false;
  }
}
