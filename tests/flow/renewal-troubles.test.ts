import { describe, expect, test } from 'vitest';
import { spoil } from '../helpers/sandbox-control.ts';
import { day, hour, SimulatedMachine } from '../helpers/simulated-machine.ts';

const minute = 60_000;
const tokenPath = '/oauth/v3/token';

async function signedIn(...people: string[]) {
  const machine = await SimulatedMachine.create();
  await machine.turnOn();
  const first = await machine.signIn();
  const ids = [first.id];
  for (const person of people) ids.push((await machine.signIn(person)).id);
  const asks = () =>
    machine.events.filter((event) => event.kind === 'account.changed' && event.account.state === 'sign_in_needed');
  /** When accounts were renewed, by the truth. */
  const renewals = () =>
    machine.events.flatMap((event) => (event.kind === 'token.renewal' && event.outcome === 'renewed' ? [event] : []));
  return { machine, id: first.id, ids, name: first.name, asks, renewals };
}

describe('while Feishu cannot be reached', () => {
  test('renewals are tried less and less, and all accounts are renewed by themselves soon after it is back', async () => {
    const { machine, ids, renewals } = await signedIn('chen.zhiyuan', 'wang.siqi', 'zhang.weiming', 'zhou.zihan');
    machine.offline = true;
    await machine.pass(3 * hour);
    // Of each account: some in the first minutes, then one in five minutes.
    const tries = machine.tokenRequests.length / ids.length;
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(45);
    machine.offline = false;
    const back = machine.clock.now();
    await machine.pass(8 * minute);
    const times = renewals().map(({ at }) => at);
    expect(times).toHaveLength(ids.length);
    // The first one within the longest pause, and it wakes the others.
    const [first, last] = [Math.min(...times) - back, Math.max(...times) - back];
    expect(first).toBeLessThanOrEqual(5 * minute);
    expect(last - first).toBeLessThanOrEqual(2 * minute);
    console.log(
      `3 h without a network: ${tries.toFixed()} tries each, all renewed ${(last / minute).toFixed(1)} min after`,
    );
  });

  test('a call works ten seconds after it is back, however long the pause of the background', async () => {
    const { machine, id, name } = await signedIn();
    machine.offline = true;
    await machine.pass(5 * hour);
    await expect(machine.use(id)).rejects.toMatchObject({ code: 'upstream_unreachable' });
    const before = machine.tokenRequests.length;
    for (let call = 0; call < 200; call += 1) await machine.use(id).catch(() => {});
    expect(machine.tokenRequests.length).toBe(before);
    machine.offline = false;
    await machine.pass(10_000);
    expect(await machine.use(id)).toBe(name);
  });
});

test('while Feishu fails inside (20050) the tokens are kept, tries are few, and it mends itself', async () => {
  const { machine, id, name, asks } = await signedIn();
  await spoil(machine.sandbox, { path: tokenPath, kind: 'code', code: 20050, times: 1000 });
  await machine.pass(100 * minute);
  expect(await machine.use(id)).toBe(name);
  await machine.pass(260 * minute);
  const tries = machine.tokenRequests.length;
  // From minute 42 to 58 on for five hours: about one in five minutes.
  expect(tries).toBeGreaterThan(55);
  expect(tries).toBeLessThan(75);
  await expect(machine.use(id)).rejects.toMatchObject({ code: 'upstream_broken' });
  expect(asks()).toEqual([]);
  await fetch(`${machine.sandbox.url}/__fault`, { method: 'DELETE' });
  await machine.pass(6 * minute);
  expect(await machine.use(id)).toBe(name);
  console.log(`5 h of 20050: ${tries} tries`);
});

test.each([20026, 20037, 20064, 20073])(
  'code %i ends the sign-in once, with the reason, and Feishu is left alone',
  async (code) => {
    const { machine, id, asks } = await signedIn();
    await spoil(machine.sandbox, { path: tokenPath, kind: 'code', code, times: 1000 });
    for (let call = 0; call < 48; call += 1) {
      await machine.pass(10 * minute);
      await machine.use(id).catch(() => {});
    }
    expect(machine.tokenRequests).toHaveLength(1);
    expect(asks()).toHaveLength(1);
    const { state, reason, lastRenewal } = machine.accounts.get(id) ?? {};
    expect({ state, lastRenewal }).toMatchObject({
      state: 'sign_in_needed',
      lastRenewal: { code, outcome: 'sign_in_needed' },
    });
    expect(reason).toEqual({ zh: expect.stringContaining('重新登录'), en: expect.stringMatching(/sign in again/i) });
    await machine.turnOff();
    await machine.turnOn();
    await machine.pass(hour);
    expect(machine.accounts.get(id)).toMatchObject({ state: 'sign_in_needed', reason });
    expect(machine.tokenRequests).toHaveLength(1);
  },
);

