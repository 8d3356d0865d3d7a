import type { AccountView } from '../src-main/contract/views.ts';

/** The person's name; for an account that is no longer here, its id. */
export function accountName(id: string | null, accounts: AccountView[]): string | null {
  return accounts.find((account) => account.id === id)?.name ?? id;
}
