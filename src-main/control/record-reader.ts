import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import type { CallCountsView, RecordedLimitHit, TimelineView } from '../contract/record-views.ts';
import type { ActivityView, CallView, SessionRecordView } from '../contract/views.ts';
import { type CallConditions, type CallFilter, whereOf } from './call-conditions.ts';
import { callRow, limitHitRow, outcomeSchema, sessionRow } from './record-schema.ts';

const minute = 60_000;
const timelineCalls = 1000;
const countRow = z.object({ outcome: outcomeSchema.nullable(), amount: z.number() });

/** Everything that is asked of the record tables. */
export class RecordReader {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** One page of calls, newest first. `next` is the `before` of the page after it. */
  calls(filter: CallFilter): { calls: CallView[]; next: string | null } {
    const where = whereOf(filter, () => this.names('tool'));
    const rows = this.#all(
      `SELECT * FROM calls ${where.sql} ORDER BY startedAt DESC, seq DESC LIMIT ? OFFSET ?`,
      ...where.values,
      filter.limit + 1,
      filter.offset ?? 0,
    );
    const calls = z.array(callRow).parse(rows.slice(0, filter.limit));
    return { calls, next: rows.length > filter.limit ? (calls.at(-1)?.id ?? null) : null };
  }

  counts(filter: CallConditions): CallCountsView {
    const where = whereOf(filter, () => this.names('tool'));
    const rows = this.#all(
      `SELECT outcome, count(*) AS amount FROM calls ${where.sql} GROUP BY outcome`,
      ...where.values,
    );
    const byOutcome = { ok: 0, error: 0, refused: 0, canceled: 0, unknown: 0 };
    for (const { outcome, amount } of z.array(countRow).parse(rows)) byOutcome[outcome ?? 'unknown'] += amount;
    return { total: Object.values(byOutcome).reduce((sum, amount) => sum + amount, 0), byOutcome };
  }

  /** All values in order. It steps through the index from one to the next instead of reading every call. */
  names(column: 'tool' | 'client'): string[] {
    const rows = this.#all(
      `WITH RECURSIVE names (name) AS (
         SELECT min(${column}) FROM calls
         UNION ALL
         SELECT (SELECT min(${column}) FROM calls WHERE ${column} > names.name) FROM names WHERE names.name IS NOT NULL
       ) SELECT name FROM names WHERE name IS NOT NULL LIMIT 2000`,
    );
    return z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name);
  }

  timeline(sessionId: string): TimelineView {
    const { calls, next } = this.calls({ sessionId, limit: timelineCalls });
    const hits = this.#all(
      'SELECT * FROM limitHits WHERE sessionId = ? ORDER BY at DESC LIMIT ?',
      sessionId,
      timelineCalls,
    );
    const [session = null] = z.array(sessionRow).parse(this.#all('SELECT * FROM sessions WHERE id = ?', sessionId));
    return {
      session,
      calls: calls.toReversed(),
      limitHits: z.array(limitHitRow).parse(hits).toReversed(),
      more: next !== null,
    };
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
