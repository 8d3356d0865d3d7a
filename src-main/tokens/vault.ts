import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { readText, removeStrayTemporaries, setAside, writeTextAtomically } from '../base/files.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import { withLock } from '../base/process-lock.ts';
import type { AccountRecord } from './account-record.ts';
import type { Sealer } from './sealed.ts';
import { emptyState, readVault, type VaultState, writeVault } from './vault-file.ts';
import { VaultNotices } from './vault-notices.ts';

export interface VaultParts {
  folder: string;
  sealer: Sealer;
  clock: Clock;
  notices: Notices;
  log: Pick<Log, 'error'>;
}

/** Makes a new state of another one. May run again on a newer state, so it must not keep what it saw. */
export type Change = (state: VaultState) => VaultState;

const fileLockWaitMs = 10_000;
const accountLockWaitMs = 30_000;

/**
 * The snapshot file of all accounts, shared with the other processes on the same data folder. Every change is made on
 * the newest file, under a lock, and on disk when its promise resolves. When the disk refuses, changes stay in memory
 * and are written as soon as it lets them.
 */
export class Vault {
  readonly #parts: VaultParts;
  readonly #notices: VaultNotices;
  readonly #path: string;
  #changed: (state: VaultState) => void = () => {};
  #onDisk: VaultState = emptyState;
  #state: VaultState = emptyState;
  #unsaved: Change[] = [];
  /** Why the file is left as it is: it is not ours to overwrite. */
  #hold: 'newer' | 'key_lost' | undefined;
  #mayReplaceKeyLost = false;
  #signature = '';
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: VaultParts) {
    this.#parts = parts;
    this.#notices = new VaultNotices(parts.notices);
    this.#path = join(parts.folder, 'token-snapshot.json');
  }

  static async open(parts: VaultParts): Promise<Vault> {
    const vault = new Vault(parts);
    await vault.sync();
    return vault;
  }

  /** `changed` is called after the state has become another one, whoever changed it. */
  watch(changed: (state: VaultState) => void): void {
    this.#changed = changed;
  }

  get state(): VaultState {
    return this.#state;
  }

  account(id: string): AccountRecord | undefined {
    return this.#state.accounts.find((account) => account.id === id);
  }

  /** Whether everything that was saved is on disk. */
  get settled(): boolean {
    return this.#unsaved.length === 0;
  }

  /** Adopts what another process wrote and writes what could not be written before. */
  async sync(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.settled) await this.#read();
      else await this.#locked(() => this.#write([]));
    }).catch((error: unknown) => this.#disturbed(error));
  }

  /** Never fails: what the disk refuses stays in memory, with a notice, until `sync` can write it. */
  async save(change: Change): Promise<void> {
    await this.#inTurn(() =>
      this.#locked(() => this.#write([change])).catch((error: unknown) => {
        this.#unsaved.push(change);
        this.#adopt();
        throw error;
      }),
    ).catch((error: unknown) => this.#disturbed(error));
  }

  /** As `save` for what a person asked for: it may replace a file whose key is lost. */
  async saveForPerson(change: Change): Promise<void> {
    this.#mayReplaceKeyLost = true;
    await this.save(change);
  }

  /** Rejects with `storage`, and changes nothing, unless the change is safely on disk. */
  async saveOrFail(change: Change): Promise<void> {
    await this.#inTurn(() => this.#locked(() => this.#write([change]))).catch((error: unknown) => {
      this.#disturbed(error);
      throw Fault.from(error);
    });
  }

  /** Removes what killed writers left behind. */
  async tidy(): Promise<void> {
    await this.#inTurn(() => this.#locked(() => removeStrayTemporaries(this.#parts.folder))).catch((error: unknown) =>
      this.#disturbed(error),
    );
  }

  /** Runs `work` while nobody else renews this account, here or in another process. */
  async withAccount<T>(id: string, work: () => Promise<T>): Promise<T> {
    let held = false;
    const run = () => {
      held = true;
      return work();
    };
    return this.#lock(id, accountLockWaitMs, run).catch((error: unknown) => {
      if (!held) this.#disturbed(error);
      throw error;
    });
  }

  async #read(locked = false): Promise<void> {
    const signature = await signatureOf(this.#path);
    if (signature === this.#signature) return;
    const text = await readText(this.#path);
    // A file that was deleted is no reason to forget who is signed in.
    if (text === undefined) return;
    const reading = readVault(text, this.#parts.sealer);
    if (reading.kind === 'corrupt') {
      if (!locked) return this.#locked(() => this.#read(true));
      return this.#notices.corrupt(basename(await setAside(this.#path, 'corrupt', this.#parts.clock.now())));
    }
    this.#signature = signature;
    this.#notices.reading(reading);
    this.#hold = reading.kind === 'newer' ? 'newer' : reading.keyLost ? 'key_lost' : undefined;
    if (reading.kind === 'newer') return;
    this.#onDisk = reading.state;
    this.#adopt();
  }

  async #write(changes: Change[]): Promise<void> {
    await this.#read(true);
    if (this.#hold === 'newer' || (this.#hold === 'key_lost' && !this.#mayReplaceKeyLost)) throw heldBack();
    const next = [...this.#unsaved, ...changes].reduce((state, change) => change(state), this.#onDisk);
    await writeTextAtomically(this.#path, writeVault(next, this.#parts.sealer));
    this.#signature = await signatureOf(this.#path);
    this.#hold = undefined;
    this.#mayReplaceKeyLost = false;
    this.#onDisk = next;
    this.#unsaved = [];
    this.#notices.written();
    this.#adopt();
  }

  #adopt(): void {
    const before = this.#state;
    this.#state = this.#unsaved.reduce((state, change) => change(state), this.#onDisk);
    if (this.#state !== before) this.#changed(this.#state);
  }

  #disturbed(error: unknown): void {
    if (this.#hold) return;
    this.#parts.log.error({ err: error }, 'token vault: cannot read or write');
    this.#notices.unwritable();
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    await mine;
  }

  #locked(work: () => Promise<void>): Promise<void> {
    return this.#lock('vault', fileLockWaitMs, work);
  }

  async #lock<T>(name: string, waitMs: number, work: () => Promise<T>): Promise<T> {
    const { clock, folder } = this.#parts;
    const late = new AbortController();
    const disarm = clock.after(waitMs, () => late.abort(new Fault('timeout')));
    try {
      return await withLock(join(folder, 'locks', name), clock, late.signal, work);
    } finally {
      disarm();
    }
  }
}

/** Every write makes a new file, so these three tell any two contents apart. Empty when there is no file. */
async function signatureOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : '';
}

function heldBack(): Fault {
  return new Fault('storage', {
    words: {
      zh: '令牌文件由更新版本写成或密钥已更换，暂不改写；改动只保留到退出。',
      en: 'The token file comes from a newer version or another key and is left alone; changes last only until exit.',
    },
  });
}
