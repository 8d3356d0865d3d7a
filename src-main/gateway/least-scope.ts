/**
 * Of permissions that would each do, the one that allows least; of those that the app has enabled, where that is known:
 * Feishu lets nobody grant another.
 */
export function leastOf(anyOf: unknown, enabled: readonly string[] | null): string[] {
  const scopes = Array.isArray(anyOf) ? anyOf.filter((scope) => typeof scope === 'string') : [];
  const grantable = scopes.filter((scope) => enabled?.includes(scope));
  const [least] = (grantable.length > 0 ? grantable : scopes).toSorted((a, b) => breadth(a) - breadth(b));
  return least === undefined ? [] : [least];
}

/** Feishu names them thing:part:what may be done. Without the last a name means everything: reading and writing. */
function breadth(scope: string): number {
  const [, , act] = scope.split(':');
  if (act === undefined || /read_?write/.test(act)) return 2;
  return /read|retrieve|search|download|export|view/.test(act) ? 0 : 1;
}
