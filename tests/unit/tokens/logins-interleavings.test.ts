import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import type { AccountView, AppView, LoginView } from '../../../src-main/contract/views.ts';
import type { Trouble } from './fake-feishu.ts';
import type { PollTrouble } from './fake-devices.ts';
import { type Act, type Actor, type Happening, LoginPlay } from './login-play.ts';
import { advanceUntil, createMachine, quiet, readEverything } from './open-accounts.ts';
import type { RunningLogins } from './open-logins.ts';

const where = fc.constantFrom(0 as const, 1 as const);
const pick = fc.nat({ max: 5 });
const way = fc.constantFrom('device' as const, 'browser' as const);
const as = fc.constantFrom<Actor>('ada', 'bob', 'new', 'mallory');
const scope = fc.constantFrom('mail:send', 'drive:read', 'forbidden');
const troubles: Trouble[] = ['lost', 'server', 'network', 'secret', 'switch', 'ended'];
const polls: PollTrouble[] = ['lost', 'network', 'slow', 'busy'];
const acts: Act[] = ['confirm', 'confirm', 'deny', 'confirm and cancel', 'replay', 'come back elsewhere'];

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('begin' as const), way, where, wide: fc.boolean() }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...acts), where, pick, as }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('grow' as const), way, where, pick, scope }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('create app' as const, 'extend app' as const, 'forget app' as const),
      where,
      pick,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('use' as const, 'refused' as const, 'renew' as const, 'sign out' as const),
      where,
      pick,
    }),
  },
  fc.record({ do: fc.constant('cancel' as const), where, pick }),
  fc.record({
    do: fc.constantFrom('paste' as const, 'paste nonsense' as const),
    where,
    as: fc.constantFrom<Actor>('ada', 'bob'),
  }),
  fc.record({ do: fc.constant('trouble' as const), kind: fc.constantFrom(...troubles) }),
  fc.record({ do: fc.constant('poll trouble' as const), kind: fc.constantFrom(...polls) }),
  fc.record({ do: fc.constant('restart' as const), where }),
);
/** Things that happen at once, and what the clocks do before them. */
const scene = fc.record({
  passSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 60, max: 9000 })),
  jumpMinutes: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -500, max: 500 })),
  happenings: fc.array(happening, { minLength: 1, maxLength: 5 }),
});

/** What somebody may be told; anything else would be a defect. */
const expected = new Set([
  'sign_in_required',
  'sign_in_again',
  'timeout',
  'upstream_broken',
  'upstream_unreachable',
  'upstream_refused',
  'app_credentials',
  'app_missing',
  'app_in_use',
  'app_scope_required',
  'invalid_request',
  'account_mismatch',
  'login_state',
  'login_denied',
  'login_failed',
  'login_expired',
  'login_canceled',
  'stopping',
]);

async function tolerate(work: Promise<unknown>): Promise<unknown> {
  return work.catch((thrown: unknown) => {
    const fault = Fault.from(thrown);
    expect(expected, String(fault.cause)).toContain(fault.code);
    return thrown;
  });
}

/** An account works, works for now, or says why not; it belongs to an app that is there, or to none. */
function checkAccount(account: AccountView, apps: AppView[]): void {
  const pasted = account.way === 'token';
  expect(['signed_in', 'sign_in_needed', 'manual']).toContain(account.state);
  expect(account.reason === null).toBe(account.state === 'signed_in');
  expect(account.appId === 'pasted').toBe(pasted);
  expect(account.refreshExpiresAt === null).toBe(pasted);
  expect(account.state === 'manual' && !pasted).toBe(false);
  expect(account.missingScopes.filter((scope) => account.scopes.includes(scope))).toEqual([]);
  if (!pasted) expect(apps.find(({ id }) => id === account.appId)?.brand).toBe(account.brand);
  expect(account.name).not.toBe('mallory');
}

/** A login waits with a link, or is over and says how. */
function checkLogin(login: LoginView): void {
  const over = ['done', 'failed', 'canceled'].includes(login.state);
  expect(login.url !== null && login.expiresAt !== null).toBe(login.state === 'waiting');
  expect(login.fault !== null).toBe(login.state === 'failed' || login.state === 'canceled');
  expect(login.fault?.code === 'login_canceled').toBe(login.state === 'canceled');
  if (over) expect([login.url, login.userCode, login.note]).toEqual([null, null, null]);
  if (login.state === 'done') expect([login.step, login.accountId === null]).toEqual([login.steps.length - 1, false]);
  expect(login.steps[login.step]).toBeDefined();
  expect(login.steps.indexOf('sign_in')).toBeLessThanOrEqual(1);
}

