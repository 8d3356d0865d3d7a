import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useCurated } from './curated-bench.ts';

const bench = useCurated();
const { call, refused } = bench;
beforeEach(() => bench.forget());
afterEach(() => bench.calm());

/** A day of next week, so that nothing of the company's own is there. */
const day = (() => {
  const date = new Date(Date.now() + 10 * 86_400_000);
  return new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())).toISOString().slice(0, 10);
})();
const at = (time: string) => `${day}T${time}:00+08:00`;
const ms = (text: string) => Date.parse(text);
const eventsOf = async (person?: string) =>
  (await call('lark_calendar_agenda', { start: at('00:00'), end: at('23:59') }, person)).events;

describe('the calendar', () => {
  test('shows an event that was created to those who were invited by name', async () => {
    const made = await call('lark_calendar_create', {
      summary: '复盘',
      start: at('15:00'),
      end: at('16:00'),
      attendee_ids: ['陈志远', 'wang.siqi@qinghe.example.com'],
    });
    expect(ms(made.start)).toBe(ms(at('15:00')));
    for (const person of ['lin.xiaoyu', 'chen.zhiyuan', 'wang.siqi']) {
      const found = (await eventsOf(person)).find(({ event_id }: { event_id: string }) => event_id === made.event_id);
      expect(found).toMatchObject({ summary: '复盘', organizer: '林晓雨' });
      expect(ms(found.end)).toBe(ms(at('16:00')));
    }
    const { busy } = await call('lark_calendar_freebusy', { start: at('00:00'), end: at('23:59'), user_id: '陈志远' });
    expect(busy.map((one: { start: string }) => ms(one.start))).toContain(ms(at('15:00')));
  });

  test('takes a whole day', async () => {
    const made = await call('lark_calendar_create', { summary: '团建', start: '2027-05-01', end: '2027-05-02' });
    const { events } = await call('lark_calendar_agenda', { start: '2027-05-01', end: '2027-05-02' });
    expect(events).toMatchObject([{ event_id: made.event_id, start: '2027-05-01', end: '2027-05-02' }]);
  });

  test('is asked for more than forty days in parts, and every event comes once', async () => {
    const { events } = await call('lark_calendar_agenda', { start: '2027-01-01', end: '2027-04-30' });
    const ids = events.map(({ event_id }: { event_id: string }) => event_id);
    expect(ids.length).toBeGreaterThan(50);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await bench.asked('/open-apis/calendar')).toHaveLength(3);
    expect(await refused('lark_calendar_agenda', { start: '2026-01-01', end: '2028-01-01' })).toMatchObject({
      details: { field: 'end' },
    });
  });

  test('with too many events for one answer is asked for in halves', async () => {
    const path = '/open-apis/calendar/v4/calendars/primary/events/instance_view';
    const days = { start: '2027-01-01', end: '2027-01-20' };
    const usual = await call('lark_calendar_agenda', days);
    await bench.spoil({ path, kind: 'code', code: 193_104 });
    expect(await call('lark_calendar_agenda', days)).toEqual(usual);
  });

  test('creates one event however often the same is asked for', async () => {
    const event = { summary: '一次', start: at('18:00'), end: at('19:00'), idempotency_key: 'only-once' };
    const first = await call('lark_calendar_create', event);
    expect((await call('lark_calendar_create', event)).event_id).toBe(first.event_id);
  });

  test('takes an event back when nobody could be invited', async () => {
    const path = '/open-apis/calendar/v4/calendars/primary/events/*';
    await bench.spoil({ method: 'POST', path, kind: 'code', code: 190_002 });
    const event = { summary: '撤回', start: at('20:00'), end: at('21:00'), attendee_ids: ['陈志远'] };
    expect(await refused('lark_calendar_create', event)).toMatchObject({ code: 'upstream_refused' });
    expect((await eventsOf()).map(({ summary }: { summary: string }) => summary)).not.toContain('撤回');
  });

  test('says which event stays when it could not be taken back', async () => {
    const path = '/open-apis/calendar/v4/calendars/primary/events/*';
    await bench.spoil({ method: 'POST', path, kind: 'code', code: 190_002 });
    await bench.spoil({ method: 'DELETE', path, kind: 'code', code: 190_002 });
    const event = { summary: '留下', start: at('21:00'), end: at('22:00'), attendee_ids: ['陈志远'] };
    const fault = await refused('lark_calendar_create', event);
    const kept = (await eventsOf()).find(({ summary }: { summary: string }) => summary === '留下');
    expect(fault.details).toMatchObject({ event_id: kept.event_id });
  });

  test('rehearsed shows what would be created and creates nothing', async () => {
    const event = { summary: '预演', start: at('22:00'), end: at('23:00'), attendee_ids: ['陈志远'], dry_run: true };
    const { would_send } = await call('lark_calendar_create', event);
    expect(would_send).toMatchObject({ method: 'POST', body: { summary: '预演' } });
    expect((await eventsOf()).map(({ summary }: { summary: string }) => summary)).not.toContain('预演');
  });

  test.each([
    ['that ends before it begins', { start: at('15:00'), end: at('14:00') }, 'end'],
    ['on a day that does not exist', { start: '2027-02-30', end: '2027-03-01' }, 'start'],
    ['at a time in words', { start: 'tomorrow', end: at('14:00') }, 'start'],
    ['half a day, half a time', { start: '2027-02-01', end: '2027-02-01T10:00+08:00' }, 'end'],
  ])('refuses an event %s', async (_, times, field) => {
    expect(await refused('lark_calendar_create', { summary: 'x', ...times })).toMatchObject({
      code: 'invalid_arguments',
      details: { field },
    });
    expect(await bench.asked('/open-apis/calendar')).toEqual([]);
  });
});

