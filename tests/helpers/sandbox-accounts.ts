import { larkHosts } from '../../src-main/base/addresses.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { createHttpClient } from '../../src-main/base/http-client.ts';
import { type Log, silentLog } from '../../src-main/base/log.ts';
import { Notices } from '../../src-main/base/notices.ts';
import { type Config, configSchema } from '../../src-main/contract/config.ts';
import type { StampedEvent } from '../../src-main/contract/events.ts';
import type { Brand } from '../../src-main/contract/views.ts';
import { createLarkIssuer } from '../../src-main/providers/lark/lark-issuer.ts';
import { createRegistrar } from '../../src-main/providers/lark/lark-registrar.ts';
import { type Accounts, openAccounts } from '../../src-main/tokens/accounts.ts';
import { createChildRenewer } from '../../src-main/tokens/child-renewer.ts';
import { Logins } from '../../src-main/tokens/logins.ts';
import type { AppCredentials, TokenIssuer } from '../../src-main/tokens/issuer.ts';

export interface SandboxAccounts {
  accounts: Accounts;
  notices: Notices;
  events: StampedEvent[];
  issuerFor(app: AppCredentials): TokenIssuer;
  logins: Logins;
  close(): Promise<void>;
}

export interface SandboxAccountsOptions {
  folder: string;
  url: string;
  /** The Lark twin. */
  larkUrl?: string;
  tokenEndpoint?: Config['lark']['tokenEndpoint'];
  /** Renew in a child process, as the headless gateway does. A path: in one that runs this program instead. */
  child?: boolean | string;
  log?: Log;
}

/** What these sign-ins ask for. */
export const sandboxScopes: readonly string[] = ['offline_access', 'im:message:readonly'];

/** The token layer of a gateway on real time and real sockets, with the sandbox at `url` for Feishu. */
export async function openSandboxAccounts(options: SandboxAccountsOptions): Promise<SandboxAccounts> {
  const { folder, url, larkUrl = url, tokenEndpoint = 'v3', child = false, log = silentLog() } = options;
  const clock = systemClock;
  const lark = { openUrl: url, accountsUrl: url, larkOpenUrl: larkUrl, larkAccountsUrl: larkUrl, tokenEndpoint };
  const settings = configSchema.parse({ lark });
  const http = createHttpClient({ clock });
  const bus = new EventBus(clock);
  const events: StampedEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const notices = new Notices(bus, () => clock.now());
  const hostsFor = (brand: Brand) => larkHosts(brand, settings.lark);
  const issuerFor = (app: AppCredentials) =>
    createLarkIssuer({ ...app, http, clock, hosts: hostsFor(app.brand), settings: settings.lark });
  const worker = new URL('../../src-main/renew-worker.ts', import.meta.url).pathname;
  const program = typeof child === 'string' ? child : worker;
  const renewer = child ? { renewer: createChildRenewer(program, settings) } : {};
  const host = await createNodeHost(folder, {});
  const accounts = await openAccounts({
    clock,
    bus,
    notices,
    log,
    host,
    issuerFor,
    formerBrand: 'feishu',
    ...renewer,
  });
  const logins = new Logins({
    clock,
    bus,
    log,
    accounts,
    registrar: createRegistrar({ http, clock, hostsFor }),
    commonScopes: sandboxScopes,
    usualScopes: async () => [...sandboxScopes],
    redirectUri: () => 'http://127.0.0.1:5275/oauth/callback',
    startUrl: (id) => `http://127.0.0.1:5275/oauth/start?login=${id}`,
  });
  return {
    accounts,
    logins,
    notices,
    events,
    issuerFor,
    close: async () => {
      logins.close();
      await accounts.close();
      await http.close();
    },
  };
}
