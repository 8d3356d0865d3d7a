import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '../base/database.ts';
import type { RecordBatch, SessionChange } from './record-batch.ts';

/** A delete of one chunk costs a few milliseconds; the next one waits for its turn. */
const chunk = 1000;

/** Everything that changes the record tables. Throws what SQLite throws; nothing of a failed batch is kept. */
export class RecordWriter {
  readonly #database: DatabaseSync;
  readonly #putCall: StatementSync;
  readonly #putSession: StatementSync;
  readonly #countSession: StatementSync;
  readonly #endSession: StatementSync;
  readonly #putLimitHit: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#putCall = database.prepare(upsert('calls', callColumns));
    this.#putSession = database.prepare(upsert('sessions', sessionColumns));
    this.#countSession = database.prepare(
      `UPDATE sessions SET calls = calls + ?, limitHits = limitHits + ?, lastSeenAt = max(lastSeenAt, ?) WHERE id = ?`,
    );
    this.#endSession = database.prepare('UPDATE sessions SET closedAt = ?, "end" = ? WHERE id = ?');
    this.#putLimitHit = database.prepare(
      `INSERT INTO limitHits (at, kind, sessionId, keyId, method, tool, retryAfterMs) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  write(batch: RecordBatch): void {
    inTransaction(this.#database, () => {
      for (const call of batch.calls.values()) this.#putCall.run(...callColumns.map((column) => call[column]));
      for (const [id, change] of batch.sessions) this.#writeSession(id, change);
      for (const { at, kind, sessionId, keyId, method, tool, retryAfterMs } of batch.limitHits) {
        this.#putLimitHit.run(at, kind, sessionId, keyId, method, tool, retryAfterMs);
      }
    });
  }

  /** Calls that were running when an earlier gateway died: how they ended is not known. */
  endInterruptedCalls(): void {
    this.#database.exec(`UPDATE calls SET outcome = 'unknown' WHERE outcome IS NULL`);
  }

  /** Removes some of what is older than `before` or beyond the newest `most` rows of a table. True: call again. */
  prune(before: number, most: number): boolean {
    const removed = [
      this.#removeSome('calls', 'startedAt', before, most),
      this.#removeSome('sessions', 'lastSeenAt', before, most),
      this.#removeSome('limitHits', 'at', before, most),
    ];
    return removed.some((count) => count >= chunk);
  }

  #writeSession(id: string, { view, calls, limitHits, lastSeenAt, closed }: SessionChange): void {
    if (view) {
      const row = { ...view, clientName: view.client?.name ?? null, clientVersion: view.client?.version ?? null };
      this.#putSession.run(...sessionColumns.map((column) => row[column]));
    }
    this.#countSession.run(calls, limitHits, lastSeenAt, id);
    if (closed !== undefined) this.#endSession.run(closed?.at ?? null, closed?.end ?? null, id);
  }

  #removeSome(table: string, time: string, before: number, most: number): number {
    const { changes } = this.#database
      .prepare(
        `DELETE FROM ${table} WHERE seq IN (
           SELECT seq FROM (SELECT seq FROM ${table} WHERE ${time} < ? LIMIT ${chunk})
           UNION SELECT seq FROM (SELECT seq FROM ${table} WHERE seq <= (SELECT max(seq) FROM ${table}) - ? ORDER BY seq LIMIT ${chunk})
         )`,
      )
      .run(before, most);
    return Number(changes);
  }
}

const callColumns = [
  'id',
  'sessionId',
  'keyId',
  'client',
  'accountId',
  'tool',
  'provider',
  'risk',
  'startedAt',
  'ms',
  'upstreamMs',
  'outcome',
  'fault',
  'upstreamCode',
  'logId',
  'argumentsSha256',
] as const;

/** Without the counters: those are counted here, from the events. */
const sessionColumns = [
  'id',
  'transport',
  'protocolVersion',
  'clientName',
  'clientVersion',
  'keyId',
  'accountId',
  'openedAt',
  'lastSeenAt',
] as const;

function upsert(table: string, columns: readonly string[]): string {
  const changes = columns.filter((column) => column !== 'id').map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${changes.join(', ')}`;
}
