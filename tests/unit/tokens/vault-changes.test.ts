import { expect, test } from 'vitest';
import type { AccountRecord } from '../../../src-main/tokens/account-record.ts';
import {
  purgeUnused,
  putAccount,
  removeAccount,
  setDefault,
  storeRenewed,
  touch,
} from '../../../src-main/tokens/vault-changes.ts';
import { emptyState, type VaultState } from '../../../src-main/tokens/vault-file.ts';

const day = 24 * 3_600_000;

function record(id: string, lastUsedAt = 0): AccountRecord {
  return {
    id,
    appId: 'pasted',
    brand: 'feishu',
    way: 'token',
    unionId: `on_${id}`,
    openId: `ou_${id}`,
    name: id,
    avatarUrl: null,
    tenantKey: null,
    scopes: [],
    asked: [],
    lastUsedAt,
    consentedAt: null,
    tokens: { id: `tokens of ${id}`, sealed: '', obtainedAt: 0, accessExpiresAt: 0, refreshExpiresAt: 0 },
    pendingSince: null,
    ended: null,
    lastRenewal: null,
  };
}

function stateOf(...records: AccountRecord[]): VaultState {
  return records.reduce((state, one) => putAccount(one)(state), emptyState);
}

const idsOf = (state: VaultState) => state.accounts.map(({ id }) => id);

test('a thousand accounts are kept; the longest unused one makes room', () => {
  const full = stateOf(...Array.from({ length: 1000 }, (_, n) => record(`a${n}`, 1000 + n)), record('new', 5000));
  expect(full.accounts).toHaveLength(1000);
  expect(idsOf(full)).not.toContain('a0');
  expect(idsOf(full)).toContain('new');
});

test('the first account is the default; when it goes, nobody takes its place but who signs in next', () => {
  const three = stateOf(record('a', 1), record('b', 9), record('c', 5));
  expect(three.defaultAccount).toBe('a');
  expect(removeAccount('b')(three).defaultAccount).toBe('a');
  const two = removeAccount('a')(three);
  expect(two.defaultAccount).toBeNull();
  expect(purgeUnused(30 * day + 5)(three).defaultAccount).toBeNull();
  expect(putAccount(record('d'))(two).defaultAccount).toBe('d');
  expect(putAccount(record('b', 10))(two).defaultAccount).toBe('b');
});

test('the default is nobody, too, when it was the one to make room', () => {
  const full = stateOf(...Array.from({ length: 1000 }, (_, n) => record(`a${n}`, 1000 + n)));
  expect(full.defaultAccount).toBe('a0');
  expect(putAccount(record('new', 5000))(full).defaultAccount).toBeNull();
});

test('a default that is not there is not chosen', () => {
  expect(setDefault('z')(stateOf(record('a'))).defaultAccount).toBeNull();
});

test('an account that was not used for thirty days goes, a used one stays', () => {
  const state = touch(new Map([['a', 2 * day]]))(stateOf(record('a'), record('b')));
  expect(idsOf(purgeUnused(30 * day - 1)(state))).toEqual(['a', 'b']);
  expect(idsOf(purgeUnused(30 * day)(state))).toEqual(['a']);
});

test('renewed tokens are not stored over those of a newer sign-in', () => {
  const state = stateOf(record('a'));
  const tokens = { ...record('a').tokens, id: 'renewed' };
  const late = storeRenewed('a', 'tokens of an earlier sign-in', { tokens, scopes: [] })(state);
  expect(late.accounts[0]?.tokens.id).toBe('tokens of a');
  const inTime = storeRenewed('a', 'tokens of a', { tokens, scopes: [] })(state);
  expect(inTime.accounts[0]?.tokens.id).toBe('renewed');
});
