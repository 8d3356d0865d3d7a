import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import type { Notices } from '../base/notices.ts';
import { withLock } from '../base/process-lock.ts';
import { type Signer, equalTexts } from '../base/signer.ts';
import type { GatewayEvent } from '../contract/events.ts';
import type { ClientView } from '../contract/views.ts';
import { type ClientKey, readKeyFile, writeKeyFile } from './key-file.ts';

export interface ClientKeysParts {
  signer: Signer;
  clock: Clock;
  notices?: Notices;
}

/** A key was made, bound to another account or revoked. */
export type ClientChange = Extract<GatewayEvent, { kind: 'client.changed' | 'client.removed' }>;

type Keys = ReadonlyMap<string, ClientKey>;

const defaultId = 'default';
const checkMs = 1000;

/** The keys by which MCP clients are known. The file holds hashes; a secret is shown once, when it is made. */
export class ClientKeys {
  /**
   * The key of this installation itself, which the copied configurations carry. It is derived from the master key, so it
   * can be shown again without being stored anywhere.
   */
  readonly defaultSecret: string;
  readonly #folder: string;
  readonly #path: string;
  readonly #parts: ClientKeysParts;
  readonly #listeners = new Set<(change: ClientChange) => void>();
  #keys: Keys = new Map();
  #readAt = Number.NEGATIVE_INFINITY;
  /** Tells the file that was read from its successors. */
  #mark = '';

  private constructor(folder: string, parts: ClientKeysParts) {
    this.#folder = folder;
    this.#path = join(folder, 'client-keys.json');
    this.#parts = parts;
    this.defaultSecret = `lg_${defaultId}_${parts.signer.sign('client-key', 'default')}`;
  }

  static async open(folder: string, parts: ClientKeysParts): Promise<ClientKeys> {
    const keys = new ClientKeys(folder, parts);
    await keys.#read();
    return keys;
  }

  /** The key that `secret` proves, or undefined. */
  async verify(secret: string): Promise<Pick<ClientKey, 'id' | 'accountId'> | undefined> {
    if (equalTexts(secret, this.defaultSecret)) return { id: defaultId, accountId: null };
    await this.#readIfChanged();
    const id = /^lg_([a-z0-9]{1,32})_/.exec(secret)?.[1] ?? '';
    // Made a moment ago by another process, whose client is here already.
    if (!this.#keys.has(id) && this.#present() !== this.#mark) await this.#read();
    const key = this.#keys.get(id);
    return key && equalTexts(sha256(secret), key.hash) ? key : undefined;
  }

  /** All keys, that of the installation first: it exists for as long as the data folder does. */
  list(): ClientView[] {
    const createdAt = Math.round(statSync(this.#folder, { throwIfNoEntry: false })?.birthtimeMs ?? 0);
    const ofInstallation = { keyId: defaultId, name: defaultId, accountId: null, createdAt };
    return [ofInstallation, ...[...this.#keys.values()].map(viewOf)];
  }

  /** The account that a key is bound to; null for the default one. */
  accountOf(keyId: string): string | null {
    return this.#keys.get(keyId)?.accountId ?? null;
  }

  /** Makes a key and returns its secret, for the only time. */
  async add(name: string): Promise<{ id: string; secret: string }> {
    const id = randomBytes(4).toString('hex');
    const secret = `lg_${id}_${randomBytes(32).toString('base64url')}`;
    const key = { id, name, hash: sha256(secret), accountId: null, createdAt: this.#parts.clock.now() };
    await this.#change((keys) => new Map(keys).set(id, key));
    return { id, secret };
  }

  /** From now on the client with this key works as `accountId`, or as the default account. */
  async bind(keyId: string, accountId: string | null): Promise<void> {
    if (keyId === defaultId) throw new Fault('invalid_request', { words: followsDefault });
    await this.#change((keys) => {
      const key = keys.get(keyId);
      if (!key) throw new Fault('invalid_request', { words: noSuchKey });
      return new Map(keys).set(keyId, { ...key, accountId });
    });
  }

  async revoke(id: string): Promise<boolean> {
    let known = false;
    await this.#change((keys) => {
      known = keys.has(id);
      return new Map([...keys].filter(([other]) => other !== id));
    });
    return known;
  }

  /** `listener` hears of every change, also of those that another process made, once they are noticed. */
  onChange(listener: (change: ClientChange) => void): void {
    this.#listeners.add(listener);
  }

  /** Notices what other processes do to the file, until the returned function is called. */
  watch(): () => void {
    return this.#parts.clock.every(checkMs, () => {
      // A file that cannot be read just now is read again in a second.
      this.#readIfChanged().catch(() => {});
    });
  }

  /** Another process, such as the command line, may have changed the file. */
  async #readIfChanged(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    if (now - this.#readAt < checkMs) return;
    this.#readAt = now;
    if (this.#present() !== this.#mark) await this.#read();
  }

  #present(): string {
    const file = statSync(this.#path, { throwIfNoEntry: false });
    return file ? `${file.mtimeMs} ${file.ino}` : '';
  }

  async #read(): Promise<void> {
    this.#mark = this.#present();
    this.#take(await readKeyFile(this.#path, this.#parts));
  }

  /** Reads, changes and writes while no other process does. What cannot be written does not count. */
  async #change(change: (keys: Keys) => Keys): Promise<void> {
    await withLock(join(this.#folder, 'locks', 'client-keys'), this.#parts.clock, undefined, async () => {
      await this.#read();
      const changed = change(this.#keys);
      await writeKeyFile(this.#path, [...changed.values()]);
      this.#mark = this.#present();
      this.#take(changed);
    });
  }

  #take(keys: Keys): void {
    const before = this.#keys;
    this.#keys = keys;
    for (const key of keys.values()) {
      if (before.get(key.id)?.accountId !== key.accountId) this.#tell({ kind: 'client.changed', client: viewOf(key) });
    }
    for (const id of before.keys()) if (!keys.has(id)) this.#tell({ kind: 'client.removed', keyId: id });
  }

  #tell(change: ClientChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function viewOf({ id, name, accountId, createdAt }: ClientKey): ClientView {
  return { keyId: id, name, accountId, createdAt };
}

const followsDefault = {
  zh: '默认密钥总是跟随默认账号，不能绑定。请为这个客户端单独创建密钥（larkgate keys add），再绑定它。',
  en: 'The default key always follows the default account. Make a key for this client (larkgate keys add) and bind that.',
};

const noSuchKey = {
  zh: '没有这个客户端密钥，可能已被撤销。请刷新后再选。',
  en: 'There is no such client key; it may have been revoked. Reload and choose again.',
};
