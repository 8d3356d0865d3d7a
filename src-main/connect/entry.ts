/** What a configuration file holds under our name. */
export type Entry = Readonly<Record<string, unknown>>;

/** The name of our entry in every client's configuration. */
export const entryName = 'larkgate';

/** How the stdio bridge is run: one file, on this program's own runtime. */
export interface BridgeCommand {
  command: string;
  args: readonly string[];
}

/** What an entry is made of. */
export interface Door {
  url: string;
  /** The client's own secret. */
  key: string;
  /** Undefined where this program cannot run the bridge as a command. */
  bridge: BridgeCommand | undefined;
}

export function authorization(key: string): { Authorization: string } {
  return { Authorization: `Bearer ${key}` };
}

/** Keys of an entry that decide where it leads and what it runs. One that is there and not ours makes it another's. */
const leading = ['url', 'serverUrl', 'httpUrl', 'baseUrl', 'command', 'args', 'env', 'headers', 'http_headers', 'type'];

/** The part of a found entry that decides where it leads; people and clients may add the rest as they like. */
export function leadingPart(found: Entry, ownKeys: readonly string[]): Entry {
  const deciding = new Set([...leading, ...ownKeys]);
  return Object.fromEntries(Object.entries(found).filter(([key]) => deciding.has(key)));
}

/** The client key in an entry, whichever header or argument carries it. */
export function secretIn(entry: unknown): string | undefined {
  return /\blg_[a-z0-9]{1,32}_[\w-]{20,100}/.exec(JSON.stringify(entry) ?? '')?.[0];
}
