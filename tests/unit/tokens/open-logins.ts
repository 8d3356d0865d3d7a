import { onTestFinished } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import type { LoginView } from '../../../src-main/contract/views.ts';
import { Logins, type LoginsParts } from '../../../src-main/tokens/logins.ts';
import { FakeRegistrar } from './fake-registrar.ts';
import { createMachine, type Machine, quiet, type Running } from './open-accounts.ts';

export const commonScopes = ['offline_access', 'im:message', 'calendar:calendar:read'];

export interface RunningLogins extends Running {
  logins: Logins;
  registrar: FakeRegistrar;
}

/** The logins of a gateway. `change`: parts to use instead. */
export function openLogins(
  machine: Machine,
  running: Running,
  change: Partial<LoginsParts> = {},
  registrar = new FakeRegistrar(),
): RunningLogins {
  const logins = new Logins({
    clock: machine.clock,
    bus: running.bus,
    log: silentLog(),
    accounts: running.accounts,
    registrar: registrar.register,
    usualScopes: async () => ['im:message'],
    commonScopes,
    redirectUri: () => 'http://127.0.0.1:5275/oauth/callback',
    startUrl: (id) => `http://127.0.0.1:5275/oauth/start?login=${id}`,
    ...change,
  });
  return { ...running, logins, registrar };
}

/** A machine with a running gateway that people can sign in to. */
export async function startLogins(change: Partial<LoginsParts> = {}) {
  const machine = await createMachine();
  const running = openLogins(machine, await machine.start(), change);
  onTestFinished(() => running.logins.close());
  const view = (login: LoginView): LoginView => {
    const found = running.logins.get(login.id);
    if (!found) throw new Error('no such login');
    return found;
  };
  /** Lets time pass in small steps, with what the disk needs in between. */
  const pass = async (ms: number, stepMs = 1000) => {
    for (let left = ms; left > 0; left -= stepMs) {
      await machine.clock.advance(Math.min(stepMs, left));
      await quiet();
    }
  };
  return { ...machine, ...running, view, pass };
}

export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  return Fault.from(
    await work.then(
      () => new Error('it worked'),
      (thrown: unknown) => thrown,
    ),
  );
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it worked',
    (thrown: unknown) => Fault.from(thrown).code,
  );
}
