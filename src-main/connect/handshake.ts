import type { HandshakeView } from '../contract/connect-views.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { SessionView } from '../contract/views.ts';

/** What a session tells of a client's first words; undefined until both who it is and what it speaks are known. */
export function handshakeOf(session: SessionView, keyId: string): HandshakeView | undefined {
  const { client, protocolVersion, transport, lastSeenAt } = session;
  if (session.keyId !== keyId || !client || protocolVersion === null) return undefined;
  return { keyId, client, protocolVersion, transport, at: lastSeenAt };
}

export interface HandshakeSources {
  subscribe(listener: (event: StampedEvent) => void): () => void;
  /** Those that are open already. */
  sessions(): SessionView[];
  signal: AbortSignal;
}

/** Resolves when the client with this key has connected, at once when it already is. Rejects with the signal's reason. */
export function awaitHandshake(
  keyId: string,
  { subscribe, sessions, signal }: HandshakeSources,
): Promise<HandshakeView> {
  return new Promise((resolve, reject) => {
    const settle = (session: SessionView) => {
      const handshake = handshakeOf(session, keyId);
      if (!handshake) return;
      stop();
      resolve(handshake);
    };
    const unsubscribe = subscribe((event) => {
      if (event.kind === 'session.opened' || event.kind === 'session.changed' || event.kind === 'session.resumed')
        settle(event.session);
    });
    const abort = () => {
      stop();
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
    };
    const stop = () => {
      unsubscribe();
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) return abort();
    for (const session of sessions()) settle(session);
  });
}
