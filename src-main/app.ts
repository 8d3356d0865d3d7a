import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { larkHosts } from './base/addresses.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { openDatabase } from './base/database.ts';
import { EventBus } from './base/event-bus.ts';
import { Fault } from './base/fault.ts';
import type { Host } from './base/host.ts';
import { createHttpClient } from './base/http-client.ts';
import { createLog } from './base/log.ts';
import { Notices } from './base/notices.ts';
import { Signer } from './base/signer.ts';
import type { Config } from './contract/config.ts';
import type { AccountView } from './contract/views.ts';
import { CallHistory } from './control/call-history.ts';
import { startCallLog } from './control/call-log.ts';
import { type Control, createControl } from './control/control.ts';
import { Metrics } from './control/metrics.ts';
import { recordSteps } from './control/record-schema.ts';
import type { Caller } from './gateway/caller.ts';
import { type Gateway, type GatewayParts, createGateway } from './gateway/gateway.ts';
import type { Session } from './gateway/session.ts';
import { createLarkIssuer } from './providers/lark/lark-issuer.ts';
import { createLarkProvider } from './providers/lark/lark-provider.ts';
import { ClientKeys } from './server/client-keys.ts';
import { signInPath } from './server/oauth-routes.ts';
import { openDoor } from './server/server.ts';
import { type Accounts, openAccounts } from './tokens/accounts.ts';
import { Login, type LoginAnswer, type LoginBinding } from './tokens/login.ts';
import type { Renewer } from './tokens/renewal-job.ts';

export interface AppOptions {
  host: Host;
  settings: Config;
  version: string;
  /** What the build made: the tool catalog and the dashboard's files. */
  folders: { catalog: string; dashboard: string };
  /** The app's secret where the environment gives it; otherwise the stored one is used. */
  appSecret?: string | undefined;
  clock?: Clock;
  renewer?: Renewer;
  mount?: GatewayParts['mount'];
}

export interface App {
  urls: ReturnType<typeof urlsOf>;
  /** The keys that MCP clients send. */
  keys: ClientKeys;
  bus: EventBus;
  accounts(): AccountView[];
  signOut(accountId: string): Promise<void>;
  /** A link that lets a browser into the dashboard, once. */
  dashboardLink(): string;
  /** Drains for at most `drainMs`, writes everything down, stops. */
  close(drainMs?: number): Promise<void>;
}

/** Builds everything once, in the order of the river from its mouth up, and opens the door last. */
export async function startApp(options: AppOptions): Promise<App> {
  const base = await openBase(options);
  const records = await openRecords(options, base);
  const accounts = await openIdentity(options, base);
  const metrics = new Metrics({ ...base, accounts, version: options.version });
  const link: Link = { origin: '' };
  const gateway = openGateway(options, { ...base, accounts, database: records.database, link });
  const signOut = async (accountId: string) => {
    await accounts.signOut(accountId);
    gateway.sessions.unbind(accountId);
  };
  const control = openControl(options, { ...base, accounts, signOut, gateway, history: records.history, link });
  const clientKeys = await ClientKeys.open(options.host.dataFolder, base);
  const door = await openDoor({
    ...base,
    ...gateway,
    ...doorAnswers(options, { ...base, accounts, link }),
    gateway,
    control,
    clientKeys,
    version: options.version,
    settings: options.settings.server,
    dashboardFolder: options.folders.dashboard,
    health: () => control.health(),
    metrics: () => metrics.text(),
  });
  link.origin = `http://127.0.0.1:${door.port}`;
  accounts.start();
  return {
    urls: urlsOf(link),
    keys: clientKeys,
    bus: base.bus,
    accounts: () => accounts.list(),
    signOut,
    dashboardLink: () => `${link.origin}/dashboard/enter?ticket=${door.tickets.issue()}`,
    close: async (drainMs = 5000) => {
      door.stopTaking();
      await gateway.drain(drainMs);
      await gateway.close();
      await door.close();
      await accounts.close();
      metrics.close();
      records.close();
      await base.http.close();
      await base.log.close();
    },
  };
}

const appMissing = {
  zh: '还没有飞书应用的 App ID 和 App Secret：请写入 .env（FEISHU_APP_ID、FEISHU_APP_SECRET），然后重新启动。',
  en: 'There is no Feishu app id and secret yet: put FEISHU_APP_ID and FEISHU_APP_SECRET into .env and start again.',
};

/** The gateway's own address: known when the door is open, asked for by what was built before it. */
interface Link {
  origin: string;
}

type Base = Awaited<ReturnType<typeof openBase>>;

