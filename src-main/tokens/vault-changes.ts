import type { Words } from '../contract/words.ts';
import type { AccountRecord, KeptTokens } from './account-record.ts';
import { pastedAppId } from './app-record.ts';
import type { Change } from './vault.ts';
import { withDefault } from './vault-file.ts';

const mostAccounts = 1000;
const mostAsked = 500;
const unusedMs = 30 * 24 * 3_600_000;

/**
 * Adds an account or replaces the one with the same id; what was asked for is remembered. It becomes the default one
 * where there is none. Beyond the limit the longest unused one goes. Nobody is signed in to an app that was forgotten
 * meanwhile.
 */
export function putAccount(record: AccountRecord): Change {
  return (state) => {
    if (record.appId !== pastedAppId && !state.apps[record.appId]) return state;
    const before = state.accounts.find((account) => account.id === record.id);
    const others = state.accounts.filter((account) => account.id !== record.id);
    const byUse = others.sort((a, b) => b.lastUsedAt - a.lastUsedAt).slice(0, mostAccounts - 1);
    const asked = [...new Set([...record.asked, ...(before?.asked ?? [])])].slice(0, mostAsked);
    const defaultAccount = state.defaultAccount ?? record.id;
    return withDefault({ ...state, defaultAccount, accounts: [...byUse, { ...record, asked }] });
  };
}

/** Only a new sign-in helps, for the reason that `words` give. */
export function endAccount(id: string, tokensId: string, words: Words): Change {
  return changeTokensOf(id, tokensId, (account) => ({ ...account, ended: words }));
}

export function removeAccount(id: string): Change {
  return (state) => withDefault({ ...state, accounts: state.accounts.filter((account) => account.id !== id) });
}

export function setDefault(id: string): Change {
  return (state) => withDefault({ ...state, defaultAccount: id });
}

/** `used`: account id to the time of its last call. */
export function touch(used: ReadonlyMap<string, number>): Change {
  return (state) =>
    used.size === 0
      ? state
      : {
          ...state,
          accounts: state.accounts.map((account) => ({
            ...account,
            lastUsedAt: Math.max(account.lastUsedAt, used.get(account.id) ?? 0),
          })),
        };
}

export function purgeUnused(now: number): Change {
  return (state) => {
    const accounts = state.accounts.filter((account) => now - account.lastUsedAt < unusedMs);
    return accounts.length === state.accounts.length ? state : withDefault({ ...state, accounts });
  };
}

/** The write-ahead mark: whoever finds it knows that the refresh token may be spent. */
export function markPending(id: string, tokensId: string, now: number): Change {
  return changeTokensOf(id, tokensId, (account) => ({ ...account, pendingSince: now }));
}

export function storeRenewed(id: string, tokensId: string, renewed: { tokens: KeptTokens; scopes: string[] }): Change {
  return changeTokensOf(id, tokensId, (account) => ({
    ...account,
    ...renewed,
    pendingSince: null,
    ended: null,
    lastRenewal: { at: renewed.tokens.obtainedAt, outcome: 'renewed', code: null },
  }));
}

export interface FailedRenewal {
  at: number;
  code: number | null;
  /** Whether the refresh token may have been spent all the same. */
  unknown: boolean;
  /** Set when nothing but a new sign-in helps. */
  ended: Words | null;
}

export function storeFailure(id: string, tokensId: string, failed: FailedRenewal): Change {
  const { at, code, ended, unknown } = failed;
  return changeTokensOf(id, tokensId, (account) => ({
    ...account,
    pendingSince: unknown ? account.pendingSince : null,
    ended,
    lastRenewal: { at, outcome: ended ? 'sign_in_needed' : 'failed', code },
  }));
}

/** Changes the account only while it still has these tokens: a sign-in or sign-out that came between wins. */
function changeTokensOf(id: string, tokensId: string, change: (account: AccountRecord) => AccountRecord): Change {
  return (state) => ({
    ...state,
    accounts: state.accounts.map((account) =>
      account.id === id && account.tokens.id === tokensId ? change(account) : account,
    ),
  });
}
