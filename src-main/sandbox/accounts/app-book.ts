import { randomBytes } from 'node:crypto';
import type { Brand } from '../../contract/views.ts';
import type { Collection, Shelf } from '../company/store.ts';
import { appRecordSchema, type AppRecord, type AppSettings, SandboxApp, usualSettings } from './sandbox-app.ts';

export interface NewAgent {
  name: string;
  description: string;
  /** Key of a person. */
  owner: string;
  scopes: string[];
  selfManage: boolean;
}

export interface AppBookParts {
  brand: Brand;
  knownScopes: ReadonlySet<string>;
  shelf: Shelf;
  /** The console app that is there from the start. */
  home: { id: string; secret: string; owner: string; settings: Partial<AppSettings> };
}

/** The apps of one of the two services. Those of the other are unknown here. */
export class AppBook {
  readonly home: SandboxApp;
  readonly #parts: AppBookParts;
  readonly #saved: Collection<AppRecord>;
  readonly #apps = new Map<string, SandboxApp>();

  constructor(parts: AppBookParts) {
    this.#parts = parts;
    this.#saved = parts.shelf.collection('app', appRecordSchema);
    for (const record of this.#saved.list()) this.#apps.set(record.id, this.#open(record));
    this.home = this.#openHome();
  }

  find(id: string): SandboxApp | undefined {
    return this.#apps.get(id);
  }

  list(): SandboxApp[] {
    return [...this.#apps.values()];
  }

  knows(scope: string): boolean {
    return this.#parts.knownScopes.has(scope);
  }

  /** A new app of the kind that self-registration makes. It has no redirect address, and none can be asked for. */
  register(agent: NewAgent): SandboxApp {
    const { selfManage, scopes, ...described } = agent;
    const { deviceIntervalS } = this.home.settings;
    return this.#add({
      ...described,
      id: `cli_${randomBytes(8).toString('hex')}`,
      // Not of the form that real secrets have.
      secret: `sandbox-${randomBytes(16).toString('hex')}`,
      origin: 'PersonalAgent',
      confirmed: scopes,
      settings: { ...usualSettings, strictRedirects: true, selfManage, deviceIntervalS },
      pendingAllowRefresh: null,
      versions: 1,
    });
  }

  #openHome(): SandboxApp {
    const { id, secret, owner, settings } = this.#parts.home;
    const before = this.#saved.get(id);
    return this.#add({
      id,
      secret,
      owner,
      name: 'LarkGate Demo',
      description: '',
      origin: 'console',
      confirmed: [],
      settings: { ...(before?.settings ?? usualSettings), ...settings },
      pendingAllowRefresh: before?.pendingAllowRefresh ?? null,
      versions: before?.versions ?? 1,
    });
  }

  #add(record: AppRecord): SandboxApp {
    const app = this.#open(this.#saved.put(record.id, record));
    this.#apps.set(record.id, app);
    return app;
  }

  #open(record: AppRecord): SandboxApp {
    const { brand, knownScopes } = this.#parts;
    return new SandboxApp(record, { brand, knownScopes, save: (changed) => this.#saved.put(changed.id, changed) });
  }
}
