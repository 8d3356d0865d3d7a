import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { inTransaction } from '../../base/database.ts';
import { type IdKind, makeId } from './ids.ts';

const rowSchema = z.object({ id: z.string(), body: z.string() });

/** Where one part of the sandbox keeps its things, apart from the other parts. */
export interface Shelf {
  /** `group` names the list a value belongs to, so that listing one group does not read the others. */
  collection<T>(kind: string, schema: z.ZodType<T>, group?: (value: T) => string): Collection<T>;
  /** The n-th id of a run is the same in every sandbox that was asked for the same before. */
  nextId(kind: IdKind): string;
  /** All writes of `work` reach the file together or not at all. */
  atomically<T>(work: () => T): T;
}

/** Everything the sandbox remembers, in one SQLite file, or in memory when there is no file. */
export class Store implements Shelf {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  /** How often the file was opened. Ids of this run carry it, so that none of an earlier run comes again. */
  readonly #run: number;
  readonly #ids = new Map<string, number>();

  constructor(file: string | undefined) {
    this.#database = new DatabaseSync(file ?? ':memory:');
    // WAL with NORMAL outlives a killed process; only a power cut could take the last commits.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, id))',
    );
    this.#put = this.#database.prepare(
      'INSERT INTO entry (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body',
    );
    this.#remove = this.#database.prepare('DELETE FROM entry WHERE kind = ? AND id = ?');
    this.#run = this.#countRun();
  }

  collection<T>(kind: string, schema: z.ZodType<T>, group?: (value: T) => string): Collection<T> {
    return this.#load(kind, schema, { group: group ?? (() => ''), nextId: (idKind) => this.nextId(idKind) });
  }

  nextId(kind: IdKind): string {
    return makeId(kind, this.#nextName(''));
  }

  /** A shelf in the same file with kinds and ids of its own. */
  shelf(name: string): Shelf {
    const nextId = (kind: IdKind) => makeId(kind, this.#nextName(`${name}/`));
    return {
      collection: (kind, schema, group) =>
        this.#load(`${name}/${kind}`, schema, { group: group ?? (() => ''), nextId }),
      nextId,
      atomically: (work) => this.atomically(work),
    };
  }

  #load<T>(
    kind: string,
    schema: z.ZodType<T>,
    { group, nextId }: { group: (value: T) => string; nextId(kind: IdKind): string },
  ): Collection<T> {
    const rows = z
      .array(rowSchema)
      .parse(this.#database.prepare('SELECT id, body FROM entry WHERE kind = ? ORDER BY seq').all(kind));
    const loaded = rows.map((row): [string, T] => [row.id, schema.parse(JSON.parse(row.body))]);
    return new Collection(loaded, group, {
      nextId,
      put: (id, value) => void this.#put.run(kind, id, JSON.stringify(value)),
      remove: (id) => void this.#remove.run(kind, id),
    });
  }

  #nextName(prefix: string): string {
    const count = (this.#ids.get(prefix) ?? 0) + 1;
    this.#ids.set(prefix, count);
    return `${prefix}${this.#run}/${count}`;
  }

  atomically<T>(work: () => T): T {
    if (this.#database.isTransaction) return work();
    return inTransaction(this.#database, work);
  }

  close(): void {
    this.#database.close();
  }

  #countRun(): number {
    const runs = this.collection('runs', z.number());
    return runs.put('runs', (runs.get('runs') ?? 0) + 1);
  }
}

interface Writer<T> {
  nextId(kind: IdKind): string;
  put(id: string, value: T): void;
  remove(id: string): void;
}

/** Values of one kind in the order they came: read from memory, written to the file before a change returns. */
export class Collection<T> {
  readonly #values = new Map<string, T>();
  readonly #groups = new Map<string, Map<string, T>>();
  readonly #group: (value: T) => string;
  readonly #writer: Writer<T>;

  constructor(loaded: [string, T][], group: (value: T) => string, writer: Writer<T>) {
    this.#group = group;
    this.#writer = writer;
    for (const [id, value] of loaded) this.#keep(id, value);
  }

  get(id: string): T | undefined {
    return this.#values.get(id);
  }

  put(id: string, value: T): T {
    this.#writer.put(id, value);
    this.#keep(id, value);
    return value;
  }

  /** Stores a new value under a fresh id. */
  add(kind: IdKind, make: (id: string) => T): T {
    const id = this.#writer.nextId(kind);
    return this.put(id, make(id));
  }

  delete(id: string): boolean {
    const value = this.#values.get(id);
    if (value === undefined) return false;
    this.#writer.remove(id);
    this.#values.delete(id);
    this.#groups.get(this.#group(value))?.delete(id);
    return true;
  }

  list(group?: string): T[] {
    const values = group === undefined ? this.#values : this.#groups.get(group);
    return values ? [...values.values()] : [];
  }

  /** Ids and values of one group. */
  entries(group: string): [string, T][] {
    return [...(this.#groups.get(group) ?? [])];
  }

  get size(): number {
    return this.#values.size;
  }

  #keep(id: string, value: T): void {
    const before = this.#values.get(id);
    const name = this.#group(value);
    if (before !== undefined && this.#group(before) !== name) this.#groups.get(this.#group(before))?.delete(id);
    this.#values.set(id, value);
    const group = this.#groups.get(name) ?? new Map<string, T>();
    group.set(id, value);
    this.#groups.set(name, group);
  }
}
