import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { withLock } from '../base/process-lock.ts';
import {
  type ClientKind,
  type ConnectClientView,
  type ConnectPlanView,
  type ConnectResult,
  type ConnectWay,
  clientKinds,
  type DisconnectResult,
} from '../contract/connect-views.ts';
import { bridgeFilePath, removeBridgeFile, writeBridgeFile } from './bridge-file.ts';
import type { ClientSpec, Place } from './client-spec.ts';
import { clientSpec } from './client-table.ts';
import { noBridge, notConnected } from './connection-words.ts';
import { driftOf, viewOf } from './connection-view.ts';
import { type BridgeCommand, type Door, secretIn } from './entry.ts';
import { type FileCase, FileConnector } from './file-connector.ts';
import { findPlace, isPresent } from './find-place.ts';
import { type ConnectionRecord, type FileRecord, readJournal, writeJournal } from './journal.ts';
import { type KeyBook, succeedKey } from './key-book.ts';
import type { Machine } from './machine.ts';
import { pasteTexts } from './paste-texts.ts';

export interface ConnectionsParts {
  dataFolder: string;
  machine: Machine;
  clock: Clock;
  keys: KeyBook;
  /** Where clients reach this gateway. */
  mcpUrl(): string;
  /** How a client runs the stdio bridge; undefined where this installation cannot be run as a command. */
  bridge(kind: ClientKind): BridgeCommand | undefined;
  /** The .mcpb file of this installation, where it has one. */
  bundle: string | undefined;
  /** The key that proves /hello, for the bridge's file; base64url. */
  helloKey: string;
}

type Journal = Map<ClientKind, ConnectionRecord>;
type Key = { id: string; secret: string };

