import { z } from 'zod';
import type { AppView } from '../contract/views.ts';
import type { SecretOwner } from './sealed.ts';

/** An app as it is kept in the vault, under its id. */
export const appRecordSchema = z.object({
  /** The app secret, sealed. */
  secret: z.string(),
  brand: z.enum(['feishu', 'lark']),
  origin: z.enum(['registered', 'given']),
  name: z.string().nullable(),
  /** What people can grant it, where that is known. */
  enabledScopes: z.array(z.string()).nullable(),
  addedAt: z.number(),
});

export type AppRecord = z.infer<typeof appRecordSchema>;

/** The app id of accounts whose token was pasted: it is unknown to which app they signed in. */
export const pastedAppId = 'pasted';

export function appSecretOwner(appId: string): SecretOwner {
  return { appId, subject: 'app secret' };
}

export function toAppView(id: string, { brand, origin, name, addedAt }: AppRecord, isDefault: boolean): AppView {
  return { id, brand, origin, name, isDefault, addedAt };
}
