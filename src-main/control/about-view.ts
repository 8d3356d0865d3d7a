import type { DatabaseSync } from 'node:sqlite';
import type { AboutView } from '../contract/settings-views.ts';

export interface AboutParts {
  version: string;
  startedAt: number;
  dataFolder: string;
  database: DatabaseSync;
  /** The source is a package and its version: `@larksuiteoapi/lark-mcp@0.5.1`. */
  definitions: { source: string; tools: number };
}

/** What runs here. */
export function aboutView({ version, startedAt, dataFolder, database, definitions }: AboutParts): AboutView {
  const { source, tools } = definitions;
  const at = source.lastIndexOf('@');
  return {
    version,
    node: process.versions.node,
    electron: process.versions['electron'] ?? null,
    sqlite: String(database.prepare('SELECT sqlite_version() AS version').get()?.['version']),
    platform: process.platform,
    arch: process.arch,
    startedAt,
    dataFolder,
    definitions: { name: source.slice(0, at), version: source.slice(at + 1), tools },
  };
}
