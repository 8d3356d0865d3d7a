export interface ScopeGroup {
  /** What stands before the first colon: the part of Feishu that the scopes are about. */
  name: string;
  scopes: string[];
}

/** Scopes by the part of Feishu that they are about; only those that contain `search`. */
export function groupScopes(scopes: string[], search = ''): ScopeGroup[] {
  const wanted = search.trim().toLowerCase();
  const groups = new Map<string, string[]>();
  for (const scope of scopes.toSorted()) {
    if (!scope.toLowerCase().includes(wanted)) continue;
    const [name = scope] = scope.split(':', 1);
    groups.set(name, [...(groups.get(name) ?? []), scope]);
  }
  return [...groups].map(([name, inGroup]) => ({ name, scopes: inGroup }));
}
