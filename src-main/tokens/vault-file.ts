import { z } from 'zod';
import type { Brand } from '../contract/views.ts';
import { accountIdOf, type AccountRecord, accountRecordSchema, openTokens } from './account-record.ts';
import { type AppRecord, appRecordSchema, appSecretOwner } from './app-record.ts';
import type { SecretOwner, Sealer } from './sealed.ts';
import { upgradeVault } from './vault-upgrade.ts';

/** Everything that is kept about apps and people, as it stands in memory: secrets are sealed here too. */
export interface VaultState {
  defaultAccount: string | null;
  defaultApp: string | null;
  /** By app id. */
  apps: Readonly<Record<string, AppRecord>>;
  accounts: readonly AccountRecord[];
}

export const emptyState: VaultState = { defaultAccount: null, defaultApp: null, apps: {}, accounts: [] };

export type VaultReading =
  | {
      kind: 'read';
      state: VaultState;
      /** Records of accounts and apps that were altered, swapped or cut, and are left out. */
      dropped: number;
      /** The file was sealed with another key: accounts are known, their tokens are not. */
      keyLost: boolean;
    }
  | { kind: 'corrupt' }
  | { kind: 'newer' };

/** Raise it with the layout, and turn the layout before it into the new one in `upgradeVault`. */
const version = 2;

const fileSchema = z.object({
  version: z.literal(version),
  /** `keyWitness` sealed: tells a lost key from an altered record. */
  witness: z.string(),
  defaultAccount: z.string().nullable(),
  defaultApp: z.string().nullable(),
  apps: z.record(z.string(), z.unknown()),
  accounts: z.array(z.unknown()),
});

const keyWitness = 'larkgate';
const witnessOwner: SecretOwner = { appId: '', subject: 'witness' };

export function writeVault(state: VaultState, sealer: Sealer): string {
  return `${JSON.stringify({ version, witness: sealer.seal(keyWitness, witnessOwner), ...state })}\n`;
}

/** `formerBrand`: what everything in a file of version 1 belongs to, which did not say. */
export function readVault(text: string, sealer: Sealer, formerBrand: Brand): VaultReading {
  const value = upgradeVault(parseJson(text), formerBrand);
  if (z.object({ version: z.number().gt(version) }).safeParse(value).success) return { kind: 'newer' };
  const file = fileSchema.safeParse(value).data;
  if (!file) return { kind: 'corrupt' };
  const keyLost = sealer.open(file.witness, witnessOwner) !== keyWitness;
  const accounts = file.accounts.flatMap((account) => readRecord(account, sealer, keyLost));
  const apps = Object.fromEntries(Object.entries(file.apps).flatMap((app) => readApp(app, sealer)));
  const droppedApps = keyLost ? 0 : Object.keys(file.apps).length - Object.keys(apps).length;
  const dropped = file.accounts.length - accounts.length + droppedApps;
  const { defaultAccount, defaultApp } = file;
  const state = withDefault(withDefaultApp({ defaultAccount, defaultApp, apps, accounts }));
  return { kind: 'read', state, dropped, keyLost };
}

function readApp([id, value]: [string, unknown], sealer: Sealer): [string, AppRecord][] {
  const app = appRecordSchema.safeParse(value).data;
  return app && sealer.open(app.secret, appSecretOwner(id)) !== undefined ? [[id, app]] : [];
}

/** The default names an app that is there, as long as there is one: otherwise the one added last. */
export function withDefaultApp(state: VaultState): VaultState {
  if (state.defaultApp !== null && state.apps[state.defaultApp]) return state;
  const newest = Object.entries(state.apps).sort(([, a], [, b]) => b.addedAt - a.addedAt)[0];
  return { ...state, defaultApp: newest?.[0] ?? null };
}

/**
 * The default names an account that is there, or none. It is never handed on: a client that works as one person does not
 * go on as another because the first one left.
 */
export function withDefault(state: VaultState): VaultState {
  if (state.defaultAccount === null || state.accounts.some(({ id }) => id === state.defaultAccount)) return state;
  return { ...state, defaultAccount: null };
}

function readRecord(value: unknown, sealer: Sealer, keyLost: boolean): AccountRecord[] {
  const record = accountRecordSchema.safeParse(value).data;
  if (!record || record.id !== accountIdOf(record.appId, record.unionId)) return [];
  if (record.tokens.sealed === null || openTokens(sealer, record)) return [record];
  return keyLost ? [{ ...record, tokens: { ...record.tokens, sealed: null } }] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
