import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog, type Log } from '../../../src-main/base/log.ts';

const settings = { level: 'info', megabytes: 10, files: 2 } as const;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larkgate-log-'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function linesOf(log: Log): Promise<string[]> {
  await new Promise<void>((resolve, reject) => log.flush((error) => (error ? reject(error) : resolve())));
  const logs = join(folder, 'logs');
  const files = (await readdir(logs)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(logs, file), 'utf8')));
  return texts.join('').split('\n').slice(0, -1);
}

describe('the log', () => {
  it('is one JSON object per line, with time and level in words', async () => {
    const log = await createLog(folder, settings);
    log.info({ event: 'call.finished', ms: 12 });
    const [line] = (await linesOf(log)).map((text) => JSON.parse(text));
    expect(line).toMatchObject({ level: 'info', event: 'call.finished', ms: 12 });
    expect(new Date(line.ts).toISOString()).toBe(line.ts);
  });

  it('cannot be made to hold a forged or a broken line', async () => {
    const log = await createLog(folder, settings);
    const hostile = [
      'a\n{"level":"info","event":"forged"}',
      'b\r\nforged',
      'c\u0000\u001b[2J\u001b]0;title\u0007',
      'd\u009b31m\u0085\u2028\u2029\u007f',
      'e\u202egnp.exe\u2066',
      'f\ud800lone',
    ];
    for (const tool of hostile) log.info({ tool }, tool);
    const lines = await linesOf(log);
    expect(lines).toHaveLength(hostile.length);
    for (const line of lines) {
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
    }
    expect(lines.map((line) => JSON.parse(line).tool)).toEqual([...hostile.slice(0, 5), 'f\ufffdlone']);
  });

  it('holds no secret, whatever it is given', async () => {
    const log = await createLog(folder, settings);
    const canary = 'Canary9-7f3d0b_x2';
    log.error({
      err: new Error(`refused: {"access_token":"${canary}"}`, { cause: new Error(`client_secret=${canary}`) }),
    });
    log.warn({ headers: { authorization: `Bearer ${canary}`, cookie: `sid=${canary}` } }, `state=${canary}`);
    expect((await linesOf(log)).join('\n')).not.toContain(canary);
  });

  it('is readable by its owner only', async () => {
    const log = await createLog(folder, settings);
    log.info('hello');
    await linesOf(log);
    const [file] = await readdir(join(folder, 'logs'));
    expect((await stat(join(folder, 'logs', file ?? ''))).mode & 0o777).toBe(0o600);
  });

  it('goes to stderr when its folder cannot be made', async () => {
    await writeFile(join(folder, 'logs'), 'a file where the folder should be');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const log = await createLog(folder, settings);
    log.info({ event: 'session.opened' });
    expect(stderr.mock.calls.join('')).toContain('"event":"session.opened"');
  });

  it('goes to stderr while its disk is full, and no caller notices', async () => {
    await mkdir(join(folder, 'logs'));
    await symlink('/dev/full', join(folder, 'logs', 'larkgate.1.log'));
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const log = await createLog(folder, settings);
    log.info({ event: 'first' });
    await vi.waitFor(() => {
      log.info({ event: 'later' });
      expect(stderr.mock.calls.join('')).toContain('"event":"later"');
    });
  });

  it('ends while its disk is full, also in the middle of a line, and no caller notices', async () => {
    await mkdir(join(folder, 'logs'));
    await symlink('/dev/full', join(folder, 'logs', 'larkgate.1.log'));
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (const lines of [0, 1, 3]) {
      const log = await createLog(folder, settings);
      for (let line = 0; line < lines; line += 1) log.info({ event: 'last words' });
      await log.close();
    }
  });

  it('keeps a few files and removes older ones, those of earlier runs too', async () => {
    await mkdir(join(folder, 'logs'));
    for (const number of [1, 2, 3, 4]) await writeFile(join(folder, 'logs', `larkgate.${number}.log`), '{}\n');
    const log = await createLog(folder, { ...settings, megabytes: 1 });
    await vi.waitFor(async () => {
      for (let line = 0; line < 200; line += 1) log.info({ filler: 'x'.repeat(2000) });
      await linesOf(log);
      const files = await readdir(join(folder, 'logs'));
      expect(files).not.toContain('larkgate.1.log');
      expect(files.length).toBeLessThanOrEqual(settings.files + 1);
    }, 20_000);
  });
});
