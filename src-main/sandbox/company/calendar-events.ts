import { Refusal } from '../wire/envelope.ts';
import type { OpenCall } from '../wire/open-route.ts';
import { findPerson, people } from './people.ts';
import { occurrences } from './recurrence.ts';
import type { Attendee, Calendar, CalendarEvent, World } from './world.ts';

/** The calendar of the path: an id, or `primary` for the caller's own. */
export function findCalendar(world: World, call: OpenCall, id = call.param('calendar_id')): Calendar {
  if (id === 'primary') return primaryCalendar(world, call.actor);
  const calendar = world.calendars.get(id);
  if (!calendar) throw new Refusal(191_000, 'calendar not found');
  if (!calendarsOf(world, call).includes(calendar)) throw new Refusal(191_002, 'no calendar access_role');
  return calendar;
}

export function primaryCalendar(world: World, owner: string): Calendar {
  const before = world.calendars.list(owner).find((calendar) => calendar.type === 'primary');
  return (
    before ??
    world.calendars.add('calendar', (id) => ({
      id,
      owner,
      type: 'primary',
      summary: findPerson(owner)?.name ?? '应用',
      description: '',
      permissions: 'show_only_free_busy',
      color: -1,
    }))
  );
}

/** The caller's own calendars and the shared ones of their company. */
export function calendarsOf(world: World, call: OpenCall): Calendar[] {
  const own = call.actor;
  const colleagues = people.filter((person) => person.tenantKey === call.tenantKey).map((person) => person.key);
  const shared = (calendar: Calendar) => calendar.type === 'shared' && colleagues.includes(calendar.owner);
  return world.calendars.list().filter((calendar) => calendar.owner === own || shared(calendar));
}

/** What is on a calendar; on a person's primary one also what they were invited to. */
export function eventsOn(world: World, calendar: Calendar): CalendarEvent[] {
  const own = world.events.list(calendar.id);
  return calendar.type === 'primary' ? [...own, ...invitationsOf(world, calendar.owner)] : own;
}

function invitationsOf(world: World, person: string): CalendarEvent[] {
  return world.events
    .list()
    .filter((event) => event.organizer !== person && event.attendees.some((one) => one.person === person));
}

export function findEvent(world: World, call: OpenCall): CalendarEvent {
  const calendar = findCalendar(world, call);
  const event = eventsOn(world, calendar).find((one) => one.id === call.param('event_id'));
  if (!event) throw new Refusal(193_000, 'event not found');
  return event;
}

export function requireOrganizer(event: CalendarEvent, call: OpenCall): void {
  const may = event.organizer === call.actor || event.rest.attendee_ability === 'can_modify_event';
  if (!may) throw new Refusal(193_002, 'no operation permission');
}

export interface Instance {
  event: CalendarEvent;
  start: number;
  end: number;
}

/** Every happening of the events within [from, until), in order; repeating events several times. */
export function instancesOf(events: readonly CalendarEvent[], from: number, until: number): Instance[] {
  return events
    .flatMap((event) => {
      const first = momentOf(event.start);
      const length = momentOf(event.end) - first;
      const { recurrence } = event.rest;
      const starts =
        typeof recurrence === 'string' && recurrence !== ''
          ? occurrences(first, recurrence, from - length + 1, until)
          : [first];
      return starts.map((start) => ({ event, start, end: start + length }));
    })
    .filter((one) => one.start < until && one.end > from)
    .sort((a, b) => a.start - b.start);
}

/** Milliseconds; a date alone is its midnight in Shanghai. */
export function momentOf(time: CalendarEvent['start']): number {
  if (time.timestamp !== undefined) return Number(time.timestamp) * 1000;
  return Date.parse(`${time.date}T00:00:00+08:00`);
}

export function eventView(event: CalendarEvent, call: OpenCall, withAttendees = false) {
  const organizer = findPerson(event.organizer);
  const self = event.attendees.find((one) => one.person !== undefined && one.person === call.person?.key);
  return {
    event_id: event.id,
    organizer_calendar_id: event.calendar,
    ...event.rest,
    start_time: event.start,
    end_time: event.end,
    status: 'confirmed',
    is_exception: false,
    create_time: String(Math.floor(event.createdAt / 1000)),
    event_organizer: { user_id: organizer ? call.idOf(organizer) : '', display_name: organizer?.name ?? '应用' },
    app_link: `https://applink.feishu.invalid/client/calendar/event/detail?eventId=${event.id}`,
    ...(self && { self_rsvp_status: self.rsvp_status }),
    ...(withAttendees && { attendees: event.attendees.map((one) => attendeeView(one, call)) }),
  };
}

/** One happening of an event. Of a repeating event it has an id and times of its own. */
export function instanceView({ event, start, end }: Instance, call: OpenCall) {
  const view = eventView(event, call);
  if (!event.rest.recurrence) return view;
  const timezone = event.start.timezone ?? 'Asia/Shanghai';
  return {
    ...view,
    event_id: `${event.id.slice(0, -2)}_${start / 1000}`,
    recurring_event_id: event.id,
    start_time: { timestamp: String(start / 1000), timezone },
    end_time: { timestamp: String(end / 1000), timezone },
  };
}

export function attendeeView({ person: key, ...attendee }: Attendee, call: OpenCall) {
  const person = key === undefined ? undefined : findPerson(key);
  return { ...attendee, ...(person && { user_id: call.idOf(person), display_name: person.name }), is_external: false };
}
