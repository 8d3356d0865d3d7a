import { z } from 'zod';
import { Refusal } from '../wire/envelope.ts';
import { cellOf, cellText } from './field-types.ts';
import type { BaseField, BaseRecord } from './world.ts';

const operators = [
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
] as const;

const conditionSchema = z.object({
  field_name: z.string(),
  operator: z.enum(operators),
  value: z.array(z.string()).default([]),
});
const groupSchema = z.object({
  conjunction: z.enum(['and', 'or']).default('and'),
  conditions: z.array(conditionSchema).default([]),
});
/** Conditions, or groups of them. */
export const filterSchema = groupSchema.extend({ children: z.array(groupSchema).default([]) });
export const sortSchema = z.array(z.object({ field_name: z.string(), desc: z.boolean().default(false) }));

type Condition = z.infer<typeof conditionSchema>;

/** The records that a search's filter lets through. `now` decides what "Today" is. */
export function filterRecords(
  records: BaseRecord[],
  fields: readonly BaseField[],
  filter: z.infer<typeof filterSchema>,
  now: number,
): BaseRecord[] {
  if (filter.children.length > 0) {
    const groups = filter.children.map(
      (group) => new Set(filterRecords(records, fields, { ...group, children: [] }, now)),
    );
    return records.filter((record) =>
      filter.conjunction === 'and' ? groups.every((one) => one.has(record)) : groups.some((one) => one.has(record)),
    );
  }
  if (filter.conditions.length === 0) return records;
  const checks = filter.conditions.map((condition) => {
    const field = fieldNamed(fields, condition.field_name);
    return (record: BaseRecord) => holds(condition, cellOf(field, record), field, now);
  });
  return records.filter((record) =>
    filter.conjunction === 'and' ? checks.every((check) => check(record)) : checks.some((check) => check(record)),
  );
}

export function sortRecords(
  records: BaseRecord[],
  fields: readonly BaseField[],
  order: z.infer<typeof sortSchema>,
): BaseRecord[] {
  const keys = order.map(({ field_name, desc }) => ({ field: fieldNamed(fields, field_name), sign: desc ? -1 : 1 }));
  return records.toSorted((a, b) => {
    for (const { field, sign } of keys) {
      const difference = compare(cellOf(field, a), cellOf(field, b));
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
}

export function fieldNamed(fields: readonly BaseField[], name: string): BaseField {
  const field = fields.find((one) => one.field_name === name);
  if (!field) throw new Refusal(1_254_045, `FieldNameNotFound: ${name}`);
  return field;
}

interface Comparison {
  cell: unknown;
  text: string;
  field: BaseField;
  now: number;
}

const tests: Record<Condition['operator'], (wanted: string[], compared: Comparison) => boolean> = {
  is: equals,
  isNot: (wanted, compared) => !equals(wanted, compared),
  contains: (wanted, { text }) => wanted.some((one) => text.includes(one)),
  doesNotContain: (wanted, { text }) => !wanted.some((one) => text.includes(one)),
  isEmpty: (_, { text }) => text === '',
  isNotEmpty: (_, { text }) => text !== '',
  isGreater: (wanted, compared) => difference(wanted, compared) > 0,
  isGreaterEqual: (wanted, compared) => difference(wanted, compared) >= 0,
  isLess: (wanted, compared) => difference(wanted, compared) < 0,
  isLessEqual: (wanted, compared) => difference(wanted, compared) <= 0,
};

function holds(condition: Condition, cell: unknown, field: BaseField, now: number): boolean {
  return tests[condition.operator](condition.value, { cell, text: cellText(cell), field, now });
}

function equals(wanted: string[], { cell, text, field, now }: Comparison): boolean {
  // Dates are equal when they fall on one day.
  if (field.type === 5) return typeof cell === 'number' && dayOf(cell) === dayOf(momentOf(wanted, now));
  return field.type === 2 ? cell === Number(wanted[0]) : text === wanted.join(',');
}

/** Of the cell and the wanted number or date; NaN, which is neither more nor less, when one of them is missing. */
function difference(wanted: string[], { cell, field, now }: Comparison): number {
  const bound = field.type === 5 ? momentOf(wanted, now) : Number(wanted[0]);
  return typeof cell === 'number' ? cell - bound : Number.NaN;
}

const day = 24 * 60 * 60 * 1000;
const shanghai = 8 * 60 * 60 * 1000;

function dayOf(ms: number): number {
  return Math.floor((ms + shanghai) / day);
}

/** A date as filters write it: `["ExactDate", ms]`, `["Today"]`, `["Tomorrow"]` or `["Yesterday"]`. */
function momentOf(value: string[], now: number): number {
  if (value[0] === 'ExactDate') return Number(value[1]);
  const shift = { Today: 0, Tomorrow: day, Yesterday: -day }[value[0] ?? ''];
  if (shift === undefined) throw new Refusal(1_254_018, `InvalidFilter: ${value.join(',')}`);
  return dayOf(now + shift) * day - shanghai;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return cellText(a).localeCompare(cellText(b), 'zh-CN');
}
