import type { Words } from '../../src-main/contract/words.ts';
import { words } from './common.ts';

export type Unit = 'bytes' | 'ms' | 'seconds';

/** How people read a setting. */
export interface FieldWords {
  label: Words;
  hint: Words;
  /** What its number counts, so that it can be said in units people know. */
  unit?: Unit;
  /** What its choices mean, where their names do not say it. */
  choices?: Record<string, Words>;
}

export const field = (zh: string, en: string, zhHint: string, enHint: string): FieldWords => ({
  label: words(zh, en),
  hint: words(zhHint, enHint),
});

export const counted = (unit: Unit, base: FieldWords): FieldWords => ({ ...base, unit });
