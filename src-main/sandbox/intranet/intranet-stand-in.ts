import { randomBytes } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { json, page, type StandInAnswer, type StandInRequest } from '../stand-in/stand-in-exchange.ts';
import { makeJwt } from './jwt.ts';

export interface IntranetService {
  psm: string;
  [field: string]: unknown;
}

export interface IntranetStandInOptions {
  clock: Clock;
  /** Of the sign-in host, then of each region. */
  ports?: readonly number[];
  /** How long a JWT is good. */
  lifetimeMs?: number;
  /** A token without a lifetime in it. */
  opaque?: boolean;
}

/** A stand-in for the intranet: the host that gives JWTs, and two service registries, each on its own origin. */
export interface IntranetStandIn {
  readonly authUrl: string;
  readonly regionUrls: readonly string[];
  readonly casSession: string;
  readonly auth: StandIn;
  readonly regions: readonly StandIn[];
  /** What each registry knows; tests may add to it. */
  readonly services: readonly IntranetService[][];
  /** Makes every JWT that is out there worthless. */
  revokeJwts(): void;
  /** The person's session is over: the sign-in page comes instead of a JWT. */
  endSession(): void;
  close(): Promise<void>;
}

const loginPage = page('<!doctype html><title>CAS Login</title><form action="/login"></form>');

/** What is sent when a service is not well. */
const presets: Readonly<Record<string, StandInAnswer>> = {
  html: loginPage,
  serverError: page('<html><h1>500 Internal Server Error</h1></html>', 500),
  maintenance: json({ error_code: 503, error_type: 'SERVICE_ERROR', error_message: 'maintenance', data: [] }, 503),
  unauthorized: json({ error_code: 401, error_type: 'AUTH_ERROR', error_message: 'JWT token expired or invalid' }, 401),
  authError: json({ error_code: 401, error_type: 'AUTH_ERROR', error_message: 'JWT token expired or invalid' }),
  businessError: json({ error_code: 10_001, error_type: 'BUSINESS_ERROR', error_message: 'keyword is invalid' }),
};

export async function createIntranetStandIn(options: IntranetStandInOptions): Promise<IntranetStandIn> {
  const { clock, ports = [], lifetimeMs = 3_600_000, opaque = false } = options;
  const desk = new JwtDesk(clock, lifetimeMs, opaque);
  const open = (index: number, handle: (request: StandInRequest) => StandInAnswer) =>
    StandIn.open({ clock, port: ports[index] ?? 0, handle, presets });
  const services: IntranetService[][] = [[monitor], [payments]];
  const auth = await open(0, (request) => desk.answer(request));
  const regions = await Promise.all(
    services.map((known, index) => open(index + 1, (request) => search(request, desk, known))),
  );
  return {
    authUrl: auth.url,
    regionUrls: regions.map(({ url }) => url),
    casSession: desk.casSession,
    auth,
    regions,
    services,
    revokeJwts: () => desk.revoke(),
    endSession: () => desk.endSession(),
    close: async () => {
      await Promise.all([auth, ...regions].map((one) => one.close()));
    },
  };
}

class JwtDesk {
  readonly casSession = `sandbox-cas-${randomBytes(8).toString('hex')}`;
  readonly #clock: Clock;
  readonly #lifetimeMs: number;
  readonly #opaque: boolean;
  readonly #good = new Map<string, number>();
  #ended = false;

  constructor(clock: Clock, lifetimeMs: number, opaque: boolean) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeMs;
    this.#opaque = opaque;
  }

  answer({ method, path, headers }: StandInRequest): StandInAnswer {
    if (method !== 'GET' || path !== '/auth/api/v1/jwt') return page('<h1>404</h1>', 404);
    if (this.#ended || headers.cookie !== `CAS_SESSION=${this.casSession}`) return loginPage;
    const until = this.#clock.now() + this.#lifetimeMs;
    const jwt = this.#opaque
      ? randomBytes(24).toString('hex')
      : makeJwt({ username: 'lin.xiaoyu', exp: Math.floor(until / 1000) });
    this.#good.set(jwt, until);
    return { status: 200, headers: { 'content-type': 'application/json', 'X-Jwt-Token': jwt }, body: '{}' };
  }

  isGood(jwt: unknown): boolean {
    return typeof jwt === 'string' && this.#clock.now() < (this.#good.get(jwt) ?? 0);
  }

  revoke(): void {
    this.#good.clear();
  }

  endSession(): void {
    this.#ended = true;
  }
}

function search(
  { method, path, query, headers }: StandInRequest,
  desk: JwtDesk,
  known: readonly IntranetService[],
): StandInAnswer {
  if (method !== 'GET' || path !== '/api/neptune/ms/service/search') return page('<h1>404</h1>', 404);
  if (!desk.isGood(headers['x-jwt-token']))
    return json({ error_code: 401, error_type: 'AUTH_ERROR', error_message: 'JWT token expired or invalid' });
  const keyword = query.get('keyword') ?? '';
  if (keyword === '' || query.get('search_type') !== 'all')
    return json({ error_code: 400, error_type: 'BUSINESS_ERROR', error_message: 'bad parameters', data: [] });
  const data = known.filter(({ psm }) => psm.includes(keyword));
  return json({ error_code: 0, error_type: '', error_message: '', data });
}

const monitor: IntranetService = {
  psm: 'oec.affiliate.monitor',
  node_id: 9_439_321,
  type: 'thrift',
  framework: 'kitex',
  service_chinese_name: 'oec.affiliate.monitor',
  description: 'oec.affiliate.monitor',
  owners: 'lin.xiaoyu',
  deployment_platform: 'tce',
  level: 'P2',
  platform_types: { tce: 'thrift' },
};

const payments: IntranetService = {
  ...monitor,
  psm: 'oec.affiliate.payments',
  node_id: 9_439_400,
  service_chinese_name: 'oec.affiliate.payments',
  description: 'oec.affiliate.payments',
  level: 'P0',
};
