import type { NoticeView } from '../src-main/contract/views.ts';
import type { Words } from '../src-main/contract/words.ts';
import { overview } from './texts/overview.ts';

export interface Mend {
  words: Words;
  page: string;
  parameters?: Record<string, string>;
}

const signIn: Mend = { words: overview.signIn, page: 'accounts', parameters: { add: 'choose' } };
const folder: Mend = { words: overview.seeFolder, page: 'about' };

/** By what their ids begin with. */
const mends: [string, Mend][] = [
  ['app.', signIn],
  ['tools.', { words: overview.seeTools, page: 'tools' }],
  ['records.', folder],
  ['database.', folder],
  ['sessions.storage', folder],
  ['tokens.', folder],
  ['client_keys.', { words: overview.seeClients, page: 'accounts' }],
];

/** Where a notice that is about no account of now can be dealt with. Null: its words are all there is. */
export function mendOf(notice: Pick<NoticeView, 'id' | 'accountId'>): Mend | null {
  // It was signed out or forgotten.
  if (notice.accountId !== undefined) return signIn;
  return mends.find(([start]) => notice.id.startsWith(start))?.[1] ?? null;
}
