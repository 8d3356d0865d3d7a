import { z } from 'zod';
import { findBase } from '../company/base-tables.ts';
import { cellOf, cellText, readCells } from '../company/field-types.ts';
import { fieldNamed, filterRecords, filterSchema } from '../company/record-filter.ts';
import type { BaseRecord, BaseTable, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenRoute, required, userRoute } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const kinds = ['sum', 'avg', 'min', 'max', 'count', 'count_all', 'distinct_count'] as const;
const named = { field_name: required, alias: z.string().optional() };
const queryBody = z.object({
  datasource: z.object({ type: z.literal('table'), table: z.object({ tableId: z.string() }) }),
  dimensions: z.array(z.object(named)).default([]),
  measures: z.array(z.object({ ...named, aggregation: z.enum(kinds) })).default([]),
  filters: filterSchema.optional(),
  sort: z.array(z.object({ field_name: required, order: z.enum(['asc', 'desc']) })).default([]),
  pagination: z.object({ limit: z.int().min(1).max(5000) }).optional(),
  shaper: z.object({ format: z.literal('flat') }),
});
type Query = z.infer<typeof queryBody>;

/** Counting records where they are. No public document describes this method. */
export function baseQueryRoutes(world: World): OpenRoute[] {
  return [
    userRoute('POST', '/base/v3/bases/:app_token/data/query', scopes.tableQuery, (call) => {
      const query = call.body(queryBody);
      const base = findBase(world, call);
      const table = world.tables.get(query.datasource.table.tableId);
      if (table?.base !== base.token) throw new Refusal(1_254_041, 'TableIdNotFound');
      const all = world.records.list(table.id);
      const records = query.filters ? filterRecords(all, table.fields, query.filters, world.now()) : all;
      return ok({ main_data: rowsOf(table, records, query).slice(0, query.pagination?.limit ?? 5000) });
    }),
  ];
}

function rowsOf(table: BaseTable, records: readonly BaseRecord[], { dimensions, measures, sort }: Query) {
  const groups = Map.groupBy(records, (record) =>
    dimensions.map((one) => cellText(cellOf(fieldNamed(table.fields, one.field_name), record))).join('\n'),
  );
  const rows = [...groups.values()].map((group) =>
    Object.fromEntries([
      ...dimensions.map((one) => [one.alias ?? one.field_name, { value: shown(table, group[0], one.field_name) }]),
      ...measures.map((one) => [one.alias ?? one.field_name, { value: measure(table, group, one) }]),
    ]),
  );
  for (const { field_name, order } of sort.toReversed()) {
    const sign = order === 'desc' ? -1 : 1;
    rows.sort(
      (a, b) =>
        sign * String(a[field_name]?.value).localeCompare(String(b[field_name]?.value), 'zh-CN', { numeric: true }),
    );
  }
  return rows;
}

function shown(table: BaseTable, record: BaseRecord | undefined, name: string): unknown {
  const field = fieldNamed(table.fields, name);
  return record && cellText(readCells([field], record, false)[name]);
}

function measure(table: BaseTable, group: readonly BaseRecord[], one: Query['measures'][number]): number {
  if (one.aggregation === 'count_all') return group.length;
  const field = fieldNamed(table.fields, one.field_name);
  const values = group.map((record) => cellOf(field, record)).filter((value) => value !== undefined && value !== null);
  const numbers = values.map((value) => Number(value));
  const sum = numbers.reduce((total, value) => total + value, 0);
  const results = {
    sum,
    avg: sum / numbers.length,
    min: Math.min(...numbers),
    max: Math.max(...numbers),
    count: values.length,
    distinct_count: new Set(values.map((value) => cellText(value))).size,
  };
  return results[one.aggregation];
}
