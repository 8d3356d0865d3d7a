import { z } from 'zod';
import { findPerson } from '../company/people.ts';
import {
  createTask,
  findTask,
  type MemberInput,
  memberInput,
  requireMembers,
  taskView,
  toMembers,
} from '../company/task-views.ts';
import { once, type Task, type World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import {
  flag,
  type OpenCall,
  type OpenRoute,
  pageOfViews,
  pageQuery,
  required,
  route,
  userRoute,
} from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const stamp = z.object({ timestamp: z.string().regex(/^\d+$/), is_all_day: z.boolean().default(false) });
const reminders = z.array(z.object({ relative_fire_minute: z.int().nonnegative() }));
const details = {
  description: z.string().max(3000).optional(),
  due: stamp.optional(),
  start: stamp.optional(),
  completed_at: z.string().optional(),
  repeat_rule: z.string().optional(),
  extra: z.string().optional(),
};
const createBody = z.looseObject({
  ...details,
  summary: z.string().min(1).max(3000),
  members: z.array(memberInput).default([]),
  reminders: reminders.max(1).default([]),
  tasklists: z.array(z.object({ tasklist_guid: z.string(), section_guid: z.string().optional() })).default([]),
  client_token: z.string().optional(),
});
const patchBody = z.object({
  task: z.looseObject({ ...details, summary: z.string().min(1).max(3000).optional() }).default({}),
  update_fields: z.array(z.string()).min(1),
});
const listQuery = pageQuery.extend({ completed: flag.optional(), type: z.literal('my_tasks').default('my_tasks') });
const membersBody = z.object({ members: z.array(memberInput).min(1).max(50) });
const remindersBody = z.object({ reminders: reminders.min(1) });
const removeRemindersBody = z.object({ reminder_ids: z.array(z.string()).min(1) });
const tasklistBody = z.object({ tasklist_guid: required, section_guid: z.string().optional() });

const updatable = [
  'summary',
  'description',
  'due',
  'start',
  'completed_at',
  'repeat_rule',
  'extra',
  'custom_complete',
  'mode',
  'is_milestone',
  'custom_fields',
];

export function taskRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/task/v2/tasks', scopes.taskWrite, (call) => {
      const body = call.body(createBody);
      const task = once(world, {
        key: body.client_token && `task/${call.actor}/${body.client_token}`,
        find: (guid) => world.tasks.get(guid),
        idOf: (made) => made.guid,
        make: () => create(world, call, body, null),
      });
      return ok({ task: taskView(task, call) });
    }),
    userRoute('GET', '/task/v2/tasks', scopes.taskRead, (call) => {
      const query = call.query(listQuery);
      const mine = world.tasks
        .list()
        .filter((task) => task.members.some((one) => one.person === call.self.key && one.role === 'assignee'));
      return ok(
        pageOfViews(
          mine.filter((task) => query.completed === undefined || (task.completedAt !== '0') === query.completed),
          query,
          (task) => taskView(task, call),
          50,
        ),
      );
    }),
    route('GET', '/task/v2/tasks/:task_guid', scopes.taskRead, (call) =>
      ok({ task: taskView(findTask(world, call), call) }),
    ),
    route('PATCH', '/task/v2/tasks/:task_guid', scopes.taskWrite, (call) => {
      const { task: changes, update_fields } = call.body(patchBody);
      const unknown = update_fields.find((name) => !updatable.includes(name));
      if (unknown !== undefined) throw new Refusal(1_470_400, `update_fields: ${unknown} cannot be updated`);
      const task = findTask(world, call);
      const wanted = Object.fromEntries(update_fields.map((name) => [name, changes[name]]));
      const { summary = task.summary, completed_at: completedAt = task.completedAt, ...rest } = wanted;
      return ok({
        task: save(world, call, {
          ...task,
          summary: String(summary),
          completedAt: String(completedAt),
          rest: { ...task.rest, ...rest },
        }),
      });
    }),
    route('DELETE', '/task/v2/tasks/:task_guid', scopes.taskDelete, (call) => {
      world.tasks.delete(findTask(world, call).guid);
      return ok();
    }),
    ...partRoutes(world),
    ...subtaskRoutes(world),
  ];
}

