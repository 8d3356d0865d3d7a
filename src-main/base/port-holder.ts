import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface PortHolder {
  pid: number;
  name: string;
}

const run = promisify(execFile);
const runOptions = { timeout: 3000, windowsHide: true };

/** Which program listens on a TCP port of this machine; undefined where the system does not say. */
export async function findPortHolder(port: number, platform: NodeJS.Platform): Promise<PortHolder | undefined> {
  try {
    if (platform === 'linux') return await askProc(port);
    return platform === 'win32' ? await askNetstat(port) : await askLsof(port);
  } catch {
    return undefined;
  }
}

async function askLsof(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], runOptions);
  return readLsof(stdout);
}

/** `-F` prints a letter and a value per line: p is the process, c its command. */
export function readLsof(text: string): PortHolder | undefined {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  const name = /^c(.+)$/m.exec(text)?.[1];
  return pid !== undefined && name !== undefined ? { pid: Number(pid), name } : undefined;
}

async function askNetstat(port: number): Promise<PortHolder | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], runOptions);
  const pid = readNetstat(stdout, port);
  if (pid === undefined) return undefined;
  const list = await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'], runOptions);
  return { pid, name: /^"([^"]+)"/m.exec(list.stdout)?.[1] ?? '?' };
}

/** The word for LISTENING is in the system's language; only a listener has no other side. */
export function readNetstat(text: string, port: number): number | undefined {
  const line = text.split(/\r?\n/).find((row) => {
    const [protocol, local, remote] = row.trim().split(/\s+/);
    return protocol === 'TCP' && local?.endsWith(`:${port}`) && (remote?.endsWith(':0') ?? false);
  });
  const pid = Number(line?.trim().split(/\s+/).at(-1) ?? Number.NaN);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

async function askProc(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => readProcTable(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (!(await holdsOneOf(pid, inodes))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8');
    return { pid: Number(pid), name: name.trim() };
  }
  return undefined;
}

const listening = '0A';

/** The inodes of the sockets that listen on the port. Addresses are hexadecimal. */
function readProcTable(table: string, port: number): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(end) && state === listening && inode !== undefined ? [inode] : [];
  });
}

async function holdsOneOf(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${name}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
