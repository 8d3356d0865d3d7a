import { z } from 'zod';
import type { Brand } from '../contract/views.ts';

const first = z.looseObject({
  version: z.literal(1),
  defaultAccount: z.string().nullable(),
  apps: z.record(z.string(), z.string()),
  accounts: z.array(z.unknown()),
});

const account = z.looseObject({ appId: z.string(), scopes: z.array(z.string()) });

/**
 * A vault file of an earlier layout in the present one. Version 1 knew one brand and one way in, and of its apps nothing
 * but the secrets. Anything else comes back as it is.
 */
export function upgradeVault(value: unknown, brand: Brand): unknown {
  const file = first.safeParse(value).data;
  if (!file) return value;
  const accounts = file.accounts.map((one) => {
    const known = account.safeParse(one).data;
    return known ? { ...known, brand, way: 'browser', asked: known.scopes } : one;
  });
  const apps = Object.fromEntries(
    Object.entries(file.apps).map(([id, secret]) => [
      id,
      { secret, brand, origin: 'given', name: null, enabledScopes: null, addedAt: 0 },
    ]),
  );
  const main = accounts.find((one) => isNamed(one, file.defaultAccount));
  const defaultApp = account.safeParse(main).data?.appId ?? Object.keys(apps)[0] ?? null;
  return { ...file, version: 2, accounts, apps, defaultApp };
}

function isNamed(value: unknown, id: string | null): boolean {
  return z.looseObject({ id: z.literal(id ?? '') }).safeParse(value).success;
}
