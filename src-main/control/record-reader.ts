import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import type { ParsedControlInput, RecordedLimitHit } from '../contract/control.ts';
import type { ActivityView, CallView, SessionRecordView } from '../contract/views.ts';
import { callRow, limitHitRow, sessionRow } from './record-schema.ts';

export type CallFilter = ParsedControlInput<'calls'>;

const minute = 60_000;

/** Everything that is asked of the record tables. */
export class RecordReader {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** One page of calls, newest first. `next` is the `before` of the page after it. */
  calls(filter: CallFilter): { calls: CallView[]; next: string | null } {
    const { where, values } = conditionsOf(filter);
    const rows = this.#all(
      `SELECT * FROM calls ${where} ORDER BY startedAt DESC, seq DESC LIMIT ?`,
      ...values,
      filter.limit + 1,
    );
    const calls = z.array(callRow).parse(rows.slice(0, filter.limit));
    return { calls, next: rows.length > filter.limit ? (calls.at(-1)?.id ?? null) : null };
  }

  /** All names in order. It steps through the index from name to name instead of reading every call. */
  tools(): string[] {
    const rows = this.#all(
      `WITH RECURSIVE names (tool) AS (
         SELECT min(tool) FROM calls
         UNION ALL SELECT (SELECT min(tool) FROM calls WHERE tool > names.tool) FROM names WHERE names.tool IS NOT NULL
       ) SELECT tool FROM names WHERE tool IS NOT NULL LIMIT 2000`,
    );
    return z
      .array(z.object({ tool: z.string() }))
      .parse(rows)
      .map((row) => row.tool);
  }

  /** The last seen first. */
  sessions(limit: number): SessionRecordView[] {
    return z.array(sessionRow).parse(this.#all('SELECT * FROM sessions ORDER BY lastSeenAt DESC LIMIT ?', limit));
  }

  /** The newest first. */
  limitHits(from: number, limit: number): RecordedLimitHit[] {
    const rows = this.#all('SELECT * FROM limitHits WHERE at >= ? ORDER BY at DESC, seq DESC LIMIT ?', from, limit);
    return z.array(limitHitRow).parse(rows);
  }

  /** What happened since `from`, by the minute. */
  activity(from: number): ActivityView[] {
    const minutes = new Map<number, ActivityView>();
    const count = (what: 'calls' | 'errors' | 'limitHits', source: string, time: string) => {
      for (const { at, amount } of this.#perMinute(source, time, from)) {
        const entry = minutes.get(at) ?? { at, calls: 0, errors: 0, limitHits: 0 };
        minutes.set(at, { ...entry, [what]: amount });
      }
    };
    count('calls', 'calls WHERE true', 'startedAt');
    count('errors', `calls WHERE outcome IN ('error', 'unknown')`, 'startedAt');
    count('limitHits', 'limitHits WHERE true', 'at');
    return [...minutes.values()].sort((a, b) => a.at - b.at);
  }

  #perMinute(source: string, time: string, from: number): { at: number; amount: number }[] {
    const rows = this.#all(
      `SELECT CAST(${time} / ${minute} AS INTEGER) * ${minute} AS at, count(*) AS amount
       FROM ${source} AND ${time} >= ? GROUP BY 1`,
      from,
    );
    return z.array(z.object({ at: z.number(), amount: z.number() })).parse(rows);
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#database.prepare(sql).all(...values);
  }
}

function conditionsOf(filter: CallFilter): { where: string; values: SQLInputValue[] } {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (condition: string, value: SQLInputValue | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('tool = ?', filter.tool);
  add('accountId = ?', filter.accountId);
  add('sessionId = ?', filter.sessionId);
  add('outcome = ?', filter.outcome);
  add('startedAt >= ?', filter.from);
  add('startedAt < ?', filter.until);
  // A call that is no longer kept was older than all that are: nothing comes after it.
  add('(startedAt, seq) < (SELECT startedAt, seq FROM calls WHERE id = ?)', filter.before);
  return { where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values };
}
