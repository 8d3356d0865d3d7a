import { z } from 'zod';
import type { Collection, Shelf } from './store.ts';

// People are named by their key (people.ts), times are milliseconds since 1970.

const chatSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  owner: z.string(),
  members: z.array(z.string()),
  /** The app's bot is a member too. */
  withBot: z.boolean(),
  mode: z.enum(['group', 'p2p']),
  tenantKey: z.string(),
  createdAt: z.number(),
});

const messageSchema = z.object({
  id: z.string(),
  chat: z.string(),
  type: z.string(),
  /** JSON text, in the shape of its type. */
  content: z.string(),
  /** A person's key, or `app`. */
  sender: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  deleted: z.boolean(),
  parent: z.string().nullable(),
  root: z.string().nullable(),
  thread: z.string().nullable(),
});

const calendarSchema = z.object({
  id: z.string(),
  owner: z.string(),
  type: z.enum(['primary', 'shared']),
  summary: z.string(),
  description: z.string(),
  permissions: z.string(),
  color: z.number(),
});

const eventTimeSchema = z.object({
  date: z.string().optional(),
  timestamp: z.string().optional(),
  timezone: z.string().optional(),
});

const attendeeSchema = z.looseObject({
  attendee_id: z.string(),
  type: z.enum(['user', 'chat', 'resource', 'third_party']),
  /** Of a `user`: the person's key. */
  person: z.string().optional(),
  rsvp_status: z.string(),
});

const eventSchema = z.object({
  id: z.string(),
  calendar: z.string(),
  organizer: z.string(),
  start: eventTimeSchema,
  end: eventTimeSchema,
  attendees: z.array(attendeeSchema),
  createdAt: z.number(),
  /** What the creator sent besides, returned as it came. */
  rest: z.record(z.string(), z.unknown()),
});

const fileSchema = z.object({
  token: z.string(),
  type: z.enum(['docx', 'sheet', 'bitable', 'file', 'folder', 'shortcut']),
  name: z.string(),
  /** Token of the folder; the root folder of a person is `root/<key>`. */
  parent: z.string(),
  owner: z.string(),
  tenantKey: z.string(),
  createdAt: z.number(),
  editedAt: z.number(),
  members: z.array(z.object({ type: z.string(), id: z.string(), perm: z.string() })),
  publicSetting: z.record(z.string(), z.unknown()),
});

const blobSchema = z.object({ token: z.string(), name: z.string(), base64: z.string() });

const blockSchema = z.looseObject({
  block_id: z.string(),
  parent_id: z.string(),
  block_type: z.number(),
  children: z.array(z.string()).optional(),
});

const documentSchema = z.object({ token: z.string(), revision: z.number(), blocks: z.array(blockSchema) });

const fieldSchema = z.looseObject({
  field_id: z.string(),
  field_name: z.string(),
  type: z.number(),
  ui_type: z.string(),
  is_primary: z.boolean(),
});

const tableSchema = z.object({
  id: z.string(),
  base: z.string(),
  name: z.string(),
  revision: z.number(),
  fields: z.array(fieldSchema),
  views: z.array(z.object({ view_id: z.string(), view_name: z.string(), view_type: z.string() })),
});

const recordSchema = z.object({
  id: z.string(),
  table: z.string(),
  fields: z.record(z.string(), z.unknown()),
  createdBy: z.string(),
  createdAt: z.number(),
  modifiedBy: z.string(),
  modifiedAt: z.number(),
});

const taskMemberSchema = z.object({ person: z.string(), role: z.string() });

const taskSchema = z.object({
  guid: z.string(),
  number: z.number(),
  creator: z.string(),
  parent: z.string().nullable(),
  summary: z.string(),
  members: z.array(taskMemberSchema),
  reminders: z.array(z.object({ id: z.string(), relative_fire_minute: z.number() })),
  tasklists: z.array(z.object({ tasklist_guid: z.string(), section_guid: z.string().optional() })),
  /** "0" while the task is open, else milliseconds. */
  completedAt: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  rest: z.record(z.string(), z.unknown()),
});

const tasklistSchema = z.object({
  guid: z.string(),
  name: z.string(),
  creator: z.string(),
  members: z.array(taskMemberSchema),
  createdAt: z.number(),
  updatedAt: z.number(),
});

const sheetSchema = z.object({
  id: z.string(),
  spreadsheet: z.string(),
  title: z.string(),
  index: z.number(),
  rows: z.number(),
  columns: z.number(),
  values: z.array(z.array(z.unknown())),
});

const spaceSchema = z.object({ id: z.string(), name: z.string(), description: z.string(), tenantKey: z.string() });

