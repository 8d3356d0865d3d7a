import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { accountIdOf } from '../../../src-main/tokens/account-record.ts';
import { appId, type Trouble } from './fake-feishu.ts';
import { advanceUntil, createMachine, type Machine, type Running } from './open-accounts.ts';

const names = ['ada', 'bob', 'eve'] as const;
type Name = (typeof names)[number];

/** What can happen, in the gateway's two processes on one folder. */
type Happening =
  | { do: 'use' | 'refused' | 'renew' | 'sign in' | 'sign out'; who: Name; where: 0 | 1 }
  | { do: 'restart'; where: 0 | 1 }
  | { do: 'trouble'; kind: Trouble };

const who = fc.constantFrom(...names);
const where = fc.constantFrom(0 as const, 1 as const);
const troubles: Trouble[] = ['lost', 'server', 'network', 'secret', 'switch', 'ended'];
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('use' as const, 'refused' as const, 'renew' as const), who, where }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('sign in' as const, 'sign out' as const), who, where }) },
  fc.record({ do: fc.constant('trouble' as const), kind: fc.constantFrom(...troubles) }),
  fc.record({ do: fc.constant('restart' as const), where }),
);
/** Things that happen at once, and what the clocks do before them. */
const scene = fc.record({
  passMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 200 })),
  jumpMinutes: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -500, max: 500 })),
  happenings: fc.array(happening, { minLength: 1, maxLength: 5 }),
});

/** What a caller may be told; anything else would be a defect. */
const expected = new Set([
  'sign_in_required',
  'sign_in_again',
  'timeout',
  'upstream_broken',
  'upstream_unreachable',
  'upstream_refused',
  'app_credentials',
]);

async function make(machine: Machine, gateways: [Running, Running], one: Happening): Promise<unknown> {
  if (one.do === 'trouble') return machine.feishu.trouble.push(one.kind);
  if (one.do === 'restart') return (gateways[one.where] = await machine.start());
  const { accounts, signIn } = gateways[one.where];
  const id = accountIdOf(appId, `on_${one.who}`);
  switch (one.do) {
    case 'use':
      return accounts.credential(id);
    case 'refused':
      return accounts.renew(await accounts.credential(id));
    case 'renew':
      return accounts.renewNow(id);
    case 'sign in':
      return signIn(one.who);
    case 'sign out':
      return accounts.signOut(id);
  }
}

/** As a call does: a token that Feishu refuses is renewed once. */
async function call({ feishu }: Machine, { accounts }: Running, id: string): Promise<string | undefined> {
  const first = await accounts.credential(id);
  if (feishu.accepts(first.accessToken)) return feishu.accepts(first.accessToken)?.name;
  return feishu.accepts((await accounts.renew(first)).accessToken)?.name;
}

async function tolerate(work: Promise<unknown>): Promise<unknown> {
  return work.catch((thrown: unknown) => {
    expect(expected).toContain(Fault.from(thrown).code);
    return thrown;
  });
}

function checkStates({ accounts }: Running): void {
  const views = accounts.list();
  for (const view of views) {
    expect(['signed_in', 'sign_in_needed']).toContain(view.state);
    expect(view.reason === null).toBe(view.state === 'signed_in');
  }
  expect(views.filter(({ isDefault }) => isDefault).map(({ id }) => id)).toEqual(
    [accounts.defaultId()].filter(Boolean),
  );
  expect(new Set(views.map(({ id }) => id)).size).toBe(views.length);
}

/** Once Feishu said yes or no to a refresh token, nobody sends it again. */
function checkRefreshes({ feishu }: Machine): void {
  const settled = new Set<string>();
  for (const { token, outcome } of feishu.refreshes) {
    expect(settled.has(token), `${outcome} after it was settled`).toBe(false);
    if (outcome === 'renewed' || outcome === 'refused' || outcome === 'ended') settled.add(token);
  }
}

test('whatever happens in whatever order: every account is in a legal state, and no refresh token is used twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(scene, { minLength: 1, maxLength: 12 }), async (scenes) => {
      const machine = await createMachine();
      const gateways: [Running, Running] = [await machine.start(), await machine.start()];
      for (const { passMinutes, jumpMinutes, happenings } of scenes) {
        await machine.clock.advance(passMinutes * 60_000);
        machine.clock.jump(jumpMinutes * 60_000);
        const all = Promise.all(happenings.map((one) => tolerate(make(machine, gateways, one))));
        await advanceUntil(machine.clock, all);
        for (const gateway of gateways) checkStates(gateway);
        checkRefreshes(machine);
      }
      machine.feishu.trouble.length = 0;
      await machine.clock.advance(6 * 60_000);
      for (const gateway of gateways) {
        for (const { id, name } of gateway.accounts.list()) {
          const served = await advanceUntil(machine.clock, tolerate(call(machine, gateway, id)));
          if (!(served instanceof Error)) expect(served).toBe(name);
        }
      }
      checkRefreshes(machine);
    }),
    { numRuns: 80, interruptAfterTimeLimit: 90_000 },
  );
});
