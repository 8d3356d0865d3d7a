import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { codeOf, fileFault, isMissing } from './file-fault.ts';
import type { TargetFile } from './target-file.ts';

const keptBackups = 5;

/** The file is no longer what was read: somebody wrote it in between. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/**
 * Replaces the whole file so that its client, or a crash at any moment, finds the old text or the new one. What it held is
 * kept beside it, readable by its owner alone, unless it is known to be. Returns the backup's name, null where there is none.
 */
export async function writeTarget(
  target: TargetFile,
  bytes: Buffer,
  { clock, backup = true }: { clock: Clock; backup?: boolean },
): Promise<string | null> {
  const { path } = target;
  const temporary = join(dirname(path), `.${basename(path)}.larkgate-${randomBytes(4).toString('hex')}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await keepMode(temporary, target);
    const kept = backup ? await keepBackup(target, clock.now()) : null;
    await assertUnchanged(target);
    await replace(temporary, path, clock);
    return kept;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error instanceof ChangedMeanwhile ? error : fileFault(path, error);
  }
}

/** Takes away a file that exists only because we made it. */
export async function removeTarget(target: TargetFile): Promise<void> {
  await assertUnchanged(target);
  await rm(target.path).catch((error: unknown) => {
    throw fileFault(target.path, error);
  });
}

async function assertUnchanged({ path, bytes }: TargetFile): Promise<void> {
  const present = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  const same = bytes === undefined ? present === undefined : present?.equals(bytes);
  if (!same) throw new ChangedMeanwhile();
}

async function keepMode(temporary: string, { mode, owner }: TargetFile): Promise<void> {
  if (mode !== null) await chmod(temporary, mode);
  // Run as root, a file of somebody else stays theirs.
  if (owner && process.getuid?.() === 0) await chown(temporary, owner.uid, owner.gid);
}

async function keepBackup({ path, bytes }: TargetFile, now: number): Promise<string | null> {
  if (bytes === undefined) return null;
  const prefix = `${basename(path)}.larkgate-`;
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  const name = `${prefix}${stamp}-${randomBytes(2).toString('hex')}.bak`;
  await writeFile(join(dirname(path), name), bytes, { flag: 'wx', mode: 0o600 });
  const old = (await readdir(dirname(path)))
    .filter((other) => other.startsWith(prefix) && other.endsWith('.bak'))
    .sort();
  await Promise.all(old.slice(0, -keptBackups).map((other) => rm(join(dirname(path), other), { force: true })));
  return name;
}

/** Windows refuses while another program holds the file; that passes within moments. */
async function replace(from: string, to: string, clock: Clock): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const held = process.platform === 'win32' && ['EBUSY', 'EPERM', 'EACCES'].includes(codeOf(error) ?? '');
      if (!held || attempt === 10) throw error;
      await clock.sleep(50);
    }
  }
}
