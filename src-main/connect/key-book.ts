/** The client keys, as far as connecting needs them. */
export interface KeyBook {
  /** Makes a key and returns its secret, for the only time. */
  add(name: string): Promise<{ id: string; secret: string }>;
  revoke(id: string): Promise<boolean>;
  verify(secret: string): Promise<{ id: string } | undefined>;
  list(): readonly { keyId: string }[];
  accountOf(id: string): string | null;
  bind(id: string, accountId: string | null): Promise<void>;
}

/** Makes a key that works as the account that `former` is bound to. */
export async function succeedKey(
  keys: KeyBook,
  name: string,
  former: string | undefined,
): Promise<{ id: string; secret: string }> {
  const key = await keys.add(name);
  const accountId = former === undefined ? null : keys.accountOf(former);
  if (accountId !== null) await keys.bind(key.id, accountId);
  return key;
}
