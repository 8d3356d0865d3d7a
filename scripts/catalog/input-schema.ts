import { z } from 'zod';
import type { Definition } from './definitions.ts';

const objectSchema = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

type ObjectSchema = z.infer<typeof objectSchema>;
/** As it goes into the catalog. */
interface InputSchema {
  type: 'object';
  properties: Record<string, unknown>;
  required?: string[];
  [keyword: string]: unknown;
}

/**
 * The JSON Schema of a tool's arguments. Two things differ from the official one: `useUAT` is gone, because the model
 * must not choose between the person's identity and the app's; and every path parameter is required, because there is
 * no address without it.
 */
export function toInputSchema(definition: Definition): InputSchema {
  const { useUAT: _, ...shape } = definition.schema;
  const { $schema: __, ...converted } = objectSchema.parse(
    z.toJSONSchema(z.object(shape), { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
  );
  const parameters = pathParameters(definition.path);
  if (parameters.length === 0) return tidy(converted);
  const path = objectSchema.parse(converted.properties.path);
  return tidy({
    ...converted,
    properties: { ...converted.properties, path: { ...path, required: parameters } },
    required: [...new Set([...converted.required, 'path'])],
  });
}

/** The names of `:parameters` in a path template, in order. */
export function pathParameters(template: string): string[] {
  return [...template.matchAll(/:([^/]+)/g)].map(([, name = '']) => name);
}

function tidy({ required, ...schema }: ObjectSchema): InputSchema {
  // An empty `required` is invalid in the older drafts that some clients check against.
  return required.length > 0 ? { ...schema, required } : schema;
}
