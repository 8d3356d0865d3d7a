import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { Deadline } from '../../../src-main/tokens/deadline.ts';
import { awaitGrant, nextPause } from '../../../src-main/tokens/device-flow.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { appId, FakeFeishu, person } from './fake-feishu.ts';
import type { PollTrouble } from './fake-devices.ts';
import { faultOf } from './open-logins.ts';

const minute = 60_000;

function begin(trouble: PollTrouble[] = []) {
  const clock = new FakeClock();
  const { devices, issuer } = new FakeFeishu(clock);
  devices.trouble.push(...trouble);
  const grant = devices.begin(appId, ['offline_access']);
  const [stop, reached] = [new AbortController(), new Array<boolean>()];
  const parts = { clock, issuer: issuer(appId), signal: stop.signal, onReached: (yes: boolean) => reached.push(yes) };
  const ended = awaitGrant(parts, grant, new Deadline(clock, grant.expiresInMs));
  ended.catch(() => {});
  return { clock, devices, grant, stop, reached, ended };
}

describe('waiting for a device to be confirmed', () => {
  test('asks at the pace that Feishu sets, and ends with the tokens', async () => {
    const { clock, devices, grant, ended } = begin();
    await clock.advance(12_000);
    devices.confirm(grant.url.href, person('ada'));
    await clock.advance(4000);
    expect((await ended).scopes).toEqual(['offline_access']);
    expect(devices.polls).toEqual([5000, 10_000, 15_000]);
  });

  test('waits five seconds longer each time it is told to slow down, up to a minute', async () => {
    const { clock, devices } = begin(Array<PollTrouble>(20).fill('slow'));
    devices.lifeMs = 60 * minute;
    await clock.advance(239_000);
    const gaps = devices.polls.map((at, n) => at - (devices.polls[n - 1] ?? 0));
    expect(gaps).toEqual([5000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000, 45_000]);
    expect(devices.tooFast).toBe(0);
  });

  test('waits a second longer after each network fault, says so, and goes on when the network is back', async () => {
    const { clock, devices, grant, reached, ended } = begin(['network', 'network']);
    devices.confirm(grant.url.href, person('ada'));
    await clock.advance(18_000);
    expect((await ended).refreshToken).not.toBeNull();
    expect(devices.polls).toEqual([5000, 11_000, 18_000]);
    expect(reached).toEqual([false, false, true]);
  });

  test('waits as long as a busy Feishu asks for', async () => {
    const { clock, devices } = begin(['busy']);
    await clock.advance(36_000);
    expect(devices.polls).toEqual([5000, 35_000]);
  });

  test('ends when the code has run out, without asking again', async () => {
    const { clock, devices, ended } = begin();
    await clock.advance(4 * minute);
    expect((await faultOf(ended)).code).toBe('login_expired');
    expect(devices.polls.at(-1)).toBe(235_000);
    await clock.advance(minute);
    expect(devices.polls.at(-1)).toBe(235_000);
  });

  test('ends soon when the machine slept past the end, although its monotonic clock stood still', async () => {
    const { clock, devices, ended } = begin();
    await clock.advance(7000);
    clock.jump(9 * 60 * minute);
    await clock.advance(5000);
    expect((await faultOf(ended)).code).toBe('login_expired');
    expect(devices.polls).toEqual([5000]);
  });

  test('ends in time although the wall clock was set back', async () => {
    const { clock, ended } = begin();
    clock.jump(-8 * 60 * minute);
    await clock.advance(4 * minute);
    expect((await faultOf(ended)).code).toBe('login_expired');
  });

  test('ends with what the person decided', async () => {
    const { clock, devices, grant, ended } = begin();
    devices.deny(grant.url.href);
    await clock.advance(5000);
    expect((await faultOf(ended)).code).toBe('login_denied');
  });

  test('says that the answer was lost when the code turns out used and its last use had no answer', async () => {
    const { clock, devices, grant, ended } = begin(['lost']);
    devices.confirm(grant.url.href, person('ada'));
    await clock.advance(11_000);
    const fault = await faultOf(ended);
    expect([fault.code, fault.words.en]).toEqual(['login_failed', expect.stringContaining('lost')]);
  });

  test('stops at once when it is canceled', async () => {
    const { clock, devices, stop, ended } = begin();
    await clock.advance(6000);
    stop.abort(new Fault('login_canceled'));
    expect((await faultOf(ended)).code).toBe('login_canceled');
    await clock.advance(minute);
    expect([devices.polls.length, clock.pendingTimers]).toEqual([1, 0]);
  });
});

describe('the pause between two questions', () => {
  test('never passes a minute by itself, and never falls below what Feishu asked for', () => {
    expect(nextPause(58_000, { kind: 'slow_down' })).toBe(60_000);
    expect(nextPause(60_000, { kind: 'unreached', fault: new Fault('timeout') })).toBe(60_000);
    expect(nextPause(90_000, { kind: 'slow_down' })).toBe(90_000);
    expect(nextPause(90_000, { kind: 'pending' })).toBe(90_000);
  });
});
