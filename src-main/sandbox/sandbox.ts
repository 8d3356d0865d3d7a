import { dirname } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { makePrivateFolder } from '../base/files.ts';
import { accountsEndpoints } from './accounts/accounts-pages.ts';
import { AppRegistration, requireDemoSecret } from './accounts/app-registration.ts';
import { TokenBook } from './accounts/token-book.ts';
import { tokenEndpoints } from './accounts/token-endpoint.ts';
import { foundCompany } from './company/company.ts';
import { people } from './company/people.ts';
import { Store } from './company/store.ts';
import { openWorld } from './company/world.ts';
import { openRoutes } from './routes/routes.ts';
import { scopesWithoutRoutes } from './routes/scopes.ts';
import { mountControl } from './wire/control-endpoints.ts';
import { text } from './wire/envelope.ts';
import { Exchange } from './wire/exchange.ts';
import { FaultList } from './wire/faults.ts';
import { openEndpoint } from './wire/open-api.ts';
import { RequestLog } from './wire/request-log.ts';
import { SandboxClock } from './wire/sandbox-clock.ts';

export interface SandboxOptions {
  clock: Clock;
  /** 0, the usual value, asks the system for a free one. */
  port?: number;
  appId?: string;
  appSecret?: string;
  /** A SQLite file in which tokens and data outlive the process; kept in memory when absent. */
  stateFile?: string;
  /** Before every answer, as a far-away server would take. */
  delayMs?: number;
}

/** A stand-in for Feishu: its accounts pages, token endpoints and OpenAPI on one origin, with a made-up company behind. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, both the accounts host and the open host. */
  readonly url: string;
  readonly appId: string;
  readonly appSecret: string;
  /**
   * Does what a person does on the consent page: picks the account (by key, such as `lin.xiaoyu`) and says yes, or no.
   * Resolves to where the browser would go next, without going there.
   */
  consent(authorizeUrl: URL, choice?: { person?: string; deny?: boolean }): Promise<URL>;
  close(): Promise<void>;
}

export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const credentials = { id: options.appId ?? 'cli_sandbox000000000', secret: options.appSecret ?? 'sandbox-secret' };
  requireDemoSecret(credentials.secret);
  if (options.stateFile !== undefined) await makePrivateFolder(dirname(options.stateFile));
  const store = new Store(options.stateFile);
  const clock = new SandboxClock(options.clock, store);
  const world = openWorld(store, () => clock.now());
  const routes = openRoutes(world);
  const knownScopes = new Set([...routes.flatMap((route) => route.scopes), ...scopesWithoutRoutes]);
  const app = new AppRegistration(credentials, knownScopes, store);
  const book = new TokenBook(app, store, () => clock.now());
  foundCompany(world);

  const log = new RequestLog();
  const faults = new FaultList();
  const server = createServer();
  const exchange = new Exchange(server, {
    log,
    faults,
    book,
    clock,
    delayMs: options.delayMs ?? 0,
  });
  for (const endpoint of accountsEndpoints(app, book)) exchange.mount(endpoint);
  for (const endpoint of tokenEndpoints(app, book)) exchange.mount(endpoint);
  for (const route of routes) exchange.mount(openEndpoint(route, app, book));
  exchange.mountLast(text('404 page not found', 404));
  mountControl(server, { log, faults, book, app, clock });

  const url = await listen(server, options.port ?? 0);
  return {
    url,
    appId: app.id,
    appSecret: app.secret,
    consent: async (authorizeUrl, choice = {}) => {
      if (authorizeUrl.origin !== url) throw consentFault(`${authorizeUrl.origin} is not this sandbox`);
      return consent(server, authorizeUrl, choice);
    },
    close: async () => {
      await server.close();
      clock.stop();
      store.close();
    },
  };
}

function createServer(): FastifyInstance {
  const server = Fastify({
    logger: false,
    bodyLimit: 32 * 1024 * 1024,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return server;
}

async function listen(server: FastifyInstance, port: number): Promise<string> {
  try {
    return await server.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    throw new Fault('port_taken', { cause: error, details: { port } });
  }
}

async function consent(
  server: FastifyInstance,
  authorizeUrl: URL,
  choice: { person?: string; deny?: boolean },
): Promise<URL> {
  const form = new URLSearchParams({
    person: choice.person ?? people[0].key,
    decision: choice.deny ? 'deny' : 'allow',
  });
  const answer = await server.inject({
    method: 'POST',
    url: authorizeUrl.pathname + authorizeUrl.search,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: form.toString(),
  });
  if (answer.statusCode === 302 && answer.headers.location !== undefined) return new URL(answer.headers.location);
  const why = /role="alert">([^<]*)</.exec(answer.body)?.[1] ?? `HTTP ${answer.statusCode}`;
  throw consentFault(why);
}

function consentFault(why: string): Fault {
  return new Fault('login_failed', { details: { why } });
}
