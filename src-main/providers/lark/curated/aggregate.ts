/** What can be made of the values of a group. */
export const aggregations = ['sum', 'avg', 'min', 'max', 'count', 'count_all', 'distinct_count'] as const;

type Aggregation = (typeof aggregations)[number];
type Row = Record<string, unknown>;

interface Named {
  field_name: string;
  alias?: string | undefined;
}

export interface AggregateQuery {
  dimensions: readonly Named[];
  measures: readonly (Named & { aggregation: Aggregation })[];
  sort: readonly { field_name: string; order: 'asc' | 'desc' }[];
  limit: number;
}

/** Groups rows by their dimensions and measures each group. */
export function aggregate(rows: readonly Row[], { dimensions, measures, sort, limit }: AggregateQuery): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(dimensions.map(({ field_name }) => row[field_name] ?? null));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  // Nothing at all is still one answer where nothing is grouped.
  if (dimensions.length === 0 && groups.size === 0) groups.set('[]', []);
  const measured = [...groups.values()].map((group) => {
    const [first = {}] = group;
    const named = dimensions.map((one) => [nameOf(one), first[one.field_name] ?? null]);
    const values = measures.map((one) => [nameOf(one), measure(group, one)]);
    const row: Row = Object.fromEntries([...named, ...values]);
    return row;
  });
  const names = new Map([...dimensions, ...measures].map((one) => [one.field_name, nameOf(one)]));
  const keys = sort.map(({ field_name, order }) => ({
    name: names.get(field_name) ?? field_name,
    sign: order === 'desc' ? -1 : 1,
  }));
  return measured.sort((a, b) => compareBy(keys, a, b)).slice(0, limit);
}

function nameOf({ field_name, alias }: Named): string {
  return alias ?? field_name;
}

const isFilled = (value: unknown) => value !== null && value !== undefined && value !== '';

const measurers: Record<Aggregation, (values: unknown[], group: readonly Row[]) => number | null> = {
  count_all: (_, group) => group.length,
  count: (values) => values.length,
  distinct_count: (values) => new Set(values.map((value) => JSON.stringify(value))).size,
  sum: (values) => numbers(values).reduce((sum, value) => sum + value, 0),
  avg: (values) =>
    numbers(values).length === 0
      ? null
      : numbers(values).reduce((sum, value) => sum + value, 0) / numbers(values).length,
  min: (values) => (numbers(values).length === 0 ? null : Math.min(...numbers(values))),
  max: (values) => (numbers(values).length === 0 ? null : Math.max(...numbers(values))),
};

function measure(
  group: readonly Row[],
  { field_name, aggregation }: Named & { aggregation: Aggregation },
): number | null {
  const values = group.map((row) => row[field_name]).filter((value) => isFilled(value));
  return measurers[aggregation](values, group);
}

function numbers(values: readonly unknown[]): number[] {
  return values.map((value) => Number(value)).filter((value) => Number.isFinite(value));
}

function compareBy(keys: readonly { name: string; sign: number }[], a: Row, b: Row): number {
  for (const { name, sign } of keys) {
    const difference = compare(a[name], b[name]);
    if (difference !== 0) return sign * difference;
  }
  return 0;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return asText(a).localeCompare(asText(b), 'zh-CN');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
