/** An app's place in the developer console: the open platform's address and the app's id. */
export interface ConsolePlace {
  openUrl: URL | string;
  appId: string;
}

/** Where a permission for persons is enabled: the page opens with these chosen. */
export function scopePage({ openUrl, appId }: ConsolePlace, scopes: readonly string[]): string {
  const page = new URL('/page/scope-apply', openUrl);
  page.search = new URLSearchParams({ clientID: appId, scopes: scopes.join(',') }).toString();
  return page.href;
}

/** Where a permission of the app itself is enabled. */
export function appScopePage(place: ConsolePlace, scope: string): string {
  const page = new URL(appPage(place, 'auth'));
  page.search = new URLSearchParams({ q: scope, op_from: 'openapi', token_type: 'tenant' }).toString();
  return page.href;
}

/** `baseinfo`: id and secret. `safe`: redirect URLs and the refresh switch. `version`: versions and their state. */
export function appPage({ openUrl, appId }: ConsolePlace, page: 'baseinfo' | 'safe' | 'auth' | 'version'): string {
  return new URL(`/app/${encodeURIComponent(appId)}/${page}`, openUrl).href;
}
