import { z } from 'zod';
import { type Answer, json, Refusal, usualStatus } from '../wire/envelope.ts';
import type { Endpoint, Incoming } from '../wire/exchange.ts';
import { type AppRegistration, looksReal, realSecretWords } from './app-registration.ts';
import type { TokenBook, Tokens } from './token-book.ts';

const requestSchema = z.object({
  grant_type: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
  token: z.string().optional(),
});

type TokenRequest = z.infer<typeof requestSchema>;
type Grant = (request: TokenRequest, book: TokenBook) => Tokens;

/** What a `grant_type` does. Its client has proven itself. */
const grants = new Map<string, Grant>([
  [
    'authorization_code',
    (request, book) =>
      book.redeem(need(request, 'code'), {
        redirectUri: need(request, 'redirect_uri'),
        verifier: request.code_verifier ?? null,
        scopes: wantedScopes(request),
      }),
  ],
  ['refresh_token', (request, book) => book.refresh(need(request, 'refresh_token'), wantedScopes(request))],
]);

/** The v3 and v2 token endpoints, revocation, and the tokens of the app and its tenant. */
export function tokenEndpoints(app: AppRegistration, book: TokenBook): Endpoint[] {
  const exchange = (incoming: Incoming) => {
    const request = readRequest(incoming);
    const grant = grants.get(need(request, 'grant_type'));
    if (!grant) throw new Refusal(20_036, 'the grant type is not supported');
    proveClient(request, incoming, app);
    return tokensAnswer(grant(request, book));
  };
  return [
    { method: 'POST', path: '/oauth/v3/token', handle: exchange, refuse: oauthRefusal },
    {
      method: 'POST',
      path: '/open-apis/authen/v2/oauth/token',
      handle: (incoming) => {
        if (!incoming.headers['content-type']?.startsWith('application/json'))
          throw new Refusal(20_063, 'the body must be JSON');
        return exchange(incoming);
      },
      refuse: oauthRefusal,
    },
    {
      method: 'POST',
      path: '/oauth/v1/revoke',
      handle: (incoming) => {
        const request = readRequest(incoming);
        proveClient(request, incoming, app);
        book.revoke(need(request, 'token'));
        return { status: 200, code: 0, headers: {}, body: '' };
      },
      refuse: oauthRefusal,
    },
    appTokenEndpoint('tenant', app, book),
    appTokenEndpoint('app', app, book),
  ];
}

const appRequestSchema = z.object({ app_id: z.string(), app_secret: z.string() });

function appTokenEndpoint(kind: 'tenant' | 'app', app: AppRegistration, book: TokenBook): Endpoint {
  return {
    method: 'POST',
    path: `/open-apis/auth/v3/${kind}_access_token/internal`,
    handle: (incoming) => {
      const request = appRequestSchema.safeParse(incoming.body);
      if (!request.success) throw new Refusal(10_003, 'invalid param');
      if (looksReal(request.data.app_secret)) throw new Refusal(10_015, realSecretWords.en);
      if (request.data.app_id !== app.id) throw new Refusal(10_014, 'app id not found');
      if (!app.hasSecret(request.data.app_secret)) throw new Refusal(10_015, 'app secret invalid');
      const { token, expireS } = book.appToken(kind);
      return json({ code: 0, msg: 'ok', [`${kind}_access_token`]: token, expire: expireS });
    },
    refuse: (refusal) => json({ code: refusal.code, msg: refusal.message }, usualStatus(refusal.code), refusal.code),
  };
}

function readRequest(incoming: Incoming): TokenRequest {
  const request = requestSchema.safeParse(incoming.body);
  if (!request.success) throw new Refusal(20_063, 'the request is malformed');
  return request.data;
}

function need(request: TokenRequest, name: keyof TokenRequest): string {
  const value = request[name];
  if (value === undefined || value === '') throw new Refusal(20_001, `${name} is missing`);
  return value;
}

/** client_secret_post or client_secret_basic (RFC 6749, section 2.3.1), but not both. */
function proveClient(request: TokenRequest, incoming: Incoming, app: AppRegistration): void {
  const basic = readBasic(incoming.headers.authorization);
  if (basic && request.client_secret !== undefined)
    throw new Refusal(20_070, 'two client authentication methods were used');
  const id = basic?.id ?? need(request, 'client_id');
  const secret = basic?.secret ?? need(request, 'client_secret');
  if (looksReal(secret)) throw new Refusal(20_002, realSecretWords.en);
  if (id !== app.id) throw new Refusal(20_048, 'the app does not exist');
  if (!app.hasSecret(secret)) throw new Refusal(20_002, 'the app secret is wrong');
}

function readBasic(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2);
  return { id, secret };
}

function wantedScopes(request: TokenRequest): string[] | null {
  return request.scope === undefined || request.scope === '' ? null : request.scope.split(' ').filter(Boolean);
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

function oauthRefusal(refusal: Refusal): Answer {
  const answer = json(
    { code: refusal.code, error: oauthError(refusal.code), error_description: refusal.message },
    refusal.status,
    refusal.code,
  );
  return { ...answer, headers: { ...answer.headers, ...refusal.options.headers } };
}

const clientCodes = new Set([20_002, 20_048, 20_009, 20_069]);
const requestCodes = new Set([20_001, 20_063, 20_070]);
const scopeCodes = new Set([20_067, 20_068]);

/** The RFC 6749 name beside Feishu's code. */
function oauthError(code: number): string {
  if (code === 20_036) return 'unsupported_grant_type';
  if (code === 20_050) return 'server_error';
  if (code === 20_072) return 'temporarily_unavailable';
  if (code === 20_074) return 'unauthorized_client';
  if (clientCodes.has(code)) return 'invalid_client';
  if (requestCodes.has(code)) return 'invalid_request';
  return scopeCodes.has(code) ? 'invalid_scope' : 'invalid_grant';
}
