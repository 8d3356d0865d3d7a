import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { eventOut, instancesOf, showEvent, startOf } from './calendar-events.ts';
import { toChatId } from './chats.ts';
import { curated } from './curated-tool.ts';
import { at, type Desk } from './desk.ts';
import { text, told, wrong } from './fields.ts';
import { toOpenId } from './people.ts';
import { dayMs, dayOf, isDay, isoOf, moment, toMs } from './times.ts';

const calendarId = z.string().default('primary');

function span(given: { start?: string | undefined; end?: string | undefined }, desk: Desk, most: number) {
  const from = given.start === undefined ? dayOf(desk.now) : toMs(given.start, 'start');
  const until = given.end === undefined ? dayOf(from + 1.5 * dayMs) : toMs(given.end, 'end', 'end');
  if (until <= from) throw wrong('end', 'end 须晚于 start。', 'end must be later than start.');
  if (until - from > most * dayMs)
    throw wrong('end', `时间范围最长 ${most} 天。`, `The time range may be ${most} days at most.`);
  return { from, until };
}

export const agenda = curated({
  risk: 'read',
  title: { zh: '看日程', en: 'Look at the agenda' },
  description: { zh: '列出一段时间内的日程，默认今天。', en: 'Lists the events of a time, today by default.' },
  input: z.object({
    start: moment.optional().meta({ zh: 'ISO 8601 时间或日期', en: 'ISO 8601 time or date' }),
    end: moment.optional(),
    calendar_id: calendarId,
  }),
  output: z.object({ start: z.string(), end: z.string(), events: z.array(eventOut) }),
  run: async (desk, { calendar_id, ...given }) => {
    const { from, until } = span(given, desk, 366);
    const events = await instancesOf(desk, calendar_id, { from, until });
    const shown = events.filter(({ status }) => status !== 'cancelled').sort((a, b) => startOf(a) - startOf(b));
    return { start: isoOf(from), end: isoOf(until), events: shown.map((event) => showEvent(event)) };
  },
});

const busyAnswer = z.object({
  freebusy_list: z.array(z.object({ start_time: z.string(), end_time: z.string() })).catch([]),
});

export const freebusy = curated({
  risk: 'read',
  title: { zh: '查忙闲', en: 'See when someone is busy' },
  description: {
    zh: '某人在一段时间内何时有安排，默认我、今天。',
    en: 'When a person is busy; me and today by default.',
  },
  input: z.object({
    start: moment.optional().meta({ zh: 'ISO 8601 时间或日期', en: 'ISO 8601 time or date' }),
    end: moment.optional(),
    user_id: z.string().default('me').meta({ zh: '姓名、邮箱或 open_id', en: 'Name, email or open_id' }),
  }),
  output: z.object({
    start: z.string(),
    end: z.string(),
    busy: z.array(z.object({ start: z.string(), end: z.string() })),
  }),
  run: async (desk, { user_id, ...given }) => {
    const { from, until } = span(given, desk, 90);
    const body = { time_min: isoOf(from), time_max: isoOf(until), user_id: await toOpenId(desk, user_id, 'user_id') };
    const { freebusy_list } = await desk.read({
      method: 'POST',
      path: '/calendar/v4/freebusy/list',
      query: { user_id_type: 'open_id' },
      body,
      answer: busyAnswer,
    });
    const busy = freebusy_list.map(({ start_time, end_time }) => ({
      start: isoOf(Date.parse(start_time)),
      end: isoOf(Date.parse(end_time)),
    }));
    return { start: isoOf(from), end: isoOf(until), busy };
  },
});

const createInput = z.object({
  summary: z.string().max(1000),
  start: moment.meta({ zh: 'ISO 8601；只给日期即全天', en: 'ISO 8601; a date alone means all day' }),
  end: moment,
  description: z.string().max(40_960).optional(),
  attendee_ids: z.array(z.string()).max(100).optional().meta({
    zh: '人（姓名、邮箱、ou_）、群 oc_、会议室 omm_',
    en: 'People (name, email, ou_), groups oc_, rooms omm_',
  }),
  calendar_id: calendarId,
  rrule: z.string().max(500).optional().meta({ zh: '如 FREQ=WEEKLY;BYDAY=MO', en: 'Such as FREQ=WEEKLY;BYDAY=MO' }),
  idempotency_key: z.string().max(64).optional(),
});

