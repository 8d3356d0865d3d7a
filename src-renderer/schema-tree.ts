import type { Words } from '../src-main/contract/words.ts';
import { toolTexts } from './texts/tools.ts';
import { isRecord } from './tool-form.ts';

/** A line of a schema, as people read it. */
export interface SchemaNode {
  name: string;
  /** Such as `string`, or a list of something. */
  type: Words;
  required: boolean;
  description: string;
  /** The only values that it takes; empty when it takes any. */
  options: string[];
  /** Bounds and the like: `minimum 1`. */
  rules: string[];
  /** The fields of what it holds. */
  schema: Record<string, unknown> | null;
  fields: number;
}

type Schema = Record<string, unknown>;

const ruleNames = [
  'format',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'default',
];

/** The fields right inside a schema; what is deeper is asked for when it is opened. */
export function schemaNodes(schema: Schema): SchemaNode[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).map(([name, property]) => {
    const own = isRecord(property) ? property : {};
    const inner = innerOf(own);
    const { description } = own;
    return {
      name,
      type: typeWords(own),
      required: required.includes(name),
      description: typeof description === 'string' ? description : '',
      options: optionsOf(own),
      rules: ruleNames.filter((rule) => rule in own).map((rule) => `${rule} ${plain(own[rule])}`),
      schema: inner,
      fields: isRecord(inner?.['properties']) ? Object.keys(inner['properties']).length : 0,
    };
  });
}

/** The object inside lists of lists of it; null when there is nothing to open. */
function innerOf(schema: Schema): Schema | null {
  const { items } = schema;
  if (isRecord(items)) return innerOf(items);
  return isRecord(schema['properties']) && Object.keys(schema['properties']).length > 0 ? schema : null;
}

function optionsOf(schema: Schema): string[] {
  if (isRecord(schema['items'])) return optionsOf(schema['items']);
  const options = 'const' in schema ? [schema['const']] : schema['enum'];
  return Array.isArray(options) ? options.map(plain) : [];
}

function typeWords(schema: Schema): Words {
  const { type, items } = schema;
  if (type === 'array') {
    const { zh, en } = isRecord(items) ? typeWords(items) : toolTexts.anything;
    return { zh: toolTexts.listOf(zh).zh, en: toolTexts.listOf(en).en };
  }
  if (typeof type === 'string') return { zh: type, en: type };
  if (Array.isArray(type)) return { zh: type.join(' | '), en: type.join(' | ') };
  return toolTexts.anything;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
