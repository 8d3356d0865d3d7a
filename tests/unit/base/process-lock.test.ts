import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { Fault } from '../../../src-main/base/fault.ts';
import { withLock } from '../../../src-main/base/process-lock.ts';

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'larkgate-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const module = new URL('../../../src-main/base/', import.meta.url).href;

/** Another process that takes the lock and keeps it until it is killed. */
async function holdElsewhere(path: string): Promise<() => Promise<void>> {
  const script = `
    import { systemClock } from '${module}clock.ts';
    import { withLock } from '${module}process-lock.ts';
    await withLock(process.argv[1], systemClock, undefined, () => new Promise((resolve) => {
      console.log('held');
      setTimeout(resolve, 600_000);
    }));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const exit = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  onTestFinished(kill);
  return kill;
}

test('works one after the other, whoever comes', async () => {
  const path = join(await emptyFolder(), 'locks', 'one');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => withLock(path, systemClock, undefined, work)));
  expect(most).toBe(1);
});

test('two names do not wait for each other', async () => {
  const folder = await emptyFolder();
  const both = withLock(join(folder, 'a'), systemClock, undefined, () =>
    withLock(join(folder, 'b'), systemClock, undefined, async () => 'both'),
  );
  expect(await both).toBe('both');
});

test('is free again after the work failed', async () => {
  const path = join(await emptyFolder(), 'one');
  const failing = withLock(path, systemClock, undefined, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await withLock(path, systemClock, undefined, async () => 'next')).toBe('next');
});

test('another process is waited for, and its death by kill -9 frees the lock', async () => {
  const path = join(await emptyFolder(), 'one');
  const kill = await holdElsewhere(path);
  let got = false;
  const mine = withLock(path, systemClock, undefined, async () => void (got = true));
  await systemClock.sleep(50);
  expect(got).toBe(false);
  await kill();
  await mine;
  expect(got).toBe(true);
});

test('waiting keeps a process alive that has nothing else to do', async () => {
  const path = join(await emptyFolder(), 'one');
  const kill = await holdElsewhere(path);
  const script = `
    import { systemClock } from '${module}clock.ts';
    import { withLock } from '${module}process-lock.ts';
    console.log('waiting');
    await withLock(process.argv[1], systemClock, undefined, async () => console.log('got it'));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said = text(child.stdout);
  await once(child.stdout, 'data');
  await systemClock.sleep(50);
  await kill();
  expect(await said).toContain('got it');
});

test('waiting ends with the reason of the signal', async () => {
  const path = join(await emptyFolder(), 'one');
  await holdElsewhere(path);
  const patience = new AbortController();
  const mine = withLock(path, systemClock, patience.signal, async () => 'never');
  patience.abort(new Fault('timeout'));
  await expect(mine).rejects.toMatchObject({ code: 'timeout' });
});

test('a folder that cannot be made is a fault of the storage', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'locks'), '');
  const mine = withLock(join(folder, 'locks', 'one'), systemClock, undefined, async () => 'never');
  await expect(mine).rejects.toMatchObject({ code: 'storage' });
});
