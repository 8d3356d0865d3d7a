import { z } from 'zod';
import type { Transport } from './views.ts';
import type { Words } from './words.ts';

/** The programs that LarkGate knows how to connect, and `other` for all that it does not. */
export const clientKinds = [
  'cherry-studio',
  'claude-desktop',
  'claude-code',
  'codex',
  'cursor',
  'vscode',
  'devin',
  'kiro',
  'gemini',
  'qwen',
  'opencode',
  'lmstudio',
  'amazon-quick',
  'other',
] as const;

export type ClientKind = (typeof clientKinds)[number];

/**
 * How LarkGate gets into a client. `file`: an entry in its configuration file. `link`: a link that the client opens.
 * `bundle`: an .mcpb file that it opens. `paste`: a person copies texts into its settings.
 */
export type ConnectWay = 'file' | 'link' | 'bundle' | 'paste';

/** What became of an entry that LarkGate wrote. */
export type DriftKind = 'removed' | 'edited' | 'address_changed' | 'key_revoked' | 'unreadable';

/** Something wrong with a connection that LarkGate made. Connecting again mends it; `edited` only with `replace`. */
export interface DriftView {
  kind: DriftKind;
  words: Words;
}

/** What is known to bind a client, for shaping what it is shown. Null: no bound is known. */
export interface ClientHints {
  /** How many tools it takes from all its servers together. */
  toolBudget: number | null;
  /** The longest tool name, the part with the server's name included. */
  nameLength: number | null;
  /** Milliseconds it waits for a call when nothing else is set. */
  callMs: number | null;
  /** Whether it speaks Streamable HTTP, or needs the stdio bridge. */
  http: boolean;
}

/** `absent`: no trace of the client on this machine. `ready`: it is there and not connected. */
export type ConnectState = 'absent' | 'ready' | 'connected' | 'drifted';

/** A client on the Connect page. */
export interface ConnectClientView {
  kind: ClientKind;
  name: string;
  way: ConnectWay;
  state: ConnectState;
  drift: DriftView | null;
  /** The configuration file that is or would be changed. */
  file: string | null;
  keyId: string | null;
  connectedAt: number | null;
  hints: ClientHints;
  /** What the person does in the client afterwards. */
  next: Words;
}

/** What connecting or undoing would do to the file. Holds no secret: a key that does not exist yet is `lg_…`. */
export interface ConnectPlanView {
  kind: ClientKind;
  file: string | null;
  change: 'create' | 'add' | 'replace' | 'remove' | 'none';
  /** A unified diff. Empty when there is nothing to change in a file. */
  diff: string;
  /** Set when an entry of somebody else stands under our name: only `replace` takes its place. */
  conflict: Words | null;
  /** Other entries in the file that point at this gateway; the client would list every tool twice. */
  twins: string[];
}

/** A text for a person to copy, with its name. */
export interface PasteView {
  label: Words;
  text: string;
}

/** What connecting did. `key`, `link` and `paste` hold the secret, and are handed out this once. */
export interface ConnectResult {
  client: ConnectClientView;
  change: ConnectPlanView['change'];
  /** Null when nothing had to change. */
  key: { id: string; secret: string } | null;
  /** Opens the client and installs the entry there. */
  link: string | null;
  /** The .mcpb file to open. */
  bundle: string | null;
  paste: PasteView[];
}

/** What undoing did. `left`: the entry is somebody else's by now and was left as it is. */
export interface DisconnectResult {
  client: ConnectClientView;
  change: 'restored' | 'removed' | 'left' | 'none';
}

/** A client showed up with its key. */
export interface HandshakeView {
  keyId: string;
  client: { name: string; version: string };
  protocolVersion: string;
  transport: Transport;
  at: number;
}

const kind = z.enum(clientKinds);

/** Control methods of the Connect page; to be spread into `controlInputs`. */
export const connectInputs = {
  connectClients: z.strictObject({}),
  /** What `connectClient` would do, or `disconnectClient` with `undo`. */
  planClient: z.strictObject({ kind, undo: z.boolean().default(false) }),
  /** Connects a client or mends its connection. `replace` also puts an entry of somebody else aside. */
  connectClient: z.strictObject({ kind, replace: z.boolean().default(false) }),
  /** Takes our entry out of the client's configuration and revokes its key. */
  disconnectClient: z.strictObject({ kind }),
} as const;

export interface ConnectOutputs {
  connectClients: { clients: ConnectClientView[] };
  planClient: { plan: ConnectPlanView };
  connectClient: ConnectResult;
  disconnectClient: DisconnectResult;
}

export type ConnectMethod = keyof typeof connectInputs;
export type ParsedConnectInput<M extends ConnectMethod> = z.output<(typeof connectInputs)[M]>;
export type ConnectOutput<M extends ConnectMethod> = ConnectOutputs[M];
