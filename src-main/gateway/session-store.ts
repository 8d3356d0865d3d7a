import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { sha256 } from '../base/digest.ts';
import type { SessionFacts } from './session.ts';

const row = z.object({
  key_id: z.string(),
  transport: z.enum(['streamable-http', 'sse']),
  account_id: z.string().nullable(),
  initialize: z.string().nullable(),
  opened_at: z.number(),
  last_seen_at: z.number(),
});

/**
 * Sessions on disk, so that a client goes on after the gateway was restarted. Only a hash of each id is kept: the file
 * does not let anyone take a session over.
 */
export class SessionStore {
  readonly #save: StatementSync;
  readonly #load: StatementSync;
  readonly #remove: StatementSync;
  readonly #touch: StatementSync;
  readonly #purge: StatementSync;
  readonly #unbindKey: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec(`CREATE TABLE IF NOT EXISTS resumable_sessions (
      id_hash TEXT PRIMARY KEY, key_id TEXT NOT NULL, transport TEXT NOT NULL, account_id TEXT, initialize TEXT,
      opened_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`);
    this.#save = database.prepare(
      'INSERT INTO resumable_sessions VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id_hash) DO UPDATE SET account_id = excluded.account_id, initialize = excluded.initialize, last_seen_at = excluded.last_seen_at',
    );
    this.#load = database.prepare('SELECT * FROM resumable_sessions WHERE id_hash = ?');
    this.#remove = database.prepare('DELETE FROM resumable_sessions WHERE id_hash = ?');
    this.#touch = database.prepare('UPDATE resumable_sessions SET last_seen_at = ? WHERE id_hash = ?');
    this.#purge = database.prepare(
      'DELETE FROM resumable_sessions WHERE last_seen_at < ? OR id_hash IN (SELECT id_hash FROM resumable_sessions ORDER BY last_seen_at DESC LIMIT -1 OFFSET ?)',
    );
    this.#unbindKey = database.prepare('UPDATE resumable_sessions SET account_id = NULL WHERE key_id = ?');
    this.#count = database.prepare('SELECT count(*) AS n FROM resumable_sessions');
  }

  save(facts: SessionFacts): void {
    const initialize = facts.initialize ? JSON.stringify(facts.initialize) : null;
    this.#save.run(
      sha256(facts.id),
      facts.keyId,
      facts.transport,
      facts.accountId,
      initialize,
      facts.openedAt,
      facts.lastSeenAt,
    );
  }

  load(id: string): SessionFacts | undefined {
    const found = row.safeParse(this.#load.get(sha256(id)));
    if (!found.success) return undefined;
    const { data } = found;
    return {
      id,
      transport: data.transport,
      keyId: data.key_id,
      accountId: data.account_id,
      initialize: data.initialize === null ? null : parseObject(data.initialize),
      openedAt: data.opened_at,
      lastSeenAt: data.last_seen_at,
    };
  }

  remove(id: string): void {
    this.#remove.run(sha256(id));
  }

  touch(id: string, lastSeenAt: number): void {
    this.#touch.run(lastSeenAt, sha256(id));
  }

  /** Drops sessions not seen since `before`, and all but the `keep` latest. */
  purge(before: number, keep: number): void {
    this.#purge.run(before, keep);
  }

  /** The sessions of this key are bound to no account of their own any more. */
  unbindKey(keyId: string): void {
    this.#unbindKey.run(keyId);
  }

  get size(): number {
    return z.object({ n: z.number() }).parse(this.#count.get()).n;
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
