import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import type { FaultCode } from '../../../src-main/contract/fault-codes.ts';
import { appId, type Trouble } from './fake-feishu.ts';
import { advanceUntil, createMachine } from './open-accounts.ts';

const minute = 60_000;
const hour = 60 * minute;

async function signedIn() {
  const machine = await createMachine();
  const running = await machine.start();
  const { id } = await running.signIn('ada');
  return { ...machine, ...running, id };
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  return Fault.from(
    await work.then(
      () => new Error('it worked'),
      (thrown: unknown) => thrown,
    ),
  );
}

describe('a credential', () => {
  test('is the one that signing in gave, until five minutes before it expires', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    const first = await accounts.credential(id);
    expect(feishu.accepts(first.accessToken)?.name).toBe('ada');
    await clock.advance(115 * minute);
    expect(await accounts.credential(id)).toEqual(first);
    await clock.advance(1);
    const second = await accounts.credential(id);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(feishu.renewed).toBe(1);
  });

  test('is renewed once for eighty calls at the moment of expiry', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    const credentials = await Promise.all(Array.from({ length: 80 }, () => accounts.credential(id)));
    expect(credentials.map(({ accessToken }) => feishu.accepts(accessToken)?.name)).toEqual(Array(80).fill('ada'));
    expect(feishu.refreshes).toHaveLength(1);
  });

  test('of a token that lives for only a minute is not renewed at every call', async () => {
    const { accounts, feishu, signIn } = await signedIn();
    feishu.accessSeconds = 60;
    const { id } = await signIn('ada');
    for (let call = 0; call < 10; call += 1) await accounts.credential(id);
    expect(feishu.refreshes).toHaveLength(0);
  });

  test('is asked for in vain when nobody signed in', async () => {
    const { accounts } = await signedIn();
    expect((await faultOf(accounts.credential('acc_0000000000000000'))).code).toBe('sign_in_required');
  });

  test('without offline_access works until it expires, and the page says so beforehand', async () => {
    const { accounts, feishu, clock, signIn } = await signedIn();
    feishu.offline = false;
    const account = await signIn('bob');
    expect(account).toMatchObject({ state: 'signed_in', refreshExpiresAt: null });
    expect(account.reason?.en).toContain('offline_access');
    await clock.advance(2 * hour - 1);
    expect(feishu.accepts((await accounts.credential(account.id)).accessToken)?.name).toBe('bob');
    await clock.advance(1);
    const fault = await faultOf(accounts.credential(account.id));
    expect([fault.code, fault.words.en]).toEqual(['sign_in_again', expect.stringContaining('offline_access')]);
    expect(feishu.refreshes).toHaveLength(0);
  });
});

describe('after Feishu refused an access token', () => {
  test('all calls that were refused share one renewal', async () => {
    const { accounts, feishu, id } = await signedIn();
    const refused = await accounts.credential(id);
    const renewed = await Promise.all(Array.from({ length: 20 }, () => accounts.renew(refused)));
    expect(new Set(renewed.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(feishu.refreshes).toHaveLength(1);
  });

  test('a call that comes back late gets the newer token at once', async () => {
    const { accounts, feishu, id } = await signedIn();
    const refused = await accounts.credential(id);
    const renewed = await accounts.renew(refused);
    expect(await accounts.renew(refused)).toEqual(renewed);
    expect(feishu.refreshes).toHaveLength(1);
  });
});

describe('a renewal that fails', () => {
  const kept: [Trouble, FaultCode][] = [
    ['server', 'upstream_broken'],
    ['network', 'upstream_unreachable'],
    ['secret', 'app_credentials'],
    ['switch', 'upstream_refused'],
  ];

  test.each(kept)('by %s keeps the tokens: the next one works', async (trouble, code) => {
    const { accounts, feishu, clock, events, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push(trouble);
    expect((await faultOf(accounts.credential(id))).code).toBe(code);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'token.renewal', outcome: 'failed', accountId: id }));
    expect(accounts.get(id)?.state).toBe('signed_in');
    await clock.advance(minute);
    expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
  });

  test('is not repeated by every call: the pause grows to five minutes', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push(...Array<Trouble>(100).fill('server'));
    for (let second = 0; second < 1800; second += 1) {
      await faultOf(accounts.credential(id));
      await clock.advance(1000);
    }
    // 1, 2, 4 ... 256 seconds, then one in 300.
    expect(feishu.refreshes).toHaveLength(14);
    const fault = await faultOf(accounts.credential(id));
    expect(fault.retryAfterMs).toBeGreaterThan(0);
  });

  test('is tried again at once when the machine wakes up', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('network');
    await faultOf(accounts.credential(id));
    accounts.wake();
    expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
  });

  test('leaves a token in use that is good for some minutes yet', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(116 * minute);
    feishu.trouble.push('server');
    expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    expect(feishu.refreshes).toHaveLength(1);
  });

  test('by a wrong app secret or a closed switch is said until it works again', async () => {
    const { accounts, feishu, clock, notices, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('secret');
    await faultOf(accounts.credential(id));
    expect(notices.standing().map((notice) => notice.id)).toEqual([`tokens.renewal.${id}`]);
    await accounts.apps.add({ appId, appSecret: 'the right one', brand: 'feishu', origin: 'given' });
    await accounts.credential(id);
    expect(notices.standing()).toEqual([]);
  });

  test('for good ends in "sign in again", and Feishu is not asked any more', async () => {
    const { accounts, feishu, clock, events, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('ended');
    for (let call = 0; call < 5; call += 1) {
      expect((await faultOf(accounts.credential(id))).code).toBe('sign_in_again');
      await clock.advance(10 * minute);
    }
    expect(feishu.refreshes).toHaveLength(1);
    expect(accounts.get(id)).toMatchObject({
      state: 'sign_in_needed',
      lastRenewal: { outcome: 'sign_in_needed', code: 20026 },
    });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'token.renewal', outcome: 'sign_in_needed', code: 20026 }),
    );
  });

  test('without an answer lets nobody wait for more than ten seconds', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('hangs');
    const started = clock.monotonic();
    const fault = await advanceUntil(clock, faultOf(accounts.credential(id)), 100);
    expect(fault.code).toBe('timeout');
    expect(clock.monotonic() - started).toBeLessThanOrEqual(10_200);
  });
});

