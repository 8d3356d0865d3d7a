import { z } from 'zod';
import { accountIdOf, type AccountRecord, accountRecordSchema, openTokens } from './account-record.ts';
import type { SecretOwner, Sealer } from './sealed.ts';

/** Everything that is kept about apps and people, as it stands in memory: secrets are sealed here too. */
export interface VaultState {
  defaultAccount: string | null;
  /** App id to sealed app secret. */
  apps: Readonly<Record<string, string>>;
  accounts: readonly AccountRecord[];
}

export const emptyState: VaultState = { defaultAccount: null, apps: {}, accounts: [] };

export type VaultReading =
  | {
      kind: 'read';
      state: VaultState;
      /** Records that were altered, swapped or cut, and are left out. */
      dropped: number;
      /** The file was sealed with another key: accounts are known, their tokens are not. */
      keyLost: boolean;
    }
  | { kind: 'corrupt' }
  | { kind: 'newer' };

/** Raise it with the layout, and turn the layout before it into the new one in `readVault`. */
const version = 1;

const fileSchema = z.object({
  version: z.literal(version),
  /** `keyWitness` sealed: tells a lost key from an altered record. */
  witness: z.string(),
  defaultAccount: z.string().nullable(),
  apps: z.record(z.string(), z.string()),
  accounts: z.array(z.unknown()),
});

const keyWitness = 'larkgate';
const witnessOwner: SecretOwner = { appId: '', subject: 'witness' };

export function writeVault(state: VaultState, sealer: Sealer): string {
  return `${JSON.stringify({ version, witness: sealer.seal(keyWitness, witnessOwner), ...state })}\n`;
}

export function readVault(text: string, sealer: Sealer): VaultReading {
  const value = parseJson(text);
  if (z.object({ version: z.number().gt(version) }).safeParse(value).success) return { kind: 'newer' };
  const file = fileSchema.safeParse(value).data;
  if (!file) return { kind: 'corrupt' };
  const keyLost = sealer.open(file.witness, witnessOwner) !== keyWitness;
  const accounts = file.accounts.flatMap((account) => readRecord(account, sealer, keyLost));
  const apps = Object.fromEntries(
    Object.entries(file.apps).filter(([appId, sealed]) => sealer.open(sealed, appSecretOwner(appId)) !== undefined),
  );
  const dropped = file.accounts.length - accounts.length;
  return { kind: 'read', state: { defaultAccount: file.defaultAccount, apps, accounts }, dropped, keyLost };
}

export function appSecretOwner(appId: string): SecretOwner {
  return { appId, subject: 'app secret' };
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
