import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ParsedControlInput } from '../contract/control.ts';
import type { LatencyPointView, LimitPointView, SeriesView } from '../contract/record-views.ts';
import { limitKindSchema, outcomeSchema } from './record-schema.ts';

export type ActivityRange = ParsedControlInput<'activity'>['range'];

const minute = 60_000;
const hour = 60 * minute;

/** Longer than any call runs: a stretch that ended before has no more calls that may still end. */
const settledAfterMs = 10 * minute;

const spans: Record<ActivityRange, { bucketMs: number; buckets: number }> = {
  hour: { bucketMs: minute, buckets: 60 },
  week: { bucketMs: hour, buckets: 7 * 24 },
};

const callRows = z.array(z.object({ ms: z.number().nullable(), outcome: outcomeSchema.nullable() }));
const hitRows = z.array(z.object({ at: z.number(), kind: limitKindSchema, amount: z.number() }));

/** What charts show. A week of calls is read hour by hour, with room in between for the calls that run. */
export class ActivityReader {
  readonly #database: DatabaseSync;
  /** Hours that will not change any more, so that looking again costs nothing. */
  readonly #settled = new Map<number, LatencyPointView>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async latency(range: ActivityRange, now: number): Promise<SeriesView<LatencyPointView>> {
    const { starts, ...span } = spanOf(range, now);
    const hits = this.#hits(span);
    const points: LatencyPointView[] = [];
    for (const at of starts) {
      const kinds = hits.get(at);
      const known = range === 'week' ? this.#settled.get(at) : undefined;
      points.push(known ?? { ...this.#point(at, span.bucketMs), limitHits: kinds ? sumOf(kinds) : 0 });
      if (!known) await nextTurn();
    }
    if (range === 'week') this.#remember(points, now);
    return { ...span, points };
  }

  limitHits(range: ActivityRange, now: number): SeriesView<LimitPointView> {
    const { starts, ...span } = spanOf(range, now);
    const hits = this.#hits(span);
    return { ...span, points: starts.map((at) => ({ at, ...(hits.get(at) ?? noHits) })) };
  }

  #point(at: number, bucketMs: number): Omit<LatencyPointView, 'limitHits'> {
    const rows = callRows.parse(
      this.#database
        .prepare('SELECT ms, outcome FROM calls WHERE startedAt >= ? AND startedAt < ?')
        .all(at, at + bucketMs),
    );
    const errors = rows.filter(({ outcome }) => outcome === 'error' || outcome === 'unknown').length;
    // A refused call took no time, and would make the others look quick.
    const times = rows
      .flatMap(({ ms, outcome }) => (ms === null || outcome === 'refused' ? [] : ms))
      .sort((a, b) => a - b);
    return { at, calls: rows.length, errors, p50: rankOf(times, 50), p95: rankOf(times, 95), p99: rankOf(times, 99) };
  }

  #hits({ from, until, bucketMs }: { from: number; until: number; bucketMs: number }): Map<number, typeof noHits> {
    const rows = this.#database
      .prepare(
        `SELECT CAST(at / ? AS INTEGER) * ? AS at, kind, count(*) AS amount FROM limitHits
         WHERE at >= ? AND at < ? GROUP BY 1, kind`,
      )
      .all(bucketMs, bucketMs, from, until);
    const points = new Map<number, typeof noHits>();
    for (const { at, kind, amount } of hitRows.parse(rows))
      points.set(at, { ...(points.get(at) ?? noHits), [kind]: amount });
    return points;
  }

  #remember(points: readonly LatencyPointView[], now: number): void {
    this.#settled.clear();
    for (const point of points) if (point.at + hour + settledAfterMs < now) this.#settled.set(point.at, point);
  }
}

const noHits = { session: 0, address: 0, sessions: 0, streams: 0 };

function sumOf(kinds: typeof noHits): number {
  return Object.values(kinds).reduce((sum, amount) => sum + amount, 0);
}

function spanOf(range: ActivityRange, now: number) {
  const { bucketMs, buckets } = spans[range];
  const until = (Math.floor(now / bucketMs) + 1) * bucketMs;
  const from = until - buckets * bucketMs;
  return { from, until, bucketMs, starts: Array.from({ length: buckets }, (_, at) => from + at * bucketMs) };
}

/** The value that `percent` of all are not above (nearest rank). `sorted` ascends. */
function rankOf(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? null;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
