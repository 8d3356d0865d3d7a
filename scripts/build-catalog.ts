import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CatalogEntry,
  catalogFiles,
  entrySchema,
  type IndexRow,
} from '../src-main/providers/lark/catalog-format.ts';
import { annotationsOf, riskOf } from './catalog/annotations.ts';
import { type Definition, packageVersion, readDefinitions, readLicence, readPresets } from './catalog/definitions.ts';
import { idempotencyKeyOf } from './catalog/idempotency.ts';
import { toInputSchema } from './catalog/input-schema.ts';
import { titlesOf } from './catalog/titles.ts';
import { costRowOf } from './catalog/token-costs.ts';

/** These answer with tokens of the app: no model may have one. */
const tokenProject = 'auth';

/** Turns the official definitions into files that load in milliseconds. The same input gives the same bytes. */
export function buildCatalog(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const language of ['en', 'zh'] as const) {
    const { rows, lines } = convert(readDefinitions(language));
    const source = `${packageVersion()} ${language}`;
    write(catalogFiles.index(language), `{"source":${JSON.stringify(source)},"tools":[\n${rows.join(',\n')}\n]}\n`);
    write(catalogFiles.entries(language), lines.join(''));
  }
  write(catalogFiles.presets, `${JSON.stringify(readPresets(), undefined, 2)}\n`);
  write(catalogFiles.licence, readLicence());
}

/** Counts the tokens of the built entries. Apart from the rest, because it takes longer than all of it. */
export function buildCosts(folder: string): void {
  for (const language of ['en', 'zh'] as const) {
    const lines = readFileSync(join(folder, catalogFiles.entries(language)), 'utf8')
      .trimEnd()
      .split('\n');
    const rows = lines.map((line) => JSON.stringify(costRowOf(entrySchema.parse(JSON.parse(line)))));
    writeFileSync(join(folder, catalogFiles.costs(language)), `[\n${rows.join(',\n')}\n]\n`);
  }
}

function convert(all: Definition[]): { rows: string[]; lines: string[] } {
  const definitions = all.filter(({ project }) => project !== tokenProject).sort((a, b) => (a.name < b.name ? -1 : 1));
  const titles = titlesOf(definitions);
  const rows: string[] = [];
  const lines: string[] = [];
  let offset = 0;
  for (const definition of definitions) {
    const { name, httpMethod, path, accessTokens } = definition;
    const risk = riskOf(name, httpMethod);
    const inputSchema = toInputSchema(definition);
    const entry: CatalogEntry = {
      name,
      title: titles.get(name) ?? name,
      description: definition.description,
      inputSchema,
      annotations: annotationsOf(risk, httpMethod),
    };
    const text = JSON.stringify(entry);
    const length = Buffer.byteLength(text);
    const key = idempotencyKeyOf(definition, inputSchema) ?? '';
    const row: IndexRow = [name, httpMethod, path, risk, accessTokens.includes('user'), key, offset, length];
    rows.push(JSON.stringify(row));
    lines.push(`${text}\n`);
    offset += length + 1;
  }
  return { rows, lines };
}

if (import.meta.main) {
  const folder = fileURLToPath(new URL('../resources/catalog/', import.meta.url));
  buildCatalog(folder);
  buildCosts(folder);
}
