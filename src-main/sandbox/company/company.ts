import { primaryCalendar } from './calendar-events.ts';
import { findPerson } from './people.ts';
import { createTask } from './task-views.ts';
import type { World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const shanghai = 8 * hour;

/** The daily life of a small made-up company. People are named by key. */
export interface Story {
  /** Whose task list it is. */
  creator: string;
  team: string[];
  tasklist: string;
  chats: { name: string; description: string; members: string[]; talk: [sender: string, text: string][] }[];
  /** Hours are of the Shanghai day `days` from today. */
  events: {
    title: string;
    organizer: string;
    guests: string[];
    days: number;
    from: number;
    hours: number;
    recurrence?: string;
  }[];
  tasks: { summary: string; creator: string; assignee: string; dueDays: number; done?: boolean }[];
  /** Its documents, tables and wikis. */
  files(world: World): void;
}

/** Fills an empty world with a story, its times around the present. */
export function foundCompany(world: World, story: Story): void {
  if (world.chats.size > 0) return;
  world.store.atomically(() => {
    openChats(world, story);
    story.files(world);
    planDays(world, story);
    assignTasks(world, story);
  });
}

function openChats(world: World, { chats }: Story): void {
  const begun = world.now() - 20 * day;
  chats.forEach(({ name, description, members, talk }, at) => {
    const chat = world.chats.add('chat', (id) => ({
      id,
      name,
      description,
      owner: members[0] ?? 'app',
      members,
      withBot: true,
      mode: 'group',
      tenantKey: findPerson(members[0] ?? '')?.tenantKey ?? '',
      createdAt: begun + at * hour,
    }));
    talk.forEach(([sender, text], turn) => {
      const when = world.now() - (talk.length - turn) * 25 * minute - at * day;
      world.messages.add('message', (id) => ({
        id,
        chat: chat.id,
        type: 'text',
        content: JSON.stringify({ text }),
        sender,
        createdAt: when,
        updatedAt: when,
        deleted: false,
        parent: null,
        root: null,
        thread: null,
      }));
    });
  });
}

function planDays(world: World, { events }: Story): void {
  const midnight = Math.floor((world.now() + shanghai) / day) * day - shanghai;
  for (const { title, organizer, guests, days, from, hours, recurrence } of events) {
    const start = (midnight + days * day + from * hour) / 1000;
    const at = (seconds: number) => ({ timestamp: String(seconds), timezone: 'Asia/Shanghai' });
    const invited = [...new Set([organizer, ...guests])]
      .map((key) => findPerson(key))
      .filter((one) => one !== undefined);
    world.events.add('event', (id) => ({
      id,
      calendar: primaryCalendar(world, organizer).id,
      organizer,
      start: at(start),
      end: at(start + hours * 3600),
      attendees: invited.map((one) => ({
        type: 'user',
        person: one.key,
        attendee_id: `user_${one.userId}`,
        rsvp_status: one.key === organizer ? 'accept' : 'needs_action',
        is_organizer: one.key === organizer,
      })),
      createdAt: world.now() - 15 * day,
      rest: {
        summary: title,
        description: '',
        visibility: 'default',
        attendee_ability: 'can_see_others',
        free_busy_status: 'busy',
        reminders: [{ minutes: 5 }],
        ...(recurrence !== undefined && { recurrence }),
      },
    }));
  }
}

function assignTasks(world: World, { creator, team, tasklist, tasks }: Story): void {
  const now = world.now();
  const members = team.map((person) => ({ person, role: 'editor' }));
  const list = world.tasklists.add('tasklist', (guid) => ({
    guid,
    name: tasklist,
    creator,
    members,
    createdAt: now - 10 * day,
    updatedAt: now,
  }));
  for (const task of tasks) {
    const due = { timestamp: String(now + task.dueDays * day), is_all_day: false };
    createTask(world, {
      creator: task.creator,
      summary: task.summary,
      members: [{ person: task.assignee, role: 'assignee' }],
      tasklists: [{ tasklist_guid: list.guid }],
      completedAt: task.done ? String(now - 2 * hour) : '0',
      rest: { description: '', due },
    });
  }
}
