import { expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { AccountNews } from '../../../src-main/tokens/account-news.ts';
import { newRecord } from '../../../src-main/tokens/account-record.ts';
import { Lifetimes } from '../../../src-main/tokens/lifetimes.ts';
import { emptyState } from '../../../src-main/tokens/vault-file.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { appId, person } from './fake-feishu.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** One account whose refresh token was issued `ageMs` ago for `lifeMs`. */
function telling({ ageMs, lifeMs, consentMs = ageMs }: { ageMs: number; lifeMs: number; consentMs?: number }) {
  const clock = new FakeClock();
  const bus = new EventBus(clock);
  const notices = new Notices(bus, () => clock.now());
  const obtainedAt = clock.now() - ageMs;
  const tokens = { id: 't1', sealed: 'x', obtainedAt, accessExpiresAt: obtainedAt + 2 * hour };
  const signIn = { appId, brand: 'feishu' as const, way: 'device' as const, asked: [] };
  const record = newRecord(signIn, person('ada'), { ...tokens, refreshExpiresAt: obtainedAt + lifeMs }, []);
  const state = { ...emptyState, accounts: [{ ...record, consentedAt: clock.now() - consentMs }] };
  const news = new AccountNews({ bus, notices, clock, lifetimes: new Lifetimes(clock) }, state);
  news.warn(state);
  return { state, news, notices, words: notices.standing().map((notice) => notice.words.en) };
}

test('a sign-in that ends within a day is warned of, with what to do, and without the name that health would tell', () => {
  expect(telling({ ageMs: 6 * day - hour, lifeMs: 7 * day }).words).toEqual([]);
  const [words] = telling({ ageMs: 6 * day + hour, lifeMs: 7 * day }).words;
  expect(words).toMatch(/ends within 24 hours.*Check the network, or sign in again/);
  expect(words).not.toContain('ada');
});

test('a refresh token that always lives for a few hours only is no reason to warn until half of them are gone', () => {
  expect(telling({ ageMs: hour, lifeMs: 12 * hour }).words).toEqual([]);
  expect(telling({ ageMs: 7 * hour, lifeMs: 12 * hour }).words).toHaveLength(1);
});

test('a sign-in that gets a year old is warned of although it is renewed all the time', () => {
  expect(telling({ ageMs: hour, lifeMs: 7 * day, consentMs: 363 * day }).words).toEqual([]);
  const [words] = telling({ ageMs: hour, lifeMs: 7 * day, consentMs: 364 * day + hour }).words;
  expect(words).toMatch(/365 days old.*Sign in again now/);
});

test('the warning goes with its reason', () => {
  const { state, news, notices } = telling({ ageMs: 6.5 * day, lifeMs: 7 * day });
  expect(notices.standing()).toHaveLength(1);
  const accounts = state.accounts.map((one) => ({
    ...one,
    tokens: { ...one.tokens, refreshExpiresAt: Date.UTC(2027, 0, 1) },
  }));
  news.publish({ ...state, accounts });
  expect(notices.standing()).toEqual([]);
});

test('an account that was removed because nobody used it is told of once, until its person signs in again', () => {
  const { state, news, notices } = telling({ ageMs: hour, lifeMs: 7 * day });
  const [record] = state.accounts;
  if (!record) throw new Error('There is an account');
  news.publish({ ...state, accounts: [] });
  news.forgotten([record]);
  news.forgotten([record]);
  expect(notices.standing()).toMatchObject([
    { accountId: record.id, level: 'info', words: { en: expect.stringMatching(/30 days.*Sign in again/) } },
  ]);
  news.publish(state);
  expect(notices.standing()).toEqual([]);
});
