import { z } from 'zod';
import { Refusal } from '../wire/envelope.ts';
import type { OpenCall } from '../wire/open-route.ts';
import { findPerson } from './people.ts';
import type { Task, Tasklist, World } from './world.ts';

export const memberInput = z.object({ id: z.string(), type: z.string().default('user'), role: z.string() });
export type MemberInput = z.infer<typeof memberInput>;

type Member = Task['members'][number];

export function findTask(world: World, call: OpenCall): Task {
  const task = world.tasks.get(call.param('task_guid'));
  if (!task) throw new Refusal(1_470_404, 'task not found');
  if (call.person && tenantOf(task.creator) !== call.tenantKey) throw new Refusal(1_470_403, 'no permission');
  return task;
}

function tenantOf(key: string): string | undefined {
  return findPerson(key)?.tenantKey;
}

type NewTask = Pick<Task, 'creator' | 'summary' | 'members' | 'tasklists' | 'completedAt' | 'rest'> &
  Partial<Pick<Task, 'parent' | 'reminders'>>;

export function createTask(world: World, task: NewTask): Task {
  const now = world.now();
  const number = world.tasks.size + 100_001;
  return world.tasks.add('task', (guid) => ({
    parent: null,
    reminders: [],
    ...task,
    guid,
    number,
    createdAt: now,
    updatedAt: now,
  }));
}

export function requireMembers(members: readonly MemberInput[]): void {
  const stranger = members.find((one) => one.type === 'user' && !findPerson(one.id));
  if (stranger) throw new Refusal(1_470_400, `members: ${stranger.id} is unknown`);
}

export function toMembers(members: readonly MemberInput[]): Member[] {
  return members.map((one) => ({ person: findPerson(one.id)?.key ?? one.id, role: one.role }));
}

function memberView(member: Member, call: OpenCall) {
  const person = findPerson(member.person);
  return {
    id: person ? call.idOf(person) : member.person,
    type: person ? 'user' : 'app',
    role: member.role,
    name: person?.name ?? '',
  };
}

export function taskView(task: Task, call: OpenCall) {
  return {
    guid: task.guid,
    summary: task.summary,
    description: '',
    ...task.rest,
    creator: memberView({ person: task.creator, role: 'creator' }, call),
    members: task.members.map((one) => memberView(one, call)),
    reminders: task.reminders,
    tasklists: task.tasklists,
    completed_at: task.completedAt,
    status: task.completedAt === '0' ? 'todo' : 'done',
    ...(task.parent !== null && { parent_task_guid: task.parent }),
    created_at: String(task.createdAt),
    updated_at: String(task.updatedAt),
    task_id: `t${task.number}`,
    url: `https://applink.feishu.invalid/client/todo/detail?guid=${task.guid}`,
  };
}

export function tasklistView(list: Tasklist, call: OpenCall) {
  const creator = memberView({ person: list.creator, role: 'creator' }, call);
  return {
    guid: list.guid,
    name: list.name,
    creator,
    owner: { ...creator, role: 'owner' },
    members: list.members.map((one) => memberView(one, call)),
    url: `https://applink.feishu.invalid/client/todo/task_list?guid=${list.guid}`,
    created_at: String(list.createdAt),
    updated_at: String(list.updatedAt),
  };
}
