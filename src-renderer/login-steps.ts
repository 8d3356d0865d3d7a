import type { ControlInput } from '../src-main/contract/control.ts';
import type { LoginView } from '../src-main/contract/views.ts';

/** What one asks the gateway to begin a login. */
export type LoginBegin =
  | { method: 'createApp'; input: ControlInput<'createApp'> }
  | { method: 'extendApp'; input: ControlInput<'extendApp'> }
  | { method: 'login'; input: ControlInput<'login'> };

export function isUnderWay(login: LoginView): boolean {
  return login.state === 'starting' || login.state === 'waiting';
}

/** The logins that a page shows: those under way, and the one that it was asked to show, however that ended. */
export function loginsToShow(logins: LoginView[], chosen: string | null): LoginView[] {
  return logins
    .filter((login) => isUnderWay(login) || login.id === chosen)
    .sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen) || b.startedAt - a.startedAt);
}

/**
 * How to try again what did not end well: from the step that failed, never from further back. `name` is what a new app
 * was to be called.
 */
export function retryOf(login: LoginView, name: string | null = null): LoginBegin {
  const { way, appId, accountId, brand, scopes } = login;
  if (appId === null) return { method: 'createApp', input: { brand, ...(name && { name }) } };
  const account = accountId === null ? {} : { accountId };
  if (login.steps[login.step] === 'extend_app' && scopes.length > 0) {
    return { method: 'extendApp', input: { appId, ...account, scopes } };
  }
  return { method: 'login', input: accountId === null ? { way, appId } : { way, appId, accountId, scopes } };
}

/** Whether a phone can open its link: the browser's way back leads to this machine alone. */
export function canBeScanned({ way, steps, step }: LoginView): boolean {
  return way === 'device' || steps[step] !== 'sign_in';
}
