import { createHash } from 'node:crypto';
import type { Bearer } from '../accounts/bearer.ts';

const capacity = 5000;

export interface LogEntry {
  seq: number;
  at: number;
  method: string;
  path: string;
  query: Record<string, unknown>;
  bodySha256: string | null;
  /** JSON bodies of /open-apis, without tokens and secrets. */
  body: unknown;
  authorization: { kind: Bearer['kind']; sha256: string | null; person: string | null };
  /** Null until answered; stays null when the connection was cut instead. */
  status: number | null;
  code: number | null;
}

export interface Arrival {
  at: number;
  method: string;
  path: string;
  query: Record<string, unknown>;
  rawBody: Buffer | undefined;
  body: unknown;
  bearer: Bearer;
}

/** The last requests, oldest first: a ring, so that a long run stays small. */
export class RequestLog {
  #ring: LogEntry[] = [];
  #seq = 0;

  record(arrival: Arrival): LogEntry {
    this.#seq += 1;
    const { at, method, path, query, rawBody, body, bearer } = arrival;
    const entry: LogEntry = {
      seq: this.#seq,
      at,
      method,
      path,
      query,
      bodySha256: rawBody?.length ? createHash('sha256').update(rawBody).digest('hex') : null,
      body: path.startsWith('/open-apis/') ? body : null,
      authorization: { kind: bearer.kind, sha256: bearer.sha256, person: bearer.person?.key ?? null },
      status: null,
      code: null,
    };
    this.#ring[this.#seq % capacity] = entry;
    return entry;
  }

  /** Without secrets. `path` is exact, or a prefix when it ends in `*`. */
  list(path?: string): LogEntry[] {
    const wanted = (entry: LogEntry) =>
      path === undefined || (path.endsWith('*') ? entry.path.startsWith(path.slice(0, -1)) : entry.path === path);
    return this.#ring
      .filter((entry) => wanted(entry))
      .sort((a, b) => a.seq - b.seq)
      .map((entry) => Object.assign({}, entry, { query: redact(entry.query), body: redact(entry.body) }));
  }

  clear(): void {
    this.#ring = [];
  }
}

const secretNames =
  /^(access_token|refresh_token|app_access_token|tenant_access_token|app_secret|client_secret|code|code_verifier|device_code|user_code|state|password)$/;

function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value))
    return Buffer.isBuffer(value) ? null : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, secretNames.test(name) ? '***' : redact(member)]),
  );
}
