import { z } from 'zod';
import { wrong } from './fields.ts';

const shape = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const dayMs = 86_400_000;

/** A moment as people write it. */
export const moment = z.string().max(40);

/** Whether only a day is named, without a time. */
export function isDay(given: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(given);
}

/**
 * Milliseconds of an ISO 8601 time. Without a zone it is this computer's; a day alone is its midnight, or the one after
 * it where an `end` is meant, so that "from Monday to Friday" has Friday in it. Throws `invalid_arguments`.
 */
export function toMs(given: string, field: string, edge: 'start' | 'end' = 'start'): number {
  // A day without a time would be read as UTC.
  const ms = shape.test(given) ? Date.parse(isDay(given) ? `${given}T00:00` : given.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(ms) || !isReal(given)) {
    throw wrong(
      field,
      `${field} 不是合法的 ISO 8601 时间，例如 2026-11-21T15:00+08:00。`,
      `${field} is not an ISO 8601 time, such as 2026-11-21T15:00+08:00.`,
    );
  }
  if (!isDay(given) || edge === 'start') return ms;
  const next = new Date(ms);
  next.setDate(next.getDate() + 1);
  return next.getTime();
}

/** Dates such as February 30 roll over when they are parsed. */
function isReal(given: string): boolean {
  const [year = 0, month = 0, day = 0] = given.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

export function toSeconds(given: string, field: string, edge?: 'start' | 'end'): number {
  return Math.floor(toMs(given, field, edge) / 1000);
}

/** ISO 8601 to the second, in this computer's zone. */
export function isoOf(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const two = (value: number) => String(Math.abs(value)).padStart(2, '0');
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${sign}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
}

/** Of a time in milliseconds or seconds, as a number or in digits; undefined where there is none. */
export function isoOfStamp(stamp: unknown): string | undefined {
  const value = Number(stamp ?? 0);
  if (!Number.isFinite(value) || value <= 0) return undefined;
  return isoOf(value < 100_000_000_000 ? value * 1000 : value);
}

/** The midnight that began the day of `ms`, in this computer's zone. */
export function dayOf(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

export { dayMs };
