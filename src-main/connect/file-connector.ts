import type { Clock } from '../base/clock.ts';
import type { ConnectPlanView, ConnectResult, DisconnectResult } from '../contract/connect-views.ts';
import type { ClientSpec, Place } from './client-spec.ts';
import { applyUndoing, patiently, serversOf, undoing, withEntry, writeEntry } from './connect-file.ts';
import { conflictFault, conflictWords } from './connection-words.ts';
import { unifiedDiff } from './diff.ts';
import { type Door, entryName } from './entry.ts';
import type { FileRecord } from './journal.ts';
import type { Machine } from './machine.ts';
import { type Standing, standingOf, twinsIn } from './standing.ts';
import { openTarget, type TargetFile, textOf } from './target-file.ts';

export interface FileConnectorParts {
  clock: Clock;
  machine: Machine;
}

/** One client's configuration file, and what is known of our entry in it. */
export interface FileCase {
  spec: ClientSpec;
  place: Place;
  door: Omit<Door, 'key'>;
  record: FileRecord | undefined;
}

/** The secret for an entry: one that stays, or one that was made for it. */
export interface SecretSource {
  /** The secret that the client has and may keep, found in its present entry or elsewhere. */
  kept(found: unknown): Promise<string | undefined>;
  make(): Promise<string>;
}

export interface Written {
  change: ConnectResult['change'];
  /** Undefined when nothing had to be written. */
  file: FileRecord | undefined;
}

/** Connects clients that are configured by a file. */
export class FileConnector {
  readonly #parts: FileConnectorParts;

  constructor(parts: FileConnectorParts) {
    this.#parts = parts;
  }

  async connect(one: FileCase, { replace, secrets }: { replace: boolean; secrets: SecretSource }): Promise<Written> {
    return patiently(async () => {
      const { spec, place, door, record } = one;
      const target = await this.#open(place);
      const { found, standing } = standingIn(one, target);
      const kept = await secrets.kept(found);
      if (standing === 'connected' && kept !== undefined) return { change: 'none', file: undefined };
      if (isAnothers(standing) && !replace) throw conflictFault(spec.name, place.file);
      const entry = place.entry({ ...door, key: kept ?? (await secrets.make()) });
      const { clock } = this.#parts;
      const file = await writeEntry(place, target, { entry, standing, clock, record });
      return { change: changeOf(target, found), file };
    });
  }

  async plan(one: FileCase): Promise<Partial<ConnectPlanView>> {
    const { spec, place, door } = one;
    const target = await this.#open(place);
    const { found, standing, servers } = standingIn(one, target);
    const twins = twinsIn(servers, entryName, door.url);
    if (standing === 'connected') return { twins };
    // As long as a real one, and shown as `lg_…` like it.
    const entry = place.entry({ ...door, key: `lg_00000000_${'0'.repeat(43)}` });
    const after = withEntry(place, target, entry, standing).text;
    return {
      change: changeOf(target, found),
      diff: unifiedDiff(place.file, textOf(target), after),
      conflict: isAnothers(standing) ? conflictWords(spec.name) : null,
      twins,
    };
  }

  async planUndo({ place, door }: FileCase, record: FileRecord): Promise<Partial<ConnectPlanView>> {
    const target = await this.#open(place);
    const { bytes } = await undoing(place, target, { record, door });
    if (bytes === undefined) return {};
    const after = bytes === null ? undefined : textOf({ path: target.path, bytes });
    return { change: 'remove', diff: unifiedDiff(place.file, textOf(target), after) };
  }

  async undo({ place, door }: FileCase, record: FileRecord): Promise<DisconnectResult['change']> {
    return patiently(async () => {
      const target = await this.#open(place);
      const undo = await undoing(place, target, { record, door });
      await applyUndoing(target, undo, this.#parts.clock);
      return undo.change;
    });
  }

  /** How our entry stands, with the entry. Rejects where the file cannot be read. */
  async look(one: FileCase): Promise<{ found: unknown; standing: Standing }> {
    return standingIn(one, await this.#open(one.place));
  }

  #open(place: Place): Promise<TargetFile> {
    return openTarget(place, this.#parts.machine.home);
  }
}

function standingIn({ place, door, record }: FileCase, target: TargetFile) {
  const servers = serversOf(place, target);
  const found = servers[entryName];
  return { servers, found, standing: standingOf(found, place, { door, record }) };
}

function isAnothers(standing: Standing): boolean {
  return standing === 'edited' || standing === 'foreign';
}

function changeOf({ bytes }: TargetFile, found: unknown): ConnectResult['change'] {
  if (bytes === undefined) return 'create';
  return found === undefined ? 'add' : 'replace';
}
