import { existsSync } from 'node:fs';
import { chmod, open, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Words } from '../contract/words.ts';
import type { Clock } from './clock.ts';
import { makePrivateFolder, setAside } from './files.ts';
import type { Notices } from './notices.ts';

export interface DatabaseOptions {
  /** SQL that leads from each version of the tables to the next. Released steps are never edited, only added to. */
  steps: readonly string[];
  clock: Pick<Clock, 'now'>;
  notices?: Pick<Notices, 'raise'>;
}

type Verdict = 'usable' | 'broken' | 'newer';

/** "LARK" in ASCII: tells our files from those of other programs (SQLite's PRAGMA application_id). */
const applicationId = 0x4c41524b;

/**
 * Opens the database file, 0600, and brings its tables up to date. It never fails: a broken or foreign file is set
 * aside and a fresh one begun; where no file can be used, records live in memory until the gateway stops. Both are
 * said in a notice.
 */
export async function openDatabase(path: string, options: DatabaseOptions): Promise<DatabaseSync> {
  const raise = (id: string, words: Words) => options.notices?.raise(id, 'warning', words);
  try {
    await makePrivateFolder(dirname(path));
    const verdict = await judge(path, options.steps.length);
    if (verdict === 'newer') {
      raise('database.newer', newerWords);
      return openInMemory(options.steps);
    }
    if (verdict === 'broken') raise('database.broken', brokenWords(await setDatabaseAside(path, options.clock.now())));
    return await openFile(path, options.steps);
  } catch {
    raise('database.unavailable', unavailableWords);
    return openInMemory(options.steps);
  }
}

/** Runs `work` as one transaction: all of it is kept or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

async function judge(path: string, newestVersion: number): Promise<Verdict> {
  if (!existsSync(path)) return 'usable';
  const database = await connect(path);
  try {
    const tables = readNumber(database, 'SELECT count(*) AS value FROM sqlite_schema');
    const owner = readNumber(database, 'SELECT application_id AS value FROM pragma_application_id');
    if (tables > 0 && owner !== applicationId) return 'broken';
    if (readVersion(database) > newestVersion) return 'newer';
    return database.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok' ? 'usable' : 'broken';
  } catch (error) {
    if (isBroken(error)) return 'broken';
    throw error;
  } finally {
    database.close();
  }
}

async function openFile(path: string, steps: readonly string[]): Promise<DatabaseSync> {
  const database = await connect(path);
  try {
    // WAL: readers never wait for the writer, and a commit needs no fsync of its own.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    applySteps(database, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function connect(path: string): Promise<DatabaseSync> {
  // SQLite gives its side files the rights of the main one, so these are set before it is opened.
  const file = await open(path, 'a', 0o600);
  await file.close();
  await chmod(path, 0o600);
  // Every wait here stops the gateway, so a lock of another process is waited for only briefly.
  return new DatabaseSync(path, { timeout: 500 });
}

function openInMemory(steps: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  applySteps(database, steps);
  return database;
}

function applySteps(database: DatabaseSync, steps: readonly string[]): void {
  inTransaction(database, () => {
    for (const step of steps.slice(readVersion(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}; PRAGMA application_id = ${applicationId}`);
  });
}

async function setDatabaseAside(path: string, now: number): Promise<string> {
  const kept = await setAside(path, 'corrupt', now);
  // A new file must not meet the old one's log; beside the kept file it helps whoever repairs that one.
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(path + suffix)) await rename(path + suffix, kept + suffix);
  }
  return basename(kept);
}

function readVersion(database: DatabaseSync): number {
  return readNumber(database, 'SELECT user_version AS value FROM pragma_user_version');
}

function readNumber(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.value ?? 0);
}

/** SQLITE_CORRUPT and SQLITE_NOTADB; the low byte of an extended code is the primary one. */
function isBroken(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === 11 || code === 26;
}

const newerWords: Words = {
  zh: '历史记录由更新版本的 LarkGate 写成，本版本不会改动它；当前的记录只保留到退出。请升级 LarkGate。',
  en: 'The history was written by a newer LarkGate and is left alone; records last only until exit. Update LarkGate.',
};

const brokenWords = (name: string): Words => ({
  zh: `历史记录文件已损坏或不属于 LarkGate，已另存为 ${name}，并重新开始记录。`,
  en: `The history file was damaged or not LarkGate's. It was kept as ${name} and a fresh one begun.`,
});

const unavailableWords: Words = {
  zh: '历史记录无法写入数据目录，当前的记录只保留到退出。请检查磁盘空间和权限，然后重启。',
  en: 'History cannot be kept in the data folder; records last only until exit. Check disk space and permissions, then restart.',
};
