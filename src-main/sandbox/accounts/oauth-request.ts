import { z } from 'zod';
import { Refusal } from '../wire/envelope.ts';
import type { Incoming } from '../wire/exchange.ts';
import type { AppBook } from './app-book.ts';
import { looksReal, realSecretWords } from './demo-secret.ts';
import type { SandboxApp } from './sandbox-app.ts';

const requestSchema = z.object({
  grant_type: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  refresh_token: z.string().optional(),
  device_code: z.string().optional(),
  scope: z.string().optional(),
  token: z.string().optional(),
});

/** What the OAuth endpoints take, from a form or from JSON. */
export type OAuthRequest = z.infer<typeof requestSchema>;

export function readRequest(incoming: Incoming): OAuthRequest {
  const request = requestSchema.safeParse(incoming.body);
  if (!request.success) throw new Refusal(20_063, 'the request is malformed');
  return request.data;
}

export function need(request: OAuthRequest, name: keyof OAuthRequest): string {
  const value = request[name];
  if (value === undefined || value === '') throw new Refusal(20_001, `${name} is missing`);
  return value;
}

export function scopesOf(request: OAuthRequest): string[] {
  return (request.scope ?? '').split(' ').filter(Boolean);
}

/** The app that the request proves to be: client_secret_post or client_secret_basic (RFC 6749, 2.3.1), not both. */
export function proveClient(request: OAuthRequest, incoming: Incoming, apps: AppBook): SandboxApp {
  const basic = readBasic(incoming.headers.authorization);
  if (basic && request.client_secret !== undefined)
    throw new Refusal(20_070, 'two client authentication methods were used');
  const id = basic?.id ?? need(request, 'client_id');
  const secret = basic?.secret ?? need(request, 'client_secret');
  if (request.client_id !== undefined && request.client_id !== id)
    throw new Refusal(20_063, 'client_id differs from the one of the Authorization header');
  if (looksReal(secret)) throw new Refusal(20_002, realSecretWords.en);
  const app = apps.find(id);
  if (!app) throw new Refusal(20_048, 'the app does not exist');
  if (!app.hasSecret(secret)) throw new Refusal(20_002, 'the app secret is wrong');
  return app;
}

function readBasic(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic (\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2);
  return { id, secret };
}

/** Nobody can sign in to an app that never went online. */
export function requirePublished(app: SandboxApp): void {
  if (!app.settings.published) throw new Refusal(20_069, 'the app is not enabled');
}
