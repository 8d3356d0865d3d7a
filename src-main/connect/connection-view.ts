import { Fault } from '../base/fault.ts';
import type { ConnectClientView, ConnectState, ConnectWay, DriftKind, DriftView } from '../contract/connect-views.ts';
import type { Words } from '../contract/words.ts';
import type { ClientSpec, Place } from './client-spec.ts';
import { driftView } from './connection-words.ts';
import type { Door } from './entry.ts';
import type { FileCase, FileConnector } from './file-connector.ts';
import type { ConnectionRecord } from './journal.ts';
import type { Standing } from './standing.ts';

export interface ViewFacts {
  way: ConnectWay;
  place: Place | undefined;
  /** Whether the client's traces are on this machine. */
  present: boolean;
  record: ConnectionRecord | undefined;
  drift: DriftView | undefined;
}

export function viewOf(spec: ClientSpec, facts: ViewFacts): ConnectClientView {
  const { way, place, record, drift } = facts;
  const { kind, name, hints, next } = spec;
  return {
    kind,
    name,
    way,
    state: stateOf(facts),
    drift: drift ?? null,
    file: way === 'file' ? (record?.file?.path ?? place?.file ?? null) : null,
    keyId: record?.keyId ?? null,
    connectedAt: record?.connectedAt ?? null,
    hints,
    next,
  };
}

function stateOf({ way, present, record, drift }: ViewFacts): ConnectState {
  if (record) return drift ? 'drifted' : 'connected';
  return present || way === 'paste' ? 'ready' : 'absent';
}

export interface DriftFacts {
  /** Undefined when the client was not connected by a file, or its file is no longer among those it reads. */
  one: FileCase | undefined;
  files: Pick<FileConnector, 'look'>;
  name: string;
  door: Omit<Door, 'key'>;
  holdsKey(): Promise<boolean>;
}

/** What became of a connection since it was made. Undefined when it is as it should be. */
export async function driftOf(record: ConnectionRecord, facts: DriftFacts): Promise<DriftView | undefined> {
  const kind = record.file ? await fileDrift(facts) : record.url === facts.door.url ? undefined : 'address_changed';
  // What stands in the file comes first: mending that mends the key too.
  const seen =
    kind !== undefined && kind !== 'address_changed' ? kind : (await facts.holdsKey()) ? kind : 'key_revoked';
  if (seen === undefined) return undefined;
  return typeof seen === 'string' ? driftView(seen, facts.name) : driftView('unreadable', facts.name, seen);
}

/** Words where the file says more than the kind does. */
async function fileDrift({ one, files }: DriftFacts): Promise<DriftKind | Words | undefined> {
  if (!one) return 'removed';
  try {
    return meaning[(await files.look(one)).standing];
  } catch (thrown) {
    const { code, words } = Fault.from(thrown);
    return code === 'internal' ? 'unreadable' : words;
  }
}

const meaning: Readonly<Record<Standing, DriftKind | undefined>> = {
  connected: undefined,
  absent: 'removed',
  moved: 'address_changed',
  edited: 'edited',
  foreign: 'edited',
};
