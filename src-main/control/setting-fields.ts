import { z } from 'zod';
import { type Config, configSchema } from '../contract/config.ts';
import type { SettingValue, SettingView } from '../contract/settings-views.ts';

/** A field as the schema has it. */
export type SettingField = Pick<SettingView, 'section' | 'name' | 'default' | 'type' | 'choices' | 'min' | 'max'>;

const fieldSchema = z.object({
  type: z.enum(['boolean', 'integer', 'string', 'array']),
  enum: z.array(z.string()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});

const sectionSchema = z.object({ properties: z.record(z.string(), fieldSchema) });

let known: SettingField[] | undefined;

/** Every field of the settings, read off the schema itself: a new one shows up by being there. */
export function settingFields(): readonly SettingField[] {
  known ??= readFields();
  return known;
}

function readFields(): SettingField[] {
  const { properties } = z
    .object({ properties: z.record(z.string(), sectionSchema) })
    .parse(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }));
  // JSON Schema does not tell the defaults of values that are put into shape on their way in.
  const defaults = configSchema.parse({});
  return configSchema.keyof().options.flatMap((section) =>
    Object.entries(properties[section]?.properties ?? {}).map(([name, field]) => ({
      section,
      name,
      default: valueOf(defaults, { section, name }),
      ...kindOf(field),
    })),
  );
}

function kindOf(field: z.infer<typeof fieldSchema>): Pick<SettingField, 'type' | 'choices' | 'min' | 'max'> {
  const least = field.minimum ?? (field.exclusiveMinimum === undefined ? null : field.exclusiveMinimum + 1);
  return {
    type: typeOf(field),
    choices: field.enum ?? null,
    min: least,
    // JSON Schema says of every whole number that it is one that JavaScript can hold.
    max: field.maximum === undefined || field.maximum === Number.MAX_SAFE_INTEGER ? null : field.maximum,
  };
}

function typeOf({ type, enum: choices, format }: z.infer<typeof fieldSchema>): SettingView['type'] {
  if (type === 'array') return 'list';
  if (type !== 'string') return type;
  if (choices) return 'choice';
  return format === 'uri' ? 'url' : 'text';
}

/** The value of a field in the settings; null where it is not set. */
export function valueOf(config: Config, { section, name }: Pick<SettingField, 'section' | 'name'>): SettingValue {
  const values: Record<string, unknown> = config[section];
  return asSettingValue(values[name]);
}

const settingValue: z.ZodType<SettingValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(settingValue)]),
);

function asSettingValue(value: unknown): SettingValue {
  return value === undefined ? null : settingValue.parse(value);
}
