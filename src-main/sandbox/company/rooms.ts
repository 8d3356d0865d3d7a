import { Refusal } from '../wire/envelope.ts';
import { makeId } from './ids.ts';
import type { CalendarEvent, World } from './world.ts';

export interface Room {
  id: string;
  name: string;
  capacity: number;
  city: string;
  building: string;
  floor: string;
}

const room = (name: string, capacity: number, floor: string): Room => ({
  id: makeId('room', name),
  name,
  capacity,
  city: '杭州',
  building: '青禾大厦',
  floor,
});

/** The meeting rooms of the company. */
export const rooms: readonly Room[] = [room('竹', 6, 'F3'), room('兰', 10, 'F3'), room('梅', 20, 'F5')];

export function findRoom(id: string): Room {
  const found = rooms.find((one) => one.id === id);
  if (!found) throw new Refusal(121_005, 'meeting room not found');
  return found;
}

/** What a room is booked for. */
export function eventsIn(world: World, roomId: string): CalendarEvent[] {
  return world.events
    .list()
    .filter((event) => event.attendees.some((one) => one.type === 'resource' && one.room_id === roomId));
}
