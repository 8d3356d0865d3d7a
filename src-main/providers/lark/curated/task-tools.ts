import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { curated } from './curated-tool.ts';
import { at, type Desk } from './desk.ts';
import { nextPage, paged, pageToken, text, told, wrong } from './fields.ts';
import { toOpenId } from './people.ts';
import { isDay, isoOf, isoOfStamp, moment, toMs } from './times.ts';

const due = z
  .object({ timestamp: text, is_all_day: z.boolean().catch(false) })
  .optional()
  .catch(undefined);
const rawTask = z.object({
  guid: z.string(),
  summary: text,
  description: text,
  due,
  completed_at: text,
  created_at: text,
  url: text,
  members: z.array(z.object({ id: text, name: text, role: text })).catch([]),
});
type RawTask = z.output<typeof rawTask>;

const taskOut = z.object({
  task_id: z.string(),
  summary: z.string(),
  done: z.boolean(),
  due: z.string().optional(),
  assignees: z.array(z.string()).optional(),
  description: z.string().optional(),
  completed: z.string().optional(),
  url: z.string().optional(),
});
const taskAnswer = z.object({ task: rawTask });

function showTask(task: RawTask): z.input<typeof taskOut> {
  const assignees = task.members.filter(({ role }) => role === 'assignee').map(({ id, name }) => name || id);
  return {
    task_id: task.guid,
    summary: task.summary,
    done: isDone(task),
    ...told({
      due: dueText(task.due),
      assignees: assignees.length > 0 ? assignees : undefined,
      description: task.description.slice(0, 1000),
      completed: isDone(task) ? isoOfStamp(task.completed_at) : undefined,
      url: task.url,
    }),
  };
}

const isDone = ({ completed_at }: RawTask) => completed_at !== '' && completed_at !== '0';

/** Feishu keeps a day as its midnight in UTC. */
function dueText(given: RawTask['due']): string | undefined {
  const ms = Number(given?.timestamp ?? 0);
  if (ms <= 0) return undefined;
  return given?.is_all_day ? new Date(ms).toISOString().slice(0, 10) : isoOf(ms);
}

export const createTask = curated({
  risk: 'write',
  title: { zh: '建任务', en: 'Create a task' },
  description: {
    zh: '建一个任务，可指定负责人、截止时间和清单。',
    en: 'Creates a task, with assignee, due time and list.',
  },
  input: z.object({
    summary: z.string().min(1).max(3000),
    description: z.string().max(3000).optional(),
    assignee: z.string().optional().meta({ zh: '姓名、邮箱、open_id 或 me', en: 'Name, email, open_id or me' }),
    due: moment.optional().meta({ zh: 'ISO 8601 时间或日期', en: 'ISO 8601 time or date' }),
    tasklist_id: z.string().max(300).optional().meta({ zh: '清单的 guid 或链接', en: 'Guid or link of a list' }),
    idempotency_key: z.string().max(100).optional(),
    data: z.record(z.string(), z.unknown()).optional().meta({ zh: '其他 API 字段', en: 'Other fields of the API' }),
  }),
  output: taskOut,
  run: async (desk, { summary, description, assignee, tasklist_id, data, ...given }) => {
    const member = assignee === undefined ? undefined : await toOpenId(desk, assignee, 'assignee');
    const body = {
      ...data,
      summary,
      ...told({ description }),
      ...(given.due !== undefined && { due: toDue(given.due) }),
      ...(member !== undefined && { members: [{ id: member, role: 'assignee', type: 'user' }] }),
      ...(tasklist_id !== undefined && { tasklists: [{ tasklist_guid: guidOf(tasklist_id, 'tasklist_id') }] }),
      client_token: given.idempotency_key ?? randomUUID(),
    };
    const query = { user_id_type: 'open_id' };
    const made = await desk.write({ method: 'POST', path: '/task/v2/tasks', query, body, answer: taskAnswer }, 'once');
    return showTask(made.task);
  },
});

function toDue(given: string): { timestamp: string; is_all_day: boolean } {
  const ms = toMs(given, 'due');
  return isDay(given)
    ? { timestamp: String(Date.parse(given)), is_all_day: true }
    : { timestamp: String(ms), is_all_day: false };
}

