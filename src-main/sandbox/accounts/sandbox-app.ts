import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '../../base/digest.ts';
import type { Brand } from '../../contract/views.ts';
import { findPerson } from '../company/people.ts';

const settingsSchema = z.strictObject({
  /** The console switch for refreshing user tokens. */
  allowRefresh: z.boolean(),
  /** Scopes that the app has not enabled although Feishu knows them. */
  withheldScopes: z.array(z.string()),
  /** The console's list. */
  redirectUris: z.array(z.url()),
  /** Off: `http://<loopback>:<any port>/oauth/callback` counts as registered. */
  strictRedirects: z.boolean(),
  /** An app without a version that went online signs nobody in. */
  published: z.boolean(),
  /** Whether the app may read and change its own configuration. */
  selfManage: z.boolean(),
  /** How often a device code may be asked about. That of the first app also holds for registrations. */
  deviceIntervalS: z.int().positive(),
});

export type AppSettings = z.infer<typeof settingsSchema>;
export const appSettingsPatchSchema = settingsSchema.partial();
export type AppSettingsPatch = z.infer<typeof appSettingsPatchSchema>;

export const usualSettings: AppSettings = {
  allowRefresh: true,
  withheldScopes: [],
  redirectUris: [],
  strictRedirects: false,
  published: true,
  selfManage: true,
  deviceIntervalS: 5,
};

export const appRecordSchema = z.object({
  id: z.string(),
  secret: z.string(),
  name: z.string(),
  description: z.string(),
  /** `PersonalAgent`: made by self-registration. */
  origin: z.enum(['console', 'PersonalAgent']),
  /** Key of a person. */
  owner: z.string(),
  /** Of a PersonalAgent: the scopes that its owner confirmed. */
  confirmed: z.array(z.string()),
  settings: settingsSchema,
  /** Set by the app itself, in force once it publishes. */
  pendingAllowRefresh: z.boolean().nullable(),
  /** How often it was published. */
  versions: z.number(),
});

export type AppRecord = z.infer<typeof appRecordSchema>;

/** One app, as its developer console would show it. */
export class SandboxApp {
  readonly brand: Brand;
  readonly #knownScopes: ReadonlySet<string>;
  readonly #save: (record: AppRecord) => void;
  #record: AppRecord;

  constructor(
    record: AppRecord,
    parts: { brand: Brand; knownScopes: ReadonlySet<string>; save(record: AppRecord): void },
  ) {
    this.brand = parts.brand;
    this.#record = record;
    this.#knownScopes = parts.knownScopes;
    this.#save = (changed) => parts.save(changed);
  }

  get id(): string {
    return this.#record.id;
  }

  get record(): Readonly<AppRecord> {
    return this.#record;
  }

  get settings(): AppSettings {
    return this.#record.settings;
  }

  /** The organization of its owner. */
  get tenantKey(): string {
    return findPerson(this.#record.owner)?.tenantKey ?? '';
  }

  change(patch: AppSettingsPatch): AppSettings {
    const settings = settingsSchema.parse({ ...this.settings, ...patch });
    this.#keep({
      settings,
      pendingAllowRefresh: patch.allowRefresh === undefined ? this.#record.pendingAllowRefresh : null,
    });
    return settings;
  }

  /** The owner confirmed more scopes of a PersonalAgent. */
  confirm(scopes: readonly string[], selfManage: boolean): void {
    this.#keep({
      confirmed: [...new Set([...this.#record.confirmed, ...scopes])],
      settings: {
        ...this.settings,
        selfManage: this.settings.selfManage || selfManage,
        withheldScopes: this.settings.withheldScopes.filter((scope) => !scopes.includes(scope)),
      },
    });
  }

  /** The switch for refreshing waits for the next version; everything else is in force at once. */
  draftAllowRefresh(allowRefresh: boolean): void {
    this.#keep({ pendingAllowRefresh: allowRefresh });
  }

  publish(): number {
    const allowRefresh = this.#record.pendingAllowRefresh ?? this.settings.allowRefresh;
    this.#keep({
      settings: { ...this.settings, allowRefresh, published: true },
      pendingAllowRefresh: null,
      versions: this.#record.versions + 1,
    });
    return this.#record.versions;
  }

  hasSecret(secret: string): boolean {
    return timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(sha256(this.#record.secret)));
  }

  hasEnabled(scope: string): boolean {
    const offered =
      this.#record.origin === 'console' ? this.#knownScopes.has(scope) : this.#record.confirmed.includes(scope);
    return offered && !this.settings.withheldScopes.includes(scope);
  }

  enabledScopes(): string[] {
    const offered = this.#record.origin === 'console' ? [...this.#knownScopes] : this.#record.confirmed;
    return offered.filter((scope) => this.hasEnabled(scope));
  }

  /** Query and fragment do not count; everything else must be equal. */
  hasRedirect(uri: string): boolean {
    const url = withoutQuery(uri);
    if (!url) return false;
    const loopback = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (loopback && url.pathname === '/oauth/callback' && !this.settings.strictRedirects) return true;
    return this.settings.redirectUris.some((registered) => withoutQuery(registered)?.href === url.href);
  }

  #keep(changes: Partial<AppRecord>): void {
    this.#record = { ...this.#record, ...changes };
    this.#save(this.#record);
  }
}

function withoutQuery(uri: string): URL | undefined {
  const url = URL.parse(uri);
  if (!url) return undefined;
  url.search = '';
  url.hash = '';
  return url;
}