/** Puts LarkGate into the configuration of MCP clients, notices what becomes of it, and takes it out again. */
export class Connections {
  readonly #parts: ConnectionsParts;
  readonly #files: FileConnector;

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
    this.#files = new FileConnector(parts);
  }

  /** Every client there is, with how it stands. */
  async list(): Promise<ConnectClientView[]> {
    const journal = await this.#journal();
    return Promise.all(clientKinds.map(async (kind) => this.#view(clientSpec(kind), journal.get(kind))));
  }

  /** What `connect` or, with `undo`, `disconnect` would do. Changes nothing and makes no key. */
  async plan({ kind, undo = false }: { kind: ClientKind; undo?: boolean }): Promise<ConnectPlanView> {
    const spec = clientSpec(kind);
    const record = (await this.#journal()).get(kind);
    if (undo && !record) throw notConnected(spec.name);
    const one = undo ? this.#writtenCase(spec, record) : this.#case(spec, record);
    const none: ConnectPlanView = { ...noChange, kind, file: one?.place.file ?? null };
    if (!one || (!undo && this.#wayOf(spec) !== 'file')) return none;
    const planned = undo && one.record ? await this.#files.planUndo(one, one.record) : await this.#files.plan(one);
    return { ...none, ...planned };
  }

  /** Connects a client, or mends its connection. Where nothing is amiss nothing happens, and no key is made. */
  async connect({ kind, replace = false }: { kind: ClientKind; replace?: boolean }): Promise<ConnectResult> {
    return this.#changing(async (journal) => {
      const spec = clientSpec(kind);
      const former = journal.get(kind);
      if (!spec.hints.http && this.#wayOf(spec) !== 'bundle' && !this.#parts.bridge(kind)) throw noBridge(spec.name);
      const one = this.#wayOf(spec) === 'file' ? this.#case(spec, former) : undefined;
      if (one) return this.#connectFile(one, { journal, former, replace });
      const key = await succeedKey(this.#parts.keys, spec.name, former?.keyId);
      await this.#keepForBridge(spec, key);
      return this.#finish(spec, { journal, former, file: null, change: 'none', key });
    });
  }

  /** Undoes exactly what `connect` did, keeps what others changed since, and revokes the client's key. */
  async disconnect({ kind }: { kind: ClientKind }): Promise<DisconnectResult> {
    return this.#changing(async (journal) => {
      const spec = clientSpec(kind);
      const record = journal.get(kind);
      if (!record) throw notConnected(spec.name);
      const one = this.#writtenCase(spec, record);
      const change = one?.record && existsSync(one.place.file) ? await this.#files.undo(one, one.record) : 'none';
      await this.#parts.keys.revoke(record.keyId);
      await removeBridgeFile(this.#parts.dataFolder, kind);
      journal.delete(kind);
      await writeJournal(this.#parts.dataFolder, journal.values());
      return { client: await this.#view(spec, undefined), change };
    });
  }

  async #connectFile(
    one: FileCase,
    { journal, former, replace }: { journal: Journal; former: ConnectionRecord | undefined; replace: boolean },
  ): Promise<ConnectResult> {
    const { keys } = this.#parts;
    let key: Key | undefined;
    const secrets = {
      kept: (found: unknown) => this.#keptSecret(one.spec, found, former),
      make: async () => {
        key ??= await succeedKey(keys, one.spec.name, former?.keyId);
        await this.#keepForBridge(one.spec, key);
        return key.secret;
      },
    };
    try {
      const { change, file } = await this.#files.connect(one, { replace, secrets });
      return await this.#finish(one.spec, { journal, former, file: file ?? former?.file ?? null, change, key });
    } catch (error) {
      if (key) await keys.revoke(key.id);
      throw error;
    }
  }

  /** Remembers a connection, lets go of the key it had before, and hands out what is shown this once. */
  async #finish(spec: ClientSpec, made: Finished): Promise<ConnectResult> {
    const { former, change, key } = made;
    const keyId = key?.id ?? former?.keyId;
    const record = change === 'none' && !key ? former : this.#record(spec.kind, keyId ?? '', made.file);
    // Whatever else speaks MCP: each has a key of its own, and none of them is the one to be undone.
    if (spec.kind !== 'other' && record && record !== former) {
      made.journal.set(spec.kind, record);
      await writeJournal(this.#parts.dataFolder, made.journal.values());
    }
    if (former && former.keyId !== keyId) await this.#parts.keys.revoke(former.keyId);
    return { client: await this.#view(spec, record), change, ...this.#shownOnce(spec, key) };
  }

  #shownOnce(spec: ClientSpec, key: Key | undefined): Pick<ConnectResult, 'key' | 'link' | 'bundle' | 'paste'> {
    const bundle = this.#wayOf(spec) === 'bundle' ? (this.#parts.bundle ?? null) : null;
    if (!key) return { key: null, link: null, bundle, paste: [] };
    const door = { ...this.#door(spec.kind), key: key.secret };
    return { key, link: spec.link?.(door) ?? null, bundle, paste: pasteTexts(spec.kind, door) };
  }

  #record(kind: ClientKind, keyId: string, file: FileRecord | null): ConnectionRecord {
    return { kind, keyId, connectedAt: this.#parts.clock.now(), url: this.#parts.mcpUrl(), file };
  }

  async #view(spec: ClientSpec, record: ConnectionRecord | undefined): Promise<ConnectClientView> {
    const { machine } = this.#parts;
    const one = record ? this.#writtenCase(spec, record) : this.#case(spec, undefined);
    const drift =
      record &&
      (await driftOf(record, {
        one,
        files: this.#files,
        name: spec.name,
        door: this.#door(spec.kind),
        holdsKey: () => this.#holdsKey(spec, record),
      }));
    return viewOf(spec, {
      way: this.#wayOf(spec),
      place: one?.place,
      present: isPresent(spec, machine),
      record,
      drift,
    });
  }

  /** Whether the key of a connection still opens the door and, for a bridge, is where the bridge looks for it. */
  async #holdsKey(spec: ClientSpec, record: ConnectionRecord): Promise<boolean> {
    if (!this.#parts.keys.list().some(({ keyId }) => keyId === record.keyId)) return false;
    return spec.hints.http || existsSync(bridgeFilePath(this.#parts.dataFolder, spec.kind));
  }

  /** The secret that the client has and may keep. Undefined when it needs a new one. */
  async #keptSecret(
    spec: ClientSpec,
    found: unknown,
    former: ConnectionRecord | undefined,
  ): Promise<string | undefined> {
    const { keys, dataFolder } = this.#parts;
    const file = bridgeFilePath(dataFolder, spec.kind);
    const secret = secretIn(spec.hints.http ? found : await readFile(file, 'utf8').catch(() => ''));
    const known = secret === undefined ? undefined : await keys.verify(secret);
    return former && known?.id === former.keyId ? secret : undefined;
  }

  /** Clients that are connected by hand may choose the bridge. */
  async #keepForBridge({ kind, hints }: ClientSpec, { secret }: Key): Promise<void> {
    const { dataFolder, helloKey } = this.#parts;
    if (!hints.http || kind === 'other') await writeBridgeFile(dataFolder, kind, { key: secret, hello: helloKey });
  }

  #case(spec: ClientSpec, record: ConnectionRecord | undefined): FileCase | undefined {
    const place = findPlace(spec, this.#parts.machine);
    // What was written elsewhere is of no use here.
    const file = record?.file?.path === place?.file ? record?.file : null;
    return place && this.#fileCase(spec, place, file ?? undefined);
  }

  /** The place that was written to, though another would be taken today. */
  #writtenCase(spec: ClientSpec, record: ConnectionRecord | undefined): FileCase | undefined {
    const place = spec.places(this.#parts.machine).find(({ file }) => file === record?.file?.path);
    return place && this.#fileCase(spec, place, record?.file ?? undefined);
  }

  #fileCase(spec: ClientSpec, place: Place, record: FileRecord | undefined): FileCase {
    return { spec, place, record, door: this.#door(spec.kind) };
  }

  /** A client without HTTP needs the bridge: as a command, or packed for it to open. */
  #wayOf(spec: ClientSpec): ConnectWay {
    const { bridge, bundle, machine } = this.#parts;
    if (spec.kind === 'claude-desktop' && bundle !== undefined && !bridge(spec.kind)) return 'bundle';
    if (spec.places(machine).length > 0) return 'file';
    return spec.link ? 'link' : 'paste';
  }

  #door(kind: ClientKind): Omit<Door, 'key'> {
    return { url: this.#parts.mcpUrl(), bridge: this.#parts.bridge(kind) };
  }

  #journal(): Promise<Journal> {
    return readJournal(this.#parts.dataFolder, this.#parts.clock);
  }

  /** One change at a time, in this process and others. */
  #changing<T>(work: (journal: Journal) => Promise<T>): Promise<T> {
    const lock = join(this.#parts.dataFolder, 'locks', 'connections');
    return withLock(lock, this.#parts.clock, undefined, async () => work(await this.#journal()));
  }
}

const noChange = { change: 'none', diff: '', conflict: null, twins: [] } satisfies Partial<ConnectPlanView>;

interface Finished {
  journal: Journal;
  former: ConnectionRecord | undefined;
  file: FileRecord | null;
  change: ConnectResult['change'];
  key: Key | undefined;
}
