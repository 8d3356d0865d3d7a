import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { keepCopy, readText, setAside, writeTextAtomically } from '../base/files.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import type { Brand } from '../contract/views.ts';
import type { Sealer } from './sealed.ts';
import { readVault, type VaultState, writeVault } from './vault-file.ts';
import { VaultNotices } from './vault-notices.ts';

export interface SnapshotFileParts {
  folder: string;
  sealer: Sealer;
  clock: Clock;
  notices: Notices;
  /** The brand of a file of version 1. */
  formerBrand: Brand;
  log: Pick<Log, 'error'>;
}

/** The file `token-snapshot.json`. It knows what it saw last, and when it must not be overwritten. */
export class SnapshotFile {
  readonly #parts: SnapshotFileParts;
  readonly #notices: VaultNotices;
  readonly #path: string;
  /** Why the file is left as it is: it is not ours to overwrite. */
  #hold: 'newer' | 'key_lost' | undefined;
  #mayReplace = false;
  /** Why the file as it stands is to be kept aside before it is written over: it holds what this run could not read. */
  #keepAs: 'key-lost' | 'altered' | undefined;
  #signature = '';

  constructor(parts: SnapshotFileParts) {
    this.#parts = parts;
    this.#notices = new VaultNotices(parts.notices);
    this.#path = join(parts.folder, 'token-snapshot.json');
  }

  /** What stands in it, unless that was read or written here before. Undefined too when it is missing or not for us. */
  async read(): Promise<VaultState | 'damaged' | undefined> {
    const signature = await this.#sign();
    if (signature === this.#signature) return undefined;
    const text = await readText(this.#path);
    if (text === undefined) {
      this.#keepAs = undefined;
      return undefined;
    }
    const reading = readVault(text, this.#parts.sealer, this.#parts.formerBrand);
    if (reading.kind === 'corrupt') return 'damaged';
    this.#signature = signature;
    this.#notices.reading(reading);
    if (reading.kind === 'newer') {
      this.#hold = 'newer';
      return undefined;
    }
    this.#hold = reading.keyLost ? 'key_lost' : undefined;
    this.#keepAs = reading.keyLost ? 'key-lost' : reading.dropped > 0 ? 'altered' : undefined;
    return reading.state;
  }

  /** Rejects with `storage`. */
  async write(state: VaultState): Promise<void> {
    if (this.#isLeftAlone()) throw leftAlone();
    if (this.#keepAs) await keepCopy(this.#path, this.#keepAs, this.#parts.clock.now());
    this.#keepAs = undefined;
    await writeTextAtomically(this.#path, writeVault(state, this.#parts.sealer));
    this.#signature = await this.#sign();
    this.#hold = undefined;
    this.#mayReplace = false;
    this.#notices.written();
  }

  /** Moves a damaged file out of the way, keeping it. */
  async setAside(): Promise<void> {
    const kept = await setAside(this.#path, 'corrupt', this.#parts.clock.now());
    this.#notices.corrupt(basename(kept));
  }

  /** From now on a file whose key is lost may be overwritten. */
  allowReplacing(): void {
    this.#mayReplace = true;
  }

  /** Says that the disk refuses, unless the file is left alone on purpose. */
  complain(error: unknown): void {
    if (this.#isLeftAlone()) return;
    this.#parts.log.error({ err: error }, 'token vault: cannot read or write');
    this.#notices.unwritable();
  }

  #isLeftAlone(): boolean {
    return this.#hold === 'newer' || (this.#hold === 'key_lost' && !this.#mayReplace);
  }

  /** Every write makes a new file, so these three tell any two contents apart. Empty when there is no file. */
  async #sign(): Promise<string> {
    const found = await stat(this.#path, { bigint: true }).catch(() => undefined);
    return found ? `${found.ino}:${found.size}:${found.mtimeNs}` : '';
  }
}

function leftAlone(): Fault {
  return new Fault('storage', {
    words: {
      zh: '令牌文件由更新版本写成或密钥已更换，暂不改写；改动只保留到退出。',
      en: 'The token file comes from a newer version or another key and is left alone; changes last only until exit.',
    },
  });
}
