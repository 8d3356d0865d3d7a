import { z } from 'zod';
import { memberInput, tasklistView, taskView, toMembers } from '../company/task-views.ts';
import type { Tasklist, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { flag, type OpenCall, type OpenRoute, pageOfViews, pageQuery, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const createBody = z.object({
  name: z.string().min(1).max(100),
  members: z.array(memberInput.extend({ role: z.string().default('editor') })).default([]),
});
const patchBody = z.object({
  tasklist: z.object({ name: z.string().min(1).max(100).optional() }),
  update_fields: z.array(z.enum(['name'])).min(1),
});
const tasksQuery = pageQuery.extend({ completed: flag.optional() });

export function tasklistRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/task/v2/tasklists', scopes.tasklistWrite, (call) => {
      const body = call.body(createBody);
      const now = world.now();
      const creator = call.actor;
      const list = world.tasklists.add('tasklist', (guid) => ({
        guid,
        name: body.name,
        creator,
        members: toMembers(body.members),
        createdAt: now,
        updatedAt: now,
      }));
      return ok({ tasklist: tasklistView(list, call) });
    }),
    route('GET', '/task/v2/tasklists', scopes.tasklistRead, (call) => {
      return ok(
        pageOfViews(
          world.tasklists.list().filter((list) => isIn(list, call)),
          call.query(pageQuery),
          (list) => tasklistView(list, call),
          50,
        ),
      );
    }),
    route('GET', '/task/v2/tasklists/:tasklist_guid', scopes.tasklistRead, (call) =>
      ok({ tasklist: tasklistView(findList(world, call), call) }),
    ),
    route('PATCH', '/task/v2/tasklists/:tasklist_guid', scopes.tasklistWrite, (call) => {
      const list = findList(world, call);
      const name = call.body(patchBody).tasklist.name ?? list.name;
      return ok({
        tasklist: tasklistView(world.tasklists.put(list.guid, { ...list, name, updatedAt: world.now() }), call),
      });
    }),
    route('DELETE', '/task/v2/tasklists/:tasklist_guid', scopes.tasklistWrite, (call) => {
      world.tasklists.delete(findList(world, call).guid);
      return ok();
    }),
    route('GET', '/task/v2/tasklists/:tasklist_guid/tasks', scopes.tasklistRead, (call) => {
      const query = call.query(tasksQuery);
      const { guid } = findList(world, call);
      const inList = world.tasks.list().filter((task) => task.tasklists.some((one) => one.tasklist_guid === guid));
      return ok(
        pageOfViews(
          inList.filter((task) => query.completed === undefined || (task.completedAt !== '0') === query.completed),
          query,
          (task) => taskView(task, call),
          50,
        ),
      );
    }),
  ];
}

function isIn(list: Tasklist, call: OpenCall): boolean {
  const key = call.actor;
  return list.creator === key || list.members.some((one) => one.person === key);
}

function findList(world: World, call: OpenCall): Tasklist {
  const list = world.tasklists.get(call.param('tasklist_guid'));
  if (!list) throw new Refusal(1_470_404, 'tasklist not found');
  if (!isIn(list, call)) throw new Refusal(1_470_403, 'no permission');
  return list;
}
