import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../base/http-client.ts';
import type { Config } from '../../contract/config.ts';
import type { TokenSet } from '../../tokens/credential.ts';
import type { TokenIssuer } from '../../tokens/issuer.ts';
import { readDeviceGrant, readDevicePoll } from './lark-device-answer.ts';
import { readPersonAnswer, readTokenAnswer } from './lark-oauth-answer.ts';
import type { Asked } from './lark-oauth-body.ts';

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
  const tokenUrl =
    settings.tokenEndpoint === 'v3'
      ? new URL('/oauth/v3/token', hosts.accounts)
      : new URL('/open-apis/authen/v2/oauth/token', hosts.open);

  const ask = async (grant: Record<string, string>, asked: Asked): Promise<TokenSet> => {
    const postFields = settings.tokenEndpoint === 'v3' ? postForm : postJson;
    return readTokenAnswer(await postFields(http, tokenUrl, { ...grant, ...client }), asked, clock.now());
  };

  return {
    appId,
    authorizeUrl: ({ redirectUri, state, codeChallenge, scopes }) => {
      const url = new URL('/open-apis/authen/v1/authorize', hosts.accounts);
      url.search = new URLSearchParams({
        client_id: appId,
        response_type: 'code',
        redirect_uri: redirectUri,
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
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
    beginDevice: async (scopes) => {
      const url = new URL('/oauth/v1/device_authorization', hosts.accounts);
      const authorization = `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}`;
      const fields = { client_id: appId, scope: scopes.join(' ') };
      return readDeviceGrant(await post(http, url, toForm(fields), { authorization }));
    },
    pollDevice: async (deviceCode) => {
      const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: deviceCode };
      // A form at either endpoint: only the other grants of v2 are JSON.
      return readDevicePoll(await postForm(http, tokenUrl, { ...grant, ...client }), clock.now());
    },
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

interface Content {
  type: string;
  text: string;
}

function toForm(fields: Record<string, string>): Content {
  return { type: 'application/x-www-form-urlencoded', text: new URLSearchParams(fields).toString() };
}

function postForm(http: HttpClient, url: URL, fields: Record<string, string>): Promise<HttpAnswer> {
  return post(http, url, toForm(fields));
}

function postJson(http: HttpClient, url: URL, fields: Record<string, string>): Promise<HttpAnswer> {
  return post(http, url, { type: 'application/json; charset=utf-8', text: JSON.stringify(fields) });
}

function post(http: HttpClient, url: URL, content: Content, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  const request: HttpRequest = {
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': content.type },
    body: content.text,
    deadlineMs,
    maxBytes,
  };
  return http(request);
}
