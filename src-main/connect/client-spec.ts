import type { ClientHints, ClientKind } from '../contract/connect-views.ts';
import type { Words } from '../contract/words.ts';
import type { Door, Entry } from './entry.ts';
import type { Machine } from './machine.ts';

/** `json` is read by the client with a strict parser: a comment or a trailing comma breaks it. */
export type FileFormat = 'json' | 'jsonc' | 'toml';

/** A configuration file of a client, and where in it our entry goes. */
export interface Place {
  file: string;
  /** The client's own folder: it must exist, folders below it are made. Links may lead to anywhere in it or in the home. */
  folder: string;
  format: FileFormat;
  /** The tables that hold the servers, from the outside in. */
  at: readonly string[];
  entry(door: Door): Entry;
}

/** Everything LarkGate knows of one client. */
export interface ClientSpec {
  kind: ClientKind;
  name: string;
  /** Best first: the first file that exists is taken, or else the first whose folder does. */
  places(machine: Machine): Place[];
  /** Paths whose presence tells that the client is on the machine, besides the folders of its places. */
  marks?(machine: Machine): string[];
  /** A link that has the client install the entry itself. */
  link?(door: Door): string;
  hints: ClientHints;
  /** What the person does in the client afterwards. */
  next: Words;
}
