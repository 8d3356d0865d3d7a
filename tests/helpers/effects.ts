import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

/**
 * Everything that a renewal does outside of its own memory: locks (SQLite), files, and the exchange with Feishu. Whoever
 * dies between two of them leaves what the first one left.
 */
export type Effect =
  | 'take a lock'
  | 'release a lock'
  | 'look at the file'
  | 'read the file'
  | 'make a folder'
  | 'open the temporary file'
  | 'write it'
  | 'flush'
  | 'close a file'
  | 'rename it'
  | 'open the folder'
  | 'remove a file'
  | 'prepare the request'
  | 'send its head'
  | 'end sending'
  | 'get the answer'
  | 'end the answer';

/** Calls `before` ahead of each effect of this process. For processes of tests: it changes Node's own modules. */
function watchEffects(before: (effect: Effect) => void): void {
  // The files that programs are made of are read too.
  const ours = (path: unknown) => !/\.(ts|mjs|js)$/.test(nameOf(path));
  const files: Record<string, (path: unknown) => Effect> = {
    mkdir: () => 'make a folder',
    stat: () => 'look at the file',
    readFile: () => 'read the file',
    open: (path) => (nameOf(path).endsWith('.tmp') ? 'open the temporary file' : 'open the folder'),
    rename: () => 'rename it',
    rm: () => 'remove a file',
  };
  for (const [name, effect] of Object.entries(files)) {
    ahead(fs, name, ([path]) => ours(path) && before(effect(path)));
  }
  watchHandles(before);
  syncBuiltinESMExports();
  ahead(DatabaseSync.prototype, 'exec', () => before('take a lock'));
  ahead(DatabaseSync.prototype, 'close', () => before('release a lock'));
  subscribe('undici:request:create', () => before('prepare the request'));
  subscribe('undici:client:sendHeaders', () => before('send its head'));
  subscribe('undici:request:bodySent', () => before('end sending'));
  subscribe('undici:request:headers', () => before('get the answer'));
  subscribe('undici:request:trailers', () => before('end the answer'));
}

/** Writes each effect into `trace` ahead of it, and dies of SIGKILL instead of the one with the index `dieAt`. */
export function dieInstead({ trace, dieAt, with: others = [] }: Death): void {
  let index = 0;
  watchEffects((effect) => {
    appendFileSync(trace, `${effect}\n`);
    if (index === dieAt) for (const pid of [...others, process.pid]) process.kill(pid, 'SIGKILL');
    index += 1;
  });
}

export interface Death {
  trace: string;
  dieAt: number;
  /** Processes that die too, just before. */
  with?: number[];
}

/** `close` belongs to each handle, so all of them are watched one by one. */
function watchHandles(before: (effect: Effect) => void): void {
  const open = fs.open;
  Reflect.set(fs, 'open', async (...args: Parameters<typeof open>): Promise<FileHandle> => {
    const handle = await open(...args);
    ahead(handle, 'writeFile', () => before('write it'));
    ahead(handle, 'sync', () => before('flush'));
    ahead(handle, 'close', () => before('close a file'));
    return handle;
  });
}

function ahead(target: object, name: string, first: (args: unknown[]) => unknown): void {
  const work: unknown = Reflect.get(target, name);
  if (typeof work !== 'function') throw new Error(`There is no ${name}`);
  Reflect.set(target, name, function (this: unknown, ...args: unknown[]): unknown {
    first(args);
    return Reflect.apply(work, this, args);
  });
}

function nameOf(path: unknown): string {
  return path instanceof URL ? fileURLToPath(path) : String(path);
}
