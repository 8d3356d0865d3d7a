import { larkHosts } from './base/addresses.ts';
import type { Clock } from './base/clock.ts';
import type { EventBus } from './base/event-bus.ts';
import { Fault } from './base/fault.ts';
import type { Host } from './base/host.ts';
import type { HttpClient } from './base/http-client.ts';
import type { Log } from './base/log.ts';
import type { Notices } from './base/notices.ts';
import type { Signer } from './base/signer.ts';
import type { Config } from './contract/config.ts';
import type { ControlOutput, ParsedControlInput } from './contract/control.ts';
import type { AppView, Brand } from './contract/views.ts';
import { type AppInspector, createAppInspector } from './providers/lark/app-inspector.ts';
import { commonScopes } from './providers/lark/common-scopes.ts';
import { createLarkIssuer } from './providers/lark/lark-issuer.ts';
import { createRegistrar } from './providers/lark/lark-registrar.ts';
import { loginPath } from './server/login-links.ts';
import { type Accounts, openAccounts } from './tokens/accounts.ts';
import { Logins } from './tokens/logins.ts';
import type { Renewer } from './tokens/renewal-job.ts';

export interface IdentityOptions {
  host: Host;
  settings: Config;
  /** The secret of the settings' app, where the environment gives it; otherwise the stored one is used. */
  appSecret?: string | undefined;
  renewer?: Renewer;
  /** Writes a changed setting to where the settings came from. Without it a change ends with the process. */
  keepSettings?: (section: keyof Config, change: Record<string, unknown>) => Promise<void>;
}

export interface IdentityBase {
  clock: Clock;
  log: Log;
  bus: EventBus;
  notices: Notices;
  http: HttpClient;
  signer: Signer;
}

export interface Identity {
  accounts: Accounts;
  logins: Logins;
  /** Proves a new app and keeps it. */
  addApp(input: ParsedControlInput<'addApp'>): Promise<AppView>;
  setDefaultApp(appId: string): Promise<void>;
  examineApp(appId: string | undefined): Promise<ControlOutput<'doctor'>>;
}

/** People, the apps they sign in through, and the ways to sign in. */
export async function openIdentity(
  options: IdentityOptions,
  base: IdentityBase,
  /** The gateway's own address, known when the door is open. */
  link: { readonly origin: string },
): Promise<Identity> {
  const { host, settings, renewer } = options;
  const { clock, http, signer } = base;
  const { lark } = settings;
  const hostsFor = (brand: Brand) => larkHosts(brand, lark);
  const accounts = await openAccounts({
    ...base,
    host,
    formerBrand: lark.brand,
    issuerFor: (app) => createLarkIssuer({ ...app, http, clock, hosts: hostsFor(app.brand), settings: lark }),
    ...(renewer && { renewer }),
  });
  await takeGivenApp(options, accounts);
  const inspector = createAppInspector({ http, hostsFor });
  const redirectUri = () => `${link.origin}/oauth/callback`;
  const logins = new Logins({
    ...base,
    accounts,
    registrar: createRegistrar({ http, clock, hostsFor }),
    commonScopes,
    usualScopes: (appId) => usualScopes(appId, lark, { accounts, inspector }),
    redirectUri,
    startUrl: (loginId) => link.origin + loginPath(loginId, signer),
  });
  return { accounts, logins, ...appActs(options, { accounts, inspector, redirectUri }) };
}

interface AppParts {
  accounts: Accounts;
  inspector: AppInspector;
}

/** What is asked of a person who signs in: never a scope that the app is not known to have. */
async function usualScopes(appId: string, { scopes }: Config['lark'], parts: AppParts): Promise<string[]> {
  if (scopes.length > 0) return scopes;
  if (parts.accounts.apps.get(appId)?.origin === 'registered') return [...commonScopes];
  const enabled = await enabledScopes(appId, parts);
  return enabled ? commonScopes.filter((scope) => enabled.includes(scope)) : ['offline_access'];
}

/** As the app says now or, where Feishu cannot be asked, as it said last. */
async function enabledScopes(appId: string, { accounts, inspector }: AppParts): Promise<string[] | null> {
  const { apps } = accounts;
  const seen = await inspector.enabledScopes(apps.credentials(appId)).catch(() => null);
  if (seen) await apps.note(appId, { enabledScopes: seen });
  return seen ?? apps.enabledScopes(appId);
}

/** What a person does with apps. */
function appActs(
  { settings }: IdentityOptions,
  { accounts, inspector, redirectUri }: AppParts & { redirectUri(): string },
): Pick<Identity, 'addApp' | 'setDefaultApp' | 'examineApp'> {
  const { apps } = accounts;
  return {
    addApp: async ({ appId, appSecret, brand }) => {
      await inspector.prove({ appId, appSecret, brand });
      return apps.add({ appId, appSecret, brand, origin: 'given' });
    },
    setDefaultApp: (appId) => apps.setDefault(appId),
    examineApp: async (named) => {
      const appId = named ?? apps.defaultId();
      if (appId === undefined) throw new Fault('app_missing');
      const wanted = {
        // A registered app has no redirect URL and needs none: people sign in to it by a scan.
        redirectUrl: apps.get(appId)?.origin === 'registered' ? null : redirectUri(),
        scopes: settings.lark.scopes.length > 0 ? settings.lark.scopes : [...commonScopes],
      };
      return { appId, checks: await inspector.examine(apps.credentials(appId), wanted) };
    },
  };
}

/**
 * The app of the settings or the environment becomes the default one when it is new; afterwards the person chooses. What
 * is known of it wins: the secret of an app that was created here exists nowhere else, and a brand is proved once.
 */
async function takeGivenApp({ settings, appSecret }: IdentityOptions, { apps }: Accounts): Promise<void> {
  const { appId, brand } = settings.lark;
  if (!appId || !appSecret) return;
  const known = apps.get(appId);
  if (known?.origin === 'registered') return;
  await apps.add({ appId, appSecret, brand: known?.brand ?? brand, origin: 'given' });
  if (!known) await apps.setDefault(appId);
}
