import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction, openDatabase } from '../../../src-main/base/database.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const steps = ['CREATE TABLE things (name TEXT)', 'ALTER TABLE things ADD COLUMN colour TEXT'];

let folder: string;
let path: string;
let raised: string[];
const opened: DatabaseSync[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larkgate 数据-'));
  path = join(folder, 'records.db');
  raised = [];
});

afterEach(async () => {
  for (const database of opened.splice(0)) database.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(withSteps = steps, at = path): Promise<DatabaseSync> {
  const notices = { raise: (id: string) => void raised.push(id) };
  const database = await openDatabase(at, { steps: withSteps, clock: new FakeClock(), notices });
  opened.push(database);
  return database;
}

async function openAndClose(withSteps = steps): Promise<void> {
  (await open(withSteps)).close();
  opened.pop();
}

/** The bytes of a database of many pages. */
async function fullFile(): Promise<Buffer> {
  const database = await open();
  const insert = database.prepare('INSERT INTO things (name) VALUES (?)');
  inTransaction(database, () => {
    for (let row = 0; row < 2000; row += 1) insert.run('x'.repeat(50));
  });
  database.close();
  opened.pop();
  return readFile(path);
}

const names = (database: DatabaseSync) =>
  database
    .prepare('SELECT name FROM things')
    .all()
    .map((row) => row.name);

describe('openDatabase', () => {
  it('makes a file, and side files, that only their owner can read', async () => {
    const database = await open();
    database.exec(`INSERT INTO things (name) VALUES ('one')`);
    for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toContain('records.db-wal');
    expect(raised).toEqual([]);
  });

  it('takes rights on the file away from others', async () => {
    await openAndClose();
    await chmod(path, 0o644);
    await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps what is there and brings older tables up to date', async () => {
    const older = await open(steps.slice(0, 1));
    older.exec(`INSERT INTO things VALUES ('kept')`);
    older.close();
    opened.pop();
    const database = await open();
    expect(database.prepare('SELECT * FROM things').all()).toEqual([{ name: 'kept', colour: null }]);
  });

  it('leaves the tables as they were when a step fails', async () => {
    await openAndClose(steps.slice(0, 1));
    const wrong = 'ALTER TABLE things ADD COLUMN colour TEXT; SELECT nonsense';
    await expect(open([...steps.slice(0, 1), wrong])).rejects.toThrow('nonsense');
    const untouched = new DatabaseSync(path, { readOnly: true });
    opened.push(untouched);
    expect(untouched.prepare('SELECT * FROM pragma_table_info(?)').all('things')).toHaveLength(1);
  });

  it.each([
    ['is not a database', async () => writeFile(path, 'garbage '.repeat(1000))],
    [
      'belongs to another program',
      async () => {
        const foreign = new DatabaseSync(path);
        foreign.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
        foreign.close();
      },
    ],
    [
      'is damaged inside',
      async () => {
        const bytes = await fullFile();
        bytes.fill(0x5a, 8192, 16_384);
        await writeFile(path, bytes);
      },
    ],
    ['is cut short', async () => writeFile(path, (await fullFile()).subarray(0, 10_000))],
  ])('sets a file aside that %s, says so and begins anew', async (_, spoil) => {
    await spoil();
    const spoiled = await readFile(path);
    const database = await open();
    expect(names(database)).toEqual([]);
    expect(raised).toEqual(['database.broken']);
    const kept = (await readdir(folder)).find((name) => name.includes('.corrupt-'));
    expect(await readFile(join(folder, kept ?? 'none'))).toEqual(spoiled);
  });

  it('leaves the file of a newer version alone and works from memory', async () => {
    await openAndClose([...steps, 'CREATE TABLE future (x)']);
    const before = await readFile(path);
    const database = await open();
    database.exec(`INSERT INTO things (name) VALUES ('for now')`);
    expect(names(database)).toEqual(['for now']);
    expect(raised).toEqual(['database.newer']);
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.includes('newer') || name.includes('corrupt'))).toEqual([]);
  });

  it('works from memory where no file can be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const database = await open(steps, join(folder, 'file', 'records.db'));
    expect(names(database)).toEqual([]);
    expect(raised).toEqual(['database.unavailable']);
  });

  it('lets two processes use one file', async () => {
    const [first, second] = [await open(), await open()];
    first.exec(`INSERT INTO things (name) VALUES ('mine')`);
    second.exec(`INSERT INTO things (name) VALUES ('theirs')`);
    expect(names(first)).toEqual(['mine', 'theirs']);
  });
});

describe('inTransaction', () => {
  it('keeps all of the work or none of it', async () => {
    const database = await open();
    const insert = database.prepare('INSERT INTO things (name) VALUES (?)');
    inTransaction(database, () => insert.run('whole'));
    expect(() =>
      inTransaction(database, () => {
        insert.run('half');
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(names(database)).toEqual(['whole']);
  });
});
