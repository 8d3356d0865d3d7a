import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { StampedEvent } from '../../../src-main/contract/events.ts';
import type { Caller } from '../../../src-main/gateway/caller.ts';
import { SessionStore } from '../../../src-main/gateway/session-store.ts';
import { Sessions } from '../../../src-main/gateway/sessions.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const caller: Caller = { keyId: 'default', accountId: null, address: '127.0.0.1', manualToken: null };
const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'Cursor\u0007', version: '1.2' } };

let folder: string;
let clock: FakeClock;
let events: StampedEvent[];
let notices: Notices;
let database: DatabaseSync;
let keyAccounts: Map<string, string>;
/** Sessions that were told to ask for the tools again. */
let listChanged: string[];

function open(limits: { sessions?: number; idleMs?: number } = {}) {
  const bus = new EventBus(clock);
  bus.subscribe((event) => events.push(event));
  notices = new Notices(bus, () => clock.now());
  return new Sessions({
    clock,
    bus,
    notices,
    store: new SessionStore(database),
    limits: configSchema.parse({ limits }).limits,
    accountOfKey: (keyId) => keyAccounts.get(keyId) ?? null,
    connect: async (session, channel) => {
      // Answers the replayed handshake, as the SDK would.
      channel.onmessage = (message) => {
        if ('id' in message && 'method' in message) void channel.send({ jsonrpc: '2.0', id: message.id, result: {} });
      };
      return { close: () => channel.close(), sendToolListChanged: () => void listChanged.push(session.shortId) };
    },
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'larkgate-sessions-'));
  database = new DatabaseSync(join(folder, 'records.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  clock = new FakeClock();
  events = [];
  keyAccounts = new Map();
  listChanged = [];
});
afterEach(() => {
  if (database.isOpen) database.close();
  rmSync(folder, { recursive: true });
});

const kinds = () => events.map(({ kind }) => kind);

describe('Sessions', () => {
  test('a session goes on in the next run, as the same client with the same account', async () => {
    const first = open();
    const session = await first.open(caller, 'streamable-http', hello);
    first.bind(session.shortId, 'acc_1');
    await first.close();
    const again = await open().find(session.id, 'default');
    expect(again?.view()).toMatchObject({
      id: session.shortId,
      accountId: 'acc_1',
      client: { name: 'Cursor ', version: '1.2' },
    });
    expect(kinds().at(-1)).toBe('session.resumed');
  });

  test('another key gets nothing from a session, live or stored, and nothing tells that it exists', async () => {
    const sessions = open();
    const { id } = await sessions.open(caller, 'streamable-http', hello);
    expect(await sessions.find(id, 'other')).toBeUndefined();
    await sessions.close();
    const next = open();
    expect(await next.find(id, 'other')).toBeUndefined();
    expect(await next.find(id, 'default')).toBeDefined();
  });

  test('two requests that wake one session wake it once', async () => {
    const { id } = await open().open(caller, 'streamable-http', hello);
    const sessions = open();
    const [a, b] = await Promise.all([sessions.find(id, 'default'), sessions.find(id, 'default')]);
    expect(a).toBe(b);
    expect(kinds().filter((kind) => kind === 'session.resumed')).toHaveLength(1);
  });

  test('an ended session stays ended, also after a restart', async () => {
    const sessions = open();
    const session = await sessions.open(caller, 'streamable-http', hello);
    await sessions.end(session, 'client');
    expect(await sessions.find(session.id, 'default')).toBeUndefined();
    expect(await open().find(session.id, 'default')).toBeUndefined();
  });

  test('an idle session gives its memory back, comes back when it is used, and ends after a day', async () => {
    const sessions = open();
    const session = await sessions.open(caller, 'streamable-http', hello);
    await clock.advance(5 * 60_000);
    expect(session.connection).toBeUndefined();
    expect((await sessions.find(session.id, 'default'))?.connection).toBeDefined();
    await clock.advance(25 * 3600_000);
    expect(await sessions.find(session.id, 'default')).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ kind: 'session.closed', reason: 'idle' });
    expect(new SessionStore(database).size).toBe(0);
  });

  test('a thousand clients that never say goodbye cost the memory of the limit, and lose nothing', async () => {
    const sessions = open({ sessions: 10 });
    const ids: string[] = [];
    for (let n = 0; n < 1000; n += 1) {
      clock.jump(1);
      ids.push((await sessions.open(caller, 'streamable-http', hello)).id);
    }
    expect(sessions.size).toBe(10);
    // The store keeps ten times as many.
    sessions.sweep();
    expect(new SessionStore(database).size).toBe(100);
    expect(await sessions.find(ids.at(-50) ?? '', 'default')).toBeDefined();
    expect(sessions.size).toBe(10);
  });

  test('a client without sessions is one entry per key and program, and leaves the list when it is quiet', async () => {
    const sessions = open();
    const client = { name: 'Claude Code', version: '2' };
    const first = sessions.stateless(caller, client, '2026-07-28');
    expect(sessions.stateless(caller, client, '2026-07-28')).toBe(first);
    expect(sessions.stateless({ ...caller, keyId: 'other' }, client, '2026-07-28')).not.toBe(first);
    await clock.advance(11 * 60_000);
    expect(sessions.size).toBe(0);
    expect(new SessionStore(database).size).toBe(0);
  });

  test('a disk that fails costs the resumption, not the session, and is said', async () => {
    const sessions = open();
    database.close();
    const session = await sessions.open(caller, 'streamable-http', hello);
    expect(await sessions.find(session.id, 'default')).toBe(session);
    expect(notices.standing().map(({ id }) => id)).toEqual(['sessions.storage']);
  });

  test('a session shows the account that it is used with: its own, else that of its key', async () => {
    const sessions = open();
    keyAccounts.set('cursor', 'acc_key');
    const session = await sessions.open({ ...caller, keyId: 'cursor' }, 'streamable-http', hello);
    expect(events.at(-1)).toMatchObject({ kind: 'session.opened', session: { accountId: 'acc_key' } });
    expect(sessions.bind(session.shortId, 'acc_own')).toBe(true);
    expect(events.at(-1)).toMatchObject({ kind: 'session.changed', session: { accountId: 'acc_own' } });
    expect(sessions.bind(session.shortId, null)).toBe(true);
    expect(sessions.views()).toMatchObject([{ accountId: 'acc_key' }]);
    expect(sessions.bind('ses_unknown', 'acc_own')).toBe(false);
  });

  test('sessions follow when their key is bound to another account, also those that sleep; others do not', async () => {
    const sessions = open();
    const ofKey = await sessions.open({ ...caller, keyId: 'cursor' }, 'streamable-http', hello);
    const asleep = await sessions.open({ ...caller, keyId: 'cursor' }, 'streamable-http', hello);
    const foreign = await sessions.open(caller, 'streamable-http', hello);
    for (const { shortId } of [ofKey, asleep, foreign]) sessions.bind(shortId, 'acc_old');
    await sessions.close();
    const next = open();
    await next.find(ofKey.id, 'cursor');
    await next.find(foreign.id, 'default');
    keyAccounts.set('cursor', 'acc_new');
    next.rebind('cursor');
    expect(events.at(-1)).toMatchObject({
      kind: 'session.changed',
      session: { id: ofKey.shortId, accountId: 'acc_new' },
    });
    await next.find(asleep.id, 'cursor');
    expect(Object.fromEntries(next.views().map(({ id, accountId }) => [id, accountId]))).toEqual({
      [ofKey.shortId]: 'acc_new',
      [asleep.shortId]: 'acc_new',
      [foreign.shortId]: 'acc_old',
    });
  });

  test('only clients that work as the account are told that tools changed', async () => {
    const sessions = open();
    keyAccounts.set('cursor', 'acc_key');
    const own = await sessions.open(caller, 'streamable-http', hello);
    sessions.bind(own.shortId, 'acc_own');
    const byKey = await sessions.open({ ...caller, keyId: 'cursor' }, 'streamable-http', hello);
    const byDefault = await sessions.open(caller, 'streamable-http', hello);
    for (const [accountId, told] of [
      ['acc_own', own],
      ['acc_key', byKey],
      ['acc_default', byDefault],
    ] as const) {
      listChanged = [];
      await sessions.toolsChanged(accountId, 'acc_default');
      expect(listChanged).toEqual([told.shortId]);
    }
    listChanged = [];
    await sessions.toolsChanged('acc_other', undefined);
    expect(listChanged).toEqual([]);
    await sessions.toolsChanged(null);
    expect(listChanged).toEqual([own.shortId, byKey.shortId, byDefault.shortId]);
  });
});
