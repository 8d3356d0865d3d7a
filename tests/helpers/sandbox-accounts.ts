import { systemClock } from '../../src-main/base/clock.ts';
import { EventBus } from '../../src-main/base/event-bus.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { createHttpClient } from '../../src-main/base/http-client.ts';
import { type Log, silentLog } from '../../src-main/base/log.ts';
import { Notices } from '../../src-main/base/notices.ts';
import { type Config, configSchema } from '../../src-main/contract/config.ts';
import type { StampedEvent } from '../../src-main/contract/events.ts';
import { createLarkIssuer } from '../../src-main/providers/lark/lark-issuer.ts';
import { type Accounts, openAccounts } from '../../src-main/tokens/accounts.ts';
import { createChildRenewer } from '../../src-main/tokens/child-renewer.ts';
import type { TokenIssuer } from '../../src-main/tokens/issuer.ts';

export interface SandboxAccounts {
  accounts: Accounts;
  notices: Notices;
  events: StampedEvent[];
  issuerFor(appId: string, appSecret: string): TokenIssuer;
  close(): Promise<void>;
}

export interface SandboxAccountsOptions {
  folder: string;
  url: string;
  tokenEndpoint?: Config['lark']['tokenEndpoint'];
  /** Renew in a child process, as the headless gateway does. */
  child?: boolean;
  log?: Log;
}

/** The token layer of a gateway on real time and real sockets, with the sandbox at `url` for Feishu. */
export async function openSandboxAccounts(options: SandboxAccountsOptions): Promise<SandboxAccounts> {
  const { folder, url, tokenEndpoint = 'v3', child = false, log = silentLog() } = options;
  const clock = systemClock;
  const settings = configSchema.parse({ lark: { openUrl: url, accountsUrl: url, tokenEndpoint } });
  const http = createHttpClient({ clock });
  const bus = new EventBus(clock);
  const events: StampedEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const notices = new Notices(bus, () => clock.now());
  const hosts = { open: url, accounts: url };
  const issuerFor = (appId: string, appSecret: string) =>
    createLarkIssuer({ appId, appSecret, http, clock, hosts, settings: settings.lark });
  const program = new URL('../../src-main/renew-worker.ts', import.meta.url).pathname;
  const renewer = child ? { renewer: createChildRenewer(program, settings) } : {};
  const host = await createNodeHost(folder, {});
  const accounts = await openAccounts({ clock, bus, notices, log, host, issuerFor, ...renewer });
  return {
    accounts,
    notices,
    events,
    issuerFor,
    close: async () => {
      await accounts.close();
      await http.close();
    },
  };
}
