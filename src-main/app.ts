import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Clock, systemClock } from './base/clock.ts';
import { openDatabase } from './base/database.ts';
import { EventBus } from './base/event-bus.ts';
import { createHttpClient } from './base/http-client.ts';
import { createLog } from './base/log.ts';
import { lastLogLines } from './base/log-tail.ts';
import { Notices } from './base/notices.ts';
import { Signer } from './base/signer.ts';
import type { ConnectorOptions } from './connectors.ts';
import type { ControlInput, ControlMethod, ControlOutput } from './contract/control.ts';
import type { AccountView, LoginWay } from './contract/views.ts';
import type { Connections, ConnectionsParts } from './connect/connections.ts';
import { watchDrift } from './connect/drift-watch.ts';
import { CallHistory } from './control/call-history.ts';
import { startCallLog } from './control/call-log.ts';
import { aboutView } from './control/about-view.ts';
import { type Control, createControl } from './control/control.ts';
import { LiveSettings } from './control/live-settings.ts';
import { Metrics } from './control/metrics.ts';
import { portView } from './control/port-view.ts';
import { recordSteps } from './control/record-schema.ts';
import { followChanges } from './follow-changes.ts';
import type { Caller } from './gateway/caller.ts';
import type { GatewayParts } from './gateway/gateway.ts';
import type { Session } from './gateway/session.ts';
import { type Identity, type IdentityOptions, openIdentity } from './identity.ts';
import { type OpenGateway, openGateway } from './open-gateway.ts';
import { ClientKeys } from './server/client-keys.ts';
import { GrantLinks } from './server/grant-links.ts';
import { signInPath, startPath } from './server/login-links.ts';
import { openDoor, type ServerParts } from './server/server.ts';

export interface AppOptions extends IdentityOptions, ConnectorOptions {
  version: string;
  /** What the build made: the tool catalog and the dashboard's files. */
  folders: { catalog: string; dashboard: string };
  clock?: Clock;
  /** Makes what connects the person's clients; absent where it is not known whose they are. */
  connections?: (parts: ConnectionBase) => Connections;
  mount?: GatewayParts['mount'];
}

/** What this gateway adds to what the machine knows. */
export type ConnectionBase = Pick<ConnectionsParts, 'dataFolder' | 'clock' | 'keys' | 'mcpUrl' | 'helloKey'>;

export interface App {
  readonly port: number;
  urls: ReturnType<typeof urlsOf>;
  /** The keys that MCP clients send. */
  keys: ClientKeys;
  bus: EventBus;
  accounts(): AccountView[];
  /** Whether there is an app to sign in to. */
  hasApp(): boolean;
  signOut(accountId: string): Promise<void>;
  /** The control API, for programs in this process. Rejects with a Fault. */
  call<M extends ControlMethod>(method: M, input: ControlInput<M>): Promise<ControlOutput<M>>;
  /** The machine woke up or the network is back. */
  wake(): void;
  /** A link that lets a browser into the dashboard, once. */
  dashboardLink(): string;
  /** Drains for at most `drainMs`, writes everything down, stops. */
  close(drainMs?: number): Promise<void>;
}

/** Builds everything once, in the order of the river from its mouth up, and opens the door last. */
export async function startApp(options: AppOptions): Promise<App> {
  const base = await openBase(options);
  const records = await openRecords(options, base);
  const link: Link = { origin: '' };
  const identity = await openIdentity({ ...options, keepSettings: base.live.keep }, base, link);
  const { accounts, logins } = identity;
  const metrics = new Metrics({ ...base, accounts, version: options.version });
  const clientKeys = await openClientKeys(options, base);
  const parts: Parts = { ...base, ...records, ...identity, clientKeys, link, grants: new GrantLinks(base) };
  const gateway = openGateway(options, parts);
  followChanges(parts, gateway);
  const connections = options.connections?.({
    dataFolder: options.host.dataFolder,
    clock: base.clock,
    keys: clientKeys,
    mcpUrl: () => urlsOf(link, base.signer).mcp,
    helloKey: base.signer.keyFor('hello').toString('base64url'),
  });
  const control = openControl(options, { ...parts, connections }, gateway);
  const closeCore = async () => {
    await accounts.close();
    metrics.close();
    records.close();
    await base.http.close();
    await base.log.close();
  };
  // Where the port is taken nothing stays open: whoever asked may try another one.
  const door = await openDoor(doorParts(options, parts, { gateway, control, metrics })).catch(
    async (thrown: unknown) => {
      await gateway.close();
      await closeCore();
      throw thrown;
    },
  );
  link.origin = `http://127.0.0.1:${door.port}`;
  accounts.start();
  const stopWatching = [clientKeys.watch(), ...(connections ? [watchDrift(connections, base)] : [])];
  return {
    port: door.port,
    urls: urlsOf(link, base.signer),
    keys: clientKeys,
    bus: base.bus,
    accounts: () => accounts.list(),
    hasApp: () => accounts.apps.defaultId() !== undefined,
    signOut: (accountId) => accounts.signOut(accountId),
    call: (method, input) => control.ask(method, input),
    wake: () => accounts.wake(),
    dashboardLink: () => `${link.origin}/dashboard/enter?ticket=${door.tickets.issue()}`,
    close: async (drainMs = 5000) => {
      door.stopTaking();
      logins.close();
      for (const stop of stopWatching) stop();
      await gateway.drain(drainMs);
      await gateway.close();
      await door.close();
      await closeCore();
    },
  };
}

