import { z } from 'zod';
import {
  attendeeView,
  eventView,
  eventsOn,
  findCalendar,
  findEvent,
  instanceView,
  instancesOf,
  momentOf,
  requireOrganizer,
} from '../company/calendar-events.ts';
import { findPerson } from '../company/people.ts';
import { type Attendee, type CalendarEvent, once, type World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { flag, type OpenCall, type OpenRoute, pageOfViews, pageQuery, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const time = z
  .object({
    date: z.iso.date().optional(),
    timestamp: z.string().regex(/^\d+$/).optional(),
    timezone: z.string().default('Asia/Shanghai'),
  })
  .refine((value) => value.date !== undefined || value.timestamp !== undefined, 'date or timestamp is required');
const details = {
  summary: z.string().max(1000).optional(),
  description: z.string().max(40_960).optional(),
  visibility: z.enum(['default', 'public', 'private']).optional(),
  attendee_ability: z.enum(['none', 'can_see_others', 'can_invite_others', 'can_modify_event']).optional(),
  free_busy_status: z.enum(['busy', 'free']).optional(),
  recurrence: z.string().optional(),
  need_notification: z.boolean().optional(),
};
const createBody = z.looseObject({ ...details, start_time: time, end_time: time });
const patchBody = z.looseObject({ ...details, start_time: time.optional(), end_time: time.optional() });
const createQuery = z.object({ idempotency_key: z.string().optional() });
const getQuery = z.object({ need_attendee: flag.default(false) });
const seconds = z.coerce.number().int();
const listQuery = pageQuery.extend({
  start_time: seconds.optional(),
  end_time: seconds.optional(),
  page_size: z.coerce.number().int().min(50).max(1000).optional(),
});
const viewQuery = z.object({ start_time: seconds, end_time: seconds });
const searchBody = z.object({
  query: z.string(),
  filter: z.object({ start_time: time.optional(), end_time: time.optional() }).default({}),
});
const attendee = z.looseObject({
  type: z.enum(['user', 'chat', 'resource', 'third_party']),
  user_id: z.string().optional(),
  chat_id: z.string().optional(),
  room_id: z.string().optional(),
  third_party_email: z.string().optional(),
  is_optional: z.boolean().optional(),
});
const attendeesBody = z.object({ attendees: z.array(attendee).min(1).max(1000) });
const removeBody = z.object({
  attendee_ids: z.array(z.string()).default([]),
  delete_ids: z.array(attendee).default([]),
});
const replyBody = z.object({ rsvp_status: z.enum(['accept', 'decline', 'tentative']) });

const path = '/calendar/v4/calendars/:calendar_id/events';
const longestView = 40 * 24 * 3600;

export function eventRoutes(world: World): OpenRoute[] {
  return [
    route('POST', path, scopes.eventCreate, (call) => ok({ event: eventView(createEvent(world, call), call) })),
    route('GET', path, scopes.eventRead, (call) => {
      const query = call.query(listQuery);
      const found = eventsWithin(world, call, (query.start_time ?? 0) * 1000, (query.end_time ?? endOfTime) * 1000);
      const page = pageOfViews(found, query, (event) => eventView(event, call), 500);
      return ok({ ...page, sync_token: `sync_${world.now()}` });
    }),
    route('GET', `${path}/instance_view`, scopes.eventRead, (call) => {
      const { start_time, end_time } = call.query(viewQuery);
      if (end_time - start_time > longestView) throw new Refusal(193_103, 'the time range is longer than 40 days');
      const instances = instancesOf(eventsOn(world, findCalendar(world, call)), start_time * 1000, end_time * 1000);
      if (instances.length > 1000) throw new Refusal(193_104, 'more than 1000 instances in the time range');
      return ok({ items: instances.map((instance) => instanceView(instance, call)) });
    }),
    route('POST', `${path}/search`, scopes.eventRead, (call) => {
      const { query, filter } = call.body(searchBody);
      const from = filter.start_time ? momentOf(filter.start_time) : 0;
      const until = filter.end_time ? momentOf(filter.end_time) : endOfTime;
      const found = eventsWithin(world, call, from, until).filter((event) =>
        String(event.rest.summary).includes(query),
      );
      const { items, page_token } = pageOfViews(found, call.query(pageQuery), (event) => eventView(event, call));
      return ok({ items, page_token });
    }),
    ...oneEventRoutes(world),
    ...attendeeRoutes(world),
  ];
}

const endOfTime = Number.MAX_SAFE_INTEGER;

function eventsWithin(world: World, call: OpenCall, from: number, until: number): CalendarEvent[] {
  const within = (event: CalendarEvent) => momentOf(event.end) > from && momentOf(event.start) < until;
  return eventsOn(world, findCalendar(world, call)).filter((event) => within(event));
}

function createEvent(world: World, call: OpenCall): CalendarEvent {
  const { start_time: start, end_time: end, need_notification: _, ...rest } = call.body(createBody);
  const calendar = findCalendar(world, call).id;
  requireOrder(start, end);
  const key = call.query(createQuery).idempotency_key;
  const createdAt = world.now();
  return once(world, {
    key: key && `event/${calendar}/${key}`,
    find: (id) => world.events.get(id),
    idOf: (made) => made.id,
    make: () =>
      world.events.add('event', (id) => {
        return {
          id,
          calendar,
          organizer: call.actor,
          start,
          end,
          attendees: [],
          createdAt,
          rest: { ...usual, ...rest },
        };
      }),
  });
}

const usual = {
  summary: '',
  description: '',
  visibility: 'default',
  attendee_ability: 'none',
  free_busy_status: 'busy',
  reminders: [{ minutes: 5 }],
};

function oneEventRoutes(world: World): OpenRoute[] {
  return [
    route('GET', `${path}/:event_id`, scopes.eventRead, (call) =>
      ok({ event: eventView(findEvent(world, call), call, call.query(getQuery).need_attendee) }),
    ),
    route('PATCH', `${path}/:event_id`, scopes.eventUpdate, (call) => {
      const event = findEvent(world, call);
      const {
        start_time: start = event.start,
        end_time: end = event.end,
        need_notification: _,
        ...rest
      } = call.body(patchBody);
      requireOrganizer(event, call);
      requireOrder(start, end);
      return ok({
        event: eventView(world.events.put(event.id, { ...event, start, end, rest: { ...event.rest, ...rest } }), call),
      });
    }),
    route('DELETE', `${path}/:event_id`, scopes.eventDelete, (call) => {
      const event = findEvent(world, call);
      requireOrganizer(event, call);
      world.events.delete(event.id);
      return ok();
    }),
    route('POST', `${path}/:event_id/reply`, scopes.eventReply, (call) => {
      const event = findEvent(world, call);
      const { rsvp_status } = call.body(replyBody);
      const attendees = event.attendees.map((one) => (one.person === call.person?.key ? { ...one, rsvp_status } : one));
      world.events.put(event.id, { ...event, attendees });
      return ok();
    }),
  ];
}

function attendeeRoutes(world: World): OpenRoute[] {
  return [
    route('GET', `${path}/:event_id/attendees`, scopes.eventRead, (call) => {
      return ok(pageOfViews(findEvent(world, call).attendees, call.query(pageQuery), (one) => attendeeView(one, call)));
    }),
    route('POST', `${path}/:event_id/attendees`, scopes.eventUpdate, (call) => {
      const event = findEvent(world, call);
      requireOrganizer(event, call);
      const fresh = call.body(attendeesBody).attendees.map((one) => toAttendee(one));
      const others = event.attendees.filter((one) => !fresh.some((other) => other.attendee_id === one.attendee_id));
      world.events.put(event.id, { ...event, attendees: [...others, ...fresh] });
      return ok({ attendees: fresh.map((one) => attendeeView(one, call)) });
    }),
    route('POST', `${path}/:event_id/attendees/batch_delete`, scopes.eventUpdate, (call) => {
      const event = findEvent(world, call);
      requireOrganizer(event, call);
      const { attendee_ids, delete_ids } = call.body(removeBody);
      const gone = new Set([...attendee_ids, ...delete_ids.map((one) => toAttendee(one).attendee_id)]);
      world.events.put(event.id, { ...event, attendees: event.attendees.filter((one) => !gone.has(one.attendee_id)) });
      return ok();
    }),
  ];
}

function toAttendee({ user_id, ...rest }: z.infer<typeof attendee>): Attendee {
  if (rest.type !== 'user') {
    const id = rest.chat_id ?? rest.room_id ?? rest.third_party_email ?? '';
    return { ...rest, attendee_id: `${rest.type}_${id}`, rsvp_status: 'needs_action' };
  }
  const person = findPerson(user_id ?? '');
  if (!person) throw new Refusal(99_992_351, `The user id ${user_id ?? ''} is unknown or not visible to the app.`);
  return { ...rest, person: person.key, attendee_id: `user_${person.userId}`, rsvp_status: 'needs_action' };
}

function requireOrder(start: CalendarEvent['start'], end: CalendarEvent['end']): void {
  if (momentOf(end) < momentOf(start))
    throw new Refusal(190_002, 'invalid parameters in request: end_time is before start_time');
}
