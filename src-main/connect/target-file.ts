import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { Fault } from '../base/fault.ts';
import { BrokenFile } from './broken-file.ts';
import type { Place } from './client-spec.ts';
import { fileFault, isMissing } from './file-fault.ts';

/** A client's configuration file as it was read. */
export interface TargetFile {
  /** Where it really is, behind all links. */
  path: string;
  /** Undefined when there is none yet. */
  bytes: Buffer | undefined;
  /** Its permissions; null when there is none yet. */
  mode: number | null;
  owner: { uid: number; gid: number } | null;
}

const mostBytes = 64 * 1024 * 1024;
const byteOrderMark = '\uFEFF';

/** Finds and reads the file of a place. Rejects where it must not or cannot be written, with words that say why. */
export async function openTarget(place: Pick<Place, 'file' | 'folder'>, home: string): Promise<TargetFile> {
  const { file, folder } = place;
  if (!(await isFolder(folder))) throw new Fault('config_invalid', { words: noFolder(folder), details: { file } });
  const path = await behindLinks(file);
  const root = isInside(home, folder) ? home : folder;
  if (!isInside(await realpath(root), path))
    throw new Fault('config_invalid', { words: outside(file), details: { file } });
  try {
    return await read(path);
  } catch (error) {
    if (isMissing(error)) return { path, bytes: undefined, mode: null, owner: null };
    throw fileFault(file, error);
  }
}

async function read(path: string): Promise<TargetFile> {
  const facts = await stat(path);
  if (!facts.isFile() || facts.size > mostBytes)
    throw new Fault('config_invalid', { words: notAFile(path), details: { file: path } });
  const mode = facts.mode & 0o777;
  // Replacing it would work all the same, against the will of whoever took the right to write away.
  if ((mode & 0o222) === 0) throw new Fault('storage', { words: readOnly(path), details: { file: path } });
  return { path, bytes: await readFile(path), mode, owner: { uid: facts.uid, gid: facts.gid } };
}

/** The text of a file without its byte order mark; undefined when there is no file. */
export function textOf({ path, bytes }: Pick<TargetFile, 'path' | 'bytes'>): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(byteOrderMark) ? text.slice(1) : text;
  } catch (error) {
    throw new BrokenFile('encoding', undefined, error).toFault(path);
  }
}

/** The bytes of a text, with the byte order mark that the file had. */
export function bytesOf(text: string, former: Buffer | undefined): Buffer {
  const marked = former?.subarray(0, 3).equals(Buffer.from(byteOrderMark)) ?? false;
  return Buffer.from(marked ? byteOrderMark + text : text);
}

/** The path without links, also of a file that does not exist yet. */
async function behindLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (!isMissing(error)) throw fileFault(file, error);
  }
  const dangling = await lstat(file).catch(() => undefined);
  if (dangling?.isSymbolicLink()) throw new Fault('config_invalid', { words: nowhere(file), details: { file } });
  return join(await behindLinks(dirname(file)), basename(file));
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!isAbsolute(way) && way.split(/[/\\]/)[0] !== '..');
}

async function isFolder(path: string): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isDirectory() ?? false;
}

const noFolder = (folder: string) => ({
  zh: `没有找到 ${folder}。请先安装并打开一次该客户端，再连接。`,
  en: `${folder} does not exist. Install the client and start it once, then connect it.`,
});
const outside = (file: string) => ({
  zh: `${file} 是一个链接，指向个人目录之外，没有改动。请直接编辑它指向的文件，或用 larkgate connect other 显示的内容手动配置。`,
  en: `${file} is a link that leads out of your home folder; nothing was changed. Edit the file it leads to by hand, with what larkgate connect other prints.`,
});
const nowhere = (file: string) => ({
  zh: `${file} 是一个失效的链接，没有改动。请修复或删除它，再连接。`,
  en: `${file} is a link that leads nowhere; nothing was changed. Mend or remove it, then connect.`,
});
const readOnly = (file: string) => ({
  zh: `${file} 是只读的，没有改动。请先允许写入，再连接。`,
  en: `${file} is read-only; nothing was changed. Allow writing to it, then connect.`,
});
const notAFile = (file: string) => ({
  zh: `${file} 不是普通文件，或大于 64 MB，没有改动。`,
  en: `${file} is not a plain file, or larger than 64 MB; nothing was changed.`,
});
