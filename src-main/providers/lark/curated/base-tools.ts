import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type BaseField,
  baseToken,
  fieldsOf,
  requireField,
  searchableNames,
  showCell,
  tableId,
  tableOf,
  tablesOf,
  toCell,
} from './base-fields.ts';
import { curated } from './curated-tool.ts';
import { at, type Desk, ifAllowed } from './desk.ts';
import { nextOf, nextPage, paged, pageToken, text, told } from './fields.ts';
import { resolveThing } from './links.ts';

const appAnswer = z.object({ app: z.object({ app_token: z.string(), name: text, time_zone: text }) });

export const baseGet = curated({
  risk: 'read',
  title: { zh: '看多维表格', en: 'Look at a base' },
  description: { zh: '多维表格的名称、表和字段。', en: 'Name, tables and fields of a base.' },
  input: z.object({ base_token: baseToken }),
  output: z.object({
    base_token: z.string(),
    name: z.string(),
    time_zone: z.string().optional(),
    tables: z
      .array(z.object({ table_id: z.string(), name: z.string(), fields: z.array(z.string()).optional() }))
      .optional(),
  }),
  run: async (desk, given) => {
    const { token } = await resolveThing(desk, given.base_token, { kind: 'bitable', field: 'base_token' });
    const [{ app }, tables] = await Promise.all([
      desk.read({ path: at`/bitable/v1/apps/${token}`, answer: appAnswer }),
      ifAllowed(tablesOf(desk, token)),
    ]);
    const shown = tables && (await Promise.all(tables.slice(0, 20).map((table) => withFields(desk, token, table))));
    return { base_token: token, name: app.name, ...told({ time_zone: app.time_zone, tables: shown }) };
  },
});

async function withFields(desk: Desk, base: string, table: { table_id: string; name: string }) {
  const fields = await ifAllowed(fieldsOf(desk, { base, table: table.table_id }));
  return { ...table, ...told({ fields: fields?.map(({ field_name }) => field_name) }) };
}

const condition = z.object({
  field_name: z.string(),
  operator: z.enum([
    'is',
    'isNot',
    'contains',
    'doesNotContain',
    'isEmpty',
    'isNotEmpty',
    'isGreater',
    'isGreaterEqual',
    'isLess',
    'isLessEqual',
  ]),
  value: z.array(z.string()).default([]),
});
export const baseFilter = z.object({
  conjunction: z.enum(['and', 'or']).default('and'),
  conditions: z.array(condition).max(50),
});

const recordOut = z.object({ record_id: z.string(), fields: z.record(z.string(), z.unknown()) });
const rawRecord = z.object({ record_id: z.string(), fields: z.record(z.string(), z.unknown()).catch({}) });
const recordsAnswer = paged.extend({ items: z.array(rawRecord).catch([]), total: z.int().optional().catch(undefined) });

const searchInput = z.object({
  base_token: baseToken,
  table_id: tableId,
  json: z
    .object({
      keyword: z.string().max(100).optional(),
      search_fields: z.array(z.string()).max(20).optional(),
      filter: baseFilter.optional(),
      sort: z
        .array(z.object({ field_name: z.string(), desc: z.boolean().default(false) }))
        .max(10)
        .optional(),
      select_fields: z.array(z.string()).max(50).optional(),
      view_id: z.string().max(50).optional(),
      limit: z.int().min(1).max(200).default(20),
    })
    .prefault({}),
  page_token: pageToken,
});

