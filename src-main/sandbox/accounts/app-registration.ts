import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '../../base/digest.ts';
import { Fault } from '../../base/fault.ts';
import type { Collection, Store } from '../company/store.ts';

const settingsSchema = z.strictObject({
  /** The console switch for refreshing user tokens. */
  allowRefresh: z.boolean().default(true),
  /** Scopes that the app has not enabled although Feishu knows them. */
  withheldScopes: z.array(z.string()).default([]),
  /** Registered besides `http://<loopback>:<any port>/oauth/callback`. */
  redirectUris: z.array(z.url()).default([]),
});

export type AppSettings = z.infer<typeof settingsSchema>;
export const appSettingsPatchSchema = settingsSchema.partial();

/** The one app that the sandbox knows, as its developer console would show it. */
export class AppRegistration {
  readonly id: string;
  readonly secret: string;
  readonly #knownScopes: ReadonlySet<string>;
  readonly #saved: Collection<AppSettings>;
  #settings: AppSettings;

  constructor(credentials: { id: string; secret: string }, knownScopes: ReadonlySet<string>, store: Store) {
    this.id = credentials.id;
    this.secret = credentials.secret;
    this.#knownScopes = knownScopes;
    this.#saved = store.collection('app_settings', settingsSchema);
    this.#settings = this.#saved.get(this.id) ?? settingsSchema.parse({});
  }

  get settings(): AppSettings {
    return this.#settings;
  }

  change(patch: z.infer<typeof appSettingsPatchSchema>): AppSettings {
    this.#settings = this.#saved.put(this.id, settingsSchema.parse({ ...this.#settings, ...patch }));
    return this.#settings;
  }

  hasSecret(secret: string): boolean {
    return timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(sha256(this.secret)));
  }

  hasEnabled(scope: string): boolean {
    return this.#knownScopes.has(scope) && !this.#settings.withheldScopes.includes(scope);
  }

  /** Query and fragment do not count; everything else must be equal. */
  hasRedirect(uri: string): boolean {
    const url = withoutQuery(uri);
    if (!url) return false;
    const loopback = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (loopback && url.pathname === '/oauth/callback') return true;
    return this.#settings.redirectUris.some((registered) => withoutQuery(registered)?.href === url.href);
  }
}

/** Throws `config_invalid` when somebody is about to hand a real secret to the sandbox. */
export function requireDemoSecret(secret: string): void {
  if (looksReal(secret)) throw new Fault('config_invalid', { words: realSecretWords });
}

/** Feishu's secrets are 32 letters and digits. One of those must never reach a stand-in. */
export function looksReal(secret: string): boolean {
  return /^[A-Za-z0-9]{32}$/.test(secret);
}

export const realSecretWords = {
  zh: '这个 App Secret 看起来是真的。沙箱只接受演示用的密钥，请不要把真实密钥交给它。',
  en: 'This app secret looks real. The sandbox takes demo secrets only; keep real ones away from it.',
};

function withoutQuery(uri: string): URL | undefined {
  const url = URL.parse(uri);
  if (!url) return undefined;
  url.search = '';
  url.hash = '';
  return url;
}
