import type { AppRegistration } from '../accounts/app-registration.ts';
import { type Bearer, requireToken } from '../accounts/bearer.ts';
import type { TokenBook, TokenRecord } from '../accounts/token-book.ts';
import { homeTenant } from '../company/people.ts';
import { openRefusal, Refusal } from './envelope.ts';
import type { Endpoint } from './exchange.ts';
import { OpenCall, type OpenRoute } from './open-route.ts';

/** The endpoint of a route: token, identity and scope are checked before it runs. */
export function openEndpoint(route: OpenRoute, app: AppRegistration, book: TokenBook): Endpoint {
  return {
    method: route.method,
    path: `/open-apis${route.path}`,
    handle: (incoming) => {
      if (incoming.rawBody?.length && incoming.body === undefined && isJson(incoming.headers['content-type'])) {
        throw new Refusal(9499, 'the body is not JSON');
      }
      const token = requireToken(incoming.bearer, book);
      requireIdentity(route, incoming.bearer);
      requireScope(route, token, app);
      const person = incoming.bearer.person ?? null;
      return route.run(
        new OpenCall(incoming, { person, appId: app.id, tenantKey: person?.tenantKey ?? homeTenant.key }),
      );
    },
    refuse: (refusal, incoming) => openRefusal(refusal, incoming.logId),
  };
}

function isJson(type: string | undefined): boolean {
  return type?.startsWith('application/json') ?? false;
}

function requireIdentity(route: OpenRoute, bearer: Bearer): void {
  if (route.identity === undefined || route.identity === bearer.kind) return;
  throw new Refusal(99_991_668, `Invalid access token: ${bearer.kind} access token not support`);
}

function requireScope(route: OpenRoute, token: TokenRecord, app: AppRegistration): void {
  if (route.scopes.length === 0) return;
  const enabled = route.scopes.filter((scope) => app.hasEnabled(scope));
  const list = route.scopes.join(', ');
  if (enabled.length === 0) {
    const link = `https://open.feishu.cn/app/${app.id}/auth?q=${route.scopes.join(',')}&op_from=openapi`;
    throw new Refusal(
      99_991_672,
      `Access denied. One of these scopes must be enabled for the app: [${list}]. ${link}`,
      {
        scopes: route.scopes,
      },
    );
  }
  if (token.kind !== 'access' || enabled.some((scope) => token.scopes.includes(scope))) return;
  throw new Refusal(99_991_679, `Unauthorized. The user must grant one of these scopes: [${list}].`, {
    scopes: route.scopes,
  });
}
