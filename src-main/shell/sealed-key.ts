import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { readText, writeTextAtomically } from '../base/files.ts';
import type { ElectronApi } from './electron-api.ts';

export interface SealedKeyParts {
  safeStorage: Pick<
    ElectronApi['safeStorage'],
    'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
  >;
  platform: NodeJS.Platform;
  /** The key file of the data folder. A gateway without Electron that finds a sealed one refuses it and changes nothing. */
  path: string;
  /** Asks the person whether the key may lie in a file that only the file system protects. */
  acceptPlainKey(): Promise<boolean>;
  /** The key as a gateway without Electron keeps it: reads the file, or makes it. */
  plainKey(): Promise<Buffer>;
}

const sealedFile = z.strictObject({
  version: z.literal(1),
  /** The keychain that sealed it. On Linux another desktop may choose another. */
  backend: z.string(),
  sealed: z.base64(),
});

/** The master key, sealed by the keychain of the system. Never overwrites a key that it cannot open. */
export async function readSealedKey(parts: SealedKeyParts): Promise<Buffer> {
  const text = await readText(parts.path);
  if (text !== undefined && text.trimStart().startsWith('{')) return unseal(parts, text);
  const backend = backendOf(parts);
  if (await isKeychain(parts, backend)) {
    // A key that lay open until now is the same key from now on, sealed.
    const key = text === undefined ? randomBytes(32) : await parts.plainKey();
    await seal(parts, key, backend);
    return key;
  }
  if (await parts.acceptPlainKey()) return parts.plainKey();
  throw new Fault('storage', { words: noKeychain, details: { keychain: backend } });
}

async function unseal(parts: SealedKeyParts, text: string): Promise<Buffer> {
  const file = sealedFile.safeParse(parseJson(text)).data;
  const backend = backendOf(parts);
  if (!file) throw cannotOpen('?', backend);
  try {
    const { result, shouldReEncrypt } = await parts.safeStorage.decryptStringAsync(Buffer.from(file.sealed, 'base64'));
    const key = Buffer.from(result, 'hex');
    if (key.length !== 32) throw cannotOpen(file.backend, backend);
    if (shouldReEncrypt || file.backend !== backend) await seal(parts, key, backend);
    return key;
  } catch (error) {
    throw error instanceof Fault ? error : cannotOpen(file.backend, backend, error);
  }
}

async function seal({ safeStorage, path }: SealedKeyParts, key: Buffer, backend: string): Promise<void> {
  const sealed = (await safeStorage.encryptStringAsync(key.toString('hex'))).toString('base64');
  await writeTextAtomically(path, `${JSON.stringify({ version: 1, backend, sealed })}\n`);
}

function backendOf({ platform, safeStorage }: SealedKeyParts): string {
  if (platform === 'darwin') return 'keychain';
  return platform === 'win32' ? 'dpapi' : safeStorage.getSelectedStorageBackend();
}

/** `basic_text` seals with a password that everybody can read in Chromium's source. */
async function isKeychain({ safeStorage }: SealedKeyParts, backend: string): Promise<boolean> {
  if (backend === 'basic_text' || backend === 'unknown') return false;
  return safeStorage.isAsyncEncryptionAvailable();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cannotOpen(sealedBy: string, here: string, cause?: unknown): Fault {
  const changed = sealedBy !== here && sealedBy !== '?';
  const words = changed
    ? {
        zh: `保存登录信息的密钥由另一个密钥环（${sealedBy}）加密，现在的密钥环（${here}）打不开。没有改动任何内容。请用原来的桌面环境登录，或解锁原来的密钥环后重试。`,
        en: `The key to your sign-ins was sealed by another keyring (${sealedBy}), which this one (${here}) cannot open. Nothing was changed. Log in to the former desktop, or unlock that keyring and try again.`,
      }
    : {
        zh: `系统密钥环（${here}）打不开保存登录信息的密钥，可能尚未解锁或已被重置。没有改动任何内容。请解锁密钥环后重试；若已重置，请把数据目录移到别处后重新登录。`,
        en: `The system's keyring (${here}) cannot open the key to your sign-ins: it may be locked, or was reset. Nothing was changed. Unlock it and try again; if it was reset, move the data folder away and sign in anew.`,
      };
  return new Fault('storage', { words, details: { keychain: here }, cause });
}

const noKeychain = {
  zh: '这台电脑没有可用的系统密钥环，而你没有同意把密钥存放在文件中，所以什么也没有保存。请安装并解锁 GNOME Keyring 或 KWallet 后重试。',
  en: 'This machine has no keyring to use, and you did not agree to keep the key in a file, so nothing was stored. Install and unlock GNOME Keyring or KWallet, then try again.',
};