const createAnswer = z.object({ event: z.object({ event_id: z.string(), app_link: text, summary: text }) });

export const createEvent = curated({
  risk: 'write',
  title: { zh: '建日程', en: 'Create an event' },
  description: {
    zh: '建一个日程并邀请人、群和会议室；邀请失败时日程会被撤销。',
    en: 'Creates an event and invites people, groups and rooms. When inviting fails, the event is taken back.',
  },
  input: createInput,
  output: z.object({ event_id: z.string(), start: z.string(), end: z.string(), url: z.string().optional() }),
  run: async (desk, given) => {
    const { from, until } = span(given, desk, 3660);
    const allDay = isDay(given.start);
    if (allDay !== isDay(given.end))
      throw wrong('end', 'start 与 end 须同为日期或同为时间。', 'start and end must both be dates or both be times.');
    const attendees = await attendeesOf(desk, given.attendee_ids ?? []);
    const { event } = await desk.write(
      {
        method: 'POST',
        path: at`/calendar/v4/calendars/${given.calendar_id}/events`,
        query: { user_id_type: 'open_id', idempotency_key: given.idempotency_key ?? randomUUID() },
        body: eventBody(given, { from, until, allDay }),
        answer: createAnswer,
      },
      'once',
    );
    if (attendees.length > 0) await invite(desk, { calendar: given.calendar_id, event: event.event_id, attendees });
    return { event_id: event.event_id, start: isoOf(from), end: isoOf(until), ...told({ url: event.app_link }) };
  },
});

function eventBody(
  { summary, description, rrule, start, end }: z.output<typeof createInput>,
  { from, until, allDay }: { from: number; until: number; allDay: boolean },
): Record<string, unknown> {
  const time = (ms: number) => ({ timestamp: String(Math.floor(ms / 1000)) });
  return {
    summary,
    ...told({ description, recurrence: rrule }),
    start_time: allDay ? { date: start } : time(from),
    end_time: allDay ? { date: end } : time(until),
    attendee_ability: 'can_modify_event',
    free_busy_status: 'busy',
    vchat: { vc_type: 'vc' },
    reminders: [{ minutes: 5 }],
  };
}

type Attendee = Record<string, string>;

function attendeesOf(desk: Desk, given: readonly string[]): Promise<Attendee[]> {
  return Promise.all(
    [...new Set(given)].map(async (one, index): Promise<Attendee> => {
      const field = `attendee_ids[${index}]`;
      if (one.startsWith('omm_')) return { type: 'resource', room_id: one };
      if (one.startsWith('oc_')) return { type: 'chat', chat_id: await toChatId(desk, one, field) };
      return { type: 'user', user_id: await toOpenId(desk, one, field) };
    }),
  );
}

async function invite(
  desk: Desk,
  { calendar, event, attendees }: { calendar: string; event: string; attendees: Attendee[] },
): Promise<void> {
  const path = at`/calendar/v4/calendars/${calendar}/events/${event}`;
  try {
    await desk.write({
      method: 'POST',
      path: `${path}/attendees`,
      query: { user_id_type: 'open_id' },
      body: { attendees, need_notification: true },
      answer: z.unknown(),
    });
  } catch (thrown) {
    const fault = Fault.from(thrown);
    // Whoever may have been invited keeps the event.
    const takenBack = fault.code !== 'outcome_unknown' && (await takeBack(desk, path));
    if (takenBack) throw fault;
    throw new Fault(fault.code, {
      words: {
        zh: `日程已建好（${event}），但邀请没有完成：${fault.words.zh}`,
        en: `The event was created (${event}), but inviting did not finish: ${fault.words.en}`,
      },
      details: { ...fault.details, event_id: event },
      cause: fault,
    });
  }
}

function takeBack(desk: Desk, path: string): Promise<boolean> {
  return desk.write({ method: 'DELETE', path, query: { need_notification: 'false' }, answer: z.unknown() }).then(
    () => true,
    () => false,
  );
}
