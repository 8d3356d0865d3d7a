import type { Words } from '../src-main/contract/words.ts';
import { type Field, type FieldShape, isRecord } from './tool-form.ts';
import { tryTexts } from './texts/tool-try.ts';

/** What a person typed where JSON or a number belongs, while it is neither. */
export class Unreadable {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One thing that is wrong with what was filled in. */
export interface FieldProblem {
  /** Such as `data.members[0].id`. */
  path: string;
  words: Words;
}

type Values = Record<string, unknown>;

/** The arguments as they are sent: what was left empty is left out. Fields that the form does not know stay. */
export function argumentsOf(fields: readonly Field[], values: Values): Values {
  const result: Values = {};
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((other) => other.name === name);
    const kept = field ? valueOf(field.shape, value, field.required) : value;
    if (kept !== undefined) result[name] = kept;
  }
  for (const { name, required, shape } of fields) {
    // A place that must be there and has nothing in it that must.
    if (required && shape.kind === 'group' && result[name] === undefined) result[name] = {};
  }
  return result;
}

function valueOf(shape: FieldShape, value: unknown, required: boolean): unknown {
  if (value === '' || value === undefined) return undefined;
  if (shape.kind === 'group' && isRecord(value)) {
    const inside = argumentsOf(shape.fields, value);
    return required || Object.keys(inside).length > 0 ? inside : undefined;
  }
  if (shape.kind === 'list' && Array.isArray(value)) {
    if (value.length === 0 && !required) return undefined;
    // Places keep their numbers, so that what is wrong with one is found again.
    return value.map((item) => valueOf(shape.item, item, true) ?? null);
  }
  return value;
}

/** What keeps these values from being sent: what is missing, and what cannot be read. The gateway checks the rest. */
export function problemsOf(fields: readonly Field[], values: Values, at = ''): FieldProblem[] {
  return fields.flatMap(({ name, required, shape }) => {
    const path = at ? `${at}.${name}` : name;
    const value = values[name];
    if (valueOf(shape, value, false) === undefined && !(required && shape.kind === 'group')) {
      return required && !isEmptyList(shape, value) ? [{ path, words: tryTexts.required }] : [];
    }
    return problemsWith(shape, value, path);
  });
}

function isEmptyList(shape: FieldShape, value: unknown): boolean {
  return shape.kind === 'list' && Array.isArray(value);
}

function problemsWith(shape: FieldShape, value: unknown, path: string): FieldProblem[] {
  if (value instanceof Unreadable) {
    return [{ path, words: shape.kind === 'number' ? tryTexts.notANumber : tryTexts.notJson }];
  }
  if (shape.kind === 'group' && (value === undefined || isRecord(value))) {
    return problemsOf(shape.fields, value ?? {}, path);
  }
  if (shape.kind === 'list' && Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const place = `${path}[${index}]`;
      if (item === '' || item === undefined) return [{ path: place, words: tryTexts.required }];
      return problemsWith(shape.item, item, place);
    });
  }
  return [];
}

/** Whether a form can show this value; what came from JSON may be anything. */
export function fitsShape(shape: FieldShape, value: unknown): boolean {
  if (value === undefined || value instanceof Unreadable) return true;
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return shape.options.some((option) => option === value);
    case 'list':
      return Array.isArray(value);
    case 'group':
      return isRecord(value);
    case 'json':
      return true;
  }
}
