import { z } from 'zod';
import { at, type Desk } from './desk.ts';
import { paged, text, wrong } from './fields.ts';
import { resolveThing } from './links.ts';
import { toOpenId } from './people.ts';
import { isoOf, toMs } from './times.ts';

const field = z.object({ field_id: text, field_name: z.string(), type: z.int(), is_primary: z.boolean().catch(false) });
export type BaseField = z.output<typeof field>;

const fieldsAnswer = paged.extend({ items: z.array(field).catch([]) });
const table = z.object({ table_id: z.string(), name: text });
const tablesAnswer = paged.extend({ items: z.array(table).catch([]) });

/** The kinds of fields that need more than their value as it is. */
const kinds = { text: 1, number: 2, date: 5, checkbox: 7, user: 11, url: 15, created: 1001, modified: 1002 } as const;
const dates = new Set<number>([kinds.date, kinds.created, kinds.modified]);

/** Kinds that a keyword can be looked for in. */
const searchable = new Set<number>([kinds.text, 3, 4, 13, kinds.url, 20, 1005]);

export const baseToken = z.string().max(1000).meta({ zh: '多维表格链接或 token', en: 'Link or token of a base' });
export const tableId = z.string().max(200).optional().meta({ zh: '表的 id 或名称', en: 'Id or name of a table' });

export async function tablesOf(desk: Desk, base: string): Promise<z.output<typeof table>[]> {
  const query = { page_size: 100 };
  return (await desk.read({ path: at`/bitable/v1/apps/${base}/tables`, query, answer: tablesAnswer })).items;
}

/** The base and table that are meant: by link, token, id or name; the only table when none is named. */
export async function tableOf(
  desk: Desk,
  given: { base_token: string; table_id?: string | undefined },
): Promise<{ base: string; table: string }> {
  const thing = await resolveThing(desk, given.base_token, { kind: 'bitable', field: 'base_token' });
  const wanted = given.table_id ?? thing.part;
  if (wanted !== undefined && /^tbl[\w]{4,}$/.test(wanted)) return { base: thing.token, table: wanted };
  const tables = await tablesOf(desk, thing.token);
  const [only, ...others] = wanted === undefined ? tables : tables.filter(({ name }) => name === wanted);
  if (only && others.length === 0) return { base: thing.token, table: only.table_id };
  const list = tables.map(({ name, table_id }) => `${name} (${table_id})`).join(', ');
  throw wrong('table_id', `table_id 须是其中一张表：${list}`, `table_id must be one of these tables: ${list}`);
}

export async function fieldsOf(desk: Desk, { base, table: id }: { base: string; table: string }): Promise<BaseField[]> {
  const path = at`/bitable/v1/apps/${base}/tables/${id}/fields`;
  return (await desk.read({ path, query: { page_size: 100 }, answer: fieldsAnswer })).items;
}

export function searchableNames(fields: readonly BaseField[]): string[] {
  return fields.filter(({ type }) => searchable.has(type)).map(({ field_name }) => field_name);
}

/** A cell as a model reads it: texts, numbers, names, ISO times. */
export function showCell(value: unknown, type: number | undefined): unknown {
  if (typeof value === 'number') return dates.has(type ?? 0) ? isoOf(value) : value;
  if (Array.isArray(value)) {
    const shown = value.map((item) => showCell(item, type));
    return type === kinds.text || type === kinds.url ? shown.join('') : shown;
  }
  const piece = pieces.safeParse(value);
  return piece.success ? (showPiece(piece.data, type) ?? value) : value;
}

function showPiece({ link, text: words, name, value, type: inner }: z.output<typeof pieces>, type: number | undefined) {
  if (value !== undefined) return showCell(value, inner);
  if (link === undefined || type !== kinds.url) return words ?? name;
  return words && words !== link ? `[${words}](${link})` : link;
}

const some = z.string().optional().catch(undefined);
const pieces = z.object({
  text: some,
  link: some,
  name: some,
  /** Of a formula: the kind of its value. */
  type: z.int().optional().catch(undefined),
  value: z.array(z.unknown()).optional().catch(undefined),
});

/** A cell as Feishu takes it from what a model writes. Throws `invalid_arguments`. */
export async function toCell(desk: Desk, given: unknown, { type, field_name }: BaseField): Promise<unknown> {
  const place = `json.rows: ${field_name}`;
  if (typeof given === 'string') {
    if (type === kinds.date) return toMs(given, place);
    if (type === kinds.user) return [{ id: await toOpenId(desk, given, place) }];
    if (type === kinds.url) return { link: given, text: given };
    if (type === kinds.number && given.trim() !== '' && !Number.isNaN(Number(given))) return Number(given);
    if (type === kinds.checkbox && /^(true|false)$/i.test(given)) return given.toLowerCase() === 'true';
    return given;
  }
  const people = z.array(z.string()).safeParse(given);
  if (type === kinds.user && people.success)
    return Promise.all(people.data.map(async (one) => ({ id: await toOpenId(desk, one, place) })));
  return given;
}

/** Refuses a name that the table has not. */
export function requireField(fields: readonly BaseField[], name: string, place: string): BaseField {
  const found = fields.find(({ field_name, field_id }) => field_name === name || field_id === name);
  if (found) return found;
  const list = fields.map(({ field_name }) => field_name).join(', ');
  throw wrong(
    place,
    `${place}：没有字段“${name.slice(0, 100)}”。字段有：${list}`,
    `${place}: no field "${name.slice(0, 100)}". Fields: ${list}`,
  );
}
