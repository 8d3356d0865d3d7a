import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { SandboxClient } from '../sandbox-client.ts';

// A Monday, 17:00 in Shanghai.
const clock = new FakeClock(Date.UTC(2026, 10, 2, 9));
let client: SandboxClient;
let lin: ReturnType<SandboxClient['callWith']>;
let chen: typeof lin;
let zhou: typeof lin;
let people: Record<string, { openId: string; userId: string }>;

beforeAll(async () => {
  client = await SandboxClient.open({ clock });
  lin = client.callWith((await client.signIn()).access_token);
  chen = client.callWith((await client.signIn({ person: 'chen.zhiyuan' })).access_token);
  zhou = client.callWith((await client.signIn({ person: 'zhou.zihan' })).access_token);
  const list: { key: string; openId: string; userId: string }[] = await client.control('GET', '/__people');
  people = Object.fromEntries(list.map((one) => [one.key, one]));
});
afterAll(() => client.close());

const at = (iso: string) => ({ timestamp: String(Date.parse(iso) / 1000), timezone: 'Asia/Shanghai' });
const events = '/calendar/v4/calendars/primary/events';
const view = (call: typeof lin, from: string, until: string) =>
  call('GET', `${events}/instance_view?start_time=${at(from).timestamp}&end_time=${at(until).timestamp}`);
const makeEvent = async (summary: string, start: string, end: string) =>
  (await lin('POST', events, { summary, start_time: at(start), end_time: at(end) })).data.event;

describe('calendars', () => {
  test('everybody has a primary one, and its id works like "primary"', async () => {
    const { calendar, user_id } = (await lin('POST', '/calendar/v4/calendars/primary')).data.calendars[0];
    expect(calendar).toMatchObject({ type: 'primary', role: 'owner', summary: '林晓雨' });
    expect(user_id).toBe(people['lin.xiaoyu']?.openId);
    expect((await lin('GET', `/calendar/v4/calendars/${calendar.calendar_id}`)).data.calendar_id).toBe(
      calendar.calendar_id,
    );
    expect((await chen('GET', `/calendar/v4/calendars/${calendar.calendar_id}`)).code).toBe(191002);
    expect((await lin('GET', '/calendar/v4/calendars/unknown/events')).code).toBe(191000);
  });

  test('shared ones are seen by colleagues', async () => {
    const { calendar } = (await lin('POST', '/calendar/v4/calendars', { summary: '值班表' })).data;
    expect((await chen('GET', '/calendar/v4/calendars')).data.calendar_list).toContainEqual({
      ...calendar,
      role: 'reader',
    });
    expect((await chen('POST', '/calendar/v4/calendars/search', { query: '值班' })).data.items).toHaveLength(1);
    expect((await zhou('GET', '/calendar/v4/calendars')).data.calendar_list).toHaveLength(1);
  });
});

