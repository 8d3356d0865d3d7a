import { z } from 'zod';
import { aggregate, aggregations } from './aggregate.ts';
import { fieldsOf, baseToken, requireField, showCell, tableId, tableOf } from './base-fields.ts';
import { baseFilter } from './base-tools.ts';
import { curated } from './curated-tool.ts';
import { at, type Desk, orDocumented } from './desk.ts';
import { paged, wrong } from './fields.ts';

const named = { field_name: z.string(), alias: z.string().max(100).optional() };
const dsl = z.object({
  dimensions: z.array(z.object(named)).max(10).default([]).meta({ zh: '分组字段', en: 'Group by' }),
  measures: z
    .array(z.object({ ...named, aggregation: z.enum(aggregations) }))
    .max(20)
    .default([]),
  filters: baseFilter.optional(),
  sort: z
    .array(z.object({ field_name: z.string(), order: z.enum(['asc', 'desc']).default('asc') }))
    .max(10)
    .default([])
    .meta({ zh: '字段或别名', en: 'Field or alias' }),
  limit: z.int().min(1).max(5000).default(100),
});
export type Query = z.output<typeof dsl>;

const row = z.record(z.string(), z.unknown());

export const dataQuery = curated({
  risk: 'read',
  title: { zh: '统计多维表格', en: 'Query a base' },
  description: {
    zh: '对多维表格分组、求和、计数、求平均等，一次得到结果。',
    en: 'Groups, sums, counts or averages the records of a base in one go.',
  },
  input: z.object({ base_token: baseToken, table_id: tableId, dsl }),
  output: z.object({ rows: z.array(row), counted: z.int().optional() }),
  run: async (desk, { dsl: query, ...where }) => {
    if (query.dimensions.length + query.measures.length === 0)
      throw wrong('dsl', '须给出 dimensions 或 measures。', 'Give dimensions or measures.');
    const place = await tableOf(desk, where);
    return orDocumented(
      () => queried(desk, place, query),
      () => counted(desk, place, query),
    );
  },
});

interface TablePlace {
  base: string;
  table: string;
}

const cellAnswer = z.union([
  z.object({ value: z.unknown(), text: z.unknown().optional() }).transform(({ value, text }) => text ?? value),
  z.unknown(),
]);
const queryAnswer = z
  .object({ main_data: z.array(z.record(z.string(), cellAnswer)) })
  .or(z.object({ items: z.array(z.record(z.string(), cellAnswer)) }))
  .transform((answer) => ('main_data' in answer ? answer.main_data : answer.items));

async function queried(desk: Desk, { base, table }: TablePlace, query: Query) {
  const { dimensions, measures, filters, sort, limit } = query;
  const rows = await desk.read({
    method: 'POST',
    path: at`/base/v3/bases/${base}/data/query`,
    body: {
      datasource: { type: 'table', table: { tableId: table } },
      ...(dimensions.length > 0 && { dimensions }),
      ...(measures.length > 0 && { measures }),
      ...(filters && { filters: { type: 1, ...filters } }),
      ...(sort.length > 0 && { sort }),
      pagination: { limit },
      shaper: { format: 'flat' },
    },
    answer: queryAnswer,
  });
  return { rows };
}

const recordsAnswer = paged.extend({ items: z.array(z.object({ fields: row.catch({}) })).catch([]) });
const mostPages = 20;

/** The documented way: read the records and count here. Refuses when there are more than 10 000. */
async function counted(desk: Desk, place: TablePlace, query: Query) {
  const fields = await fieldsOf(desk, place);
  const used = [...query.dimensions, ...query.measures.filter(({ aggregation }) => aggregation !== 'count_all')];
  const known = new Map(used.map(({ field_name }) => [field_name, requireField(fields, field_name, 'dsl')]));
  const path = at`/bitable/v1/apps/${place.base}/tables/${place.table}/records/search`;
  const body = {
    ...(known.size > 0 && { field_names: [...known.keys()] }),
    ...(query.filters && { filter: query.filters }),
  };
  const records: Record<string, unknown>[] = [];
  let page_token = '';
  for (let pages = 0; ; pages += 1) {
    if (pages === mostPages)
      throw wrong('dsl', '记录太多，请用 filters 缩小范围。', 'There are too many records. Narrow them with filters.');
    const asked = { page_size: 500, ...(page_token && { page_token }) };
    const page = await desk.read({ method: 'POST', path, query: asked, body, answer: recordsAnswer });
    for (const { fields: cells } of page.items) {
      records.push(
        Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, showCell(cell, known.get(name)?.type)])),
      );
    }
    if (!page.has_more || page.page_token === page_token) break;
    page_token = page.page_token;
  }
  return { rows: aggregate(records, query), counted: records.length };
}
