import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import { readText, setAside, writeTextAtomically } from '../base/files.ts';
import type { Notices } from '../base/notices.ts';
import { type Signer, equalTexts } from '../base/signer.ts';

const storedKey = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,32}$/),
  name: z.string(),
  /** SHA-256 of the secret, which has 256 random bits: nothing to guess, so nothing slow is needed. */
  hash: z.string(),
  accountId: z.string().nullable(),
  createdAt: z.number(),
});
const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(storedKey) });

export interface ClientKeysParts {
  signer: Signer;
  clock: Clock;
  notices?: Notices;
}

export type ClientKey = z.infer<typeof storedKey>;

/** The keys by which MCP clients are known. The file holds hashes; a secret is shown once, when it is made. */
export class ClientKeys {
  /**
   * The key of this installation itself, which the copied configurations carry. It is derived from the master key, so it
   * can be shown again without being stored anywhere.
   */
  readonly defaultSecret: string;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #notices: Notices | undefined;
  #keys = new Map<string, ClientKey>();
  #readAt = Number.NEGATIVE_INFINITY;
  #fileTime = 0;

  private constructor(folder: string, { signer, clock, notices }: ClientKeysParts) {
    this.#notices = notices;
    this.#path = join(folder, 'client-keys.json');
    this.defaultSecret = `lg_default_${signer.sign('client-key', 'default')}`;
    this.#clock = clock;
  }

  static async open(folder: string, parts: ClientKeysParts): Promise<ClientKeys> {
    const keys = new ClientKeys(folder, parts);
    await keys.#read();
    return keys;
  }

  /** The key that `secret` proves, or undefined. */
  async verify(secret: string): Promise<Pick<ClientKey, 'id' | 'accountId'> | undefined> {
    if (equalTexts(secret, this.defaultSecret)) return { id: 'default', accountId: null };
    await this.#readIfChanged();
    const key = this.#keys.get(/^lg_([a-z0-9]{1,32})_/.exec(secret)?.[1] ?? '');
    return key && equalTexts(sha256(secret), key.hash) ? key : undefined;
  }

  list(): ClientKey[] {
    return [...this.#keys.values()];
  }

  /** Makes a key and returns its secret, for the only time. */
  async add(name: string): Promise<{ id: string; secret: string }> {
    await this.#read();
    const id = randomBytes(4).toString('hex');
    const secret = `lg_${id}_${randomBytes(32).toString('base64url')}`;
    this.#keys.set(id, { id, name, hash: sha256(secret), accountId: null, createdAt: this.#clock.now() });
    await this.#write();
    return { id, secret };
  }

  async revoke(id: string): Promise<boolean> {
    await this.#read();
    if (!this.#keys.delete(id)) return false;
    await this.#write();
    return true;
  }

  /** Another process, such as the command line, may have changed the file. */
  async #readIfChanged(): Promise<void> {
    const now = this.#clock.monotonic();
    if (now - this.#readAt < 1000) return;
    this.#readAt = now;
    const fileTime = this.#modified();
    if (fileTime !== this.#fileTime) await this.#read();
  }

  #modified(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  async #read(): Promise<void> {
    this.#fileTime = this.#modified();
    const text = await readText(this.#path);
    const json = text === undefined ? noKeys : parseJson(text);
    const parsed = keyFile.safeParse(json);
    this.#keys = new Map(parsed.data?.keys.map((key) => [key.id, key]));
    if (parsed.success) return;
    const why = isNewer(json) ? 'newer' : 'corrupt';
    await setAside(this.#path, why, this.#clock.now());
    this.#notices?.raise('client_keys.lost', 'error', lostWords);
  }

  async #write(): Promise<void> {
    const text = `${JSON.stringify({ version: 1, keys: this.list() }, undefined, 2)}\n`;
    await writeTextAtomically(this.#path, text);
    this.#fileTime = this.#modified();
  }
}

const noKeys = { version: 1, keys: [] };

/** Whether a later version of this program wrote it. */
function isNewer(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'version' in json && Number(json.version) > 1;
}

const lostWords = {
  zh: '客户端密钥文件无法使用，已改名保留（client-keys.json.corrupt-… 或 .newer-…）。请用 larkgate keys add 重新创建密钥，或恢复该文件。',
  en: 'The file of client keys cannot be used and was kept aside (client-keys.json.corrupt-… or .newer-…). Make new keys with larkgate keys add, or restore the file.',
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new Fault('malformed_json', { cause: error });
  }
}
