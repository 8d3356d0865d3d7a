import { describe, expect, test, vi } from 'vitest';
import { Lifetimes } from '../../../src-main/tokens/lifetimes.ts';
import type { AccountRecord } from '../../../src-main/tokens/account-record.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { createMachine, quiet } from './open-accounts.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function running() {
  const machine = await createMachine();
  const started = await machine.start();
  const { id } = await started.signIn('ada');
  started.accounts.start();
  /** Lets time pass in steps, each followed by what the disk needs. */
  const pass = async (ms: number, stepMs = 10 * minute) => {
    for (let left = ms; left > 0; left -= stepMs) {
      await machine.clock.advance(Math.min(stepMs, left));
      await quiet();
    }
  };
  return { ...machine, ...started, id, pass };
}

describe('in the background', () => {
  test('an account is renewed before half of its time is gone, and not much earlier', async () => {
    const { feishu, pass, accounts } = await running();
    await pass(42 * minute, minute);
    expect(feishu.refreshes).toHaveLength(0);
    await pass(18 * minute, minute);
    expect(feishu.refreshes).toHaveLength(1);
    await accounts.close();
  });

  test('a person who calls once a week is not asked to sign in within thirty days', async () => {
    const { feishu, accounts, pass, id } = await running();
    for (let week = 0; week < 4; week += 1) {
      await pass(7 * day, 30 * minute);
      expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    }
    await pass(2 * day, 30 * minute);
    expect(accounts.get(id)?.state).toBe('signed_in');
    expect(feishu.refreshes.every(({ outcome }) => outcome === 'renewed')).toBe(true);
    expect(new Set(feishu.refreshes.map(({ token }) => token)).size).toBe(feishu.refreshes.length);
    await accounts.close();
  });

  test('an account that nobody used for thirty days is forgotten, but not before the clock ran an hour as it should', async () => {
    const machine = await createMachine();
    const { id } = await (await machine.start()).signIn('ada');
    await machine.clock.advance(30 * day);
    const { accounts, events } = await machine.start();
    accounts.start();
    for (let n = 0; n < 59; n += 1) {
      await machine.clock.advance(minute);
      await quiet();
    }
    expect(accounts.list()).toHaveLength(1);
    await machine.clock.advance(minute);
    await vi.waitFor(() => expect(accounts.list()).toEqual([]));
    expect(events).toContainEqual(expect.objectContaining({ kind: 'account.removed', accountId: id }));
    await accounts.close();
  });

  test('accounts are renewed one after the other, all of them, and not all in the same minute', async () => {
    const { feishu, accounts, signIn, pass, events } = await running();
    for (let n = 0; n < 19; n += 1) await signIn(`person-${n}`);
    await pass(60 * minute, minute);
    expect(feishu.refreshes).toHaveLength(20);
    expect(feishu.renewed).toBe(20);
    const minutes = events.flatMap(({ kind, at }) => (kind === 'token.renewal' ? [Math.floor(at / minute)] : []));
    expect(new Set(minutes).size).toBeGreaterThan(4);
    await accounts.close();
  });

  test('a warning stands for the last day of a sign-in that cannot be renewed', async () => {
    const { feishu, accounts, notices, pass, id } = await running();
    feishu.trouble.push(...Array<'network'>(5000).fill('network'));
    await pass(6 * day, hour);
    expect(notices.standing()).toEqual([]);
    await pass(hour, minute);
    expect(notices.standing().map((notice) => notice.id)).toEqual([`tokens.expiring.${id}`]);
    feishu.trouble.length = 0;
    accounts.wake();
    await vi.waitFor(() => expect(notices.standing()).toEqual([]));
    await accounts.close();
  });
});

describe('a start after eight days off', () => {
  test('shows at once that a new sign-in is needed and why, and asks Feishu nothing', async () => {
    const machine = await createMachine();
    const { id } = await (await machine.start()).signIn('ada');
    await machine.clock.advance(8 * day);
    const { accounts } = await machine.start();
    expect(accounts.get(id)).toMatchObject({ state: 'sign_in_needed' });
    expect(accounts.get(id)?.reason?.en).toContain('could not renew it for 7 days');
    accounts.start();
    await quiet();
    await expect(accounts.credential(id)).rejects.toMatchObject({ code: 'sign_in_again' });
    expect(machine.feishu.refreshes).toEqual([]);
    await accounts.close();
  });
});

describe('the clock of the machine', () => {
  test.each([8 * hour, -8 * hour])(
    'jumps by %d ms and back: one renewal at most, and calls keep working',
    async (jump) => {
      const { feishu, accounts, clock, pass, id } = await running();
      for (const by of [jump, -jump]) {
        clock.jump(by);
        for (let call = 0; call < 5; call += 1) {
          expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
          await pass(2 * minute, minute);
        }
      }
      expect(feishu.refreshes.length).toBeLessThanOrEqual(1);
      await accounts.close();
    },
  );

  test('is forty days ahead for fifty minutes, whenever that is: nobody is forgotten', async () => {
    const { accounts, clock, pass, id } = await running();
    for (const before of [0, 5 * minute, 3 * hour]) {
      await pass(before, minute);
      clock.jump(40 * day);
      await pass(50 * minute, minute);
      clock.jump(-40 * day);
      await pass(50 * minute, minute);
      expect(accounts.get(id)).toBeDefined();
    }
    await accounts.close();
    expect(accounts.get(id)).toBeDefined();
  });

  test('is forty days ahead when everything stops, and nobody is forgotten', async () => {
    const { accounts, clock, pass, start, id } = await running();
    await pass(2 * hour, minute);
    clock.jump(40 * day);
    await accounts.close();
    clock.jump(-40 * day);
    expect((await start()).accounts.get(id)).toBeDefined();
  });

  test('jumps back: the token is renewed in its own time, not eight hours late', async () => {
    const { feishu, accounts, clock, pass, id } = await running();
    clock.jump(-8 * hour);
    await pass(3 * hour);
    expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    await accounts.close();
  });

  test('went back while the gateway was off: one renewal, because nobody knows how old the token is', async () => {
    const machine = await createMachine();
    const { id } = await (await machine.start()).signIn('ada');
    machine.clock.jump(-8 * hour);
    const { accounts } = await machine.start();
    for (let call = 0; call < 5; call += 1) await accounts.credential(id);
    expect(machine.feishu.refreshes).toHaveLength(1);
  });

  test('went on while the machine slept for nine hours: one renewal soon after it woke', async () => {
    const { feishu, accounts, clock, pass, id } = await running();
    clock.jump(9 * hour);
    await pass(5 * minute, minute);
    expect(feishu.refreshes).toHaveLength(1);
    expect(feishu.accepts((await accounts.credential(id)).accessToken)?.name).toBe('ada');
    expect(feishu.refreshes).toHaveLength(1);
    await accounts.close();
  });
});

test('what is left of a token is the less of what the two clocks say', () => {
  const clock = new FakeClock(1_000_000 * hour);
  const lifetimes = new Lifetimes(clock);
  const now = clock.now();
  const tokens = { id: 't', sealed: '', obtainedAt: now, accessExpiresAt: now + 2 * hour, refreshExpiresAt: null };
  const record = { id: 'a', tokens } as AccountRecord;
  expect(lifetimes.left(record)).toBe(2 * hour);
  clock.jump(hour);
  expect(lifetimes.left(record)).toBe(hour);
  clock.jump(-5 * hour);
  expect(lifetimes.left(record)).toBe(2 * hour);
});
