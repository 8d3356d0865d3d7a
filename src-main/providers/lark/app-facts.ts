import { z } from 'zod';

/** What an app's own configuration says, as far as Feishu tells. */
export interface AppConfig {
  /** Null: Feishu did not say. */
  enabled: boolean | null;
  redirectUrls: string[];
  mayRefresh: boolean | null;
  /** Permissions that persons can grant. */
  scopes: string[];
  published: boolean;
  /** A version waits for an administrator. */
  inReview: boolean;
}

/** What could be found out about an app whose id and secret are right. */
export interface AppFacts {
  /** Null: the app may not read its own configuration. */
  config: AppConfig | null;
  /** Null: not known. */
  enabled: boolean | null;
  scopes: string[] | null;
}

const text = z.string().catch('');
const texts = z.array(z.string()).catch([]);

/** "Get application info", application/v6: the fields that matter for signing in. */
const applicationSchema = z.object({
  app: z.object({
    status: z.number().optional().catch(undefined),
    redirect_urls: texts,
    security: z.object({ redirect_urls: texts }).optional().catch(undefined),
    allow_refresh_token: z.boolean().nullable().default(null).catch(null),
    online_version_id: text,
    unaudit_version_id: text,
    scopes: z.array(z.object({ scope: z.string(), token_types: texts.optional() })).catch([]),
  }),
});

/** Undefined for anything else. */
export function readAppConfig(data: unknown): AppConfig | undefined {
  const app = applicationSchema.safeParse(data).data?.app;
  if (!app) return undefined;
  return {
    enabled: app.status === undefined || app.status === 3 ? null : app.status === 1,
    redirectUrls: [...app.redirect_urls, ...(app.security?.redirect_urls ?? [])],
    mayRefresh: app.allow_refresh_token,
    scopes: app.scopes.filter(({ token_types }) => token_types?.includes('user')).map(({ scope }) => scope),
    published: app.online_version_id !== '',
    inReview: app.unaudit_version_id !== '',
  };
}

/** "Query tenant authorization status", application/v6/scopes, which any app may ask. */
const grantsSchema = z.object({
  scopes: z.array(
    z.object({ scope_name: z.string(), grant_status: z.number(), scope_type: z.enum(['user', 'tenant']).optional() }),
  ),
});

/** The permissions for persons that are in force; undefined where the answer does not tell them from the app's own. */
export function readGrantedScopes(data: unknown): string[] | undefined {
  const scopes = grantsSchema.safeParse(data).data?.scopes;
  if (!scopes || scopes.every(({ scope_type }) => scope_type === undefined)) return undefined;
  return scopes
    .filter(({ scope_type, grant_status }) => scope_type === 'user' && grant_status === 1)
    .map(({ scope_name }) => scope_name);
}
