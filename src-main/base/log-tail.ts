import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const mostBytes = 512 * 1024;

/** The newest lines of the log files in `<folder>/logs`, the oldest of them first. None where there is no log to read. */
export async function lastLogLines(folder: string, count: number): Promise<string[]> {
  const logs = join(folder, 'logs');
  const names = await readdir(logs).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.log'))
      .map(async (name) => ({ path: join(logs, name), mtimeMs: (await stat(join(logs, name))).mtimeMs })),
  ).catch(() => []);
  let lines: string[] = [];
  for (const { path } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    if (lines.length >= count) break;
    lines = [...(await endOf(path)), ...lines];
  }
  return lines.slice(-count);
}

/** Whole lines only: where a file is read from its middle, the first one is not. */
async function endOf(path: string): Promise<string[]> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - mostBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return lines.slice(start === 0 ? 0 : 1).filter((line) => line !== '');
  } catch {
    return [];
  } finally {
    await file.close();
  }
}
