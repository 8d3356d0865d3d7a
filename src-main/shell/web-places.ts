/** Where the windows may go, as origins. */
export interface WebPlaces {
  /** The gateway's own. */
  own: string;
  /** Where people sign in. */
  accounts: readonly string[];
  /** Where apps are created and configured. */
  consoles: readonly string[];
}

/** Where in the gateway a sign-in begins, waits and ends. */
const signInPaths = new Set(['/oauth/start', '/oauth/callback', '/oauth/wait', '/oauth/rebind']);

/** The step of a login that is under way. */
export interface SignInStep {
  /** It is confirmed in the developer console. */
  creatingApp: boolean;
  /** Where the service itself wants it confirmed. */
  link: string | null;
}

/** Whether the sign-in window may show this page. */
export function maySignInThrough(text: string, places: WebPlaces, { creatingApp, link }: SignInStep): boolean {
  const url = cleanUrl(text);
  if (!url) return false;
  if (url.origin === places.own) return signInPaths.has(url.pathname);
  if (places.accounts.includes(url.origin) || (creatingApp && places.consoles.includes(url.origin))) return true;
  return link !== null && mayOpenOutside(link, places) && cleanUrl(link)?.origin === url.origin;
}

/** Whether the main window may show this page. */
export function mayShowInWindow(text: string, { own }: Pick<WebPlaces, 'own'>): boolean {
  const url = cleanUrl(text);
  return url?.origin === own && url.pathname.startsWith('/dashboard/');
}

/** Whether a link of ours may open in the person's browser: pages of Feishu and Lark, and our own sign-in. */
export function mayOpenOutside(text: string, places: WebPlaces): boolean {
  const url = cleanUrl(text);
  if (!url) return false;
  if (url.origin === places.own) return signInPaths.has(url.pathname);
  return [...places.accounts, ...places.consoles].includes(url.origin) || isServicePage(url);
}

/** Documents, chats and console pages live on names under these. */
const serviceDomains = ['feishu.cn', 'larksuite.com', 'larkoffice.com'];

function isServicePage({ protocol, hostname, port }: URL): boolean {
  const isTheirs = serviceDomains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
  return protocol === 'https:' && port === '' && isTheirs;
}

/** A web address without a name and password in it, which only serve to look like another host. */
function cleanUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined;
  return url.username === '' && url.password === '' ? url : undefined;
}
