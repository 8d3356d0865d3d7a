import { z } from 'zod';
import type { Definition } from './definitions.ts';

/** Fields that make a repeated request have one effect only. */
const keyFields = ['uuid', 'client_token', 'idempotency_key', 'idempotent_id'];

/** Tools that have a field of such a name with another meaning. */
const otherMeaning: Record<string, string> = {
  'hire.v1.exam.create': 'its uuid is the id of an attachment',
};

const branch = z.object({ properties: z.record(z.string(), z.unknown()).default({}) });

/** Where a tool's idempotency key goes, such as "data.uuid"; undefined when its API has none. */
export function idempotencyKeyOf(
  definition: Definition,
  schema: { properties: Record<string, unknown> },
): string | undefined {
  if (definition.name in otherMeaning || definition.httpMethod === 'GET') return undefined;
  for (const place of ['params', 'data']) {
    const { properties } = branch.catch({ properties: {} }).parse(schema.properties[place]);
    const field = keyFields.find((name) => name in properties);
    if (field) return `${place}.${field}`;
  }
  return undefined;
}
