import type * as Http from 'node:http';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../contract/config.ts';
import type { ClientKeys } from './client-keys.ts';
import { type ControlRouteParts, Tickets, controlRoutes } from './control-routes.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { header, sendFault, toFault } from './error-form.ts';
import { checkDoor } from './guard.ts';
import { type HealthRouteParts, healthRoutes } from './health-routes.ts';
import { type HelloRouteParts, helloRoutes } from './hello-routes.ts';
import { identify } from './key-check.ts';
import { mcpRoutes } from './mcp-routes.ts';
import { type OauthRouteParts, oauthRoutes } from './oauth-routes.ts';
import { OpenStreams } from './open-streams.ts';
import { type SseRouteParts, sseRoutes } from './sse-routes.ts';

// An import would evaluate every lazy export of node:http, a WebSocket client among them: a tenth of the start.
const { createServer }: { createServer: typeof Http.createServer } = createRequire(import.meta.url)('node:http');

export interface ServerParts
  extends
    Omit<SseRouteParts, 'streams' | 'identify'>,
    Omit<ControlRouteParts, 'streams' | 'queueBytes'>,
    OauthRouteParts,
    HelloRouteParts,
    HealthRouteParts {
  clock: Clock;
  log: Log;
  settings: Config['server'];
  clientKeys: ClientKeys;
  dashboardFolder: string;
}

/** The door, open. */
export interface Door {
  readonly port: number;
  readonly tickets: Tickets;
  /** From now on every request is answered with `stopping`. */
  stopTaking(): void;
  close(): Promise<void>;
}

/** How long a client may take to ask. Node looks for slow ones every half minute if not told otherwise. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 2_000,
};

/** Builds the routes and listens on both loopback addresses, or on neither. */
export async function openDoor(parts: ServerParts): Promise<Door> {
  const streams = new OpenStreams(parts.clock);
  const tickets = new Tickets(parts.clock);
  const app = fastify({
    bodyLimit: parts.gateway.limits.bodyBytes,
    requestTimeout: patience.requestTimeout,
    keepAliveTimeout: patience.keepAliveTimeout,
    http: patience,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 200 },
  });
  let port = parts.settings.port;
  const door = { open: true };
  addGuards(app, () => ({ port, allowedOrigins: parts.settings.origins, open: door.open }), parts.log);
  const mcpParts = { ...parts, streams, identify: identifyBy(parts) };
  mcpRoutes(app, mcpParts);
  sseRoutes(app, mcpParts);
  oauthRoutes(app, parts);
  controlRoutes(app, tickets, { ...parts, streams, queueBytes: parts.gateway.limits.queueBytes });
  healthRoutes(app, parts);
  helloRoutes(app, () => port, parts);
  await dashboardRoutes(app, parts.dashboardFolder);
  await app.ready();
  port = await listen(app, port);
  const second = await listenOnSecond(app, port);
  const servers = [app.server, ...(second ? [second] : [])];
  return {
    port,
    tickets,
    stopTaking: () => void (door.open = false),
    close: () => close({ app, servers, streams }, parts.clock),
  };
}

function identifyBy({ clientKeys, settings }: ServerParts): SseRouteParts['identify'] {
  return (request) => identify(request, clientKeys, settings);
}

function addGuards(
  app: FastifyInstance,
  door: () => { port: number; allowedOrigins: string[]; open: boolean },
  log: Log,
): void {
  app.removeAllContentTypeParsers();
  // Bodies are read as bytes: what they hold is judged where the answer's form is known.
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request) => {
    checkDoor({ host: header(request, 'host'), origin: header(request, 'origin'), ...door() });
    if (!door().open) throw new Fault('stopping', { retryAfterMs: 3000 });
    if (header(request, 'content-encoding') !== undefined) throw new Fault('unsupported_media_type');
  });
  app.setErrorHandler((thrown, _request, reply) => {
    const fault = toFault(thrown);
    if (fault.code === 'internal') log.error({ err: thrown }, 'request failed inside');
    return sendFault(reply, fault);
  });
  app.setNotFoundHandler((_request, reply) => sendFault(reply, new Fault('not_found')));
}

async function listen(app: FastifyInstance, port: number): Promise<number> {
  try {
    await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    throw portFault(error, port);
  }
  const address = app.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

/** A program that holds ::1 would get what clients send to "localhost", so both are ours or none. */
async function listenOnSecond(app: FastifyInstance, port: number): Promise<Http.Server | undefined> {
  const second = createServer(patience, (request, response) => app.routing(request, response));
  try {
    second.listen({ host: '::1', port });
    await once(second, 'listening');
    return second;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return undefined;
    await app.close();
    throw portFault(error, port);
  }
}

function portFault(error: unknown, port: number): Fault {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE'
    ? new Fault('port_taken', { cause: error, details: { port } })
    : new Fault('internal', { cause: error });
}

/** Lets the answers go out that are on their way, and drops what is left after a moment. */
async function close({ app, servers, streams }: OpenDoor, clock: Clock): Promise<void> {
  // Taken before the end: a server that has closed says nothing more.
  const closed = Promise.all(servers.map(async (server) => once(server, 'close')));
  streams.close();
  for (const server of servers) {
    server.close();
    server.closeIdleConnections();
  }
  await Promise.race([closed, clock.sleep(500)]);
  for (const server of servers) server.closeAllConnections();
  await app.close();
}

interface OpenDoor {
  app: FastifyInstance;
  servers: Http.Server[];
  streams: OpenStreams;
}
