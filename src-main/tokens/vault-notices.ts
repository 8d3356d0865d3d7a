import type { Notices } from '../base/notices.ts';
import type { VaultReading } from './vault-file.ts';

const ids = {
  unwritable: 'tokens.unwritable',
  corrupt: 'tokens.corrupt',
  newer: 'tokens.newer',
  keyLost: 'tokens.key_lost',
  dropped: 'tokens.dropped',
} as const;

/** What a person should know about the token file. */
export class VaultNotices {
  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  unwritable(): void {
    this.#notices.raise(ids.unwritable, 'error', {
      zh: '无法读写令牌文件：登录只保留到退出，也暂时不能续期。请检查数据目录的磁盘空间和权限。',
      en: 'The token file cannot be read or written: sign-ins last only until exit and are not renewed. Check disk space and permissions of the data folder.',
    });
  }

  written(): void {
    this.#notices.clear(ids.unwritable);
    this.#notices.clear(ids.keyLost);
  }

  corrupt(keptAs: string): void {
    this.#notices.raise(ids.corrupt, 'warning', {
      zh: `令牌文件已损坏，已另存为 ${keptAs}。请重新登录。`,
      en: `The token file was damaged and was kept as ${keptAs}. Sign in again.`,
    });
  }

  reading(reading: VaultReading): void {
    const newer = reading.kind === 'newer';
    const keyLost = reading.kind === 'read' && reading.keyLost;
    const dropped = reading.kind === 'read' ? reading.dropped : 0;
    this.#show(newer, ids.newer, {
      zh: '令牌文件由更新版本的 LarkGate 写成，本版本不会改动它；现在登录只保留到退出。请升级 LarkGate。',
      en: 'The token file was written by a newer LarkGate and is left alone; signing in now lasts only until exit. Update LarkGate.',
    });
    this.#show(keyLost, ids.keyLost, {
      zh: '保存的登录信息是用另一个密钥加密的。请换回原来的密钥后重启，或重新登录。',
      en: 'The stored sign-ins were sealed with another key. Restart with the former key, or sign in again.',
    });
    if (dropped === 0) return;
    this.#notices.raise(ids.dropped, 'warning', {
      zh: `令牌文件中有 ${dropped} 条记录被改动过，已不再使用，原文件会另存一份（.altered-…）。请重新登录这些账号，或重新添加应用。`,
      en: `Records in the token file had been altered and are left out: ${dropped}. The file is kept aside (.altered-…). Sign in again with those accounts, or add the app again.`,
    });
  }

  #show(stands: boolean, id: string, words: { zh: string; en: string }): void {
    if (stands) this.#notices.raise(id, 'warning', words);
    else this.#notices.clear(id);
  }
}