const nodeSchema = z.object({
  token: z.string(),
  space: z.string(),
  /** Empty for a node of the first level. */
  parent: z.string(),
  objToken: z.string(),
  objType: z.string(),
  title: z.string(),
  creator: z.string(),
  createdAt: z.number(),
  editedAt: z.number(),
});

const ticketSchema = z.object({
  ticket: z.string(),
  token: z.string(),
  type: z.string(),
  extension: z.string(),
  name: z.string(),
});

/** An upload in parts that is not finished. */
const uploadSchema = z.object({
  id: z.string(),
  name: z.string(),
  parent: z.string(),
  size: z.number(),
  /** By number, in base64. */
  parts: z.record(z.string(), z.string()),
});

const letterSchema = z.object({
  id: z.string(),
  /** Key of whoever has it. */
  owner: z.string(),
  folder: z.enum(['DRAFT', 'SENT', 'INBOX', 'SCHEDULED']),
  /** As RFC 5322 has it. */
  raw: z.string(),
  at: z.number(),
});

export type Chat = z.infer<typeof chatSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Calendar = z.infer<typeof calendarSchema>;
export type CalendarEvent = z.infer<typeof eventSchema>;
export type Attendee = z.infer<typeof attendeeSchema>;
export type DriveFile = z.infer<typeof fileSchema>;
export type Block = z.infer<typeof blockSchema>;
export type DocumentBody = z.infer<typeof documentSchema>;
export type BaseField = z.infer<typeof fieldSchema>;
export type BaseTable = z.infer<typeof tableSchema>;
export type BaseRecord = z.infer<typeof recordSchema>;
export type Task = z.infer<typeof taskSchema>;
export type Tasklist = z.infer<typeof tasklistSchema>;
export type Sheet = z.infer<typeof sheetSchema>;
export type WikiSpace = z.infer<typeof spaceSchema>;
export type Letter = z.infer<typeof letterSchema>;
export type WikiNode = z.infer<typeof nodeSchema>;

/** Everything that OpenAPI calls read and write. */
export interface World {
  now(): number;
  store: Shelf;
  chats: Collection<Chat>;
  messages: Collection<Message>;
  calendars: Collection<Calendar>;
  events: Collection<CalendarEvent>;
  files: Collection<DriveFile>;
  blobs: Collection<z.infer<typeof blobSchema>>;
  uploads: Collection<z.infer<typeof uploadSchema>>;
  letters: Collection<Letter>;
  documents: Collection<DocumentBody>;
  tables: Collection<BaseTable>;
  records: Collection<BaseRecord>;
  tasks: Collection<Task>;
  tasklists: Collection<Tasklist>;
  sheets: Collection<Sheet>;
  spaces: Collection<WikiSpace>;
  nodes: Collection<WikiNode>;
  tickets: Collection<z.infer<typeof ticketSchema>>;
  /** Idempotency keys and the id of what was made with them. */
  made: Collection<string>;
}

export function openWorld(store: Shelf, now: () => number): World {
  return {
    now,
    store,
    chats: store.collection('chat', chatSchema),
    messages: store.collection('message', messageSchema, (message) => message.chat),
    calendars: store.collection('calendar', calendarSchema, (calendar) => calendar.owner),
    events: store.collection('event', eventSchema, (event) => event.calendar),
    files: store.collection('file', fileSchema, (file) => file.parent),
    blobs: store.collection('blob', blobSchema),
    uploads: store.collection('upload', uploadSchema),
    letters: store.collection('letter', letterSchema, (letter) => letter.owner),
    documents: store.collection('document', documentSchema),
    tables: store.collection('table', tableSchema, (table) => table.base),
    records: store.collection('record', recordSchema, (record) => record.table),
    tasks: store.collection('task', taskSchema),
    tasklists: store.collection('tasklist', tasklistSchema),
    sheets: store.collection('sheet', sheetSchema, (sheet) => sheet.spreadsheet),
    spaces: store.collection('space', spaceSchema),
    nodes: store.collection('node', nodeSchema, (node) => node.space),
    tickets: store.collection('ticket', ticketSchema),
    made: store.collection('made', z.string()),
  };
}

/** Makes a thing once per idempotency key: asked again, the first one is returned. */
export function once<T>(
  world: World,
  things: { key: string | undefined; find(id: string): T | undefined; make(): T; idOf(thing: T): string },
): T {
  const { key } = things;
  if (key === undefined || key === '') return things.make();
  const before = world.made.get(key);
  const found = before === undefined ? undefined : things.find(before);
  if (found !== undefined) return found;
  return world.store.atomically(() => {
    const thing = things.make();
    world.made.put(key, things.idOf(thing));
    return thing;
  });
}
