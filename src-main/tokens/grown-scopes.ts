import type { VaultState } from './vault-file.ts';

type Accounts = Pick<VaultState, 'accounts'>;

/** Ids of the accounts that were granted more than before. New accounts are not among them. */
export function grownScopes(before: Accounts, after: Accounts): string[] {
  const former = new Map(before.accounts.map((account) => [account.id, account.scopes]));
  return after.accounts
    .filter(({ id, scopes }) => {
      const known = former.get(id);
      return known !== undefined && known !== scopes && scopes.some((scope) => !known.includes(scope));
    })
    .map(({ id }) => id);
}
