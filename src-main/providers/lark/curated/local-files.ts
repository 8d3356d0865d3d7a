import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep, isAbsolute } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Fault } from '../../../base/fault.ts';
import { wrong } from './fields.ts';

export interface LocalSource {
  name: string;
  size: number;
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** A file in the making. Under its own name there is nothing until `keep`. */
export interface LocalTarget {
  path: string;
  write(bytes: Uint8Array): Promise<void>;
  keep(): Promise<void>;
  drop(): Promise<void>;
}

/** The folders of this computer that tools may read from and write into. A link that leads out of them is not followed. */
export class LocalFiles {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders.map((folder) => resolve(fromHome(folder)));
  }

  /** Opens a file for reading. Throws `invalid_arguments`. */
  async source(given: string, field: string): Promise<LocalSource> {
    const path = await this.#inside(this.#absolute(given, field), field);
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: unknown) => {
      throw missing(field, cause);
    });
    const { size } = await regular(handle, field);
    return {
      name: basename(path),
      size,
      read: (offset, length) => readPart(handle, { offset, length: Math.min(length, size - offset), field }),
      close: () => handle.close(),
    };
  }

  /** Begins a file at `output`: a path, or a folder in which it gets `name`. Throws `invalid_arguments`. */
  async target(output: string, name: string, { overwrite, field }: { overwrite: boolean; field: string }) {
    const given = this.#absolute(output, field);
    const isFolder = await stat(given)
      .then((found) => found.isDirectory())
      .catch(() => false);
    const wanted = isFolder ? join(given, safeName(name)) : given;
    const path = join(await this.#inside(dirname(wanted), field), basename(wanted));
    if (!overwrite && (await exists(path))) throw taken(field);
    const part = join(dirname(path), `.${randomUUID()}.part`);
    return new Target(path, part, { handle: await open(part, 'wx', 0o600), overwrite, field });
  }

  #absolute(given: string, field: string): string {
    const [first] = this.#folders;
    if (first === undefined) throw noFolders(field);
    if (given === '' || given.includes('\0') || given.length > 4096) throw missing(field);
    return resolve(first, fromHome(given));
  }

  /** Where a path really is, which must be inside an allowed folder. Whether something outside exists is not told. */
  async #inside(path: string, field: string): Promise<string> {
    const real = await realpath(path).catch(() => undefined);
    for (const folder of this.#folders) {
      const root = await realpath(folder).catch(() => undefined);
      if (real !== undefined && root !== undefined && contains(root, real)) return real;
    }
    throw this.#folders.some((folder) => contains(folder, path)) && real === undefined
      ? missing(field)
      : outside(field);
  }
}

class Target implements LocalTarget {
  readonly path: string;
  readonly #part: string;
  readonly #handle: FileHandle;
  readonly #overwrite: boolean;
  readonly #field: string;

  constructor(
    path: string,
    part: string,
    { handle, overwrite, field }: { handle: FileHandle; overwrite: boolean; field: string },
  ) {
    this.path = path;
    this.#part = part;
    this.#handle = handle;
    this.#overwrite = overwrite;
    this.#field = field;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#handle.writeFile(bytes).catch((cause: unknown) => {
      throw new Fault('storage', { cause });
    });
  }

  async keep(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    // A rename would take the place of a file that came meanwhile; a link refuses to.
    if (this.#overwrite) return rename(this.#part, this.path);
    await link(this.#part, this.path).catch((cause: unknown) => {
      throw taken(this.#field, cause);
    });
    await rm(this.#part, { force: true });
  }

  async drop(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(this.#part, { force: true });
  }
}

function fromHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function contains(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function regular(handle: FileHandle, field: string) {
  const found = await handle.stat();
  if (found.isFile()) return found;
  await handle.close();
  throw missing(field);
}

async function readPart(
  handle: FileHandle,
  { offset, length, field }: { offset: number; length: number; field: string },
): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw missing(field);
    done += bytesRead;
  }
  return bytes;
}

/** A foreign name as that of a file here: in one folder, visible, and on every system allowed. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replaceAll(/[\p{C}/\\:*?"<>|]/gu, '_')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '')
    .slice(0, 120);
  return plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `file_${plain}` : plain;
}

function noFolders(field: string): Fault {
  return wrong(
    field,
    '还没有允许使用任何本地文件夹。请让用户在设置的 tools.folders 中添加一个。',
    'No folder of this computer is allowed yet. Ask the user to add one to tools.folders in the settings.',
  );
}

function outside(field: string): Fault {
  return wrong(
    field,
    `${field} 不在允许的本地文件夹内（设置 tools.folders）。`,
    `${field} is not inside an allowed folder (setting tools.folders).`,
  );
}

function missing(field: string, cause?: unknown): Fault {
  return new Fault('invalid_arguments', {
    words: { zh: `${field} 指的本地文件不存在，或不是文件。`, en: `${field} names no file on this computer.` },
    details: { field },
    cause,
  });
}

function taken(field: string, cause?: unknown): Fault {
  return new Fault('invalid_arguments', {
    words: {
      zh: '这个本地文件已存在。换个名字，或用 overwrite 覆盖它。',
      en: 'That file exists already. Choose another name, or overwrite.',
    },
    details: { field },
    cause,
  });
}
