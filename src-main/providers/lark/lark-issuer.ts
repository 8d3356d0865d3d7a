import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../base/http-client.ts';
import type { Config } from '../../contract/config.ts';
import type { TokenSet } from '../../tokens/credential.ts';
import type { TokenIssuer } from '../../tokens/issuer.ts';
import { type Asked, readPersonAnswer, readTokenAnswer } from './lark-oauth-answer.ts';

export interface LarkIssuerParts {
  appId: string;
  appSecret: string;
  http: HttpClient;
  clock: Clock;
  hosts: { open: string; accounts: string };
  settings: Pick<Config['lark'], 'tokenEndpoint'>;
}

const deadlineMs = 8000;
const maxBytes = 256 * 1024;

/** Feishu's OAuth server. v3 is the unified token endpoint of the accounts host, v2 the documented one of the open host. */
export function createLarkIssuer(parts: LarkIssuerParts): TokenIssuer {
  const { appId, appSecret, http, clock, hosts, settings } = parts;
  const client = { client_id: appId, client_secret: appSecret };

  const ask = async (grant: Record<string, string>, asked: Asked): Promise<TokenSet> => {
    const fields = { ...grant, ...client };
    const answer =
      settings.tokenEndpoint === 'v3'
        ? await postForm(http, new URL('/oauth/v3/token', hosts.accounts), fields)
        : await postJson(http, new URL('/open-apis/authen/v2/oauth/token', hosts.open), fields);
    return readTokenAnswer(answer, asked, clock.now());
  };

  return {
    appId,
    authorizeUrl: ({ redirectUri, state, codeChallenge, scopes }) => {
      const url = new URL('/open-apis/authen/v1/authorize', hosts.accounts);
      url.search = new URLSearchParams({
        client_id: appId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      }).toString();
      return url;
    },
    exchangeCode: (code, { redirectUri, codeVerifier }) =>
      ask(
        { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: codeVerifier },
        'sign_in',
      ),
    refresh: (refreshToken) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, 'renewal'),
    revoke: async (token) => {
      const { status } = await postForm(http, new URL('/oauth/v1/revoke', hosts.accounts), { ...client, token });
      if (status >= 400) throw new Fault('upstream_refused', { details: { status } });
    },
    whoIs: async (accessToken) => {
      const url = new URL('/open-apis/authen/v1/user_info', hosts.open);
      const headers = { authorization: `Bearer ${accessToken}` };
      return readPersonAnswer(await http({ method: 'GET', url, headers, deadlineMs, maxBytes }));
    },
  };
}

function postForm(http: HttpClient, url: URL, fields: Record<string, string>): Promise<HttpAnswer> {
  return post(http, url, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
}

function postJson(http: HttpClient, url: URL, fields: Record<string, string>): Promise<HttpAnswer> {
  return post(http, url, 'application/json; charset=utf-8', JSON.stringify(fields));
}

function post(http: HttpClient, url: URL, contentType: string, body: string): Promise<HttpAnswer> {
  const request: HttpRequest = {
    method: 'POST',
    url,
    headers: { 'content-type': contentType },
    body,
    deadlineMs,
    maxBytes,
  };
  return http(request);
}
