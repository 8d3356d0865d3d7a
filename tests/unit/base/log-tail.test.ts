import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastLogLines } from '../../../src-main/base/log-tail.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larkgate-tail-'));
  await mkdir(join(folder, 'logs'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, lines: string[], seconds: number): Promise<void> {
  const path = join(folder, 'logs', name);
  await writeFile(path, `${lines.join('\n')}\n`);
  await utimes(path, seconds, seconds);
}
const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `line ${from + at}`);

test('the newest lines come from as many files as it takes, the oldest of them first', async () => {
  await write('larkgate.1.log', numbered(0, 50), 100);
  await write('larkgate.2.log', numbered(50, 60), 200);
  expect(await lastLogLines(folder, 5)).toEqual(numbered(55, 60));
  expect(await lastLogLines(folder, 15)).toEqual(numbered(45, 60));
  expect(await lastLogLines(folder, 200)).toEqual(numbered(0, 60));
});

test('a large file is read from its end, in whole lines', async () => {
  await write(
    'larkgate.1.log',
    Array.from({ length: 20_000 }, (_, at) => `${at} ${'登'.repeat(30)}`),
    100,
  );
  const lines = await lastLogLines(folder, 10_000);
  expect(lines.at(-1)).toBe(`19999 ${'登'.repeat(30)}`);
  expect(lines.filter((line) => !/^\d+ 登{30}$/.test(line))).toEqual([]);
});

test('without a log there are no lines', async () => {
  expect(await lastLogLines(join(folder, 'nowhere'), 10)).toEqual([]);
});