describe('meeting rooms', () => {
  const slot = [`${at('10:00')}~${at('11:00')}`, `${at('13:00')}~${at('14:00')}`];

  test('are found for a time, and are gone from it once booked', async () => {
    const before = await call('lark_calendar_room_find', { slot, min_capacity: 8 });
    expect(before.slots.map((one: { rooms: unknown[] }) => one.rooms.length)).toEqual([2, 2]);
    const [room] = before.slots[0].rooms;
    const event = { summary: '占用', start: at('10:00'), end: at('11:00'), attendee_ids: [room.room_id] };
    await call('lark_calendar_create', event);
    const found = await call('lark_calendar_room_find', { slot, min_capacity: 8 });
    expect(found.slots.map((one: { rooms: unknown[] }) => one.rooms.length)).toEqual([1, 2]);
    await bench.without('/open-apis/calendar/v4/freebusy/room_find');
    expect(await call('lark_calendar_room_find', { slot, min_capacity: 8 })).toEqual(found);
    const place = await call('lark_calendar_room_find', { slot: [slot[1]], building: '青禾大厦', floor: 'F5' });
    expect(place.slots[0].rooms).toMatchObject([{ name: '梅', capacity: 20 }]);
  });

  test('are not looked for without a time', async () => {
    expect(await refused('lark_calendar_room_find', { slot: [] })).toMatchObject({ code: 'invalid_arguments' });
    expect(await refused('lark_calendar_room_find', { slot: ['tomorrow'] })).toMatchObject({
      details: { field: 'slot[0]' },
    });
    expect(await bench.asked()).toEqual([]);
  });
});

describe('tasks', () => {
  test('given to somebody by name are among their tasks, and done when completed', async () => {
    const due = '2027-03-05';
    const made = await call('lark_task_create', { summary: '写周报', assignee: '陈志远', due, description: '周五前' });
    const open = await call('lark_task_get_my_tasks', { query: '周报' }, 'chen.zhiyuan');
    expect(open.tasks).toMatchObject([{ task_id: made.task_id, due, done: false, assignees: ['陈志远'] }]);
    const done = await call('lark_task_complete', { task_id: made.url }, 'chen.zhiyuan');
    expect(done).toMatchObject({ task_id: made.task_id, done: true });
    const left = await call('lark_task_get_my_tasks', { query: '周报', complete: false }, 'chen.zhiyuan');
    expect(left.tasks).toEqual([]);
  });

  test('with a time are due at that moment, and are found by it', async () => {
    const due = '2027-03-06T18:30+08:00';
    const made = await call('lark_task_create', { summary: '发布', assignee: 'me', due });
    expect(ms(made.due)).toBe(ms(due));
    const { tasks } = await call('lark_task_get_my_tasks', { due_start: '2027-03-06', due_end: '2027-03-06' });
    expect(tasks).toMatchObject([{ task_id: made.task_id }]);
  });

  test('are made once with one key, and completing twice changes nothing', async () => {
    const task = { summary: '一次', assignee: 'me', idempotency_key: 'task-1' };
    const { task_id } = await call('lark_task_create', task);
    expect((await call('lark_task_create', task)).task_id).toBe(task_id);
    const first = await call('lark_task_complete', { task_id });
    await bench.forget();
    expect(await call('lark_task_complete', { task_id })).toEqual(first);
    expect((await bench.asked('/open-apis/task')).filter((line) => line.startsWith('PATCH'))).toEqual([]);
  });

  test('rehearsed are not made, nor completed', async () => {
    const before = await call('lark_task_get_my_tasks');
    const { would_send } = await call('lark_task_create', { summary: '预演', assignee: 'me', dry_run: true });
    expect(would_send.body).toMatchObject({ summary: '预演', members: [{ role: 'assignee' }] });
    const open = before.tasks.find(({ done }: { done: boolean }) => !done);
    const rehearsed = await call('lark_task_complete', { task_id: open.task_id, dry_run: true });
    expect(rehearsed.would_send).toMatchObject({ method: 'PATCH' });
    expect(await call('lark_task_get_my_tasks')).toEqual(before);
  });

  test.each(['../../contact/v3/users', 'a/b', 'https://example.com/x?guid=../..', ''])(
    'named %j are refused before anything is asked',
    async (task_id) => {
      expect(await refused('lark_task_complete', { task_id })).toMatchObject({ code: 'invalid_arguments' });
      expect(await bench.asked()).toEqual([]);
    },
  );
});

describe('people', () => {
  test('are found by name, with their mail address', async () => {
    const { users } = await call('lark_contact_search_user', { query: '志远' });
    expect(users).toMatchObject([{ name: 'Chen Zhiyuan', email: 'chen.zhiyuan@qinghe.example.com' }]);
    await bench.without('/open-apis/contact/v3/users/search');
    const older = await call('lark_contact_search_user', { query: '志远' });
    expect(older.users).toEqual([{ open_id: users[0].open_id, name: '陈志远' }]);
  });

  test('are looked at by id or name; without one, oneself', async () => {
    const me = await call('lark_contact_get_user');
    expect(me).toMatchObject({ name: '林晓雨', en_name: 'Lin Xiaoyu' });
    const chen = await call('lark_contact_get_user', { user_id: '陈志远' });
    expect(chen).toMatchObject({ name: '陈志远', email: 'chen.zhiyuan@qinghe.example.com' });
    expect(await call('lark_contact_get_user', { user_id: chen.id })).toMatchObject({ name: '陈志远' });
    expect(await refused('lark_contact_get_user', { user_id: 'ou_nobody' })).toMatchObject({
      code: 'invalid_arguments',
    });
  });
});
