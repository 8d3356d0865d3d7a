import { z } from 'zod';
import { curated } from './curated-tool.ts';
import { type Desk, orDocumented } from './desk.ts';
import { text, told, wrong } from './fields.ts';
import { toOpenIds } from './people.ts';
import { isoOf, toMs } from './times.ts';

const input = z.object({
  slot: z.array(z.string().max(90)).min(1).max(10).meta({ zh: '"开始~结束"，ISO 8601', en: '"start~end", ISO 8601' }),
  city: z.string().optional(),
  building: z.string().optional(),
  floor: z.string().optional(),
  room_name: z.string().optional(),
  min_capacity: z.int().min(1).optional(),
  max_capacity: z.int().min(1).optional(),
  attendee_ids: z
    .array(z.string())
    .max(100)
    .optional()
    .meta({ zh: '与会人：姓名、邮箱或 open_id；群 oc_', en: 'Attendees: name, email or open_id; groups oc_' }),
  event_rrule: z.string().optional(),
  timezone: z.string().optional(),
});
type Input = z.output<typeof input>;

const room = z.object({ room_id: z.string(), name: z.string(), capacity: z.int().optional() });
const foundAnswer = z.object({
  available_rooms: z
    .array(z.object({ room_id: z.string(), room_name: text, capacity: z.int().optional().catch(undefined) }))
    .catch([]),
});

export const roomFind = curated({
  risk: 'read',
  title: { zh: '找会议室', en: 'Find meeting rooms' },
  description: {
    zh: '在给定时段空闲的会议室。须先有确定的时间。',
    en: 'Meeting rooms that are free at given times. Decide on the time first.',
  },
  input,
  output: z.object({ slots: z.array(z.object({ start: z.string(), end: z.string(), rooms: z.array(room) })) }),
  run: async (desk, given) => {
    const slots = given.slot.map((one, index) => toSlot(one, `slot[${index}]`));
    const filter = await filterOf(desk, given);
    const found: { start: string; end: string; rooms: z.input<typeof room>[] }[] = [];
    for (const slot of slots) {
      const rooms = await orDocumented(
        () => roomsAt(desk, slot, filter),
        () => roomsByBooking(desk, slot, given),
      );
      found.push({ ...slot, rooms });
    }
    return { slots: found };
  },
});

interface Slot {
  start: string;
  end: string;
}

function toSlot(given: string, field: string): Slot {
  const [start = '', end = '', ...more] = given.split('~');
  const [from, until] = [toMs(start.trim(), field), toMs(end.trim(), field, 'end')];
  if (more.length > 0 || until <= from)
    throw wrong(field, `${field} 须为“开始~结束”。`, `${field} must be "start~end".`);
  return { start: isoOf(from), end: isoOf(until) };
}

async function filterOf(desk: Desk, { attendee_ids = [], ...given }: Input): Promise<Record<string, unknown>> {
  const chats = attendee_ids.filter((one) => one.startsWith('oc_'));
  const people = attendee_ids.filter((one) => !one.startsWith('oc_'));
  return told({
    ...given,
    slot: undefined,
    attendee_user_ids: people.length > 0 ? await toOpenIds(desk, people, 'attendee_ids') : undefined,
    attendee_chat_ids: chats.length > 0 ? chats : undefined,
  });
}

async function roomsAt(desk: Desk, slot: Slot, filter: Record<string, unknown>) {
  const { available_rooms } = await desk.read({
    method: 'POST',
    path: '/calendar/v4/freebusy/room_find',
    body: { ...filter, event_start_time: slot.start, event_end_time: slot.end },
    answer: foundAnswer,
  });
  return available_rooms.map(({ room_id, room_name, capacity }) => ({
    room_id,
    name: room_name,
    ...told({ capacity }),
  }));
}

const listAnswer = z.object({
  rooms: z
    .array(
      z.object({
        room_id: z.string(),
        name: text,
        capacity: z.int().optional().catch(undefined),
        path: z.array(z.string()).catch([]),
      }),
    )
    .catch([]),
});
const busyAnswer = z.object({ freebusy_list: z.array(z.unknown()).catch([]) });

/** The documented way: look for rooms, then ask of each whether it is taken. */
async function roomsByBooking(desk: Desk, { start, end }: Slot, wanted: Input) {
  const { rooms } = await desk.read({
    method: 'POST',
    path: '/vc/v1/rooms/search',
    body: { keyword: wanted.room_name ?? wanted.building ?? '', search_level_name: true, page_size: 20 },
    answer: listAnswer,
  });
  const places = [wanted.city, wanted.building, wanted.floor].filter((place) => place !== undefined);
  const fitting = rooms.filter(
    ({ capacity = 0, path }) =>
      capacity >= (wanted.min_capacity ?? 0) &&
      capacity <= (wanted.max_capacity ?? Number.MAX_SAFE_INTEGER) &&
      places.every((place) => path.some((level) => level.includes(place))),
  );
  const states = await Promise.all(
    fitting.map(async ({ room_id, name, capacity }) => {
      const { freebusy_list } = await desk.read({
        method: 'POST',
        path: '/calendar/v4/freebusy/list',
        body: { time_min: start, time_max: end, room_id },
        answer: busyAnswer,
      });
      return { taken: freebusy_list.length > 0, room: { room_id, name, ...told({ capacity }) } };
    }),
  );
  return states.filter(({ taken }) => !taken).map((state) => state.room);
}
