import { z } from 'zod';
import type { Language } from '../../../contract/words.ts';

type JsonObject = { type: 'object'; [key: string]: unknown };

const told = z.looseObject({ zh: z.string().optional(), en: z.string().optional() });

/**
 * The JSON Schema of a curated tool in one language. Nothing is in it that a model would not miss: tools/list is paid
 * for by the token.
 */
export function toSchema(schema: z.ZodObject, language: Language, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const words = told.parse(jsonSchema);
      delete jsonSchema.zh;
      delete jsonSchema.en;
      const description = words[language];
      if (description !== undefined) jsonSchema.description = description;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      // A format says it shorter.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.type === 'object') {
        // Fields that no schema names are told by the check of the arguments, nearest name and all.
        delete jsonSchema.additionalProperties;
        delete jsonSchema.propertyNames;
      }
    },
  });
  return { ...json, type: 'object' };
}
