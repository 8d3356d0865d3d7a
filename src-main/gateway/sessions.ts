import { randomBytes } from 'node:crypto';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Notices } from '../base/notices.ts';
import type { Config } from '../contract/config.ts';
import type { SessionEnd } from '../contract/events.ts';
import type { SessionView } from '../contract/views.ts';
import type { Caller } from './caller.ts';
import { Channel } from './channel.ts';
import type { SessionStore } from './session-store.ts';
import { type Connection, Session, type SessionFacts, cut } from './session.ts';

export interface SessionsParts {
  clock: Clock;
  bus: EventBus;
  notices: Notices;
  store: SessionStore;
  limits: Config['limits'];
  /** The account that a client's key is bound to; null for the default one. */
  accountOfKey(keyId: string): string | null;
  /** Makes the SDK server of a session and connects it to the channel. */
  connect(session: Session, channel: Channel): Promise<Connection['server']>;
}

/** Who is connected. Live sessions are in memory, all of them in the store; either may be lost without losing a client. */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #live = new Map<string, Session>();
  readonly #resuming = new Map<string, Promise<Session | undefined>>();
  readonly #stopSweeping: () => void;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#stopSweeping = parts.clock.every(sweepMs, () => this.sweep());
  }

  /** A new session for `caller`, with an id that nobody can guess. */
  async open(
    caller: Caller,
    transport: 'streamable-http' | 'sse',
    initialize?: Record<string, unknown>,
  ): Promise<Session> {
    const now = this.#parts.clock.now();
    const session = new Session({
      id: randomBytes(32).toString('hex'),
      transport,
      keyId: caller.keyId,
      accountId: null,
      openedAt: now,
      lastSeenAt: now,
      initialize: initialize ?? null,
    });
    await this.#bringToLife(session);
    this.#save(session);
    this.#tell('session.opened', session);
    return session;
  }

  /** The stand-in for a client that has no sessions, one per key and program. */
  stateless(caller: Caller, client: { name: string; version: string } | undefined, protocolVersion: string): Session {
    const named = client ? cut(client) : null;
    const id = sha256(`${caller.keyId}\n${named?.name ?? ''}\n${named?.version ?? ''}`);
    const known = this.#live.get(id);
    const now = this.#parts.clock.now();
    if (known) {
      known.lastSeenAt = now;
      return known;
    }
    const facts = { id, keyId: caller.keyId, accountId: null, openedAt: now, lastSeenAt: now, initialize: null };
    const session = new Session({ ...facts, transport: 'stateless' });
    session.client = named;
    session.protocolVersion = protocolVersion;
    this.#keep(session);
    this.#tell('session.opened', session);
    return session;
  }

  /** The session with this id, brought back from the store if need be; undefined unless it belongs to `keyId`. */
  async find(id: string, keyId: string): Promise<Session | undefined> {
    const live = this.#live.get(id);
    const session = live?.connection ? live : await this.#resume(id, keyId);
    if (session?.keyId !== keyId) return undefined;
    session.lastSeenAt = this.#parts.clock.now();
    return session;
  }

  /** Notes the handshake of a session that was opened before it. */
  introduce(session: Session, initialize: Record<string, unknown>): boolean {
    if (!session.introduce(initialize)) return false;
    this.#save(session);
    this.#tell('session.changed', session);
    return true;
  }

  /** From now on this session works as `accountId`, or as its key says. Returns false when it is not connected. */
  bind(shortId: string, accountId: string | null): boolean {
    const session = this.byShortId(shortId);
    if (!session) return false;
    session.accountId = accountId;
    this.#save(session);
    this.#tell('session.changed', session);
    return true;
  }

  /** The key was bound to another account: all of its sessions follow. */
  rebind(keyId: string): void {
    this.#guarded(() => this.#parts.store.unbindKey(keyId));
    for (const session of this.#live.values()) {
      if (session.keyId !== keyId) continue;
      session.accountId = null;
      this.#tell('session.changed', session);
    }
  }

  /** The key was revoked: whoever is connected with it is not any more. */
  async endKey(keyId: string): Promise<void> {
    const ended = [...this.#live.values()].filter((session) => session.keyId === keyId);
    await Promise.all(ended.map(async (session) => this.end(session, 'key_revoked')));
  }

  /** The account that a session is bound to, by itself or by its key; null for the default one. */
  accountOf(session: Session): string | null {
    return session.accountId ?? this.#parts.accountOfKey(session.keyId);
  }

  /** The session with this id if it is in memory; says nothing about who may use it. */
  live(id: string): Session | undefined {
    return this.#live.get(id);
  }

  byShortId(shortId: string): Session | undefined {
    return this.#live.values().find((session) => session.shortId === shortId);
  }

  /** Ends a session for good. */
  async end(session: Session, reason: SessionEnd): Promise<void> {
    this.#live.delete(session.id);
    this.#guarded(() => this.#parts.store.remove(session.id));
    await this.#release(session);
    this.#parts.bus.publish({ kind: 'session.closed', sessionId: session.shortId, reason });
  }

  views(): SessionView[] {
    return [...this.#live.values()].map((session) => this.#view(session));
  }

  get size(): number {
    return this.#live.size;
  }

  /** Tells the connected clients that work as this account that the tools changed; null: all of them. */
  async toolsChanged(accountId: string | null, defaultId?: string): Promise<void> {
    const concerned = [...this.#live.values()].filter(
      (session) => accountId === null || (this.accountOf(session) ?? defaultId) === accountId,
    );
    const servers = concerned.flatMap(({ connection }) => connection?.server ?? []);
    await Promise.allSettled(servers.map(async (server) => server.sendToolListChanged()));
  }

  /** Lets go of what idles: first of its memory, after `idleMs` of the session. */
  sweep(): void {
    const { clock, limits, store } = this.#parts;
    const now = clock.now();
    for (const session of this.#live.values()) {
      const idle = now - session.lastSeenAt;
      if (idle > limits.idleMs) void this.end(session, 'idle');
      else if (session.transport === 'stateless' && idle > statelessIdleMs) void this.end(session, 'idle');
      else {
        if (idle < sweepMs * 2) this.#guarded(() => store.touch(session.id, session.lastSeenAt));
        if (idle > limits.graceMs && isAway(session)) void this.#release(session);
      }
    }
    this.#guarded(() => store.purge(now - limits.idleMs, limits.sessions * 10));
  }

  /** Stops without ending anything: the clients go on with the next run. */
  async close(): Promise<void> {
    this.#stopSweeping();
    for (const session of this.#live.values())
      this.#guarded(() => this.#parts.store.touch(session.id, session.lastSeenAt));
    await Promise.allSettled([...this.#live.values()].map((session) => this.#release(session)));
    this.#live.clear();
  }

  #resume(id: string, keyId: string): Promise<Session | undefined> {
    const running = this.#resuming.get(id) ?? this.#resumeOnce(id, keyId).finally(() => this.#resuming.delete(id));
    this.#resuming.set(id, running);
    return running;
  }

  async #resumeOnce(id: string, keyId: string): Promise<Session | undefined> {
    const { store, clock, limits } = this.#parts;
    const known = this.#live.get(id);
    const facts = known ? undefined : this.#guarded(() => store.load(id));
    const session = known ?? (facts && new Session(facts));
    // Checked before anything is built, so that a foreign key costs nothing and learns nothing.
    if (!session || session.keyId !== keyId || session.transport === 'stateless') return undefined;
    if (clock.now() - session.lastSeenAt > limits.idleMs) return undefined;
    await this.#bringToLife(session);
    if (session.initialize) await replayHandshake(session.connection?.channel, session.initialize);
    this.#tell('session.resumed', session);
    return session;
  }

  async #bringToLife(session: Session): Promise<void> {
    const { clock, limits } = this.#parts;
    const channel = new Channel({
      clock,
      sessionId: session.id,
      queueBytes: limits.queueBytes,
      replayBytes: limits.replayBytes,
      patienceMs: 1000,
      retryMs: 3000,
      singleStream: session.transport === 'sse',
    });
    const server = await this.#parts.connect(session, channel);
    session.connection = { channel, server };
    channel.onnegotiated = () => this.#tell('session.changed', session);
    this.#keep(session);
  }

  /** Frees the memory of a session that can be brought back. */
  async #release(session: Session): Promise<void> {
    const { connection } = session;
    session.connection = undefined;
    await connection?.server.close();
  }

  #keep(session: Session): void {
    this.#live.set(session.id, session);
    if (this.#live.size <= this.#parts.limits.sessions) return;
    const longestIdle = [...this.#live.values()]
      .filter((other) => other !== session && (other.connection === undefined || isAway(other)))
      .reduce<Session | undefined>(
        (least, other) => (least && least.lastSeenAt <= other.lastSeenAt ? least : other),
        undefined,
      );
    if (!longestIdle) return;
    this.#live.delete(longestIdle.id);
    void this.#release(longestIdle);
    this.#parts.bus.publish({ kind: 'session.closed', sessionId: longestIdle.shortId, reason: 'evicted' });
  }

  #view(session: Session): SessionView {
    return { ...session.view(), accountId: this.accountOf(session) };
  }

  #tell(kind: 'session.opened' | 'session.changed' | 'session.resumed', session: Session): void {
    this.#parts.bus.publish({ kind, session: this.#view(session) });
  }

  #save(session: Session): void {
    if (session.transport === 'stateless') return;
    this.#guarded(() => this.#parts.store.save(factsOf(session)));
  }

  /** A disk that fails costs the resumption after a restart, not the session. */
  #guarded<T>(work: () => T): T | undefined {
    try {
      const result = work();
      this.#parts.notices.clear('sessions.storage');
      return result;
    } catch {
      this.#parts.notices.raise('sessions.storage', 'warning', cannotRemember);
      return undefined;
    }
  }
}

const sweepMs = 30_000;
const statelessIdleMs = 10 * 60_000;

const cannotRemember = {
  zh: '会话无法写入磁盘：网关重启后客户端需要重新连接。请检查磁盘空间和权限。',
  en: 'Sessions cannot be written to disk: clients must reconnect after a restart. Check disk space and permissions.',
};

function isAway(session: Session): boolean {
  const channel = session.connection?.channel;
  return channel !== undefined && !channel.connected && !channel.busy;
}

function factsOf(session: Session): SessionFacts {
  const { id, transport, keyId, accountId, openedAt, lastSeenAt, initialize } = session;
  return { id, transport, keyId, accountId, openedAt, lastSeenAt, initialize };
}

async function replayHandshake(channel: Channel | undefined, params: Record<string, unknown>): Promise<void> {
  await channel?.ask({ jsonrpc: '2.0', id: 'larkgate:resume', method: 'initialize', params });
  const initialized: JSONRPCMessage = { jsonrpc: '2.0', method: 'notifications/initialized' };
  channel?.onmessage?.(initialized);
}
