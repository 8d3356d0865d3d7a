import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { AccountView, AppView, Brand } from '../contract/views.ts';
import type { Accounts } from './accounts.ts';
import type { Attempt } from './attempt.ts';
import { Deadline, untilOver } from './deadline.ts';
import { moves, stepsOf } from './login.ts';
import { loginNotes } from './login-words.ts';
import type { RegisteredApp, Registrar, Registration } from './registrar.ts';
import { allScopes, batchScopes } from './scope-batches.ts';
import { confirmByDevice } from './sign-in-flow.ts';

export interface AppFlowParts {
  clock: Clock;
  accounts: Accounts;
  registrar: Registrar;
  /** What is asked of a person at sign-in to this app. */
  usualScopes(appId: string): Promise<string[]>;
}

export interface NewApp {
  brand: Brand;
  name?: string | undefined;
  /** What it is to be able to ask for. */
  scopes: readonly string[];
}

/** Has the person create an app, then sign in to it. The app stays when they do not. */
export async function createThenSignIn(parts: AppFlowParts, attempt: Attempt, wish: NewApp): Promise<AccountView> {
  const { brand, name, scopes } = wish;
  const { apps } = parts.accounts;
  const made = await confirmApp(parts, attempt, { brand, scopes, ...(name !== undefined && { name }) });
  const app = await attempt.store(() => apps.add({ ...made, origin: 'registered', name: name ?? null }));
  attempt.advance({ appId: app.id, brand: app.brand });
  // Its own configuration may be unreadable to it, but this much is known: it was just confirmed.
  await apps.note(app.id, { enabledScopes: scopes });
  const usual = allScopes(await parts.usualScopes(app.id));
  attempt.batches = batchScopes(usual);
  attempt.move(moves.learn({ scopes: usual, steps: stepsOf('create_app', attempt.batches.length) }));
  return confirmByDevice(parts, attempt);
}

/** Has the person enable scopes on an app that was registered here, then grant them. */
export async function extendThenSignIn(
  parts: AppFlowParts,
  attempt: Attempt,
  { app, scopes }: { app: AppView; scopes: readonly string[] },
): Promise<AccountView> {
  const { apps } = parts.accounts;
  const { id: appId, brand } = app;
  const extended = await confirmApp(parts, attempt, { brand, appId, scopes });
  // The person confirmed something else than what was asked.
  if (extended.appId !== appId) throw new Fault('login_failed');
  await attempt.store(() => apps.add({ ...extended, brand, origin: 'registered' }));
  const known = apps.enabledScopes(appId);
  if (known) await apps.note(appId, { enabledScopes: [...known, ...scopes] });
  attempt.advance({});
  return confirmByDevice(parts, attempt);
}

type AppWish = Pick<Registration, 'brand' | 'appId' | 'name' | 'scopes'>;

/**
 * Has the person create or extend an app, and shows where. Rejects with what the registrar says, with `login_expired` when
 * the link died unnoticed, such as while the machine slept, or with the reason why the attempt is over.
 */
async function confirmApp({ clock, registrar }: AppFlowParts, attempt: Attempt, wish: AppWish): Promise<RegisteredApp> {
  const confirmed = new AbortController();
  let deadline = new Deadline(clock, Infinity);
  const onLink: Registration['onLink'] = ({ url, expiresInMs }) => {
    deadline = new Deadline(clock, expiresInMs);
    attempt.show({ url: url.href, userCode: url.searchParams.get('user_code'), expiresAt: deadline.at });
  };
  const onNote: Registration['onNote'] = (note) => attempt.move(moves.note(loginNotes[note]));
  const stop = AbortSignal.any([attempt.signal, confirmed.signal]);
  const expired = async () => {
    await untilOver(clock, () => deadline, stop);
    throw new Fault('login_expired');
  };
  try {
    return await Promise.race([registrar({ ...wish, signal: attempt.signal, onLink, onNote }), expired()]);
  } finally {
    confirmed.abort();
  }
}
