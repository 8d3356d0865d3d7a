import { randomBytes } from 'node:crypto';
import { chmod, type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from './fault.ts';
import { makePrivateFolder, readText } from './files.ts';

/** What the gateway needs of the machine it runs on. Electron has its own (shell/), the command line has `nodeHost`. */
export interface Host {
  /** Where everything is kept. Exists, 0700. */
  readonly dataFolder: string;
  /** The 32 bytes that seal every secret at rest. The same at every start. */
  masterKey(): Promise<Buffer>;
  /** Opens an https or loopback address in the person's browser. */
  openExternal(url: URL): Promise<void>;
}

const keyFileName = 'master.key';

/** A host for plain Node: the key comes from LARKGATE_KEY (64 hex digits) or from a 0600 file beside the data. */
export async function createNodeHost(dataFolder: string, environment: NodeJS.ProcessEnv = process.env): Promise<Host> {
  await makePrivateFolder(dataFolder);
  await refuseForeignFolder(dataFolder);
  return {
    dataFolder,
    masterKey: () => readMasterKey(dataFolder, environment.LARKGATE_KEY),
    // A server has no browser: the address is printed where it is needed instead.
    openExternal: async () => {},
  };
}

/** A folder of somebody else, perhaps behind a link, would let them read or swap what is kept in it. */
async function refuseForeignFolder(path: string): Promise<void> {
  const own = process.getuid?.();
  if (own === undefined || own === 0 || (await stat(path)).uid === own) return;
  throw new Fault('storage', {
    words: {
      zh: '数据目录属于另一个用户，请用 --data 换一个目录。',
      en: 'The data folder belongs to another user. Choose another with --data.',
    },
  });
}

async function readMasterKey(dataFolder: string, fromEnvironment: string | undefined): Promise<Buffer> {
  if (fromEnvironment !== undefined) return parseKey(fromEnvironment, 'LARKGATE_KEY');
  const path = join(dataFolder, keyFileName);
  const text = await readText(path);
  if (text !== undefined) {
    if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
    return parseKey(text, keyFileName);
  }
  try {
    // wx: of two gateways starting at once, one makes the key and the other reads it.
    return await writeMasterKey(await open(path, 'wx', 0o600), path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return readMasterKey(dataFolder, undefined);
    }
    throw new Fault('storage', { cause: error });
  }
}

async function writeMasterKey(file: FileHandle, path: string): Promise<Buffer> {
  const fresh = randomBytes(32);
  try {
    await file.writeFile(`${fresh.toString('hex')}\n`);
    await file.sync();
    return fresh;
  } catch (error) {
    // Half a key, as a full disk leaves it, would shut the folder for good.
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

function parseKey(text: string, source: string): Buffer {
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length === 32 && text.trim().length === 64) return key;
  throw new Fault('config_invalid', {
    words: {
      zh: `${source} 必须是 64 个十六进制字符。`,
      en: `${source} must be 64 hexadecimal digits.`,
    },
    details: { field: source },
  });
}