describe('when the answer to a renewal is lost', () => {
  test('the same refresh token is tried once more', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('lost');
    const fault = await faultOf(accounts.credential(id));
    expect(feishu.refreshes.map(({ outcome }) => outcome)).toEqual(['lost', 'refused']);
    expect(new Set(feishu.refreshes.map(({ token }) => token)).size).toBe(1);
    expect([fault.code, fault.details?.code]).toEqual(['sign_in_again', 20073]);
  });

  test('the person reads why a new sign-in is needed', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('lost');
    await faultOf(accounts.credential(id));
    expect(accounts.get(id)?.reason?.en).toContain('was lost');
    expect(accounts.get(id)?.reason?.zh).toContain('没有收到飞书的回答');
  });
});

describe('signing in', () => {
  test('again as the same person replaces the earlier sign-in and mends it', async () => {
    const { accounts, feishu, clock, signIn, id } = await signedIn();
    await clock.advance(2 * hour);
    feishu.trouble.push('ended');
    await faultOf(accounts.credential(id));
    const again = await signIn('ada');
    expect(again).toMatchObject({ id, state: 'signed_in', reason: null });
    expect(accounts.list()).toHaveLength(1);
    expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
  });

  test('as another person adds an account; the default stays until another is chosen', async () => {
    const { accounts, signIn, id } = await signedIn();
    const other = await signIn('bob');
    expect(accounts.defaultId()).toBe(id);
    await accounts.setDefault(other.id);
    expect(accounts.list().map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['ada', false],
      ['bob', true],
    ]);
  });

  test('when the default person left, is what makes the next one the default; the others are not asked to stand in', async () => {
    const { accounts, signIn, id } = await signedIn();
    await signIn('bob');
    await accounts.signOut(id);
    expect(accounts.list().map(({ name, isDefault }) => [name, isDefault])).toEqual([['bob', false]]);
    expect(accounts.defaultId()).toBeUndefined();
    const fault = await faultOf(accounts.whenKnown(undefined));
    expect([fault.code, fault.words.zh, fault.words.en]).toEqual([
      'sign_in_required',
      expect.stringContaining('请在控制台选择新的默认账号'),
      expect.stringContaining('Choose another default'),
    ]);
    const eve = await signIn('eve');
    expect([eve.isDefault, await accounts.whenKnown(undefined)]).toEqual([true, eve.id]);
  });

  test('is found by a client that is bound to nobody, also where another process did it', async () => {
    const { accounts, signIn, start } = await signedIn();
    const { accounts: others } = await start();
    await others.signOut(others.defaultId() ?? '');
    expect(await others.whenKnown('acc_bound')).toBe('acc_bound');
    expect(await others.whenKnown(undefined)).toBeUndefined();
    await accounts.whenKnown(undefined).catch(() => {});
    const { id } = await signIn('bob');
    expect(await others.whenKnown(undefined)).toBe(id);
  });

  test('while a renewal is under way wins over it', async () => {
    const { accounts, feishu, clock, signIn, id } = await signedIn();
    await clock.advance(2 * hour);
    let open = () => {};
    feishu.gate = new Promise((resolve) => (open = resolve));
    const call = accounts.credential(id);
    while (feishu.refreshes.length === 0) await clock.advance(1);
    await signIn('ada');
    const fresh = await accounts.credential(id);
    open();
    expect(await call).toEqual(fresh);
    expect(await accounts.credential(id)).toEqual(fresh);
    expect(feishu.refreshes).toHaveLength(1);
  });
});

describe('signing out', () => {
  test('forgets the account, revokes its tokens and says so', async () => {
    const { accounts, feishu, events, id } = await signedIn();
    const { accessToken } = await accounts.credential(id);
    await accounts.signOut(id);
    expect(accounts.list()).toEqual([]);
    expect(accounts.defaultId()).toBeUndefined();
    expect(feishu.accepts(accessToken)).toBeUndefined();
    expect(events).toContainEqual(expect.objectContaining({ kind: 'account.removed', accountId: id }));
  });

  test('during a renewal revokes what the renewal brings', async () => {
    const { accounts, feishu, clock, id } = await signedIn();
    await clock.advance(2 * hour);
    let open = () => {};
    feishu.gate = new Promise((resolve) => (open = resolve));
    const call = faultOf(accounts.credential(id));
    while (feishu.refreshes.length === 0) await clock.advance(1);
    const signOut = accounts.signOut(id);
    open();
    await signOut;
    expect((await call).code).toBe('sign_in_required');
    expect(accounts.list()).toEqual([]);
    expect(feishu.revoked.length).toBeGreaterThan(0);
  });
});
