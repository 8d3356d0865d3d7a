import { beforeEach, expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import { Admission } from '../../../src-main/gateway/admission.ts';
import type { Caller } from '../../../src-main/gateway/caller.ts';
import { Session } from '../../../src-main/gateway/session.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

let clock: FakeClock;
let admission: Admission;
const { limits } = configSchema.parse({ limits: { perSession: 10, perAddress: 20 } });
const caller: Caller = { keyId: 'key_1', accountId: null, address: '127.0.0.1', manualToken: null };
const ask = { jsonrpc: '2.0' as const, id: 1, method: 'tools/list' };

beforeEach(() => {
  clock = new FakeClock();
  admission = new Admission({ clock, bus: new EventBus(clock), limits });
});

function session(id: string, transport: 'streamable-http' | 'stateless' = 'streamable-http'): Session {
  const facts = { accountId: null, openedAt: 0, lastSeenAt: 0, initialize: null };
  return new Session({ id, transport, keyId: caller.keyId, ...facts });
}

test('the windows show who uses how much now, and when the next place becomes free', async () => {
  const secret = 'secret-session-id-Canary9';
  admission.admit(caller, session(secret), [ask]);
  await clock.advance(10_000);
  for (let n = 0; n < 4; n += 1) admission.admit(caller, session(secret), [ask]);
  admission.admit(caller, session('other', 'stateless'), [ask]);
  admission.admitVisit('192.168.7.42');
  const buckets = admission.buckets();
  expect(buckets).toEqual({
    windowMs: 60_000,
    sessions: [
      { sessionId: session(secret).shortId, keyId: null, used: 5, limit: 10, freesInMs: 50_000 },
      { sessionId: null, keyId: 'key_1', used: 1, limit: 10, freesInMs: 60_000 },
    ],
    addresses: [
      { address: 'loopback', counts: 'requests', used: 6, limit: 20, freesInMs: 50_000 },
      { address: '192.168.*.*', counts: 'visits', used: 1, limit: 20, freesInMs: 60_000 },
    ],
  });
  expect(JSON.stringify(buckets)).not.toContain('Canary9');
});

test('what is over is gone from the windows, and looking takes no place in them', async () => {
  admission.admit(caller, session('one'), [ask]);
  await clock.advance(60_000);
  for (let n = 0; n < 100; n += 1) admission.buckets();
  expect(admission.buckets()).toMatchObject({ sessions: [], addresses: [] });
});

test('two sessions of one key do not share a window', () => {
  for (let n = 0; n < 10; n += 1) admission.admit(caller, session('one'), [ask]);
  expect(() => admission.admit(caller, session('one'), [ask])).toThrow(
    expect.objectContaining({ code: 'rate_limited' }),
  );
  admission.admit(caller, session('two'), [ask]);
});
