import { type Answer, json, Refusal } from '../wire/envelope.ts';
import type { Endpoint, Incoming } from '../wire/exchange.ts';
import type { AppBook } from './app-book.ts';
import type { DeviceBook } from './device-book.ts';
import { oauthRefusal } from './oauth-refusal.ts';
import { need, type OAuthRequest, proveClient, readRequest, requirePublished, scopesOf } from './oauth-request.ts';
import type { SandboxApp } from './sandbox-app.ts';
import type { TokenBook, Tokens } from './token-book.ts';

export interface TokenParts {
  apps: AppBook;
  tokens: TokenBook;
  devices: DeviceBook;
}

type Grant = (request: OAuthRequest, app: SandboxApp, parts: TokenParts) => Tokens;

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** What a `grant_type` does. Its client has proven itself. */
const grants = new Map<string, Grant>([
  [
    'authorization_code',
    (request, app, { tokens }) => {
      requirePublished(app);
      return tokens.redeem(app, need(request, 'code'), {
        redirectUri: need(request, 'redirect_uri'),
        verifier: request.code_verifier ?? null,
        scopes: wantedScopes(request),
      });
    },
  ],
  [
    'refresh_token',
    (request, app, { tokens }) => tokens.refresh(app, need(request, 'refresh_token'), wantedScopes(request)),
  ],
  [deviceGrant, (request, app, { devices }) => devices.redeem(app, need(request, 'device_code'))],
]);

/** The v3 and v2 token endpoints, and revocation. */
export function tokenEndpoints(parts: TokenParts): Endpoint[] {
  const exchange = (incoming: Incoming) => {
    const request = readRequest(incoming);
    const grant = grants.get(need(request, 'grant_type'));
    if (!grant) throw new Refusal(20_036, 'the grant type is not supported');
    return tokensAnswer(grant(request, proveClient(request, incoming, parts.apps), parts));
  };
  return [
    { method: 'POST', path: '/oauth/v3/token', handle: exchange, refuse: oauthRefusal },
    {
      method: 'POST',
      path: '/open-apis/authen/v2/oauth/token',
      handle: (incoming) => {
        requireUsualBody(incoming);
        return exchange(incoming);
      },
      refuse: oauthRefusal,
    },
    {
      method: 'POST',
      path: '/oauth/v1/revoke',
      handle: (incoming) => {
        const request = readRequest(incoming);
        parts.tokens.revoke(proveClient(request, incoming, parts.apps), need(request, 'token'));
        return { status: 200, code: 0, headers: {}, body: '' };
      },
      refuse: oauthRefusal,
    },
  ];
}

/** The v2 endpoint takes JSON, and a form for device codes only. */
function requireUsualBody(incoming: Incoming): void {
  const isDevice = readRequest(incoming).grant_type === deviceGrant;
  const isJson = incoming.headers['content-type']?.startsWith('application/json') ?? false;
  if (isDevice === isJson) throw new Refusal(20_063, `the body must be ${isDevice ? 'a form' : 'JSON'}`);
}

function wantedScopes(request: OAuthRequest): string[] | null {
  return request.scope === undefined || request.scope === '' ? null : scopesOf(request);
}

function tokensAnswer(tokens: Tokens): Answer {
  return json({
    code: 0,
    access_token: tokens.accessToken,
    expires_in: tokens.expiresInS,
    ...(tokens.refreshToken !== null && {
      refresh_token: tokens.refreshToken,
      refresh_token_expires_in: tokens.refreshExpiresInS,
    }),
    token_type: 'Bearer',
    scope: tokens.scopes.join(' '),
  });
}
