import { type JSONRPCMessage, isInitializeRequest } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { shortId } from '../base/digest.ts';
import type { SessionView, Transport } from '../contract/views.ts';
import type { Channel } from './channel.ts';

/** The live half of a session: what a restart or an idle hour takes away and the store brings back. */
export interface Connection {
  channel: Channel;
  server: { close(): Promise<void>; sendToolListChanged(): Promise<void> | void };
}

export interface SessionFacts {
  /** Secret: whoever has it and the key is this client. Made by us, 256 bits. */
  id: string;
  transport: Transport;
  keyId: string;
  accountId: string | null;
  openedAt: number;
  lastSeenAt: number;
  /** The client's handshake, replayed when the session comes back. */
  initialize: Record<string, unknown> | null;
}

const handshake = z.looseObject({
  clientInfo: z.looseObject({ name: z.string(), version: z.string() }),
});

/** One client at work. */
export class Session {
  readonly id: string;
  /** Names the session where people can see it. */
  readonly shortId: string;
  readonly transport: Transport;
  readonly keyId: string;
  readonly openedAt: number;
  accountId: string | null;
  lastSeenAt: number;
  initialize: Record<string, unknown> | null;
  client: { name: string; version: string } | null = null;
  calls = 0;
  limitHits = 0;
  connection: Connection | undefined;
  #protocolVersion: string | null = null;

  constructor(facts: SessionFacts) {
    this.id = facts.id;
    this.shortId = shortId('ses', facts.id);
    this.transport = facts.transport;
    this.keyId = facts.keyId;
    this.openedAt = facts.openedAt;
    this.accountId = facts.accountId;
    this.lastSeenAt = facts.lastSeenAt;
    this.initialize = null;
    if (facts.initialize) this.introduce(facts.initialize);
  }

  get protocolVersion(): string | null {
    return this.connection?.channel.protocolVersion ?? this.#protocolVersion;
  }

  set protocolVersion(version: string) {
    this.#protocolVersion = version;
  }

  /** Remembers who the client says it is. Returns false when it already did. */
  introduce(params: Record<string, unknown>): boolean {
    if (this.initialize) return false;
    this.initialize = params;
    const parsed = handshake.safeParse(params);
    if (parsed.success) this.client = cut(parsed.data.clientInfo);
    return true;
  }

  view(): SessionView {
    return {
      id: this.shortId,
      transport: this.transport,
      protocolVersion: this.protocolVersion,
      client: this.client,
      keyId: this.keyId,
      accountId: this.accountId,
      openedAt: this.openedAt,
      lastSeenAt: this.lastSeenAt,
      calls: this.calls,
      limitHits: this.limitHits,
    };
  }
}

/** What of the initialize request among `messages` a later run needs. Throws when it is not a proper one. */
export function findInitialize(messages: readonly JSONRPCMessage[]): Record<string, unknown> | undefined {
  const found = messages.find((message) => 'method' in message && message.method === 'initialize');
  if (!found) return undefined;
  if (!isInitializeRequest(found) || !('id' in found)) throw new Fault('invalid_arguments', { words: wrongHandshake });
  const { protocolVersion, capabilities, clientInfo } = found.params;
  const params = { protocolVersion, capabilities, clientInfo };
  if (JSON.stringify(params).length > mostHandshakeBytes)
    throw new Fault('invalid_arguments', { words: wrongHandshake });
  return params;
}

/** It is kept for as long as the session, on disk too. */
const mostHandshakeBytes = 16 * 1024;

const wrongHandshake = {
  zh: 'initialize 需要 protocolVersion、capabilities 和 clientInfo，总长不超过 16 KiB。',
  en: 'initialize needs protocolVersion, capabilities and clientInfo, of at most 16 KiB together.',
};

/** What a client says of itself is shown to people: short, and without control characters. */
export function cut(client: { name: string; version: string }): { name: string; version: string } {
  const plain = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 80);
  return { name: plain(client.name), version: plain(client.version) };
}
