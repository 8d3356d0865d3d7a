import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Log } from '../base/log.ts';
import type { Notices } from '../base/notices.ts';
import type { Config } from '../contract/config.ts';
import type { Provider } from '../providers/provider.ts';
import { Admission } from './admission.ts';
import type { Channel } from './channel.ts';
import { type McpServerParts, createMcpServer } from './mcp-server.ts';
import { type MountedServer, MountedTransport } from './mounted.ts';
import { type PipelineParts, createPipeline } from './pipeline.ts';
import { RunningCalls } from './running-calls.ts';
import { SessionStore } from './session-store.ts';
import type { Connection, Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { record } from './stages/record.ts';
import { Stateless } from './stateless.ts';
import { ToolDirectory } from './tool-directory.ts';
import { Toolset } from './toolset.ts';
import { type Trial, createTrial } from './trial.ts';

export interface GatewayParts {
  clock: Clock;
  bus: EventBus;
  notices: Notices;
  log: Log;
  database: DatabaseSync;
  limits: Config['limits'];
  language: Config['tools']['language'];
  version: string;
  providers: readonly Provider[];
  accounts: PipelineParts['accounts'] & { defaultId(): string | undefined };
  apps: PipelineParts['apps'];
  brand: PipelineParts['brand'];
  signInLink: PipelineParts['signInLink'];
  grantLink: PipelineParts['grantLink'];
  paused: PipelineParts['paused'];
  /** The account that a client's key is bound to; null for the default one. */
  accountOfKey(keyId: string): string | null;
  /** Serves sessions with another MCP server than the gateway's own, a fresh one each. */
  mount?: () => MountedServer;
}

/** Everything between the door and the providers. */
export interface Gateway {
  sessions: Sessions;
  stateless: Stateless;
  admission: Admission;
  toolset: Toolset;
  limits: Config['limits'];
  directory: ToolDirectory;
  trial: Trial;
  /** Tells the clients that work as this account to ask for the tools again. */
  toolsChanged(accountId: string): Promise<void>;
  /** The providers list other tools than before: every client is told. */
  relist(): Promise<void>;
  /** Resolves when no call runs, or after `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function createGateway(parts: GatewayParts): Gateway {
  const toolset = new Toolset(parts.providers);
  const directory = new ToolDirectory(parts.providers, toolset);
  const running = new RunningCalls();
  const pipeline = createPipeline({ ...parts, toolset, running });
  const admission = new Admission(parts);
  const serverParts: McpServerParts = { ...parts, toolset, pipeline };
  const connect = async (session: Session, channel: Channel): Promise<Connection['server']> => {
    const mounted = parts.mount?.();
    const server = mounted ?? createMcpServer(serverParts, session);
    await server.connect(mounted ? new MountedTransport(channel, session, [record({ ...parts, running })]) : channel);
    return server;
  };
  const sessions = new Sessions({
    ...parts,
    store: new SessionStore(parts.database),
    connect,
  });
  const stateless = new Stateless({
    ...parts,
    sessions,
    admission,
    createServer: (session) => createMcpServer(serverParts, session),
  });
  return {
    sessions,
    stateless,
    admission,
    toolset,
    limits: parts.limits,
    directory,
    trial: createTrial({ ...parts, toolset, running, directory, sessions }),
    toolsChanged: async (accountId) => {
      stateless.toolsChanged();
      await sessions.toolsChanged(accountId, parts.accounts.defaultId());
    },
    relist: async () => {
      toolset.rebuild();
      stateless.toolsChanged();
      await sessions.toolsChanged(null);
    },
    drain: async (ms) => {
      await Promise.race([running.idle(), parts.clock.sleep(ms)]);
      // The answer of the last call is handed over a few microtasks after the call has ended.
      await new Promise((resolve) => setImmediate(resolve));
    },
    close: async () => {
      running.abandon();
      await stateless.close();
      await sessions.close();
      for (const provider of parts.providers) await provider.close?.();
    },
  };
}
