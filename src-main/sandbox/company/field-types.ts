import { Refusal } from '../wire/envelope.ts';
import { findPerson } from './people.ts';
import type { BaseField, BaseRecord } from './world.ts';

/** How a base keeps one kind of field: what may be written, and how it is read back. */
interface FieldType {
  uiType: string;
  /** The code that says a value does not fit. */
  misfit: number;
  fits(value: unknown): boolean;
  read?(value: unknown): unknown;
}

const isText = (value: unknown) => typeof value === 'string' || typeof value === 'number' || isListOf(value, 'text');
const isNumber = (value: unknown) => typeof value === 'number';
const isListOf = (value: unknown, member: string): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && member in item);
const never = () => false;

/** Keyed by the number that the API uses (page "Field guide" of bitable). */
const fieldTypes: Record<number, FieldType> = {
  1: { uiType: 'Text', misfit: 1_254_060, fits: isText },
  2: { uiType: 'Number', misfit: 1_254_061, fits: isNumber },
  3: { uiType: 'SingleSelect', misfit: 1_254_062, fits: (value) => typeof value === 'string' },
  4: {
    uiType: 'MultiSelect',
    misfit: 1_254_063,
    fits: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  },
  5: { uiType: 'DateTime', misfit: 1_254_064, fits: isNumber },
  7: { uiType: 'Checkbox', misfit: 1_254_065, fits: (value) => typeof value === 'boolean' },
  11: { uiType: 'User', misfit: 1_254_066, fits: (value) => isListOf(value, 'id'), read: readPeople },
  13: { uiType: 'Phone', misfit: 1_254_072, fits: (value) => typeof value === 'string' },
  15: {
    uiType: 'Url',
    misfit: 1_254_068,
    fits: (value) => typeof value === 'object' && value !== null && 'link' in value,
  },
  17: { uiType: 'Attachment', misfit: 1_254_069, fits: (value) => isListOf(value, 'file_token') },
  1001: { uiType: 'CreatedTime', misfit: 1_254_067, fits: never },
  1002: { uiType: 'ModifiedTime', misfit: 1_254_067, fits: never },
  1005: { uiType: 'AutoNumber', misfit: 1_254_067, fits: never },
};

export function uiTypeOf(type: number): string {
  const found = fieldTypes[type];
  if (!found) throw new Refusal(1_254_001, `WrongRequestBody: the field type ${type} is not supported`);
  return found.uiType;
}

/** Refuses unknown fields and values of the wrong kind; null empties a cell. */
export function requireFit(fields: readonly BaseField[], values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((one) => one.field_name === name);
    if (!field) throw new Refusal(1_254_045, `FieldNameNotFound: ${name}`);
    const type = fieldTypes[field.type];
    if (value !== null && type && !type.fits(value))
      throw new Refusal(type.misfit, `${type.uiType}FieldConvFail: ${name}`);
  }
}

/** Cells as a search returns them: text as a list of pieces, people with their names. */
export function readCells(
  fields: readonly BaseField[],
  record: BaseRecord,
  textAsList: boolean,
): Record<string, unknown> {
  const cells: Record<string, unknown> = {};
  for (const field of fields) {
    const value = cellOf(field, record);
    if (value === undefined || value === null) continue;
    cells[field.field_name] =
      field.type === 1 && textAsList ? asPieces(value) : (fieldTypes[field.type]?.read?.(value) ?? value);
  }
  return cells;
}

export function cellOf(field: BaseField, record: BaseRecord): unknown {
  if (field.type === 1001) return record.createdAt;
  return field.type === 1002 ? record.modifiedAt : record.fields[field.field_name];
}

/** The text by which a cell is searched and compared. */
export function cellText(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => cellText(item)).join(',');
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .map((item) => cellText(item))
      .join(' ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The names in a select field's values that it has no option for yet. */
export function newOptions(field: BaseField, values: readonly unknown[]): string[] {
  if (field.type !== 3 && field.type !== 4) return [];
  const known = optionsOf(field).map((option) => option.name);
  const used = values.flat().filter((value) => typeof value === 'string');
  return [...new Set(used)].filter((name) => !known.includes(name));
}

interface SelectOption {
  id: string;
  name: string;
  color: number;
}

export function optionsOf(field: BaseField): SelectOption[] {
  const { property } = field;
  if (typeof property !== 'object' || property === null || !('options' in property) || !Array.isArray(property.options))
    return [];
  return property.options.map((option: Partial<SelectOption>, at) => ({
    id: option.id ?? '',
    name: option.name ?? '',
    color: option.color ?? at,
  }));
}

function asPieces(value: unknown): unknown {
  return Array.isArray(value) ? value : [{ text: cellText(value), type: 'text' }];
}

function readPeople(value: unknown): unknown {
  if (!isListOf(value, 'id')) return value;
  return value.map((item) => {
    const person = findPerson(String(item.id));
    return person
      ? { id: person.openId, name: person.name, en_name: person.enName, email: person.email, avatar_url: '' }
      : item;
  });
}