/** The gateway's own address: known when the door is open, asked for by what was built before it. */
interface Link {
  origin: string;
}

type Base = Awaited<ReturnType<typeof openBase>>;

interface Parts extends Base, Identity {
  connections?: Connections | undefined;
  database: DatabaseSync;
  history: CallHistory;
  clientKeys: ClientKeys;
  link: Link;
  grants: GrantLinks;
}

async function openBase({ host, settings, keepSettings, clock = systemClock }: AppOptions) {
  const log = await createLog(host.dataFolder, settings.log);
  const bus = new EventBus(clock, { onError: (err) => log.error({ err }, 'an event listener failed') });
  const live = new LiveSettings({ running: settings, bus, keep: keepSettings });
  live.onChange('log.level', (wanted) => () => (log.level = wanted.log.level));
  return {
    clock,
    log,
    bus,
    live,
    notices: new Notices(bus, () => clock.now()),
    http: createHttpClient({ clock, ...settings.network }),
    signer: new Signer(await host.masterKey()),
  };
}

async function openRecords({ host, settings }: AppOptions, { clock, live, log, bus, notices }: Base) {
  const stopLog = startCallLog(bus, log);
  const database = await openDatabase(join(host.dataFolder, 'records.sqlite'), { steps: recordSteps, clock, notices });
  const history = new CallHistory({ database, bus, clock, notices, log, settings: settings.records });
  const retain = () => () => history.retain();
  live.onChange('records.days', retain);
  live.onChange('records.calls', retain);
  const close = () => {
    history.close();
    database.close();
    stopLog();
  };
  return { database, history, close };
}

async function openClientKeys({ host }: AppOptions, base: Base): Promise<ClientKeys> {
  const clientKeys = await ClientKeys.open(host.dataFolder, base);
  clientKeys.onChange((change) => base.bus.publish(change));
  return clientKeys;
}

function openControl({ host, version }: AppOptions, parts: Parts, gateway: OpenGateway): Control {
  const { accounts, clientKeys, clock, link, live, logins } = parts;
  const { sessions } = gateway;
  const about = { ...parts, ...gateway, version, startedAt: clock.now(), dataFolder: host.dataFolder };
  return createControl({
    ...parts,
    ...gateway,
    ...about,
    settings: live,
    about: () => aboutView(about),
    logLines: (count) => lastLogLines(host.dataFolder, count),
    portHolder: (port) => portView(port, Number(new URL(link.origin).port)),
    apps: {
      list: () => accounts.apps.list(),
      add: parts.addApp,
      setDefault: parts.setDefaultApp,
      forget: (appId) => accounts.apps.forget(appId),
      examine: parts.examineApp,
    },
    logins: {
      list: () => logins.list(),
      createApp: (input) => logins.createApp(input),
      begin: (input) => logins.begin(input),
      extendApp: (input) => logins.extendApp(input),
      cancel: (loginId) => logins.cancel(loginId),
      addToken: (input) => logins.addToken(input),
    },
    clients: { list: () => clientKeys.list(), bind: (keyId, accountId) => clientKeys.bind(keyId, accountId) },
    sessions: {
      views: () => sessions.views(),
      bind: (id, accountId) => sessions.bind(id, accountId),
      end: (id) => {
        const session = sessions.byShortId(id);
        if (session) void sessions.end(session, 'client');
        return session !== undefined;
      },
    },
    urls: () => urlsOf(link, parts.signer),
  });
}

/** Everything that the door needs to answer. */
function doorParts(
  { settings, version, folders }: AppOptions,
  parts: Parts,
  { gateway, control, metrics }: { gateway: OpenGateway; control: Control; metrics: Metrics },
): ServerParts {
  return {
    ...parts,
    ...gateway,
    ...doorAnswers(parts),
    gateway,
    control,
    version,
    settings: settings.server,
    dashboardFolder: folders.dashboard,
    health: () => control.health(),
    metrics: () => metrics.text(),
  };
}

/** What the door asks about people: whether they are signed in, and how they get there. */
function doorAnswers({ accounts, link, signer }: Parts) {
  return {
    signInLink: (session: Session) => link.origin + signInPath(session, signer),
    isSignedIn: (session: Session, caller: Caller) =>
      caller.manualToken !== null || (session.accountId ?? caller.accountId ?? accounts.defaultId()) !== undefined,
    wayOf: (): LoginWay => {
      const appId = accounts.apps.defaultId();
      const app = appId === undefined ? undefined : accounts.apps.get(appId);
      return app?.origin === 'registered' ? 'device' : 'browser';
    },
  };
}

function urlsOf({ origin }: Link, signer: Signer) {
  return {
    mcp: `${origin}/mcp`,
    sse: `${origin}/sse`,
    health: `${origin}/healthz`,
    metrics: `${origin}/metrics`,
    signIn: origin + startPath(signer),
    redirect: `${origin}/oauth/callback`,
  };
}
