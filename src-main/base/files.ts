import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Fault } from './fault.ts';

/** Makes a folder that only its owner can enter. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Fault('storage', { cause: error });
  }
}

/** The text of a file, or undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Fault('storage', { cause: error });
  }
}

/**
 * Replaces a whole file, 0600, so that a reader or a crash at any moment finds the old text or the new one, never a
 * mixture: temporary file, fsync, rename, fsync of the folder. Rejects with `storage`.
 */
export async function writeTextAtomically(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    await makePrivateFolder(dirname(path));
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await renamePatiently(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error instanceof Fault ? error : new Fault('storage', { cause: error });
  }
}

/** Removes what a killed writer left behind. */
export async function removeStrayTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const strays = names.filter((name) => /^\..+\.\d+\.[0-9a-f]{8}\.tmp$/.test(name));
  await Promise.all(strays.map((name) => rm(join(folder, name), { force: true })));
}

/** Moves a file that cannot be used out of the way, keeping it. Returns its new path. */
export async function setAside(path: string, why: 'corrupt' | 'newer', now: number): Promise<string> {
  const kept = `${path}.${why}-${new Date(now).toISOString().replaceAll(':', '')}`;
  try {
    await rename(path, kept);
  } catch (error) {
    throw new Fault('storage', { cause: error });
  }
  return kept;
}

/** Keeps a copy beside a file that is about to be replaced although not all of it could be read. */
export async function keepCopy(path: string, why: 'key-lost' | 'altered', now: number): Promise<void> {
  const copy = `${path}.${why}-${new Date(now).toISOString().replaceAll(':', '')}`;
  try {
    await copyFile(path, copy);
  } catch (error) {
    // On a full disk it is tried again and again: the halves would gather.
    await rm(copy, { force: true }).catch(() => {});
    throw new Fault('storage', { cause: error });
  }
}

/** Windows refuses a rename while a virus scanner holds the target; it lets go within a second. */
async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (attempt === 5 || (code !== 'EBUSY' && code !== 'EPERM' && code !== 'EACCES') || process.platform !== 'win32')
        throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