/** Members, reminders and lists of a task: each answers with the task as it is then. */
function partRoutes(world: World): OpenRoute[] {
  const part = (name: string, change: (call: OpenCall, task: Task) => Task): OpenRoute => ({
    method: 'POST',
    path: `/task/v2/tasks/:task_guid/${name}`,
    scopes: scopes.taskWrite,
    run: (call) => ok({ task: save(world, call, change(call, findTask(world, call))) }),
  });
  const without = (task: Task, members: MemberInput[]) => {
    const gone = new Set(members.map((one) => `${findPerson(one.id)?.key}/${one.role}`));
    return task.members.filter((one) => !gone.has(`${one.person}/${one.role}`));
  };
  return [
    part('add_members', (call, task) => {
      const { members } = call.body(membersBody);
      requireMembers(members);
      return { ...task, members: [...without(task, members), ...toMembers(members)] };
    }),
    part('remove_members', (call, task) => ({ ...task, members: without(task, call.body(membersBody).members) })),
    part('add_reminders', (call, task) => {
      if (task.reminders.length > 0) throw new Refusal(1_470_400, 'a task has at most one reminder');
      if (!task.rest.due) throw new Refusal(1_470_400, 'a reminder needs a due time');
      return { ...task, reminders: newReminders(world, call.body(remindersBody).reminders) };
    }),
    part('remove_reminders', (call, task) => {
      const { reminder_ids } = call.body(removeRemindersBody);
      return { ...task, reminders: task.reminders.filter((one) => !reminder_ids.includes(one.id)) };
    }),
    part('add_tasklist', (call, task) => {
      const body = call.body(tasklistBody);
      if (!world.tasklists.get(body.tasklist_guid)) throw new Refusal(1_470_404, 'tasklist not found');
      return {
        ...task,
        tasklists: [...task.tasklists.filter((one) => one.tasklist_guid !== body.tasklist_guid), body],
      };
    }),
    part('remove_tasklist', (call, task) => {
      const { tasklist_guid } = call.body(tasklistBody);
      return { ...task, tasklists: task.tasklists.filter((one) => one.tasklist_guid !== tasklist_guid) };
    }),
  ];
}

function subtaskRoutes(world: World): OpenRoute[] {
  const path = '/task/v2/tasks/:task_guid/subtasks';
  return [
    route('POST', path, scopes.taskWrite, (call) => {
      const parent = findTask(world, call);
      const body = call.body(createBody);
      return ok({ subtask: taskView(create(world, call, body, parent.guid), call) });
    }),
    route('GET', path, scopes.taskRead, (call) => {
      const parent = findTask(world, call);
      return ok(
        pageOfViews(
          world.tasks.list().filter((task) => task.parent === parent.guid),
          call.query(pageQuery),
          (task) => taskView(task, call),
          50,
        ),
      );
    }),
  ];
}

function create(world: World, call: OpenCall, body: z.infer<typeof createBody>, parent: string | null): Task {
  const {
    summary,
    members,
    reminders: wanted,
    tasklists,
    completed_at: completedAt = '0',
    client_token: _,
    ...rest
  } = body;
  requireMembers(members);
  const creator = call.actor;
  const task = {
    creator,
    parent,
    summary,
    members: toMembers(members),
    reminders: newReminders(world, wanted),
    tasklists,
    completedAt,
    rest,
  };
  return createTask(world, task);
}

function newReminders(world: World, wanted: { relative_fire_minute: number }[]): Task['reminders'] {
  return wanted.map((one) => ({ id: world.store.nextId('reminder'), relative_fire_minute: one.relative_fire_minute }));
}

function save(world: World, call: OpenCall, task: Task) {
  return taskView(world.tasks.put(task.guid, { ...task, updatedAt: world.now() }), call);
}
