import { z } from 'zod';

/** Files of the catalog folder, written by scripts/build-catalog.ts and read by `Catalog`. */
export const catalogFiles = {
  presets: 'presets.json',
  licence: 'LICENSE.lark-openapi-mcp.txt',
  index: (language: string) => `index.${language}.json`,
  /** One `CatalogEntry` per line, in the order of the index. */
  entries: (language: string) => `tools.${language}.jsonl`,
  /** What people see in a list of all tools, in the order of the index. Read only when somebody looks. */
  costs: (language: string) => `costs.${language}.json`,
};

const row = z.tuple([
  z.string().describe('dotted name'),
  z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  z.string().startsWith('/open-apis/').describe('path template with :parameters'),
  z.enum(['read', 'write', 'destructive']),
  z.boolean().describe('accepts a user token'),
  z.string().describe('where an idempotency key goes, such as "data.uuid", or empty'),
  z.int().nonnegative().describe('byte offset of the entry'),
  z.int().positive().describe('byte length of the entry, without the newline'),
]);

/** One tool per row: positions instead of keys keep the file small enough to parse at every start. */
export const indexSchema = z.object({ source: z.string(), tools: z.array(row) });
export type IndexRow = z.infer<typeof row>;

const costRow = z.tuple([z.string().describe('title')], z.int().positive().describe('tokens under each name case'));

export const costsSchema = z.array(costRow);
export type CostRow = z.infer<typeof costRow>;

export const presetsSchema = z.record(z.string(), z.array(z.string()));

export const entrySchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  inputSchema: z.looseObject({ type: z.literal('object') }),
  annotations: z.object({
    readOnlyHint: z.boolean(),
    destructiveHint: z.boolean(),
    idempotentHint: z.boolean(),
    openWorldHint: z.boolean(),
  }),
});

/** A tools/list entry under the tool's dotted name. */
export type CatalogEntry = z.infer<typeof entrySchema>;
