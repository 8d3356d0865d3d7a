import { describe, expect, test } from 'vitest';
import { day, hour, SimulatedMachine } from '../helpers/simulated-machine.ts';

const minute = 60_000;

async function signedIn() {
  const machine = await SimulatedMachine.create();
  await machine.turnOn();
  const account = await machine.signIn();
  /** How often the account came to need a sign-in, as its pages were told. */
  const asks = () =>
    machine.events.filter((event) => event.kind === 'account.changed' && event.account.state === 'sign_in_needed')
      .length;
  return { machine, id: account.id, name: account.name, asks };
}

describe('sixty days', () => {
  test('with the machine always on and a call once a week: no sign-in is asked for', async () => {
    const { machine, id, name, asks } = await signedIn();
    for (let week = 0; week < 9; week += 1) {
      await machine.pass(week < 8 ? 7 * day : 4 * day);
      expect(await machine.use(id), `week ${week}`).toBe(name);
    }
    expect(asks()).toBe(0);
    expect(machine.events.filter(({ kind }) => kind === 'notice.raised')).toEqual([]);
    console.log(`60 days always on: ${machine.tokenRequests.length} renewals, ${asks()} sign-ins asked for`);
    // One in 42 to 59 minutes.
    expect(machine.tokenRequests.length).toBeGreaterThan((60 * day) / (59 * minute) - 2);
    expect(machine.tokenRequests.length).toBeLessThan((60 * day) / (41 * minute));
  });

  test.each([
    { onHours: 8, what: 'eight hours' },
    { onHours: 2, what: 'two hours' },
  ])('with the machine on for $what once a week: no sign-in is asked for, and no warning', async ({ onHours }) => {
    const { machine, id, name, asks } = await signedIn();
    for (let week = 0; week < 9; week += 1) {
      if (week > 0) await machine.turnOn();
      expect(machine.accounts.get(id)?.state, `week ${week}`).toBe('signed_in');
      expect(await machine.use(id), `week ${week}`).toBe(name);
      await machine.pass(onHours * hour);
      expect(await machine.use(id), `week ${week}`).toBe(name);
      await machine.turnOff();
      await machine.rest(7 * day - onHours * hour);
    }
    expect(asks()).toBe(0);
    expect(machine.events.filter(({ kind }) => kind === 'notice.raised')).toEqual([]);
    console.log(`60 days, on ${onHours} h a week: ${machine.tokenRequests.length} renewals, 0 sign-ins asked for`);
  });

  test('with the machine off for eight days once: one sign-in is asked for, with the reason, and Feishu is not troubled', async () => {
    const { machine, id, name, asks } = await signedIn();
    let asked = 0;
    for (const offDays of [6, 6, 8, 6, 6, 6, 6, 6, 6]) {
      expect(await machine.use(id)).toBe(name);
      await machine.pass(3 * hour);
      await machine.turnOff();
      await machine.rest(offDays * day);
      const before = machine.tokenRequests.length;
      await machine.turnOn();
      const { state, reason } = machine.accounts.get(id) ?? {};
      if (state === 'signed_in') continue;
      asked += 1;
      expect(offDays).toBe(8);
      expect(reason).toEqual({ zh: expect.stringContaining('7 天'), en: expect.stringContaining('7 days') });
      await expect(machine.use(id)).rejects.toMatchObject({ code: 'sign_in_again', words: reason });
      await machine.pass(6 * hour);
      expect(machine.tokenRequests).toHaveLength(before);
      await machine.signIn();
      expect(machine.accounts.get(id)).toMatchObject({ state: 'signed_in', reason: null });
    }
    expect(await machine.use(id)).toBe(name);
    expect({ asked, while: asks() }).toEqual({ asked: 1, while: 0 });
    console.log(`60 days with 8 days off: ${machine.tokenRequests.length} renewals, ${asked} sign-in asked for`);
  });
});

describe('a sign-in that cannot be renewed', () => {
  test('is warned of a day before it dies, with what to do, and mends itself when the network is back', async () => {
    const { machine, id, name } = await signedIn();
    machine.offline = true;
    await machine.pass(6 * day - 2 * minute);
    expect(machine.notices).toEqual([]);
    await machine.pass(4 * minute);
    expect(machine.notices).toEqual([
      expect.objectContaining({
        id: `tokens.expiring.${id}`,
        accountId: id,
        words: {
          zh: expect.stringMatching(/24 小时.*网络.*重新登录/),
          en: expect.stringMatching(/24 hours.*network.*sign in again/),
        },
      }),
    ]);
    // Whoever asks for the health of the gateway reads it: whom it is about, only the dashboard says.
    expect(JSON.stringify(machine.notices)).not.toContain(name);
    machine.offline = false;
    await machine.pass(6 * minute);
    expect(machine.notices).toEqual([]);
    expect(await machine.use(id)).toBe(name);
  });

  test('ends when its refresh token dies, and says so at that minute, without a call', async () => {
    const { machine, id, asks } = await signedIn();
    machine.offline = true;
    await machine.pass(7 * day - minute);
    expect(asks()).toBe(0);
    await machine.pass(2 * minute);
    expect(asks()).toBe(1);
    expect(machine.accounts.get(id)?.reason?.en).toContain('7 days');
    expect(machine.notices).toEqual([]);
    const tries = machine.tokenRequests.length;
    await machine.pass(day);
    expect({ asks: asks(), tries: machine.tokenRequests.length }).toEqual({ asks: 1, tries });
  });
});

test('a year after the consent Feishu ends every sign-in: warned of a day before, and asked once', async () => {
  const { machine, id, name, asks } = await signedIn();
  const began = machine.truth.now();
  await machine.turnOff();
  while (machine.truth.now() - began < 363 * day) {
    await machine.rest(Math.min(6 * day, began + 363 * day - machine.truth.now()));
    await machine.turnOn();
    await machine.pass(2 * minute);
    expect(await machine.use(id)).toBe(name);
    expect(machine.notices).toEqual([]);
    await machine.turnOff();
  }
  await machine.turnOn();
  await machine.pass(began + 365 * day - machine.truth.now() - minute);
  expect(machine.notices.map((notice) => notice.words.en)).toEqual([expect.stringContaining('365 days')]);
  expect(asks()).toBe(0);
  await machine.pass(3 * hour);
  expect(machine.accounts.get(id)).toMatchObject({
    state: 'sign_in_needed',
    reason: { en: expect.stringContaining('365 days') },
  });
  await machine.pass(day);
  expect(asks()).toBe(1);
  expect(machine.notices).toEqual([]);
  await machine.signIn();
  await machine.pass(2 * day);
  expect(await machine.use(id)).toBe(name);
});