async function openBase({ host, settings, clock = systemClock }: AppOptions) {
  const log = await createLog(host.dataFolder, settings.log);
  const bus = new EventBus(clock, { onError: (err) => log.error({ err }, 'an event listener failed') });
  return {
    clock,
    log,
    bus,
    notices: new Notices(bus, () => clock.now()),
    http: createHttpClient({ clock, ...settings.network }),
    signer: new Signer(await host.masterKey()),
  };
}

async function openRecords({ host, settings }: AppOptions, { clock, log, bus, notices }: Base) {
  const stopLog = startCallLog(bus, log);
  const database = await openDatabase(join(host.dataFolder, 'records.sqlite'), { steps: recordSteps, clock, notices });
  const history = new CallHistory({ database, bus, clock, notices, log, settings: settings.records });
  const close = () => {
    history.close();
    database.close();
    stopLog();
  };
  return { database, history, close };
}

async function openIdentity({ host, settings, appSecret, renewer }: AppOptions, base: Base): Promise<Accounts> {
  const hosts = larkHosts(settings.lark);
  const { clock, http } = base;
  const accounts = await openAccounts({
    ...base,
    host,
    issuerFor: (appId, secret) =>
      createLarkIssuer({ appId, appSecret: secret, http, clock, hosts, settings: settings.lark }),
    ...(renewer && { renewer }),
  });
  const { appId } = settings.lark;
  if (appId && appSecret) await accounts.setApp(appId, appSecret);
  if (!appId || !(await accounts.appSecret(appId))) base.notices.raise('app.missing', 'warning', appMissing);
  return accounts;
}

function openGateway(
  { settings, version, folders, mount }: AppOptions,
  parts: Base & { accounts: Accounts; database: DatabaseSync; link: Link },
): Gateway {
  const { limits, tools } = settings;
  const lark = createLarkProvider({
    ...parts,
    catalogFolder: folders.catalog,
    openUrl: larkHosts(settings.lark).open,
    settings: tools,
    limits,
  });
  for (const { name, words } of lark.notOffered) parts.notices.raise(`tools.${name}`, 'info', words);
  return createGateway({
    ...parts,
    limits,
    language: tools.language,
    version,
    providers: [lark],
    signInLink: (session, scopes) => parts.link.origin + signInPath(session, parts.signer, scopes),
    ...(mount && { mount }),
  });
}

function openControl(
  { settings, version }: AppOptions,
  parts: Base & {
    accounts: Accounts;
    signOut: (id: string) => Promise<void>;
    gateway: Gateway;
    history: CallHistory;
    link: Link;
  },
): Control {
  const { accounts, gateway, link } = parts;
  return createControl({
    ...parts,
    version,
    startedAt: parts.clock.now(),
    accounts: {
      list: () => accounts.list(),
      renewNow: (id) => accounts.renewNow(id),
      setDefault: (id) => accounts.setDefault(id),
      signOut: parts.signOut,
    },
    sessions: {
      views: () => gateway.sessions.views(),
      end: (id) => {
        const session = gateway.sessions.byShortId(id);
        if (session) void gateway.sessions.end(session, 'client');
        return session !== undefined;
      },
    },
    limits: { get: () => settings.limits, set: (change) => Object.assign(settings.limits, change) },
    urls: () => urlsOf(link),
    signInLink: () => urlsOf(link).signIn,
  });
}

/** What the door asks about people: whether they are signed in, and how they get there. */
function doorAnswers(
  { settings }: AppOptions,
  { clock, accounts, signer, link }: Base & { accounts: Accounts; link: Link },
) {
  const login = new Login({ clock, accounts });
  return {
    signInLink: (session: Session) => link.origin + signInPath(session, signer),
    isSignedIn: (session: Session, caller: Caller) =>
      caller.manualToken !== null || (session.accountId ?? caller.accountId ?? accounts.defaultId()) !== undefined,
    begin: async (binding: LoginBinding, more: string[]) => {
      const { appId } = settings.lark;
      if (!appId) throw new Fault('app_missing');
      const scopes = [...new Set([...settings.lark.scopes, ...more])];
      return (await login.begin(binding, { redirectUri: `${link.origin}/oauth/callback`, scopes, appId })).url;
    },
    complete: (answer: LoginAnswer, browser: string) => login.complete(answer, browser),
  };
}

function urlsOf({ origin }: Link) {
  return {
    mcp: `${origin}/mcp`,
    sse: `${origin}/sse`,
    health: `${origin}/healthz`,
    metrics: `${origin}/metrics`,
    signIn: `${origin}/oauth/start`,
  };
}
