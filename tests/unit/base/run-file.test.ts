import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRunFile, removeRunFile, writeRunFile } from '../../../src-main/base/run-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larkgate-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ours = { pid: process.pid, port: 5275, startedAt: 1_000 };
const path = () => join(folder, 'gateway.json');

test('a running gateway is found where it listens, and only its owner may read that', async () => {
  await writeRunFile(folder, ours);
  expect(await readRunFile(folder)).toMatchObject(ours);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

test('a gateway that stopped is not found', async () => {
  await writeRunFile(folder, ours);
  await removeRunFile(folder, ours);
  expect(await readRunFile(folder)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test('a gateway that stops leaves the file of the next one alone', async () => {
  const next = { ...ours, startedAt: 2_000, port: 5276 };
  await writeRunFile(folder, next);
  await removeRunFile(folder, ours);
  expect(await readRunFile(folder)).toMatchObject(next);
});

test('a gateway that was killed is not found', async () => {
  const { pid } = spawnSync('true');
  await writeRunFile(folder, { ...ours, pid });
  expect(await readRunFile(folder)).toBeUndefined();
});

test.each([
  ['nothing', undefined],
  ['half a file', '{"version":1,"pid":'],
  ['another form', '{"version":2,"pid":1,"port":5275,"startedAt":1}'],
  ['a port that is none', `{"version":1,"pid":${process.pid},"port":0,"startedAt":1}`],
  ['a group instead of a process', '{"version":1,"pid":-1,"port":5275,"startedAt":1}'],
  ['null', 'null'],
])('%s says nothing', async (_what, text) => {
  if (text !== undefined) writeFileSync(path(), text);
  expect(await readRunFile(folder)).toBeUndefined();
});

test.runIf(process.getuid?.() === 0)('what somebody else wrote or linked says nothing', async () => {
  const { chownSync, lchownSync } = await import('node:fs');
  await writeRunFile(folder, ours);
  chownSync(path(), 65_534, 65_534);
  expect(await readRunFile(folder)).toBeUndefined();
  rmSync(path());
  await writeRunFile(folder, ours);
  const target = join(folder, 'elsewhere.json');
  writeFileSync(target, JSON.stringify({ version: 1, ...ours }));
  rmSync(path());
  symlinkSync(target, path());
  lchownSync(path(), 65_534, 65_534);
  expect(await readRunFile(folder)).toBeUndefined();
});
