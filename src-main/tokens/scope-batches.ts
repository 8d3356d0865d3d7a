/** Without it nothing can be renewed. */
const offlineAccess = 'offline_access';

/** Feishu's limit for one consent; what was granted before stays granted. */
const mostScopes = 50;

/** Several lists of scopes as one, each scope once, with the one that lets sign-ins be renewed. */
export function allScopes(...lists: (readonly string[])[]): string[] {
  return [...new Set([offlineAccess, ...lists.flat()])];
}

/** The consents that it takes to grant these scopes: at most 50 in each, with offline_access among them. */
export function batchScopes(scopes: readonly string[]): string[][] {
  const others = allScopes(scopes).filter((scope) => scope !== offlineAccess);
  const size = mostScopes - 1;
  const count = Math.max(1, Math.ceil(others.length / size));
  return Array.from({ length: count }, (_, n) => [offlineAccess, ...others.slice(n * size, (n + 1) * size)]);
}