/** The guid of a task or list given by guid or link. */
function guidOf(given: string, field: string): string {
  const guid = URL.canParse(given) ? new URL(given).searchParams.get('guid') : given;
  if (guid !== null && /^[\w-]{1,100}$/.test(guid)) return guid;
  throw wrong(field, `${field} 不是 guid，也不是带 guid 的链接。`, `${field} is neither a guid nor a link with one.`);
}

export const completeTask = curated({
  risk: 'write',
  idempotent: true,
  title: { zh: '完成任务', en: 'Complete a task' },
  description: { zh: '把任务标为已完成；已完成的不变。', en: 'Marks a task as done; one that is done stays as it is.' },
  input: z.object({ task_id: z.string().max(300).meta({ zh: 'guid 或链接', en: 'Guid or link' }) }),
  output: taskOut,
  run: async (desk, { task_id }) => {
    const path = at`/task/v2/tasks/${guidOf(task_id, 'task_id')}`;
    const query = { user_id_type: 'open_id' };
    const { task } = await desk.read({ path, query, answer: taskAnswer });
    if (isDone(task)) return showTask(task);
    const body = { task: { completed_at: String(desk.now) }, update_fields: ['completed_at'] };
    return showTask((await desk.write({ method: 'PATCH', path, query, body, answer: taskAnswer }, 'once')).task);
  },
});

const listInput = z.object({
  query: z.string().optional().meta({ zh: '标题含有', en: 'In the title' }),
  complete: z.boolean().optional().meta({ zh: '只要已完成/未完成', en: 'Only done, or only open' }),
  created_at: moment.optional().meta({ zh: '此时之后创建', en: 'Created after' }),
  due_start: moment.optional(),
  due_end: moment.optional(),
  page_all: z.boolean().default(true).meta({ zh: '连续翻页', en: 'Follow the pages' }),
  page_limit: z.int().min(1).max(40).default(20),
  page_token: pageToken,
});
type ListInput = z.output<typeof listInput>;

const listAnswer = paged.extend({ items: z.array(rawTask).catch([]) });

export const getMyTasks = curated({
  risk: 'read',
  title: { zh: '我的任务', en: 'My tasks' },
  description: { zh: '列出由我负责的任务。', en: 'Lists the tasks assigned to me.' },
  input: listInput,
  output: z.object({ tasks: z.array(taskOut), next_page_token: nextPage }),
  run: async (desk, given) => {
    const fits = filterOf(given);
    const tasks: RawTask[] = [];
    let page_token = given.page_token ?? '';
    for (let pages = 1; ; pages += 1) {
      const page = await pageOfMine(desk, given, page_token);
      tasks.push(...page.items.filter((task) => fits(task)));
      const next = page.has_more && page.page_token !== page_token ? page.page_token : '';
      if (next === '' || !given.page_all || pages >= given.page_limit)
        return { tasks: tasks.map((task) => showTask(task)), ...told({ next_page_token: next }) };
      page_token = next;
    }
  },
});

function pageOfMine(desk: Desk, { complete }: ListInput, page_token: string) {
  const query = {
    type: 'my_tasks',
    user_id_type: 'open_id',
    page_size: 50,
    ...(complete !== undefined && { completed: complete }),
    ...(page_token && { page_token }),
  };
  return desk.read({ path: '/task/v2/tasks', query, answer: listAnswer });
}

function filterOf({ query, created_at, due_start, due_end }: ListInput): (task: RawTask) => boolean {
  const words = query?.toLowerCase();
  const after = created_at === undefined ? 0 : toMs(created_at, 'created_at');
  const from = due_start === undefined ? undefined : toMs(due_start, 'due_start');
  const until = due_end === undefined ? undefined : toMs(due_end, 'due_end', 'end');
  return (task) => {
    const dueAt = Number(task.due?.timestamp ?? 0);
    if (words !== undefined && !task.summary.toLowerCase().includes(words)) return false;
    if (Number(task.created_at) < after) return false;
    if ((from !== undefined || until !== undefined) && dueAt <= 0) return false;
    return dueAt >= (from ?? 0) && dueAt < (until ?? Number.MAX_SAFE_INTEGER);
  };
}