function checkGateway({ accounts, logins }: RunningLogins): void {
  const [views, apps, all] = [accounts.list(), accounts.apps.list(), logins.list()];
  for (const view of views) checkAccount(view, apps);
  expect(views.filter(({ isDefault }) => isDefault).map(({ id }) => id)).toEqual(
    [accounts.defaultId()].filter(Boolean),
  );
  expect(apps.filter(({ isDefault }) => isDefault)).toHaveLength(Math.min(apps.length, 1));
  expect(new Set(views.map(({ id }) => id)).size).toBe(views.length);
  for (const login of all) checkLogin(login);
  expect(all.filter(({ state }) => state === 'waiting' || state === 'starting').length).toBeLessThanOrEqual(20);
}

let signedIn = 0;
let refusals = 0;

function check(play: LoginPlay): void {
  const { feishu } = play.machine;
  for (const gateway of play.gateways) checkGateway(gateway);
  const refused = new Set(play.refused());
  refusals += refused.size;
  const stored = play.gateways.flatMap(({ accounts }) => accounts.list().map(({ name }) => name));
  expect(stored.filter((name) => refused.has(name))).toEqual([]);
  // Once Feishu said yes or no to a refresh token, nobody sends it again.
  const settled = new Set<string>();
  for (const { token, outcome } of feishu.refreshes) {
    expect(settled.has(token), `${outcome} after it was settled`).toBe(false);
    if (outcome === 'renewed' || outcome === 'refused' || outcome === 'ended') settled.add(token);
  }
  expect(feishu.devices.tooFast).toBe(0);
}

async function checkSecrets({ machine, gateways }: LoginPlay): Promise<void> {
  const told = gateways.map(({ events, logins, accounts }) => [events, logins.list(), accounts.apps.list()]);
  expect(JSON.stringify(told)).not.toContain('canary');
  expect(await readEverything(machine.folder)).not.toContain('canary');
}

/** As a call does: a token that Feishu refuses is renewed once. */
async function call({ machine }: LoginPlay, { accounts }: RunningLogins, id: string): Promise<string | undefined> {
  const first = await accounts.credential(id);
  const served = machine.feishu.accepts(first.accessToken);
  return (served ?? machine.feishu.accepts((await accounts.renew(first)).accessToken))?.name;
}

test('whatever happens in whatever order: accounts, apps and logins are in a legal state, nothing refused is stored, and no refresh token is used twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scene, { minLength: 2, maxLength: 14 }), async (scenes) => {
      const machine = await createMachine();
      machine.feishu.withheld.add('forbidden');
      const play = new LoginPlay(machine);
      await play.start(0);
      await play.start(1);
      for (const { passSeconds, jumpMinutes, happenings } of scenes) {
        await machine.clock.advance(passSeconds * 1000);
        machine.clock.jump(jumpMinutes * 60_000);
        const all = Promise.all(happenings.map((one) => tolerate(play.make(one))));
        await advanceUntil(machine.clock, all, 500);
        check(play);
      }
      machine.feishu.trouble.length = 0;
      machine.feishu.devices.trouble.length = 0;
      await machine.clock.advance(6 * 60_000);
      for (const gateway of play.gateways) {
        for (const { id, name } of gateway.accounts.list()) {
          const served = await advanceUntil(machine.clock, tolerate(call(play, gateway, id)));
          if (!(served instanceof Error)) expect(served).toBe(name);
          signedIn += 1;
        }
      }
      for (const { logins } of play.gateways) logins.close();
      await quiet();
      await machine.clock.advance(0);
      await quiet();
      check(play);
      await checkSecrets(play);
      expect(machine.clock.pendingTimers).toBe(0);
    }),
    { numRuns: 100, interruptAfterTimeLimit: 90_000 },
  );
  // It would prove nothing if nobody ever came in, or nobody was ever turned away.
  expect(signedIn).toBeGreaterThan(20);
  expect(refusals).toBeGreaterThan(0);
});
