import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sha256 } from '../base/digest.ts';
import type { AccountView, AccountWay, Brand } from '../contract/views.ts';
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
  /** `pasted` for a token that came from elsewhere. */
  appId: z.string().min(1),
  brand: z.enum(['feishu', 'lark']),
  way: z.enum(['device', 'browser', 'token']),
  unionId: z.string().min(1),
  openId: z.string(),
  name: z.string(),
  avatarUrl: z.string().nullable(),
  tenantKey: z.string().nullable(),
  scopes: z.array(z.string()),
  /** All that were ever asked for. */
  asked: z.array(z.string()),
  /** When the person last confirmed; null where an earlier LarkGate did not note it. */
  consentedAt: z.number().nullable().default(null),
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

const dayMs = 24 * 3_600_000;

const secretTokensSchema = z.object({ access: z.string(), refresh: z.string().nullable() });
type SecretTokens = z.infer<typeof secretTokensSchema>;

/** The same person in the same app always has the same id; it tells nothing about either. */
export function accountIdOf(appId: string, unionId: string): string {
  return `acc_${sha256(JSON.stringify([appId, unionId])).slice(0, 16)}`;
}

/** How a person came to be signed in. */
export interface SignIn {
  appId: string;
  brand: Brand;
  way: AccountWay;
  /** The scopes that were asked for. */
  asked: readonly string[];
}

export function newRecord(signIn: SignIn, person: Person, tokens: KeptTokens, scopes: string[]): AccountRecord {
  const { appId, brand, way, asked } = signIn;
  return {
    ...person,
    id: accountIdOf(appId, person.unionId),
    appId,
    brand,
    way,
    scopes,
    asked: [...new Set(asked)],
    consentedAt: tokens.obtainedAt,
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
  const granted = new Set(record.scopes);
  return {
    id: record.id,
    name: record.name,
    avatarUrl: record.avatarUrl,
    tenantKey: record.tenantKey,
    appId: record.appId,
    brand: record.brand,
    way: record.way,
    state: reason ? 'sign_in_needed' : record.way === 'token' ? 'manual' : 'signed_in',
    reason: reason ?? whyNotForLong(record),
    scopes: record.scopes,
    missingScopes: record.asked.filter((scope) => !granted.has(scope)),
    accessExpiresAt: tokens.accessExpiresAt,
    refreshExpiresAt: tokens.refreshExpiresAt === null ? null : Math.min(tokens.refreshExpiresAt, yearEndsAt(record)),
    lastRenewal: record.lastRenewal,
    isDefault,
  };
}

/** Null while the account can be used or renewed. */
export function whySignInAgain(record: AccountRecord, accessLeft: number, now: number): Words | null {
  if (record.ended) return record.ended;
  if (record.tokens.sealed === null) return unreadable;
  if (accessLeft > 0) return null;
  if (record.tokens.refreshExpiresAt === null) return record.way === 'token' ? pastedOver : couldNotRenew;
  return record.tokens.refreshExpiresAt <= now ? unusedTooLong(record.tokens) : null;
}

/** Feishu renews no sign-in beyond a year after the person confirmed it. */
export function yearEndsAt({ consentedAt }: AccountRecord): number {
  return consentedAt === null ? Infinity : consentedAt + 365 * dayMs;
}

/** What to know of a sign-in that works and cannot be renewed. */
function whyNotForLong({ way, tokens }: AccountRecord): Words | null {
  if (way === 'token') return pasted;
  return tokens.refreshExpiresAt === null ? cannotRenew : null;
}

const pasted: Words = {
  zh: '手动粘贴的令牌最多有效两小时，无法自动续期；到期后请粘贴新的令牌，或改为登录。',
  en: 'A pasted token is good for two hours at most and cannot be renewed. Then paste a new one, or sign in instead.',
};

const pastedOver: Words = {
  zh: '手动粘贴的令牌已失效，这种令牌无法续期。请粘贴新的令牌，或改为登录。',
  en: 'The pasted token is over, and pasted tokens cannot be renewed. Paste a new one, or sign in instead.',
};

const cannotRenew: Words = {
  zh: '未授予 offline_access，无法自动续期；到期后需要重新登录。',
  en: 'offline_access was not granted, so this sign-in cannot be renewed. Sign in again when it expires.',
};

const couldNotRenew: Words = {
  zh: '登录已到期，且未授予 offline_access，无法自动续期。请重新登录。',
  en: 'The sign-in expired and could not be renewed, because offline_access was not granted. Sign in again.',
};

function unusedTooLong({ obtainedAt, refreshExpiresAt }: KeptTokens): Words {
  const days = Math.round(((refreshExpiresAt ?? obtainedAt) - obtainedAt) / dayMs);
  return {
    zh: `LarkGate 已有 ${days} 天没能续期（未运行或无法联网），登录因此过期。请重新登录。`,
    en: `LarkGate could not renew it for ${days} days (not running, or no network), so it expired. Sign in again.`,
  };
}

const unreadable: Words = {
  zh: '保存的登录信息无法用当前密钥解开。请重新登录，或换回原来的密钥后重启。',
  en: 'The stored sign-in cannot be opened with the present key. Sign in again, or restart with the former key.',
};
