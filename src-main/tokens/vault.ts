import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { removeStrayTemporaries } from '../base/files.ts';
import { withLock } from '../base/process-lock.ts';
import type { AccountRecord } from './account-record.ts';
import { SnapshotFile, type SnapshotFileParts } from './snapshot-file.ts';
import { emptyState, type VaultState } from './vault-file.ts';

/** Makes a new state of another one. May run again on a newer state, so it must not keep what it saw. */
export type Change = (state: VaultState) => VaultState;

const fileLockWaitMs = 10_000;
const accountLockWaitMs = 30_000;

/**
 * All accounts and app secrets, shared by the processes on one data folder through the snapshot file. Every change is
 * made on the newest file, under a lock, and on disk when its promise resolves. When the disk refuses, changes stay in
 * memory and are written as soon as it lets them.
 */
export class Vault {
  readonly #parts: SnapshotFileParts;
  readonly #file: SnapshotFile;
  #changed: (state: VaultState) => void = () => {};
  #onDisk: VaultState = emptyState;
  #state: VaultState = emptyState;
  #unsaved: Change[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: SnapshotFileParts) {
    this.#parts = parts;
    this.#file = new SnapshotFile(parts);
  }

  static async open(parts: SnapshotFileParts): Promise<Vault> {
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
    await this.#inTurn(() => (this.settled ? this.#read() : this.#write([]))).catch((error: unknown) =>
      this.#file.complain(error),
    );
  }

  /** Never fails: what the disk refuses stays in memory, with a notice, until `sync` can write it. */
  async save(change: Change): Promise<void> {
    const kept = () =>
      this.#write([change]).catch((error: unknown) => {
        this.#unsaved.push(change);
        this.#adopt();
        this.#file.complain(error);
      });
    await this.#inTurn(kept);
  }

  /** As `save` for what a person asked for: it may replace a file whose key is lost. */
  async saveForPerson(change: Change): Promise<void> {
    this.#file.allowReplacing();
    await this.save(change);
  }

  /** Rejects with `storage`, and changes nothing, unless the change is safely on disk. */
  async saveOrFail(change: Change): Promise<void> {
    await this.#inTurn(() => this.#write([change])).catch((error: unknown) => {
      this.#file.complain(error);
      throw Fault.from(error);
    });
  }

  /** Removes what killed writers left behind. */
  async tidy(): Promise<void> {
    const tidy = () => this.#locked(() => removeStrayTemporaries(this.#parts.folder));
    await this.#inTurn(tidy).catch((error: unknown) => this.#file.complain(error));
  }

  /** Runs `work` while nobody else renews this account, here or in another process. */
  async withAccount<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#lock(id, accountLockWaitMs, work).catch((error: unknown) => {
      if (Fault.from(error).code === 'storage') this.#file.complain(error);
      throw error;
    });
  }

  async #read(): Promise<void> {
    const found = await this.#file.read();
    if (found === 'damaged') await this.#locked(() => this.#readForSure());
    else if (found) this.#take(found);
  }

  /** Only who holds the lock may move a damaged file: another process may just have replaced it. */
  async #readForSure(): Promise<void> {
    const found = await this.#file.read();
    if (found === 'damaged') await this.#file.setAside();
    else if (found) this.#take(found);
  }

  #write(changes: Change[]): Promise<void> {
    return this.#locked(async () => {
      await this.#readForSure();
      const next = [...this.#unsaved, ...changes].reduce((state, change) => change(state), this.#onDisk);
      await this.#file.write(next);
      this.#unsaved = [];
      this.#take(next);
    });
  }

  #take(onDisk: VaultState): void {
    this.#onDisk = onDisk;
    this.#adopt();
  }

  #adopt(): void {
    const before = this.#state;
    this.#state = this.#unsaved.reduce((state, change) => change(state), this.#onDisk);
    if (this.#state !== before) this.#changed(this.#state);
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
