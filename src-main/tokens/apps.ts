import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { AppOrigin, AppView, Brand } from '../contract/views.ts';
import { noteEnabledScopes, putApp, removeApp, setDefaultApp } from './app-changes.ts';
import { appSecretOwner, pastedAppId, toAppView } from './app-record.ts';
import type { AppCredentials, TokenIssuer } from './issuer.ts';
import type { Sealer } from './sealed.ts';
import type { Vault } from './vault.ts';
import type { VaultState } from './vault-file.ts';

export interface AppsParts {
  vault: Vault;
  sealer: Sealer;
  clock: Clock;
  issuerFor(app: AppCredentials): TokenIssuer;
}

export interface AppToAdd extends AppCredentials {
  origin: AppOrigin;
  name?: string | null | undefined;
}

/** The apps that people sign in to, and their secrets. */
export class Apps {
  readonly #parts: AppsParts;

  constructor(parts: AppsParts) {
    this.#parts = parts;
  }

  list(): AppView[] {
    return appViews(this.#parts.vault.state);
  }

  get(id: string): AppView | undefined {
    return this.list().find((app) => app.id === id);
  }

  /** The app that is meant, or the default one, also where another process has just added it. Rejects with `app_missing`. */
  async find(id: string | undefined): Promise<AppView> {
    const { vault } = this.#parts;
    if (!this.get(id ?? this.defaultId() ?? '')) await vault.sync();
    const app = this.get(id ?? this.defaultId() ?? '');
    if (!app) throw new Fault('app_missing');
    return app;
  }

  defaultId(): string | undefined {
    return this.#parts.vault.state.defaultApp ?? undefined;
  }

  /** What people can grant this app; null where that is not known. */
  enabledScopes(id: string): string[] | null {
    return this.#record(id)?.enabledScopes ?? null;
  }

  /** Keeps the app, its secret sealed. The same app again replaces its secret. */
  async add(app: AppToAdd): Promise<AppView> {
    const { vault, sealer, clock } = this.#parts;
    const { appId, appSecret, brand, origin, name = null } = app;
    const known = this.#credentials(appId);
    if (known?.appSecret !== appSecret || known.brand !== brand) {
      const secret = sealer.seal(appSecret, appSecretOwner(appId));
      const change = putApp(appId, { secret, brand, origin, name, enabledScopes: null, addedAt: clock.now() });
      // The secret of a registered app is nowhere else; a given one can be given again.
      await (origin === 'registered' ? vault.saveForPerson(change) : vault.save(change));
    }
    return this.find(appId);
  }

  /** Notes what was found out about an app. */
  async note(id: string, found: { enabledScopes: readonly string[] | null }): Promise<void> {
    await this.#parts.vault.save(noteEnabledScopes(id, found.enabledScopes));
  }

  async setDefault(id: string): Promise<void> {
    await this.find(id);
    await this.#parts.vault.save(setDefaultApp(id));
  }

  /** Rejects with `app_in_use` while accounts are signed in to it. */
  async forget(id: string): Promise<void> {
    await this.find(id);
    await this.#parts.vault.saveForPerson(removeApp(id));
    if (this.#record(id)) throw new Fault('app_in_use');
  }

  /** Throws `app_missing` when the app is not known or its secret cannot be opened. */
  credentials(id: string): AppCredentials {
    const credentials = this.#credentials(id);
    if (!credentials) throw new Fault('app_missing');
    return credentials;
  }

  /** The OAuth server as this app sees it. Throws `app_missing`, also where `brand` says that a token is not of that server. */
  issuerOf(id: string, brand?: Brand): TokenIssuer {
    const credentials = this.credentials(id);
    if (brand !== undefined && brand !== credentials.brand) throw new Fault('app_missing');
    return this.#parts.issuerFor(credentials);
  }

  /** The OAuth server for a token whose app is not known: it can tell whom the token stands for, and no more. */
  anyIssuer(brand: Brand): TokenIssuer {
    return this.#parts.issuerFor({ appId: pastedAppId, appSecret: '', brand });
  }

  #record(id: string): VaultState['apps'][string] | undefined {
    return this.#parts.vault.state.apps[id];
  }

  #credentials(appId: string): AppCredentials | undefined {
    const record = this.#record(appId);
    if (!record) return undefined;
    const appSecret = this.#parts.sealer.open(record.secret, appSecretOwner(appId));
    return appSecret === undefined ? undefined : { appId, appSecret, brand: record.brand };
  }
}

export function appViews(state: VaultState): AppView[] {
  return Object.entries(state.apps).map(([id, app]) => toAppView(id, app, id === state.defaultApp));
}
