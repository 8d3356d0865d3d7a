import { z } from 'zod';
import type { Person, UserIdType } from '../company/people.ts';
import { idOf } from '../company/people.ts';
import { type Answer, Refusal } from './envelope.ts';
import type { Incoming } from './exchange.ts';

/** One OpenAPI method: who may call it and what it does. */
export interface OpenRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Under /open-apis, with `:name` parameters. */
  path: string;
  /** Any one of them is enough; none is needed when empty. */
  scopes: readonly string[];
  /** The only identity that may call; both may when absent. */
  identity?: 'user' | 'tenant';
  run(call: OpenCall): Answer | Promise<Answer>;
}

type Run = OpenRoute['run'];

export function route(method: OpenRoute['method'], path: string, scopes: readonly string[], run: Run): OpenRoute {
  return { method, path, scopes, run };
}

/** A route that refuses the app's own tokens. */
export function userRoute(method: OpenRoute['method'], path: string, scopes: readonly string[], run: Run): OpenRoute {
  return { method, path, scopes, run, identity: 'user' };
}

/** A route that refuses people's tokens. */
export function tenantRoute(method: OpenRoute['method'], path: string, scopes: readonly string[], run: Run): OpenRoute {
  return { method, path, scopes, run, identity: 'tenant' };
}

export interface Caller {
  /** Null when the app itself calls. */
  person: Person | null;
  appId: string;
  tenantKey: string;
}

/** A call that may go on. */
export class OpenCall {
  readonly incoming: Incoming;
  readonly person: Person | null;
  readonly appId: string;
  readonly tenantKey: string;
  #idType: UserIdType | undefined;

  constructor(incoming: Incoming, caller: Caller) {
    this.incoming = incoming;
    this.person = caller.person;
    this.appId = caller.appId;
    this.tenantKey = caller.tenantKey;
  }

  /** Who things made by this call belong to: the person's key, or `app`. */
  get actor(): string {
    return this.person?.key ?? 'app';
  }

  /** Refuses with 99992402 and the fields at fault. */
  query<T>(schema: z.ZodType<T>): T {
    return check(schema, this.incoming.query);
  }

  body<T>(schema: z.ZodType<T>): T {
    return check(schema, this.incoming.body ?? {});
  }

  param(name: string): string {
    return this.incoming.params[name] ?? '';
  }

  /** The calling person. Only for routes with `identity: 'user'`. */
  get self(): Person {
    if (!this.person) throw new Refusal(99_991_668, 'tenant access token not support');
    return this.person;
  }

  /** The id by which people are named in this call's answer. */
  idType(): UserIdType {
    this.#idType ??= this.query(userIdQuery).user_id_type;
    return this.#idType;
  }

  idOf(person: Person): string {
    return idOf(person, this.idType());
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(99_992_402, 'field validation failed', {
    fieldViolations: result.error.issues.map((issue) => ({ field: issue.path.join('.'), description: issue.message })),
  });
}

const userIdQuery = z.object({ user_id_type: z.enum(['open_id', 'union_id', 'user_id']).default('open_id') });

/** A query parameter that may be repeated. */
export const repeated = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** A boolean as a query carries it. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** An id or text that must be there. */
export const required = z.string().min(1);

export const pageQuery = z.object({
  page_size: z.coerce.number().int().min(1).max(500).optional(),
  page_token: z.string().optional(),
});

export interface Page<T> {
  items: T[];
  has_more: boolean;
  page_token: string;
}

/** The page that a query asks for. A page token names where the next page begins. */
export function pageOf<T>(all: readonly T[], query: z.infer<typeof pageQuery>, usualSize = 20): Page<T> {
  const start = query.page_token
    ? Number(
        Buffer.from(query.page_token, 'base64url')
          .toString()
          .replace(/^from:/, ''),
      )
    : 0;
  if (!Number.isInteger(start) || start < 0) {
    throw new Refusal(99_992_402, 'field validation failed', {
      fieldViolations: [{ field: 'page_token', description: 'page_token is invalid' }],
    });
  }
  const end = start + (query.page_size ?? usualSize);
  const has_more = end < all.length;
  return {
    items: all.slice(start, end),
    has_more,
    page_token: has_more ? Buffer.from(`from:${end}`).toString('base64url') : '',
  };
}

/** A page of `all`, each item as `view` shows it. */
export function pageOfViews<T, V>(
  all: readonly T[],
  query: z.infer<typeof pageQuery>,
  view: (item: T) => V,
  usualSize?: number,
): Page<V> {
  const page = pageOf(all, query, usualSize);
  return { ...page, items: page.items.map((item) => view(item)) };
}
