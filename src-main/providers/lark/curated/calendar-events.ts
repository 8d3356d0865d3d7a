import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { at, type Desk } from './desk.ts';
import { text, told } from './fields.ts';
import { dayMs, isoOf } from './times.ts';

const when = z.object({ date: text, timestamp: text }).catch({ date: '', timestamp: '' });

const rawEvent = z.object({
  event_id: z.string(),
  recurring_event_id: text,
  summary: text,
  description: text,
  start_time: when,
  end_time: when,
  status: text,
  free_busy_status: text,
  self_rsvp_status: text,
  location: z.object({ name: text }).catch({ name: '' }),
  event_organizer: z.object({ display_name: text }).catch({ display_name: '' }),
  vchat: z.object({ meeting_url: text }).catch({ meeting_url: '' }),
});
type RawEvent = z.output<typeof rawEvent>;

const viewAnswer = z.object({ items: z.array(rawEvent).catch([]) });

export const eventOut = z.object({
  event_id: z.string(),
  summary: z.string(),
  start: z.string(),
  end: z.string(),
  organizer: z.string().optional(),
  location: z.string().optional(),
  rsvp: z.string().optional(),
  free: z.boolean().optional(),
  recurring: z.boolean().optional(),
  meeting_url: z.string().optional(),
  description: z.string().optional(),
});

const longestMs = 40 * dayMs;

/** What happens on a calendar within [from, until) ms. Feishu gives 40 days and 1000 events at a time. */
export async function instancesOf(
  desk: Desk,
  calendar: string,
  { from, until }: { from: number; until: number },
): Promise<RawEvent[]> {
  if (until - from > longestMs) return halves(desk, calendar, { from, until, middle: from + longestMs });
  try {
    const query = { start_time: Math.floor(from / 1000), end_time: Math.floor(until / 1000) };
    const path = at`/calendar/v4/calendars/${calendar}/events/instance_view`;
    return (await desk.read({ path, query, answer: viewAnswer })).items;
  } catch (thrown) {
    const tooMany = thrown instanceof Fault && thrown.details?.code === 193_104 && until - from > 3_600_000;
    if (!tooMany) throw thrown;
    return halves(desk, calendar, { from, until, middle: Math.floor((from + until) / 2000) * 1000 });
  }
}

async function halves(
  desk: Desk,
  calendar: string,
  { from, middle, until }: { from: number; middle: number; until: number },
): Promise<RawEvent[]> {
  const first = await instancesOf(desk, calendar, { from, until: middle });
  const second = await instancesOf(desk, calendar, { from: middle, until });
  // What lies across the middle comes twice.
  const seen = new Set(first.map((event) => event.event_id));
  return [...first, ...second.filter((event) => !seen.has(event.event_id))];
}

export function showEvent(event: RawEvent): z.input<typeof eventOut> {
  return {
    event_id: event.event_id,
    summary: event.summary,
    start: momentText(event.start_time),
    end: momentText(event.end_time),
    ...told({
      organizer: event.event_organizer.display_name,
      location: event.location.name,
      rsvp: event.self_rsvp_status,
      free: event.free_busy_status === 'free' ? true : undefined,
      recurring: event.recurring_event_id === '' ? undefined : true,
      meeting_url: event.vchat.meeting_url,
      description: event.description.slice(0, 500),
    }),
  };
}

function momentText({ date, timestamp }: z.output<typeof when>): string {
  return date !== '' ? date : isoOf(Number(timestamp) * 1000);
}

export function startOf({ start_time }: RawEvent): number {
  return start_time.date === '' ? Number(start_time.timestamp) * 1000 : Date.parse(`${start_time.date}T00:00`);
}
