import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { watchDrift } from '../../../src-main/connect/drift-watch.ts';
import { awaitHandshake } from '../../../src-main/connect/handshake.ts';
import type { SessionView } from '../../../src-main/contract/views.ts';
import { type ConnectBench, openConnectBench } from '../../helpers/connect-bench.ts';

let bench: ConnectBench;
let bus: EventBus;
let notices: Notices;
beforeEach(async () => {
  bench = await openConnectBench();
  bus = new EventBus(bench.clock);
  notices = new Notices(bus, () => bench.clock.now());
});
afterEach(() => bench.close());

const session = (facts: Partial<SessionView>): SessionView => ({
  id: 'ses_1',
  transport: 'stateless',
  protocolVersion: '2026-07-28',
  client: { name: 'Claude Code', version: '2.1.329' },
  keyId: 'ab12cd34',
  accountId: null,
  openedAt: 1,
  lastSeenAt: 5,
  calls: 0,
  limitHits: 0,
  ...facts,
});

test('a notice tells of an entry that is gone, once, and goes when it is back', async () => {
  await bench.install('cursor', '{}');
  await bench.connections.connect({ kind: 'cursor' });
  const stop = watchDrift(bench.connections, { clock: bench.clock, notices });
  const standing = async () => {
    await bench.clock.advance(31_000);
    // The files of all clients are read meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return notices.standing();
  };
  expect(await standing()).toEqual([]);
  await bench.install('cursor', '{}');
  expect(await standing()).toMatchObject([
    { id: 'connect.cursor', level: 'warning', words: { zh: expect.stringContaining('Cursor') } },
  ]);
  await bench.connections.connect({ kind: 'cursor' });
  expect(await standing()).toEqual([]);
  stop();
  await bench.install('cursor', '{}');
  expect(await standing()).toEqual([]);
});

test('the handshake of a client is known when both its name and its revision are', async () => {
  const seen = awaitHandshake('ab12cd34', {
    subscribe: (listener) => bus.subscribe(listener),
    sessions: () => [session({ keyId: 'other' })],
    signal: new AbortController().signal,
  });
  bus.publish({ kind: 'session.opened', session: session({ client: null, protocolVersion: null }) });
  bus.publish({ kind: 'session.changed', session: session({ protocolVersion: null }) });
  bus.publish({ kind: 'session.changed', session: session({ keyId: 'other' }) });
  bus.publish({
    kind: 'session.changed',
    session: session({ protocolVersion: '2025-06-18', transport: 'streamable-http' }),
  });
  bus.publish({ kind: 'session.opened', session: session({ protocolVersion: '2025-11-25' }) });
  expect(await seen).toEqual({
    keyId: 'ab12cd34',
    client: { name: 'Claude Code', version: '2.1.329' },
    protocolVersion: '2025-06-18',
    transport: 'streamable-http',
    at: 5,
  });
});

test('a client that is connected already is known at once, and waiting can be given up', async () => {
  const subscribe = (listener: Parameters<EventBus['subscribe']>[0]) => bus.subscribe(listener);
  const signal = new AbortController().signal;
  expect(await awaitHandshake('ab12cd34', { subscribe, sessions: () => [session({})], signal })).toMatchObject({
    protocolVersion: '2026-07-28',
  });
  const giveUp = new AbortController();
  const waiting = awaitHandshake('ab12cd34', { subscribe, sessions: () => [], signal: giveUp.signal });
  giveUp.abort();
  await expect(waiting).rejects.toThrow();
});
