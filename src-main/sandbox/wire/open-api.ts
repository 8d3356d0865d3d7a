import type { AppBook } from '../accounts/app-book.ts';
import { type Bearer, requireToken } from '../accounts/bearer.ts';
import type { SandboxApp } from '../accounts/sandbox-app.ts';
import type { TokenBook, TokenRecord } from '../accounts/token-book.ts';
import { openRefusal, Refusal } from './envelope.ts';
import type { Endpoint } from './exchange.ts';
import { OpenCall, type OpenRoute } from './open-route.ts';

/** The endpoint of a route: token, identity and scope are checked before it runs. */
export function openEndpoint(route: OpenRoute, apps: AppBook, book: TokenBook): Endpoint {
  return {
    method: route.method,
    path: `/open-apis${route.path}`,
    handle: (incoming) => {
      if (incoming.rawBody?.length && incoming.body === undefined && isJson(incoming.headers['content-type'])) {
        throw new Refusal(9499, 'the body is not JSON');
      }
      const token = requireToken(incoming.bearer, book);
      const app = apps.find(token.clientId);
      if (!app) throw new Refusal(99_991_662, 'the app is disabled');
      requireIdentity(route, incoming.bearer);
      requireScope(route, token, app);
      const person = incoming.bearer.person ?? null;
      return route.run(
        new OpenCall(incoming, { person, appId: app.id, tenantKey: person?.tenantKey ?? app.tenantKey }),
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

function requireScope(route: OpenRoute, token: TokenRecord, app: SandboxApp): void {
  if (route.scopes.length === 0) return;
  const enabled = route.scopes.filter((scope) => app.hasEnabled(scope));
  const list = route.scopes.join(', ');
  if (enabled.length === 0) {
    const host = app.brand === 'lark' ? 'open.larksuite.com' : 'open.feishu.cn';
    const link = `https://${host}/app/${app.id}/auth?q=${route.scopes.join(',')}&op_from=openapi`;
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
