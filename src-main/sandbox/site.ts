import Fastify, { type FastifyInstance } from 'fastify';
import { Fault } from '../base/fault.ts';
import type { Brand } from '../contract/views.ts';
import { AppBook } from './accounts/app-book.ts';
import { appTokenEndpoint } from './accounts/app-token-endpoint.ts';
import { authorizeEndpoints } from './accounts/authorize-endpoint.ts';
import { DeviceBook } from './accounts/device-book.ts';
import { deviceEndpoints } from './accounts/device-endpoints.ts';
import type { RegistrationBook } from './accounts/registration-book.ts';
import { registrationEndpoints } from './accounts/registration-endpoints.ts';
import type { AppSettings } from './accounts/sandbox-app.ts';
import { TokenBook } from './accounts/token-book.ts';
import { tokenEndpoints } from './accounts/token-endpoint.ts';
import { foundCompany, type Story } from './company/company.ts';
import { peopleOf } from './company/people.ts';
import type { Shelf } from './company/store.ts';
import { openWorld } from './company/world.ts';
import { appChangeRoutes, appConfigRoutes } from './routes/app-config.ts';
import { openRoutes } from './routes/routes.ts';
import { scopesWithoutRoutes } from './routes/scopes.ts';
import { mountControl } from './wire/control-endpoints.ts';
import { text } from './wire/envelope.ts';
import { type Endpoint, Exchange } from './wire/exchange.ts';
import { FaultList } from './wire/faults.ts';
import { openEndpoint } from './wire/open-api.ts';
import type { OpenRoute } from './wire/open-route.ts';
import { RequestLog } from './wire/request-log.ts';
import type { SandboxClock } from './wire/sandbox-clock.ts';

export interface SiteParts {
  brand: Brand;
  shelf: Shelf;
  clock: SandboxClock;
  story: Story;
  home: { id: string; secret: string; settings: Partial<AppSettings> };
  delayMs: number;
}

/** One of the two services on an origin of its own: its accounts pages, token endpoints, OpenAPI, people and data. */
export class Site {
  readonly brand: Brand;
  readonly apps: AppBook;
  readonly #parts: SiteParts;
  readonly #tokens: TokenBook;
  readonly #routes: OpenRoute[];
  readonly #server = createServer();
  #url = '';

  constructor(parts: SiteParts) {
    const { brand, shelf, clock, story, home } = parts;
    this.#parts = parts;
    this.brand = brand;
    const world = openWorld(shelf, () => clock.now());
    const worldRoutes = openRoutes(world);
    const knownScopes = new Set([...worldRoutes.flatMap((route) => route.scopes), ...scopesWithoutRoutes]);
    const [owner] = peopleOf(brand);
    this.apps = new AppBook({ brand, knownScopes, shelf, home: { ...home, owner: owner?.key ?? '' } });
    this.#tokens = new TokenBook(shelf, () => clock.now());
    // Lark international does not have the methods by which an app changes itself.
    const changes = brand === 'feishu' ? appChangeRoutes(this.apps) : [];
    this.#routes = [...worldRoutes, ...appConfigRoutes(this.apps), ...changes];
    foundCompany(world, story);
  }

  get url(): string {
    return this.#url;
  }

  async open(parts: { port: number; apps: Record<Brand, AppBook>; registrations: RegistrationBook }): Promise<void> {
    const { brand, clock, delayMs } = this.#parts;
    const [log, faults, book] = [new RequestLog(), new FaultList(), this.#tokens];
    const exchange = new Exchange(this.#server, { log, faults, book, clock, delayMs });
    for (const endpoint of this.#endpoints(parts)) exchange.mount(endpoint);
    exchange.mountLast(text('404 page not found', 404));
    mountControl(this.#server, { log, faults, book, brand, apps: this.apps, clock });
    this.#url = await listen(this.#server, parts.port);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** Sends a form as a browser on that page would. */
  async submit(url: URL, form: Record<string, string>) {
    const answer = await this.#server.inject({
      method: 'POST',
      url: url.pathname + url.search,
      headers: { 'content-type': 'application/x-www-form-urlencoded', host: url.host },
      payload: new URLSearchParams(form).toString(),
    });
    return { status: answer.statusCode, location: answer.headers.location, body: answer.body };
  }

  #endpoints(parts: { apps: Record<Brand, AppBook>; registrations: RegistrationBook }): Endpoint[] {
    const { brand, shelf, clock } = this.#parts;
    const [apps, tokens] = [this.apps, this.#tokens];
    const devices = new DeviceBook({ shelf, tokens, now: () => clock.now() });
    return [
      ...authorizeEndpoints(brand, apps, tokens),
      ...deviceEndpoints(brand, { apps, tokens, devices }),
      ...registrationEndpoints({ brand, ...parts }),
      ...tokenEndpoints({ apps, tokens, devices }),
      appTokenEndpoint('tenant', apps, tokens),
      appTokenEndpoint('app', apps, tokens),
      ...this.#routes.map((route) => openEndpoint(route, apps, tokens)),
    ];
  }
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