describe('events', () => {
  test('are made, read, changed and deleted', async () => {
    const event = await makeEvent('午餐会', '2026-12-01T12:00:00+08:00', '2026-12-01T13:00:00+08:00');
    expect(event).toMatchObject({
      event_id: expect.stringMatching(/_0$/),
      summary: '午餐会',
      status: 'confirmed',
      event_organizer: { display_name: '林晓雨' },
    });
    const changed = await lin('PATCH', `${events}/${event.event_id}`, {
      summary: '晚餐会',
      end_time: at('2026-12-01T14:00:00+08:00'),
    });
    expect(changed.data.event).toMatchObject({
      summary: '晚餐会',
      start_time: event.start_time,
      end_time: at('2026-12-01T14:00:00+08:00'),
    });
    expect((await lin('GET', `${events}/${event.event_id}`)).data.event).toEqual(changed.data.event);
    expect((await lin('POST', `${events}/search`, { query: '晚餐' })).data.items).toHaveLength(1);
    const listed = await lin(
      'GET',
      `${events}?start_time=${at('2026-12-01T00:00:00+08:00').timestamp}&end_time=${at('2026-12-02T00:00:00+08:00').timestamp}`,
    );
    expect(listed.data.items.map((one: { event_id: string }) => one.event_id)).toContain(event.event_id);
    expect((await lin('DELETE', `${events}/${event.event_id}`)).code).toBe(0);
    expect((await lin('GET', `${events}/${event.event_id}`)).code).toBe(193000);
  });

  test('are made once per idempotency key', async () => {
    const body = { start_time: at('2026-12-03T12:00:00+08:00'), end_time: at('2026-12-03T13:00:00+08:00') };
    const make = () => lin('POST', `${events}?idempotency_key=k-1`, body);
    expect((await make()).data.event.event_id).toBe((await make()).data.event.event_id);
  });

  test('appear on the calendars of those invited, who can answer', async () => {
    const { event_id } = await makeEvent('评审', '2026-12-05T14:00:00+08:00', '2026-12-05T15:00:00+08:00');
    const attendees = [
      { type: 'user', user_id: people['chen.zhiyuan']?.openId },
      { type: 'third_party', third_party_email: 'guest@example.com' },
    ];
    const added = await lin('POST', `${events}/${event_id}/attendees`, { attendees, need_notification: false });
    expect(added.data.attendees).toMatchObject([
      { display_name: '陈志远', rsvp_status: 'needs_action' },
      { third_party_email: 'guest@example.com' },
    ]);
    expect((await chen('GET', `${events}/${event_id}`)).data.event).toMatchObject({
      summary: '评审',
      self_rsvp_status: 'needs_action',
    });
    await chen('POST', `${events}/${event_id}/reply`, { rsvp_status: 'accept' });
    const seen = await lin('GET', `${events}/${event_id}?need_attendee=true`);
    expect(seen.data.event.attendees[0]).toMatchObject({
      user_id: people['chen.zhiyuan']?.openId,
      rsvp_status: 'accept',
    });
    expect((await chen('PATCH', `${events}/${event_id}`, { summary: '改期' })).code).toBe(193002);
    await lin('POST', `${events}/${event_id}/attendees/batch_delete`, {
      attendee_ids: [`user_${people['chen.zhiyuan']?.userId}`],
    });
    expect((await lin('GET', `${events}/${event_id}/attendees`)).data.items).toHaveLength(1);
    expect((await chen('GET', `${events}/${event_id}`)).code).toBe(193000);
  });

  test('that repeat are unrolled: the stand-up is there on every working day', async () => {
    const { items } = (await view(lin, '2026-11-02T00:00:00+08:00', '2026-11-09T00:00:00+08:00')).data;
    const standUps = items.filter((one: { summary: string }) => one.summary === '产品站会');
    expect(standUps).toHaveLength(5);
    expect(standUps[0]).toMatchObject({
      start_time: at('2026-11-02T09:30:00+08:00'),
      end_time: at('2026-11-02T09:45:00+08:00'),
      recurring_event_id: expect.any(String),
    });
    const starts = items.map((one: { start_time: { timestamp: string } }) => Number(one.start_time.timestamp));
    expect(starts).toEqual(starts.toSorted((a: number, b: number) => a - b));
  });

  test('193103: more than 40 days cannot be looked at together', async () => {
    expect((await view(lin, '2026-11-01T00:00:00+08:00', '2026-12-11T00:00:00+08:00')).code).toBe(0);
    expect((await view(lin, '2026-11-01T00:00:00+08:00', '2026-12-11T00:00:01+08:00')).code).toBe(193103);
  });

  test('193104: nor more than 1000 happenings', async () => {
    const other = await SandboxClient.open({ clock });
    const call = other.callWith((await other.signIn()).access_token);
    const body = {
      start_time: at('2026-11-03T08:00:00+08:00'),
      end_time: at('2026-11-03T08:05:00+08:00'),
      recurrence: 'FREQ=DAILY',
    };
    await Promise.all(Array.from({ length: 30 }, () => call('POST', events, body)));
    expect((await view(call, '2026-11-03T00:00:00+08:00', '2026-12-12T00:00:00+08:00')).code).toBe(193104);
    await other.close();
  });

  test('190002: an event does not end before it begins', async () => {
    const body = { start_time: at('2026-12-01T12:00:00+08:00'), end_time: at('2026-12-01T11:00:00+08:00') };
    expect((await lin('POST', events, body)).code).toBe(190002);
    expect((await lin('POST', events, { start_time: {}, end_time: {} })).error.field_violations).toMatchObject([
      { field: 'start_time' },
      { field: 'end_time' },
    ]);
  });

  test('make people busy, unless they are marked free or were declined', async () => {
    await makeEvent('外出', '2027-01-05T09:00:00+08:00', '2027-01-05T10:00:00+08:00');
    const free = await makeEvent('可打断', '2027-01-05T11:00:00+08:00', '2027-01-05T12:00:00+08:00');
    await lin('PATCH', `${events}/${free.event_id}`, { free_busy_status: 'free' });
    const ask = (hours: string) => ({
      time_min: `2027-01-04T00:00:00${hours}`,
      time_max: '2027-01-06T00:00:00+08:00',
      user_id: people['lin.xiaoyu']?.openId,
    });
    const { freebusy_list } = (await chen('POST', '/calendar/v4/freebusy/list', ask('+08:00'))).data;
    expect(freebusy_list).toContainEqual({
      start_time: '2027-01-05T09:00:00+08:00',
      end_time: '2027-01-05T10:00:00+08:00',
    });
    expect(JSON.stringify(freebusy_list)).not.toContain('T11:00');
    expect((await chen('POST', '/calendar/v4/freebusy/list', { ...ask('+08:00'), time_min: 'soon' })).code).toBe(
      99992402,
    );
    expect(
      (await chen('POST', '/calendar/v4/freebusy/list', { ...ask('+08:00'), time_max: '2027-12-01T00:00:00Z' })).code,
    ).toBe(190002);
  });
});

