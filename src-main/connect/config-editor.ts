import type { Entry } from './entry.ts';

export interface Placed {
  text: string;
  /** How many of the enclosing tables had to be made. */
  created: number;
}

/** Changes one entry among a client's servers and leaves every other byte as it is. Throws `BrokenFile`. */
export interface ConfigEditor {
  /** Everything the text holds, as plain values. */
  read(text: string): Record<string, unknown>;
  /** Writes the entry. With `keep`, members of one that is there already stay beside ours. */
  put(text: string, name: string, entry: Entry, keep: boolean): Placed;
  /** Takes the entry out, and the innermost `created` tables where that leaves them empty. */
  take(text: string, name: string, created: number): string;
}

/** The servers of a configuration by name. */
export function serversIn(values: Record<string, unknown>, at: readonly string[]): Record<string, unknown> {
  let servers = values;
  for (const name of at) {
    const inner = servers[name];
    if (!isRecord(inner)) return {};
    servers = inner;
  }
  return servers;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
