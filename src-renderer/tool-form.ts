import { type MomentForm, momentFormOf } from './moment-form.ts';

type Scalar = string | number | boolean;

/** What a person is asked for. */
export type FieldShape =
  | { kind: 'text'; long: boolean; moment: MomentForm | null }
  | { kind: 'number'; integer: boolean; min: number | null; max: number | null; moment: MomentForm | null }
  | { kind: 'flag' }
  | { kind: 'choice'; options: Scalar[] }
  | { kind: 'list'; item: FieldShape }
  | { kind: 'group'; fields: Field[] }
  /** What a form cannot show is written as JSON. */
  | { kind: 'json' };

export interface Field {
  name: string;
  description: string;
  required: boolean;
  shape: FieldShape;
}

type Schema = Record<string, unknown>;

const maxDepth = 16;
const longNames = /content|text|markdown|description|message|body|remark|comment/i;

/** The fields of a tool's arguments, as a form asks for them. */
export function fieldsOf(schema: Schema): Field[] {
  return groupFields(schema, 0);
}

export function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function groupFields(schema: Schema, depth: number): Field[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).map(([name, property]) => ({
    name,
    description: isRecord(property) ? textOf(property['description']) : '',
    required: required.includes(name),
    shape: shapeOf(property, name, depth + 1),
  }));
}

function shapeOf(schema: unknown, name: string, depth: number): FieldShape {
  if (!isRecord(schema) || depth > maxDepth) return { kind: 'json' };
  const options = optionsOf(schema);
  if (options) return { kind: 'choice', options };
  if (['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if'].some((key) => key in schema)) return { kind: 'json' };
  switch (typeOf(schema)) {
    case 'string':
      return { kind: 'text', long: longNames.test(name), moment: momentOf(schema, name) };
    case 'number':
    case 'integer':
      return numberShape(schema, name);
    case 'boolean':
      return { kind: 'flag' };
    case 'array':
      return { kind: 'list', item: shapeOf(schema['items'], name, depth + 1) };
    case 'object':
      return objectShape(schema, depth);
    default:
      return { kind: 'json' };
  }
}

function numberShape(schema: Schema, name: string): FieldShape {
  return {
    kind: 'number',
    integer: typeOf(schema) === 'integer',
    min: numberOf(schema['minimum']),
    max: numberOf(schema['maximum']),
    moment: momentOf(schema, name),
  };
}

/** An object whose fields are not named beforehand is no form. */
function objectShape(schema: Schema, depth: number): FieldShape {
  const fields = groupFields(schema, depth);
  const open = isRecord(schema['additionalProperties']) || schema['additionalProperties'] === true;
  return fields.length === 0 || open ? { kind: 'json' } : { kind: 'group', fields };
}

function optionsOf(schema: Schema): Scalar[] | null {
  const given = 'const' in schema ? [schema['const']] : schema['enum'];
  if (!Array.isArray(given)) return null;
  const options = given.filter((option): option is Scalar => ['string', 'number', 'boolean'].includes(typeof option));
  return options.length > 0 ? options : null;
}

/** The one type besides null. */
function typeOf(schema: Schema): unknown {
  const { type } = schema;
  if (!Array.isArray(type)) return type;
  const types = type.filter((one) => one !== 'null');
  return types.length === 1 ? types[0] : undefined;
}

function momentOf(schema: Schema, name: string): MomentForm | null {
  return momentFormOf(name, textOf(schema['format']), textOf(schema['description']));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
