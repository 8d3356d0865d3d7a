import type { FormData } from 'undici';
import { fieldFault } from '../../base/fault.ts';
import type { ToolSpec } from './catalog.ts';

/** One request to Feishu's open platform, before it has a host or a token. */
export interface LarkRequest {
  method: ToolSpec['method'];
  /** Starts with /open-apis/; every parameter is percent-encoded and stays in its own segment. */
  path: string;
  query: [string, string][];
  /** Sent as JSON unless undefined. */
  body?: unknown;
  /** Sent as multipart/form-data instead of `body`. */
  form?: FormData;
  /** The answer is a file's bytes, or these of them; its data is a `LarkFile`. */
  file?: { range?: string };
}

/** What a request for a file gets. */
export interface LarkFile {
  bytes: Buffer;
  headers: Record<string, string>;
  /** 206 when only the range was sent. */
  status: number;
}

/** Puts a tool's arguments `{path, params, data}` where its API wants them. Throws `invalid_arguments`. */
export function toLarkRequest(spec: Pick<ToolSpec, 'method' | 'path'>, input: Record<string, unknown>): LarkRequest {
  const parameters = asObject(input.path);
  const path = spec.path.replaceAll(/:([^/]+)/g, (_, name: string) => toSegment(`path.${name}`, parameters[name]));
  const query = toQuery(asObject(input.params));
  const nothing = input.data === undefined || (spec.method === 'GET' && Object.keys(asObject(input.data)).length === 0);
  return { method: spec.method, path, query, ...(!nothing && { body: input.data }) };
}

/** One segment of a path, which stays one. Throws `invalid_arguments`. */
export function toSegment(field: string, value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  // Any URL parser resolves "." and ".." away, even percent-encoded, and an empty segment moves the ones behind it.
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) {
    throw fieldFault('invalid_arguments', field, `${field} 不是合法的标识。`, `${field} is not a valid id.`);
  }
  return encodeURIComponent(text);
}

/** Arrays repeat their key, as Feishu reads them. */
export function toQuery(params: Record<string, unknown>): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter(isPresent).map((item): [string, string] => [name, toText(item)]),
  );
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
