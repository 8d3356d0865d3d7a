import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../../src-main/base/clock.ts';
import { demoScopes } from '../../../src-main/sandbox/demo-sign-in.ts';
import { type Sandbox, type SandboxOptions, createSandbox } from '../../../src-main/sandbox/sandbox.ts';

export const redirectUri = 'http://127.0.0.1:5275/oauth/callback';
export const verifier = 'a-verifier-of-at-least-43-characters-as-rfc-7636-says';
const challenge = createHash('sha256').update(verifier).digest('base64url');

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** A registration link with what the official SDK puts on it. */
export function withAddons(link: string, addons: object, query: Record<string, string> = {}): URL {
  const url = new URL(link);
  url.searchParams.set('addons', gzipSync(JSON.stringify(addons)).toString('base64url'));
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

export interface TokenAnswer {
  code: number;
  access_token: string;
  refresh_token: string;
  expires_in: number;
  refresh_token_expires_in: number;
  token_type: string;
  scope: string;
  error: string;
  error_description: string;
}

/** JSON of whatever shape: answers differ from route to route, and tests say what they expect of them. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: Headers;
  code: number;
  data: Json;
  error: { log_id: string; field_violations?: { field: string }[]; permission_violations?: { subject: string }[] };
}

/** A sandbox as its callers see it: everything goes over HTTP. */
export class SandboxClient {
  readonly sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
  }

  static async open(options: Partial<SandboxOptions> = {}): Promise<SandboxClient> {
    return new SandboxClient(await createSandbox({ clock: systemClock, ...options }));
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  /** The same sandbox seen from the Lark origin and its console app. */
  get lark(): SandboxClient {
    const { larkUrl, larkAppId, larkAppSecret } = this.sandbox;
    return this.at(larkUrl, { appId: larkAppId, appSecret: larkAppSecret });
  }

  /** The same sandbox with another app. */
  as(app: { appId: string; appSecret: string }): SandboxClient {
    return this.at(this.sandbox.url, app);
  }

  at(url: string, app: { appId: string; appSecret: string }): SandboxClient {
    return new SandboxClient({ ...this.sandbox, url, ...app });
  }

  authorizeUrl(changes: Record<string, string | undefined> = {}): URL {
    const url = new URL('/open-apis/authen/v1/authorize', this.sandbox.url);
    const params = {
      client_id: this.sandbox.appId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: demoScopes.join(' '),
      state: 'the-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    };
    for (const [name, value] of Object.entries(params)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  async newCode(changes: Record<string, string | undefined> = {}, person?: string): Promise<string> {
    const back = await this.sandbox.consent(this.authorizeUrl(changes), person === undefined ? {} : { person });
    return back.searchParams.get('code') ?? '';
  }

  /** One request to the v3 token endpoint; members that are undefined are left out. */
  async token(members: Record<string, string | undefined>): Promise<TokenAnswer & { status: number }> {
    const { appId, appSecret, url } = this.sandbox;
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries({ client_id: appId, client_secret: appSecret, ...members })) {
      if (value !== undefined) form.set(name, value);
    }
    const answer = await fetch(`${url}/oauth/v3/token`, { method: 'POST', body: form });
    return { status: answer.status, ...(await answer.json()) };
  }

  exchange(code: string, changes: Record<string, string | undefined> = {}) {
    return this.token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...changes,
    });
  }

  refresh(refreshToken: string, changes: Record<string, string | undefined> = {}) {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...changes });
  }

  /** One form to an endpoint of the accounts host. */
  async form(
    path: string,
    members: Record<string, string | undefined>,
    headers: Record<string, string> = {},
  ): Promise<Json> {
    const given = Object.entries(members).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const body = new URLSearchParams(given);
    const answer = await fetch(this.sandbox.url + path, { method: 'POST', body, headers });
    return { status: answer.status, ...(await answer.json()) };
  }

  beginDevice(scope = 'offline_access im:message', changes: Record<string, string | undefined> = {}) {
    const { appId, appSecret } = this.sandbox;
    const members = { client_id: appId, client_secret: appSecret, scope, ...changes };
    return this.form('/oauth/v1/device_authorization', members);
  }

  pollDevice(device_code: string, changes: Record<string, string | undefined> = {}) {
    return this.token({ grant_type: deviceGrant, device_code, ...changes });
  }

  registration(members: Record<string, string>): Promise<Json> {
    return this.form('/oauth/v1/app/registration', members);
  }

  beginRegistration(): Promise<Json> {
    const members = { archetype: 'PersonalAgent', auth_method: 'client_secret', request_user_info: 'open_id' };
    return this.registration({ action: 'begin', ...members });
  }

  /** A new app of whoever confirms, with these scopes. */
  async newAgent(user: string[], person?: string): Promise<{ appId: string; appSecret: string }> {
    const begun = await this.beginRegistration();
    const link = withAddons(begun.verification_uri_complete, { scopes: { user } });
    await this.sandbox.confirmRegistration(link, person === undefined ? {} : { person });
    const { client_id, client_secret } = await this.registration({ action: 'poll', device_code: begun.device_code });
    return { appId: client_id, appSecret: client_secret };
  }

  async signIn(options: { person?: string; scope?: string } = {}): Promise<TokenAnswer> {
    return this.exchange(
      await this.newCode(options.scope === undefined ? {} : { scope: options.scope }, options.person),
    );
  }

  async tenantToken(): Promise<string> {
    const { appId, appSecret, url } = this.sandbox;
    const body = JSON.stringify({ app_id: appId, app_secret: appSecret });
    const headers = { 'content-type': 'application/json' };
    const path = '/open-apis/auth/v3/tenant_access_token/internal';
    const answer = await (await fetch(url + path, { method: 'POST', headers, body })).json();
    return answer.tenant_access_token;
  }

  /** A function that calls OpenAPI methods with one token. */
  callWith(token: string | undefined) {
    return async (method: string, path: string, body?: unknown): Promise<Answer> => {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const isForm = body instanceof FormData;
      if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
      const payload = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) };
      const answer = await fetch(`${this.sandbox.url}/open-apis${path}`, {
        method,
        headers,
        redirect: 'manual',
        ...payload,
      });
      const text = await answer.text();
      const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : { data: text };
      return { status: answer.status, headers: answer.headers, ...json };
    };
  }

  async control(method: string, path: string, body?: unknown): Promise<Json> {
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${this.sandbox.url}${path}`, { method, ...payload })).json();
  }

  advance(ms: number): Promise<unknown> {
    return this.control('POST', '/__clock', { advanceMs: ms });
  }
}
