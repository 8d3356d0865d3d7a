import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from './clock.ts';
import { Fault } from './fault.ts';
import { makePrivateFolder } from './files.ts';
import { keepAlive } from './keep-alive.ts';

/**
 * Runs `work` while no other holder of the same path does, in this process or another. The lock is SQLite's lock on an
 * empty file, which the system takes back when its holder dies in whatever way: there is no stale lock to clean up, and
 * the file stays. Rejects with the signal's reason when it comes before the lock does, with `storage` when the file
 * cannot be made.
 */
export async function withLock<T>(
  path: string,
  clock: Clock,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const file = await openLockFile(path);
  try {
    if (!tryLock(file)) await untilLocked(file, clock, signal);
    return await work();
  } finally {
    file.close();
  }
}

const retryMs = 10;
const sqliteBusy = 5;

async function openLockFile(path: string): Promise<DatabaseSync> {
  await makePrivateFolder(dirname(path));
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw new Fault('storage', { cause: error });
  }
}

async function untilLocked(file: DatabaseSync, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  const release = keepAlive();
  try {
    do await clock.sleep(retryMs + Math.random() * retryMs, signal);
    while (!tryLock(file));
  } finally {
    release();
  }
}

function tryLock(file: DatabaseSync): boolean {
  try {
    file.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return false;
    throw new Fault('storage', { cause: error });
  }
}
