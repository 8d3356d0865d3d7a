import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asRecord } from './message.ts';

/** What the gateway leaves for the bridge: which port it listens on, what opens the door and what proves it. */
export interface GatewaySecrets {
  key: string;
  hello: Buffer;
}

/** The port of the gateway that runs on a data folder. Undefined when none does. */
export async function readPort(dataFolder: string): Promise<number | undefined> {
  const { port, pid } = asRecord(await readOwn(join(dataFolder, 'gateway.json')));
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return typeof pid === 'number' && isAlive(pid) ? port : undefined;
}

/** The client's secrets. Undefined when there are none, or when others could read them too. */
export async function readSecrets(dataFolder: string, client: string): Promise<GatewaySecrets | undefined> {
  const path = join(dataFolder, 'bridge', `${client}.json`);
  if (!/^[\w-]{1,64}$/.test(client) || !(await isPrivate(path))) return undefined;
  const { key, hello } = asRecord(await readOwn(path));
  if (typeof key !== 'string' || typeof hello !== 'string') return undefined;
  return { key, hello: Buffer.from(hello, 'base64url') };
}

async function isPrivate(path: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const facts = await lstat(path).catch(() => undefined);
  return facts?.isFile() === true && (facts.mode & 0o077) === 0;
}

/** The JSON in a file of this user. Whoever else wrote it could name a program of theirs. */
async function readOwn(path: string): Promise<unknown> {
  try {
    const { uid } = await lstat(path);
    if (process.getuid !== undefined && uid !== process.getuid()) return undefined;
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return value;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
