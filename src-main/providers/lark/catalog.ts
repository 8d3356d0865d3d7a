import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { Risk } from '../../contract/views.ts';
import type { Language } from '../../contract/words.ts';
import {
  type CatalogEntry,
  catalogFiles,
  type CostRow,
  costsSchema,
  entrySchema,
  type IndexRow,
  indexSchema,
  presetsSchema,
} from './catalog-format.ts';

/** What is needed to send a tool's request, without its texts. */
export interface ToolSpec {
  /** Dotted, as the official package has it. */
  name: string;
  method: IndexRow[1];
  /** Template with :parameters. */
  path: string;
  risk: Risk;
  /** Whether the official definitions say that a user token is accepted. */
  acceptsUser: boolean;
  /** Where an idempotency key goes, such as "data.uuid". */
  idempotencyKey: string | undefined;
}

/** The official definitions as built files: the index in memory, an entry read from disk when it is asked for. */
export class Catalog {
  readonly presets: ReadonlyMap<string, readonly string[]>;
  /** Package and version of the definitions, such as "@larksuiteoapi/lark-mcp@0.5.1". */
  readonly source: string;
  readonly #costsFile: string;
  readonly #rows: ReadonlyMap<string, IndexRow>;
  readonly #entries: number;

  constructor(folder: string, language: Language) {
    try {
      const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
      this.presets = new Map(Object.entries(presetsSchema.parse(read(catalogFiles.presets))));
      const { source, tools } = indexSchema.parse(read(catalogFiles.index(language)));
      this.source = source.split(' ')[0] ?? '';
      this.#rows = new Map(tools.map((row) => [row[0], row]));
      this.#costsFile = join(folder, catalogFiles.costs(language));
      this.#entries = openSync(join(folder, catalogFiles.entries(language)), 'r');
    } catch (error) {
      throw new Fault('config_invalid', { cause: error, words: notBuilt });
    }
  }

  /** Dotted names in alphabetical order. */
  names(): string[] {
    return [...this.#rows.keys()];
  }

  spec(name: string): ToolSpec | undefined {
    const row = this.#rows.get(name);
    if (!row) return undefined;
    const [, method, path, risk, acceptsUser, key] = row;
    return { name, method, path, risk, acceptsUser, idempotencyKey: key === '' ? undefined : key };
  }

  /** Reads one entry from disk. */
  entry(name: string): CatalogEntry {
    const row = this.#rows.get(name);
    if (!row) throw new Fault('unknown_tool');
    const [, , , , , , offset, length] = row;
    const bytes = Buffer.allocUnsafe(length);
    readSync(this.#entries, bytes, 0, length, offset);
    return entrySchema.parse(JSON.parse(bytes.toString('utf8')));
  }

  /** Titles and token costs of all tools by their dotted names. Read from disk, and nothing of it is kept. */
  costs(): Map<string, CostRow> {
    try {
      const rows = costsSchema.parse(JSON.parse(readFileSync(this.#costsFile, 'utf8')));
      if (rows.length !== this.#rows.size) throw new Error('costs and index are of different builds');
      return new Map(this.names().map((name, at) => [name, rows[at] ?? [name]]));
    } catch (error) {
      throw new Fault('config_invalid', { cause: error, words: notBuilt });
    }
  }

  close(): void {
    closeSync(this.#entries);
  }
}

const notBuilt = {
  zh: '工具目录缺失或损坏，请先运行 npm run build。',
  en: 'The tool catalog is missing or damaged. Run npm run build first.',
};
