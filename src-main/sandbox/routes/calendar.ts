import { z } from 'zod';
import { calendarsOf, eventsOn, findCalendar, instancesOf, primaryCalendar } from '../company/calendar-events.ts';
import { eventsIn, findRoom } from '../company/rooms.ts';
import { findPerson } from '../company/people.ts';
import type { Calendar, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const createBody = z.object({
  summary: z.string().max(255).default(''),
  description: z.string().max(255).default(''),
  permissions: z.enum(['private', 'show_only_free_busy', 'public']).default('show_only_free_busy'),
  color: z.int().default(-1),
});
const searchBody = z.object({ query: required });
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const freeBusyBody = z.object({
  time_min: moment,
  time_max: moment,
  user_id: z.string().optional(),
  room_id: z.string().optional(),
});

export function calendarRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/calendar/v4/calendars/primary', scopes.calendarRead, (call) => {
      const calendar = primaryCalendar(world, call.actor);
      return ok({
        calendars: [{ calendar: viewOf(calendar, call), user_id: call.person ? call.idOf(call.person) : '' }],
      });
    }),
    route('GET', '/calendar/v4/calendars', scopes.calendarRead, (call) => {
      primaryCalendar(world, call.actor);
      const { items, ...page } = pageOf(calendarsOf(world, call), call.query(pageQuery), 500);
      return ok({
        ...page,
        sync_token: `sync_${world.now()}`,
        calendar_list: items.map((calendar) => viewOf(calendar, call)),
      });
    }),
    route('POST', '/calendar/v4/calendars', scopes.calendarCreate, (call) => {
      const body = call.body(createBody);
      const owner = call.actor;
      const calendar = world.calendars.add('calendar', (id) => ({ id, owner, type: 'shared', ...body }));
      return ok({ calendar: viewOf(calendar, call) });
    }),
    route('POST', '/calendar/v4/calendars/search', scopes.calendarRead, (call) => {
      const { query } = call.body(searchBody);
      const page = pageOf(
        calendarsOf(world, call).filter((calendar) => calendar.summary.includes(query)),
        call.query(pageQuery),
      );
      return ok({ items: page.items.map((calendar) => viewOf(calendar, call)), page_token: page.page_token });
    }),
    route('GET', '/calendar/v4/calendars/:calendar_id', scopes.calendarRead, (call) =>
      ok(viewOf(findCalendar(world, call), call)),
    ),
    route('POST', '/calendar/v4/freebusy/list', scopes.freeBusyRead, (call) => {
      const body = call.body(freeBusyBody);
      if (body.time_max <= body.time_min || body.time_max - body.time_min > 90 * 24 * 3_600_000) {
        throw new Refusal(190_002, 'invalid parameters in request: time_min and time_max');
      }
      if (body.user_id === undefined)
        return ok({ freebusy_list: bookings(world, body.room_id, body.time_min, body.time_max) });
      return ok({ freebusy_list: busyTimes(world, body.user_id, body.time_min, body.time_max) });
    }),
  ];
}

function busyTimes(world: World, userId: string, from: number, until: number) {
  const person = findPerson(userId);
  if (!person) throw new Refusal(99_992_351, `The user id ${userId} is unknown or not visible to the app.`);
  const events = eventsOn(world, primaryCalendar(world, person.key)).filter(
    (event) => event.rest.free_busy_status !== 'free',
  );
  const going = events.filter((event) =>
    event.attendees.every((one) => one.person !== person.key || one.rsvp_status !== 'decline'),
  );
  return instancesOf(going, from, until).map(({ start, end }) => ({
    start_time: shanghaiTime(start),
    end_time: shanghaiTime(end),
  }));
}

function bookings(world: World, roomId: string | undefined, from: number, until: number) {
  const events = eventsIn(world, findRoom(roomId ?? '').id);
  return instancesOf(events, from, until).map(({ start, end }) => ({
    start_time: shanghaiTime(start),
    end_time: shanghaiTime(end),
  }));
}

function shanghaiTime(ms: number): string {
  return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

function viewOf(calendar: Calendar, call: OpenCall) {
  const { id, owner, ...rest } = calendar;
  const own = owner === call.actor;
  return {
    calendar_id: id,
    ...rest,
    summary_alias: '',
    is_deleted: false,
    is_third_party: false,
    role: own ? 'owner' : 'reader',
  };
}
