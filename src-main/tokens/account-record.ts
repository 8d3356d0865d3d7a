import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '../base/digest.ts';
import type { AccountView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';
import type { Person, TokenSet } from './credential.ts';
import type { SecretOwner, Sealer } from './sealed.ts';

const words = z.object({ zh: z.string(), en: z.string() });

/** One token pair. `id` is random; a renewal or a new sign-in makes another. */
const keptTokensSchema = z.object({
  id: z.string(),
  /** A `SecretTokens` as sealed JSON. Null when it could not be opened any more. */
  sealed: z.string().nullable(),
  obtainedAt: z.number(),
  accessExpiresAt: z.number(),
  /** Null when there is no refresh token. */
  refreshExpiresAt: z.number().nullable(),
});

/** An account as it is kept in the vault. All times are wall-clock milliseconds. */
export const accountRecordSchema = z.object({
  id: z.string(),
  appId: z.string().min(1),
  unionId: z.string().min(1),
  openId: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  tenantKey: z.string().nullable(),
  scopes: z.array(z.string()),
  lastUsedAt: z.number(),
  tokens: keptTokensSchema,
  /** Written before the refresh token is sent, removed when Feishu's answer is known. */
  pendingSince: z.number().nullable(),
  /** Set when nothing but a new sign-in helps. */
  ended: words.nullable(),
  lastRenewal: z
    .object({
      at: z.number(),
      outcome: z.enum(['renewed', 'failed', 'sign_in_needed']),
      code: z.number().nullable(),
    })
    .nullable(),
});

export type KeptTokens = z.infer<typeof keptTokensSchema>;
export type AccountRecord = z.infer<typeof accountRecordSchema>;

const secretTokensSchema = z.object({ access: z.string(), refresh: z.string().nullable() });
type SecretTokens = z.infer<typeof secretTokensSchema>;

/** The same person in the same app always has the same id; it tells nothing about either. */
export function accountIdOf(appId: string, unionId: string): string {
  return `acc_${sha256(JSON.stringify([appId, unionId])).slice(0, 16)}`;
}

export function newRecord(appId: string, person: Person, tokens: KeptTokens, scopes: string[]): AccountRecord {
  return {
    ...person,
    id: accountIdOf(appId, person.unionId),
    appId,
    scopes,
    lastUsedAt: tokens.obtainedAt,
    tokens,
    pendingSince: null,
    ended: null,
    lastRenewal: null,
  };
}

export function sealTokens(sealer: Sealer, owner: SecretOwner, tokens: TokenSet, now: number): KeptTokens {
  const secret: SecretTokens = { access: tokens.accessToken, refresh: tokens.refreshToken };
  return {
    id: randomBytes(8).toString('hex'),
    sealed: sealer.seal(JSON.stringify(secret), owner),
    obtainedAt: now,
    accessExpiresAt: tokens.accessExpiresAt,
    refreshExpiresAt: tokens.refreshToken === null ? null : tokens.refreshExpiresAt,
  };
}

/** Undefined when the record was sealed with another key, was altered, or belongs to someone else. */
export function openTokens(sealer: Sealer, record: AccountRecord): SecretTokens | undefined {
  const text = record.tokens.sealed === null ? undefined : sealer.open(record.tokens.sealed, ownerOf(record));
  return text === undefined ? undefined : secretTokensSchema.parse(JSON.parse(text));
}

export function ownerOf(record: { appId: string; unionId: string }): SecretOwner {
  return { appId: record.appId, subject: record.unionId };
}

/** `accessLeft`: milliseconds that the access token is still good for. */
export function toView(record: AccountRecord, isDefault: boolean, accessLeft: number, now: number): AccountView {
  const { tokens } = record;
  const reason = whySignInAgain(record, accessLeft, now);
  return {
    id: record.id,
    name: record.name,
    avatarUrl: record.avatarUrl,
    tenantKey: record.tenantKey,
    appId: record.appId,
    state: reason ? 'sign_in_needed' : 'signed_in',
    reason: reason ?? (tokens.refreshExpiresAt === null ? cannotRenew : null),
    scopes: record.scopes,
    accessExpiresAt: tokens.accessExpiresAt,
    refreshExpiresAt: tokens.refreshExpiresAt,
    lastRenewal: record.lastRenewal,
    isDefault,
  };
}

/** Null while the account can be used or renewed. */
export function whySignInAgain(record: AccountRecord, accessLeft: number, now: number): Words | null {
  if (record.ended) return record.ended;
  if (record.tokens.sealed === null) return unreadable;
  if (accessLeft > 0) return null;
  if (record.tokens.refreshExpiresAt === null) return couldNotRenew;
  return record.tokens.refreshExpiresAt <= now ? unusedTooLong : null;
}

const cannotRenew: Words = {
  zh: '未授予 offline_access，无法自动续期；到期后需要重新登录。',
  en: 'offline_access was not granted, so this sign-in cannot be renewed. Sign in again when it expires.',
};

const couldNotRenew: Words = {
  zh: '登录已到期，且未授予 offline_access，无法自动续期。请重新登录。',
  en: 'The sign-in expired and could not be renewed, because offline_access was not granted. Sign in again.',
};

const unusedTooLong: Words = {
  zh: '太久没有续期，飞书的刷新令牌已过期。请重新登录。',
  en: 'It was not renewed for too long and the refresh token expired. Sign in again.',
};

const unreadable: Words = {
  zh: '保存的登录信息无法用当前密钥解开。请重新登录，或换回原来的密钥后重启。',
  en: 'The stored sign-in cannot be opened with the present key. Sign in again, or restart with the former key.',
};