describe('the clocks', () => {
  const happenings = [
    { what: 'the machine sleeps for nine hours', happen: (machine: SimulatedMachine) => machine.rest(9 * hour) },
    {
      what: 'the clock is set eight hours ahead',
      happen: async (machine: SimulatedMachine) => machine.clock.jump(8 * hour),
    },
    {
      what: 'the clock is set eight hours back',
      happen: async (machine: SimulatedMachine) => machine.clock.jump(-8 * hour),
    },
  ];
  test.each(happenings)(
    '$what: one renewal of each account at most, calls go on, and so does the schedule',
    async ({ happen }) => {
      const { machine, ids, asks } = await signedIn('chen.zhiyuan', 'wang.siqi');
      await machine.pass(3 * hour);
      for (const times of [1, 2]) {
        const before = machine.tokenRequests.length;
        await happen(machine);
        for (let call = 0; call < 10; call += 1) {
          await Promise.all(ids.map((id) => machine.use(id)));
          await machine.pass(minute);
        }
        expect(machine.tokenRequests.length - before, `time ${times}`).toBeLessThanOrEqual(ids.length);
        await machine.pass(2 * hour);
        // Two or three rounds in two hours, as on any day, and the one of waking up.
        expect(machine.tokenRequests.length - before).toBeLessThanOrEqual(4 * ids.length);
      }
      expect(asks()).toEqual([]);
      for (const id of ids) await expect(machine.use(id)).resolves.toEqual(expect.any(String));
    },
  );

  test.each([
    { by: 20 * minute, notice: 'clock.skew.ahead', zh: '快 20 分钟', en: '20 minutes ahead' },
    { by: -20 * minute, notice: 'clock.skew.behind', zh: '慢 20 分钟', en: '20 minutes behind' },
  ])('a clock that is wrong by $by ms is said with its direction until it is right', async ({ by, notice, zh, en }) => {
    const { machine } = await signedIn();
    machine.clock.jump(by);
    await machine.pass(hour);
    expect(machine.notices).toMatchObject([
      { id: notice, words: { zh: expect.stringContaining(zh), en: expect.stringContaining(en) } },
    ]);
    machine.clock.jump(-by);
    await machine.pass(2 * minute);
    expect(machine.notices).toEqual([]);
    await machine.pass(3 * hour);
    expect(machine.notices).toEqual([]);
  });

  test('a clock that was ahead and is behind now is said to be behind', async () => {
    const { machine } = await signedIn();
    machine.clock.jump(20 * minute);
    await machine.pass(hour);
    machine.clock.jump(-40 * minute);
    await machine.pass(2 * hour);
    expect(machine.notices.map(({ id }) => id)).toEqual(['clock.skew.behind']);
  });

  test('a clock that is wrong by four minutes is not worth a word', async () => {
    const { machine } = await signedIn();
    machine.clock.jump(4 * minute);
    await machine.pass(3 * hour);
    expect(machine.events.filter(({ kind }) => kind === 'notice.raised')).toEqual([]);
  });
});

test('a pasted token is never renewed, and its end is announced at that minute, with what to do, without a call', async () => {
  const { machine, id } = await signedIn();
  const { accessToken } = await machine.accounts.credential(id);
  const pasted = await machine.accounts.addToken({ token: accessToken, brand: 'feishu' });
  expect(pasted).toMatchObject({ way: 'token', state: 'manual', refreshExpiresAt: null });
  await machine.accounts.signOut(id);
  const words = { en: expect.stringContaining('pasted'), zh: expect.stringContaining('粘贴') };
  await expect(machine.accounts.renewNow(pasted.id)).rejects.toMatchObject({ code: 'sign_in_again', words });
  const told = () =>
    machine.events.flatMap((event) =>
      event.kind === 'account.changed' && event.account.id === pasted.id ? [event.account.state] : [],
    );
  await machine.pass(2 * hour - minute);
  expect(told().at(-1)).toBe('manual');
  await machine.pass(minute);
  expect(told().filter((state) => state === 'sign_in_needed')).toHaveLength(1);
  expect(machine.accounts.get(pasted.id)?.reason?.en).toMatch(/pasted token is over.*(Paste a new one|sign in)/);
  await machine.pass(day);
  await expect(machine.accounts.renewNow(pasted.id)).rejects.toMatchObject({ code: 'sign_in_again' });
  expect(machine.tokenRequests).toEqual([]);
  expect(told().filter((state) => state === 'sign_in_needed')).toHaveLength(1);
});
