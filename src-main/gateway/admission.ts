import { randomUUID } from 'node:crypto';
import { type JSONRPCMessage, type JSONRPCRequest } from '@modelcontextprotocol/server';
import type { Clock } from '../base/clock.ts';
import { canonicalJson, sha256 } from '../base/digest.ts';
import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { Config } from '../contract/config.ts';
import type { AddressBucketView, BucketView, BucketsView } from '../contract/record-views.ts';
import type { CallView, LimitKind } from '../contract/views.ts';
import type { Caller } from './caller.ts';
import { maskAddress } from './mask-address.ts';
import { isRequest } from './messages.ts';
import { Limiter } from './limiter.ts';
import type { Session } from './session.ts';

const windowMs = 60_000;

export interface AdmissionParts {
  clock: Clock;
  bus: EventBus;
  limits: Config['limits'];
}

/**
 * The limit stage. It stands before the session, because a refusal is an HTTP status: per session (per key for clients
 * that have none) and per address, so that a new session does not start a new count.
 */
export class Admission {
  readonly #parts: AdmissionParts;
  /** By the short id of a session, or by key where there are no sessions. */
  readonly #sessions = new Limiter(windowMs);
  readonly #addresses = new Limiter(windowMs);
  /** Apart from the requests, which prove a key: pages that need none must not use up what clients need. */
  readonly #visits = new Limiter(windowMs);

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Lets the requests among `messages` pass, or throws `rate_limited` and records the hit. */
  admit(caller: Caller, session: Session | undefined, messages: readonly JSONRPCMessage[]): void {
    for (const message of messages) {
      if (!isRequest(message)) continue;
      const refusal = this.#count(caller, session, message.method);
      if (refusal) this.#refuse(caller, session, { ...refusal, message });
    }
  }

  /** Counts a visit that is not a JSON-RPC request, such as the start of a sign-in. */
  admitVisit(address: string): void {
    const { clock, bus, limits } = this.#parts;
    const retryAfterMs = this.#visits.hit(address, limits.perAddress, clock.monotonic());
    if (retryAfterMs === 0) return;
    bus.publish({
      kind: 'limit.hit',
      hit: { kind: 'address', sessionId: null, keyId: null, method: null, tool: null, retryAfterMs },
    });
    throw new Fault('rate_limited', { retryAfterMs });
  }

  /** Records that there was no room for another session or stream, and makes the fault that says so. */
  full(kind: Extract<LimitKind, 'sessions' | 'streams'>, caller: Caller): Fault {
    const retryAfterMs = 30_000;
    this.#parts.bus.publish({
      kind: 'limit.hit',
      hit: { kind, sessionId: null, keyId: caller.keyId, method: null, tool: null, retryAfterMs },
    });
    return new Fault('too_many_sessions', { retryAfterMs });
  }

  /** How much of each window is used now, the fullest first. */
  buckets(): BucketsView {
    const now = this.#parts.clock.monotonic();
    const { perSession, perAddress } = this.#parts.limits;
    const byAddress = (limiter: Limiter, counts: AddressBucketView['counts']) =>
      limiter.usage(now).map(({ key, ...use }) => ({ address: maskAddress(key), counts, limit: perAddress, ...use }));
    return {
      windowMs,
      sessions: this.#sessions
        .usage(now)
        .map(({ key, ...use }) => ({ ...ownerOf(key), limit: perSession, ...use }))
        .sort(byUse),
      addresses: [...byAddress(this.#addresses, 'requests'), ...byAddress(this.#visits, 'visits')].sort(byUse),
    };
  }

  #count(
    caller: Caller,
    session: Session | undefined,
    method: string,
  ): { kind: LimitKind; retryAfterMs: number } | undefined {
    const { clock, limits } = this.#parts;
    const now = clock.monotonic();
    const byAddress = this.#addresses.hit(caller.address, limits.perAddress, now);
    if (byAddress > 0) return { kind: 'address', retryAfterMs: byAddress };
    // A handshake is not work: it counts only for the address.
    if (method === 'initialize') return undefined;
    const key = session && session.transport !== 'stateless' ? `session ${session.shortId}` : `key ${caller.keyId}`;
    const bySession = this.#sessions.hit(key, limits.perSession, now);
    return bySession > 0 ? { kind: 'session', retryAfterMs: bySession } : undefined;
  }

  #refuse(
    caller: Caller,
    session: Session | undefined,
    { kind, retryAfterMs, message }: { kind: LimitKind; retryAfterMs: number; message: JSONRPCRequest },
  ): never {
    const { bus } = this.#parts;
    if (session) session.limitHits += 1;
    const name = message.params?.['name'];
    const tool = message.method === 'tools/call' && typeof name === 'string' ? name.slice(0, 128) : null;
    const sessionId = session?.shortId ?? null;
    bus.publish({
      kind: 'limit.hit',
      hit: { kind, sessionId, keyId: caller.keyId, method: message.method.slice(0, 128), tool, retryAfterMs },
    });
    if (tool !== null && session) {
      const call = refusedCall(
        caller,
        session,
        { tool, input: message.params?.['arguments'] },
        this.#parts.clock.now(),
      );
      bus.publish({ kind: 'call.finished', call });
    }
    throw new Fault('rate_limited', { retryAfterMs, details: { limit: kind } });
  }
}

function ownerOf(key: string): { sessionId: string | null; keyId: string | null } {
  const [kind, id = ''] = key.split(' ');
  return kind === 'session' ? { sessionId: id, keyId: null } : { sessionId: null, keyId: id };
}

function byUse(a: BucketView, b: BucketView): number {
  return b.used / b.limit - a.used / a.limit;
}

/** A refused call is recorded like any other: what was tried is worth knowing too. */
function refusedCall(
  caller: Caller,
  session: Session,
  wanted: { tool: string; input: unknown },
  now: number,
): CallView {
  return {
    id: randomUUID(),
    sessionId: session.shortId,
    keyId: caller.keyId,
    client: session.client?.name ?? null,
    accountId: session.accountId ?? caller.accountId,
    tool: wanted.tool,
    provider: null,
    risk: null,
    startedAt: now,
    ms: 0,
    upstreamMs: 0,
    outcome: 'refused',
    fault: 'rate_limited',
    upstreamCode: null,
    logId: null,
    argumentsSha256: sha256(canonicalJson(wanted.input ?? {})),
  };
}
