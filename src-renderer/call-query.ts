import type { ControlInput } from '../src-main/contract/control.ts';
import type { Outcome } from '../src-main/contract/views.ts';

/** Which calls are wanted, as the gateway is asked. */
export type CallFilter = ControlInput<'callCounts'>;

export type CallRange = 'hour' | 'day' | 'week' | 'custom';

/** The same as the address of the page says it: spans of time there end now. */
export interface CallQuery {
  tool?: string;
  client?: string;
  accountId?: string;
  sessionId?: string;
  outcome?: Outcome;
  text?: string;
  range?: CallRange;
  /** Milliseconds since 1970, of a `custom` range. */
  from?: string;
  until?: string;
}

const hour = 60 * 60_000;
const spans: Record<Exclude<CallRange, 'custom'>, number> = { hour, day: 24 * hour, week: 7 * 24 * hour };
export const endings: readonly Outcome[] = ['ok', 'error', 'refused', 'canceled', 'unknown'];
export const ranges: readonly CallRange[] = ['hour', 'day', 'week', 'custom'];

/** What an address asks for; what it says wrongly is left out. */
export function readQuery(parameters: URLSearchParams): CallQuery {
  const query: CallQuery = {};
  for (const name of ['tool', 'client', 'accountId', 'sessionId', 'text'] as const) {
    const value = parameters.get(name);
    if (value) query[name] = value;
  }
  const outcome = endings.find((ending) => ending === parameters.get('outcome'));
  if (outcome) query.outcome = outcome;
  const range = ranges.find((name) => name === parameters.get('range'));
  if (range) query.range = range;
  for (const name of ['from', 'until'] as const) {
    const value = parameters.get(name);
    if (range === 'custom' && value && /^\d{1,15}$/.test(value)) query[name] = value;
  }
  return query;
}

/** The query at a certain moment. */
export function filterAt(query: CallQuery, now: number): CallFilter {
  const { range, from, until, ...filter } = query;
  if (range === undefined) return filter;
  if (range !== 'custom') return { ...filter, from: now - spans[range] };
  return { ...filter, ...(from && { from: Number(from) }), ...(until && { until: Number(until) }) };
}

/** Where a filtered list can be downloaded. */
export function exportLink(filter: CallFilter, format: 'jsonl' | 'csv'): string {
  const parameters = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) parameters.set(name, String(value));
  return `/control/export?${parameters.toString()}`;
}
