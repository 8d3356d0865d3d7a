import { z } from 'zod';
import { instancesOf } from '../company/calendar-events.ts';
import { eventsIn, type Room, rooms } from '../company/rooms.ts';
import type { World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenRoute, pageOf, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const findBody = z.object({
  city: z.string().default(''),
  building: z.string().default(''),
  floor: z.string().default(''),
  room_name: z.string().default(''),
  min_capacity: z.int().default(0),
  max_capacity: z.int().default(Number.MAX_SAFE_INTEGER),
  event_start_time: moment,
  event_end_time: moment,
});
const searchBody = z.object({
  keyword: z.string().default(''),
  search_level_name: z.boolean().default(false),
  page_size: z.int().min(1).max(100).default(10),
  page_token: z.string().optional(),
});

/** Finding meeting rooms: those that are free, and all of them by name. */
export function roomRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/calendar/v4/freebusy/room_find', scopes.freeBusyRead, (call) => {
      const { event_start_time: from, event_end_time: until, ...wanted } = call.body(findBody);
      if (until <= from) throw new Refusal(190_002, 'invalid parameters in request: event_end_time');
      const free = (room: Room) => instancesOf(eventsIn(world, room.id), from, until).length === 0;
      const fits = (room: Room) =>
        room.city.includes(wanted.city) &&
        room.building.includes(wanted.building) &&
        room.floor.includes(wanted.floor) &&
        room.name.includes(wanted.room_name) &&
        room.capacity >= wanted.min_capacity &&
        room.capacity <= wanted.max_capacity;
      const available_rooms = rooms
        .filter((room) => fits(room) && free(room))
        .map(({ id, name, capacity }) => ({ room_id: id, room_name: name, capacity }));
      return ok({ available_rooms });
    }),
    route('POST', '/vc/v1/rooms/search', scopes.roomRead, (call) => {
      const { keyword, search_level_name, ...query } = call.body(searchBody);
      const found = rooms.filter(
        ({ name, building }) => name.includes(keyword) || (search_level_name && building.includes(keyword)),
      );
      const { items, ...page } = pageOf(found, query);
      const views = items.map(({ id, name, capacity, city, building, floor }) => ({
        room_id: id,
        name,
        capacity,
        path: [city, building, floor],
        room_status: { status: true, schedule_status: true },
      }));
      return ok({ ...page, rooms: views });
    }),
  ];
}
