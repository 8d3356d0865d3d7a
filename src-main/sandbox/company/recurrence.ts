const day = 24 * 60 * 60 * 1000;
const shanghai = 8 * 60 * 60 * 1000;
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

interface Rule {
  daily: boolean;
  interval: number;
  count: number;
  last: number;
  weekdays: string[];
}

/**
 * Starts of a repeating event within [from, until): daily and weekly rules of RFC 5545 with INTERVAL, COUNT, UNTIL and
 * BYDAY, counted in the Shanghai time zone. Other rules happen once.
 */
export function occurrences(start: number, text: string, from: number, until: number): number[] {
  const rule = parseRule(text, start);
  if (!rule) return start >= from && start < until ? [start] : [];
  const found: number[] = [];
  let happened = 0;
  for (let at = start; at < until && at <= rule.last && happened < rule.count; at += day) {
    if (!isDue(rule, start, at)) continue;
    happened += 1;
    if (at >= from) found.push(at);
  }
  return found;
}

function parseRule(text: string, start: number): Rule | undefined {
  const parts = new Map(
    text
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']),
  );
  const freq = parts.get('FREQ');
  if (freq !== 'DAILY' && freq !== 'WEEKLY') return undefined;
  return {
    daily: freq === 'DAILY',
    interval: Number(parts.get('INTERVAL') ?? 1),
    count: Number(parts.get('COUNT') ?? Number.POSITIVE_INFINITY),
    last: untilOf(parts.get('UNTIL')),
    weekdays: parts.get('BYDAY')?.split(',') ?? [weekdays[weekdayOf(start)] ?? ''],
  };
}

function isDue(rule: Rule, start: number, at: number): boolean {
  if (rule.daily) return Math.round((at - start) / day) % rule.interval === 0;
  return weeksBetween(start, at) % rule.interval === 0 && rule.weekdays.includes(weekdays[weekdayOf(at)] ?? '');
}

function untilOf(text: string | undefined): number {
  const [, year, month, date] = /^(\d{4})(\d{2})(\d{2})/.exec(text ?? '') ?? [];
  return year === undefined
    ? Number.POSITIVE_INFINITY
    : Date.UTC(Number(year), Number(month) - 1, Number(date)) + day - shanghai - 1;
}

function weekdayOf(ms: number): number {
  return new Date(ms + shanghai).getUTCDay();
}

/** Whole weeks, beginning on Monday, from one moment's to the other's. */
function weeksBetween(a: number, b: number): number {
  const monday = (ms: number) => Math.floor((ms + shanghai) / day) - ((weekdayOf(ms) + 6) % 7);
  return (monday(b) - monday(a)) / 7;
}
