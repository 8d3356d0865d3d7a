import type { AppRecord } from './app-record.ts';
import type { Change } from './vault.ts';
import { withDefaultApp } from './vault-file.ts';

/**
 * Adds an app. Of one that is there already the secret is replaced; what else is known of it stays, its brand as long as
 * somebody is signed in: their tokens belong to that service.
 */
export function putApp(id: string, app: AppRecord): Change {
  return (state) => {
    const known = state.apps[id];
    const { secret } = app;
    const inUse = state.accounts.some(({ appId }) => appId === id);
    const brand = known && inUse ? known.brand : app.brand;
    const kept = known ? { ...known, secret, brand, name: app.name ?? known.name } : app;
    return withDefaultApp({ ...state, apps: { ...state.apps, [id]: kept } });
  };
}

export function noteEnabledScopes(id: string, enabledScopes: readonly string[] | null): Change {
  return (state) => {
    const known = state.apps[id];
    const scopes = enabledScopes && [...new Set(enabledScopes)];
    return known ? { ...state, apps: { ...state.apps, [id]: { ...known, enabledScopes: scopes } } } : state;
  };
}

export function setDefaultApp(id: string): Change {
  return (state) => (state.apps[id] ? { ...state, defaultApp: id } : state);
}

/** Forgets an app unless somebody is signed in to it. */
export function removeApp(id: string): Change {
  return (state) => {
    if (state.accounts.some(({ appId }) => appId === id)) return state;
    const apps = Object.fromEntries(Object.entries(state.apps).filter(([other]) => other !== id));
    return withDefaultApp({ ...state, apps });
  };
}
