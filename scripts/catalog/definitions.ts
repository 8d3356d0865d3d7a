import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

// Deep imports only: the package's root runs a command line and ends the process, and the definitions of the built-in
// tools pull in the whole node-sdk (src-main/providers/lark/builtin has our own).
const require = createRequire(import.meta.url);
const packageName = '@larksuiteoapi/lark-mcp';

const shape = z.record(
  z.string(),
  z.custom<z.ZodType>((value) => value instanceof z.ZodType),
);

const definitionSchema = z.object({
  project: z.string(),
  name: z.string(),
  path: z.string(),
  httpMethod: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  description: z.string(),
  accessTokens: z.array(z.enum(['tenant', 'user'])).default([]),
  /** A raw zod shape with `params`, `data`, `path` and `useUAT`, each optional. */
  schema: shape,
});

/** A tool as the official package defines it. */
export type Definition = z.infer<typeof definitionSchema>;

export function readDefinitions(language: 'en' | 'zh'): Definition[] {
  const loaded: unknown = require(`${packageName}/dist/mcp-tool/tools/${language}/gen-tools/index.js`);
  return z.object({ GenTools: z.array(definitionSchema) }).parse(loaded).GenTools;
}

export function readPresets(): Record<string, string[]> {
  const loaded: unknown = require(`${packageName}/dist/mcp-tool/constants.js`);
  return z.object({ presetTools: z.record(z.string(), z.array(z.string())) }).parse(loaded).presetTools;
}

export function readLicence(): string {
  return readFileSync(require.resolve(`${packageName}/LICENSE`), 'utf8');
}

export function packageVersion(): string {
  const text = readFileSync(require.resolve(`${packageName}/package.json`), 'utf8');
  return `${packageName}@${z.object({ version: z.string() }).parse(JSON.parse(text)).version}`;
}