describe('tasks', () => {
  const make = async (body: object) => (await lin('POST', '/task/v2/tasks', body)).data.task;

  test('are made, listed for whom they are assigned to, finished and deleted', async () => {
    const members = [{ id: people['chen.zhiyuan']?.openId, role: 'assignee' }];
    const task = await make({ summary: '写总结', due: { timestamp: '1800000000000' }, members });
    expect(task).toMatchObject({
      status: 'todo',
      completed_at: '0',
      creator: { name: '林晓雨' },
      members: [{ name: '陈志远', role: 'assignee', type: 'user' }],
    });
    const mine = async (completed: boolean) =>
      (await chen('GET', `/task/v2/tasks?type=my_tasks&completed=${completed}`)).data.items.map(
        (one: { guid: string }) => one.guid,
      );
    expect(await mine(false)).toContain(task.guid);
    const done = { task: { completed_at: String(clock.now()) }, update_fields: ['completed_at'] };
    expect((await chen('PATCH', `/task/v2/tasks/${task.guid}`, done)).data.task.status).toBe('done');
    expect(await mine(true)).toContain(task.guid);
    expect(await mine(false)).not.toContain(task.guid);
    expect((await lin('DELETE', `/task/v2/tasks/${task.guid}`)).code).toBe(0);
    expect((await lin('GET', `/task/v2/tasks/${task.guid}`)).code).toBe(1470404);
  });

  test('only the fields named in update_fields change', async () => {
    const task = await make({ summary: '原题', description: '原文' });
    const body = { task: { summary: '新题', description: '新文' }, update_fields: ['summary'] };
    expect((await lin('PATCH', `/task/v2/tasks/${task.guid}`, body)).data.task).toMatchObject({
      summary: '新题',
      description: '原文',
    });
    expect((await lin('PATCH', `/task/v2/tasks/${task.guid}`, { task: {}, update_fields: ['creator'] })).code).toBe(
      1470400,
    );
  });

  test('get members, one reminder, lists and subtasks', async () => {
    const task = await make({ summary: '筹备', due: { timestamp: '1800000000000' } });
    const path = `/task/v2/tasks/${task.guid}`;
    const member = { id: people['wang.siqi']?.openId, type: 'user', role: 'follower' };
    expect((await lin('POST', `${path}/add_members`, { members: [member] })).data.task.members).toMatchObject([
      { name: '王思琪', role: 'follower' },
    ]);
    expect((await lin('POST', `${path}/remove_members`, { members: [member] })).data.task.members).toEqual([]);
    const reminder = { reminders: [{ relative_fire_minute: 30 }] };
    const { reminders } = (await lin('POST', `${path}/add_reminders`, reminder)).data.task;
    expect(reminders).toMatchObject([{ id: expect.any(String), relative_fire_minute: 30 }]);
    expect((await lin('POST', `${path}/add_reminders`, reminder)).code).toBe(1470400);
    expect(
      (await lin('POST', `${path}/remove_reminders`, { reminder_ids: [reminders[0].id] })).data.task.reminders,
    ).toEqual([]);
    const { tasklist } = (await lin('POST', '/task/v2/tasklists', { name: '年会' })).data;
    await lin('POST', `${path}/add_tasklist`, { tasklist_guid: tasklist.guid });
    expect((await lin('GET', `/task/v2/tasklists/${tasklist.guid}/tasks`)).data.items).toMatchObject([
      { guid: task.guid },
    ]);
    await lin('POST', `${path}/remove_tasklist`, { tasklist_guid: tasklist.guid });
    expect((await lin('GET', `/task/v2/tasklists/${tasklist.guid}/tasks`)).data.items).toEqual([]);
    const { subtask } = (await lin('POST', `${path}/subtasks`, { summary: '订场地' })).data;
    expect(subtask.parent_task_guid).toBe(task.guid);
    expect((await lin('GET', `${path}/subtasks`)).data.items).toMatchObject([{ guid: subtask.guid }]);
  });

  test('1470400: a reminder needs a due time, a member must be known', async () => {
    const task = await make({ summary: '无期' });
    expect(
      (await lin('POST', `/task/v2/tasks/${task.guid}/add_reminders`, { reminders: [{ relative_fire_minute: 0 }] }))
        .code,
    ).toBe(1470400);
    expect(
      (await lin('POST', '/task/v2/tasks', { summary: 'x', members: [{ id: 'ou_nobody', role: 'assignee' }] })).code,
    ).toBe(1470400);
    expect((await zhou('GET', `/task/v2/tasks/${task.guid}`)).code).toBe(1470403);
  });

  test('are made once per client token', async () => {
    const body = { summary: '一次', client_token: 'daa2' };
    expect((await make(body)).guid).toBe((await make(body)).guid);
  });

  test('lists are renamed, shared and dropped', async () => {
    const { tasklist } = (
      await lin('POST', '/task/v2/tasklists', {
        name: '草稿',
        members: [{ id: people['chen.zhiyuan']?.openId, role: 'viewer' }],
      })
    ).data;
    const path = `/task/v2/tasklists/${tasklist.guid}`;
    await lin('PATCH', path, { tasklist: { name: '定稿' }, update_fields: ['name'] });
    expect((await chen('GET', path)).data.tasklist.name).toBe('定稿');
    expect((await zhou('GET', path)).code).toBe(1470403);
    expect((await chen('GET', '/task/v2/tasklists')).data.items.map((one: { name: string }) => one.name)).toEqual([
      '手账 2.0 发布',
      '定稿',
    ]);
    await lin('DELETE', path);
    expect((await lin('GET', path)).code).toBe(1470404);
  });
});
