import type { LatencyPointView } from '../src-main/contract/record-views.ts';
import type { ActivityView } from '../src-main/contract/views.ts';

const minute = 60_000;
const hour = 60 * minute;

export type ActivityPoint = Omit<LatencyPointView, 'p99'>;

/** The last hour by the minute: what the page counted itself, and how long calls took where the gateway has told. */
export function lastHour(activity: ActivityView[], told: LatencyPointView[], now: number): ActivityPoint[] {
  const last = Math.floor(now / minute) * minute;
  const counts = new Map(activity.map((entry) => [entry.at, entry]));
  const times = new Map(told.map((point) => [point.at, point]));
  return Array.from({ length: 60 }, (_, index) => {
    const at = last - (59 - index) * minute;
    const { calls = 0, errors = 0, limitHits = 0 } = counts.get(at) ?? {};
    const { p50 = null, p95 = null } = times.get(at) ?? {};
    return { at, calls, errors, limitHits, p50, p95 };
  });
}

/** The sums of the last hour. */
export function totalOf(activity: ActivityView[], now: number): Omit<ActivityView, 'at'> {
  const sum = { calls: 0, errors: 0, limitHits: 0 };
  for (const { at, calls, errors, limitHits } of activity) {
    if (at <= now - hour) continue;
    sum.calls += calls;
    sum.errors += errors;
    sum.limitHits += limitHits;
  }
  return sum;
}

/** The longest of what calls typically took, and of what the slow ones took. */
export function slowest(points: ActivityPoint[]): { p50: number | null; p95: number | null } {
  const most = (values: (number | null)[]) =>
    values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
  return { p50: most(points.map(({ p50 }) => p50)), p95: most(points.map(({ p95 }) => p95)) };
}