export const recordSearch = curated({
  risk: 'read',
  title: { zh: '查记录', en: 'Find records' },
  description: {
    zh: '按关键词或条件查多维表格的记录，可排序、选字段；什么都不给则列出全部。',
    en: 'Finds records of a base by keyword or conditions, sorted, with the fields wanted; lists all when nothing is asked.',
  },
  input: searchInput,
  output: z.object({ records: z.array(recordOut), total: z.int().optional(), next_page_token: nextPage }),
  run: async (desk, { json, page_token, ...where }) => {
    const place = await tableOf(desk, where);
    const fields = await fieldsOf(desk, place);
    const { keyword, search_fields = searchableNames(fields), filter, sort, select_fields, view_id, limit } = json;
    const named = [...search_fields, ...(select_fields ?? []), ...(sort ?? []).map(({ field_name }) => field_name)];
    for (const name of [...named, ...(filter?.conditions ?? []).map((one) => one.field_name)])
      requireField(fields, name, 'json');
    const body = {
      ...told({ view_id, sort, field_names: select_fields }),
      ...(keyword === undefined ? filter && { filter } : { filter: keywordFilter(keyword, search_fields, filter) }),
    };
    const page = await desk.read({
      method: 'POST',
      path: at`/bitable/v1/apps/${place.base}/tables/${place.table}/records/search`,
      query: { page_size: limit, page_token },
      body,
      answer: recordsAnswer,
    });
    return {
      records: page.items.map((record) => showRecord(record, fields)),
      ...told({ total: page.total }),
      ...nextOf(page),
    };
  },
});

/** "Any of the fields has the word", and, where there are conditions too, all of those. */
function keywordFilter(keyword: string, names: readonly string[], filter: z.output<typeof baseFilter> | undefined) {
  const words = {
    conjunction: 'or',
    conditions: names.map((field_name) => ({ field_name, operator: 'contains', value: [keyword] })),
  };
  return filter && filter.conditions.length > 0 ? { conjunction: 'and', children: [words, filter] } : words;
}

function showRecord({ record_id, fields }: z.output<typeof rawRecord>, known: readonly BaseField[]) {
  const types = new Map(known.map(({ field_name, type }) => [field_name, type]));
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, showCell(value, types.get(name))]);
  return { record_id, fields: Object.fromEntries(shown) };
}

const createdAnswer = z.object({ records: z.array(z.object({ record_id: z.string() })).catch([]) });

export const recordBatchCreate = curated({
  risk: 'write',
  title: { zh: '加记录', en: 'Add records' },
  description: {
    zh: '向多维表格加记录：日期写 ISO 8601，人员写姓名、邮箱或 open_id。',
    en: 'Adds records to a base. Dates are ISO 8601; people are names, emails or open_ids.',
  },
  input: z.object({
    base_token: baseToken,
    table_id: tableId,
    json: z.object({
      fields: z.array(z.string()).min(1).max(100).meta({ zh: '字段名', en: 'Field names' }),
      rows: z
        .array(z.array(z.unknown()).max(100))
        .min(1)
        .max(200)
        .meta({ zh: '每行的值，按 fields 的顺序', en: 'Values of each row, in the order of fields' }),
    }),
    idempotency_key: z.uuid().optional(),
  }),
  output: z.object({ record_ids: z.array(z.string()) }),
  run: async (desk, { json, idempotency_key, ...where }) => {
    const place = await tableOf(desk, where);
    const known = await fieldsOf(desk, place);
    const columns = json.fields.map((name) => requireField(known, name, 'json.fields'));
    const records = await Promise.all(json.rows.map((row) => toRecord(desk, row, columns)));
    const made = await desk.write(
      {
        method: 'POST',
        path: at`/bitable/v1/apps/${place.base}/tables/${place.table}/records/batch_create`,
        query: { client_token: idempotency_key ?? randomUUID() },
        body: { records },
        answer: createdAnswer,
      },
      'once',
    );
    return { record_ids: made.records.map(({ record_id }) => record_id) };
  },
});

async function toRecord(desk: Desk, row: readonly unknown[], columns: readonly BaseField[]) {
  const cells = await Promise.all(
    columns.map(async (column, index) => [column.field_name, await toCell(desk, row[index], column)] as const),
  );
  return { fields: Object.fromEntries(cells.filter(([, value]) => value !== undefined && value !== null)) };
}
