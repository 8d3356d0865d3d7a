import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction, openDatabase } from '../../../src-main/base/database.ts';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { silentLog } from '../../../src-main/base/log.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { controlInputs } from '../../../src-main/contract/control.ts';
import { CallHistory } from '../../../src-main/control/call-history.ts';
import type { CallFilter } from '../../../src-main/control/call-conditions.ts';
import { recordSteps } from '../../../src-main/control/record-schema.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runningCall, sampleCall, sampleHit, sampleSession } from '../../helpers/sample-views.ts';

const day = 24 * 60 * 60_000;

let folder: string;
let clock: FakeClock;
let bus: EventBus;
let notices: Notices;
let database: DatabaseSync;
let history: CallHistory;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larkgate-history-'));
  clock = new FakeClock();
  bus = new EventBus(clock, {
    onError: (error) => {
      throw error;
    },
  });
  notices = new Notices(bus, () => clock.now());
  await start();
});

afterEach(async () => {
  stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(settings = { days: 30, calls: 200_000 }): Promise<void> {
  database = await openDatabase(join(folder, 'records.db'), { steps: recordSteps, clock, notices });
  history = new CallHistory({ database, bus, clock, notices, settings, log: silentLog() });
}

function stop(): void {
  history.close();
  database.close();
}

/** As a killed process: what was written stays, nothing more is. */
async function kill(): Promise<void> {
  database.close();
  bus = new EventBus(clock);
  notices = new Notices(bus, () => clock.now());
  await start();
}

const filter = (change: Partial<CallFilter> = {}): CallFilter => controlInputs.calls.parse(change);
const ids = (change: Partial<CallFilter> = {}) => history.calls(filter(change)).calls.map((call) => call.id);
const noticeIds = () => notices.standing().map((notice) => notice.id);

function finish(id: string, change: Parameters<typeof sampleCall>[0] = {}): void {
  bus.publish({ kind: 'call.started', call: runningCall({ startedAt: clock.now(), ...change, id, outcome: null }) });
  bus.publish({ kind: 'call.finished', call: sampleCall({ startedAt: clock.now(), ...change, id }) });
}

describe('the record of calls', () => {
  it('gives a call back exactly as the event told it', () => {
    const call = sampleCall({
      client: '客户端 "x"',
      upstreamCode: 99991663,
      fault: 'upstream_refused',
      outcome: 'error',
    });
    bus.publish({ kind: 'call.finished', call });
    expect(history.calls(filter()).calls).toEqual([call]);
  });

  it('shows a call while it runs and then how it ended, once', async () => {
    bus.publish({ kind: 'call.started', call: runningCall() });
    await clock.advance(150);
    expect(history.calls(filter()).calls).toEqual([runningCall()]);
    bus.publish({ kind: 'call.finished', call: sampleCall() });
    expect(history.calls(filter()).calls).toEqual([sampleCall()]);
  });

  it('is there after a restart', async () => {
    finish('call_1');
    stop();
    await start();
    expect(ids()).toEqual(['call_1']);
  });

  it('survives a kill as far as it was written, and says of a running call that its end is unknown', async () => {
    finish('ended');
    bus.publish({ kind: 'call.started', call: runningCall({ id: 'running' }) });
    await clock.advance(150);
    await kill();
    const [running, ended] = history.calls(filter()).calls;
    expect(running).toMatchObject({ id: 'running', outcome: 'unknown', ms: null });
    expect(ended).toMatchObject({ id: 'ended', outcome: 'ok' });
  });

  it('finds calls by tool, account, session, outcome and time', async () => {
    finish('a', { tool: 'docs', accountId: 'acc_2', sessionId: 'ses_2', outcome: 'refused' });
    await clock.advance(1000);
    finish('b');
    const later = clock.now();
    expect(ids()).toEqual(['b', 'a']);
    expect(ids({ tool: 'docs' })).toEqual(['a']);
    expect(ids({ accountId: 'acc_2' })).toEqual(['a']);
    expect(ids({ sessionId: 'ses_2' })).toEqual(['a']);
    expect(ids({ outcome: 'refused' })).toEqual(['a']);
    expect(ids({ outcome: 'ok', accountId: 'acc_2' })).toEqual([]);
    expect(ids({ from: later })).toEqual(['b']);
    expect(ids({ until: later })).toEqual(['a']);
  });

  it('finds calls by the client’s program, its key, and together with other conditions', () => {
    finish('a', { client: 'Cursor', keyId: 'key_2' });
    finish('b', { client: 'Cursor', keyId: 'key_3' });
    finish('c', { client: null });
    expect(ids({ client: 'Cursor' })).toEqual(['b', 'a']);
    expect(ids({ keyId: 'key_2' })).toEqual(['a']);
    expect(ids({ client: 'Cursor', keyId: 'key_3', outcome: 'ok' })).toEqual(['b']);
    expect(history.names('client')).toEqual(['Cursor']);
  });

  it('finds calls by a part of the tool’s name, of the fault’s code or of what it says, in both languages', () => {
    finish('chat', { tool: 'im_v1_chat_list' });
    finish('slow', { tool: 'docx_read', outcome: 'error', fault: 'timeout' });
    finish('busy', { tool: 'docx_read', outcome: 'error', fault: 'upstream_busy' });
    expect(ids({ text: 'CHAT' })).toEqual(['chat']);
    expect(ids({ text: 'docx' })).toEqual(['busy', 'slow']);
    expect(ids({ text: 'timeout' })).toEqual(['slow']);
    expect(ids({ text: '等待超时' })).toEqual(['slow']);
    expect(ids({ text: 'limited the rate' })).toEqual(['busy']);
    expect(ids({ text: 'docx', outcome: 'ok' })).toEqual([]);
    expect(ids({ text: `%' OR 1=1 --` })).toEqual([]);
    expect(ids({ text: '_' })).toHaveLength(3);
  });

  it('counts what a filter finds, by how it ended', () => {
    finish('a');
    finish('b', { outcome: 'error', tool: 'docs' });
    finish('c', { outcome: 'refused', tool: 'docs' });
    bus.publish({ kind: 'call.started', call: runningCall({ id: 'd' }) });
    expect(history.counts({})).toEqual({
      total: 4,
      byOutcome: { ok: 1, error: 1, refused: 1, canceled: 0, unknown: 1 },
    });
    expect(history.counts({ text: 'doc' }).total).toBe(2);
    expect(history.counts({ tool: 'docs', outcome: 'error' }).byOutcome.error).toBe(1);
    expect(history.counts({ tool: 'nothing' }).total).toBe(0);
  });

  it('tells the story of a session from its beginning, with the limits it ran into', async () => {
    bus.publish({ kind: 'session.opened', session: sampleSession() });
    finish('a');
    await clock.advance(5);
    finish('elsewhere', { sessionId: 'ses_2' });
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bus.publish({ kind: 'limit.hit', hit: sampleHit({ sessionId: 'ses_2' }) });
    finish('b');
    const timeline = history.timeline(sampleSession().id);
    expect(timeline).toMatchObject({ session: { id: sampleSession().id, calls: 2, limitHits: 1 }, more: false });
    expect(timeline.calls.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(timeline.limitHits).toHaveLength(1);
    expect(history.timeline('nobody')).toEqual({ session: null, calls: [], limitHits: [], more: false });
  });

  it('jumps to any place of a long list', () => {
    for (let call = 0; call < 25; call += 1) finish(`call_${call}`);
    expect(ids({ limit: 2, offset: 20 })).toEqual(['call_4', 'call_3']);
    expect(ids({ limit: 2, offset: 100 })).toEqual([]);
  });

  it('takes over the records of a version that had fewer indexes', async () => {
    finish('old');
    stop();
    const path = join(folder, 'records.db');
    const before = new DatabaseSync(path);
    before.exec(
      `DROP INDEX callsByStart; CREATE INDEX callsByStart ON calls (startedAt);
       DROP INDEX callsByClient; DROP INDEX callsByKey; DROP INDEX limitHitsBySession; PRAGMA user_version = 1`,
    );
    before.close();
    await start();
    expect(ids({ client: sampleCall().client ?? '' })).toEqual(['old']);
    expect(noticeIds()).toEqual([]);
  });

  it('is read page by page without gaps or repeats, also where calls began in the same millisecond', () => {
    for (let call = 0; call < 25; call += 1) finish(`call_${call}`);
    const seen: string[] = [];
    let page = history.calls(filter({ limit: 10 }));
    for (;;) {
      seen.push(...page.calls.map((call) => call.id));
      if (page.next === null) break;
      finish(`newer_${page.next}`);
      page = history.calls(filter({ limit: 10, before: page.next }));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `call_${24 - index}`));
  });

  it('ends where the page before was removed in the meantime', () => {
    finish('call_1');
    expect(ids({ before: 'call_gone' })).toEqual([]);
  });

  it('knows the names of all its tools', () => {
    for (const tool of ['docs', 'calendar', 'docs', 'bitable']) finish(`call_${tool}`, { tool });
    expect(history.names('tool')).toEqual(['bitable', 'calendar', 'docs']);
  });

  it('answers any question at 100,000 calls by an index', () => {
    inTransaction(database, () => {
      const insert = database.prepare(
        `INSERT INTO calls (id, sessionId, keyId, client, tool, startedAt, upstreamMs, outcome, fault, accountId, argumentsSha256)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, '')`,
      );
      for (let row = 0; row < 100_000; row += 1) {
        const [outcome, fault] = row % 20 === 0 ? ['error', 'timeout'] : ['ok', null];
        const who = [`s${row % 50}`, `k${row % 7}`, `p${row % 5}`];
        insert.run(`c${row}`, ...who, `t${row % 60}`, row, outcome ?? null, fault ?? null, `a${row % 3}`);
      }
    });
    const plans: string[] = [];
    const prepare = database.prepare.bind(database);
    database.prepare = (sql) => {
      plans.push(
        ...prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all()
          .map((row) => String(row.detail)),
      );
      return prepare(sql);
    };
    const questions: [Partial<CallFilter>, string][] = [
      [{}, 'callsByStart'],
      [{ tool: 't1' }, 'callsByTool'],
      [{ accountId: 'a1' }, 'callsByAccount'],
      [{ sessionId: 's1' }, 'callsBySession'],
      [{ outcome: 'error' }, 'callsByOutcome'],
      [{ keyId: 'k1' }, 'callsByKey'],
      [{ client: 'p1' }, 'callsByClient'],
      // In the order of the list, from what the index itself has.
      [{ text: 'T1' }, 'callsByStart'],
      [{ text: 'timeout' }, 'callsByStart'],
    ];
    for (const [change, index] of questions) {
      plans.length = 0;
      const page = history.calls(filter(change));
      expect(page.calls).toHaveLength(100);
      expect(history.calls(filter({ ...change, before: page.next ?? '' })).calls).toHaveLength(100);
      expect(plans.filter((plan) => plan.includes(index))).toHaveLength(2);
      expect(plans.filter((plan) => plan.includes('FOR ORDER BY'))).toEqual([]);
    }
    plans.length = 0;
    expect(history.names('tool')).toHaveLength(60);
    expect(history.names('client')).toHaveLength(5);
    expect(history.counts({}).total).toBe(100_000);
    expect(history.counts({ text: 't1' }).total).toBeGreaterThan(0);
    history.activity(0);
    expect(
      plans.filter((plan) => /^SCAN (calls|limitHits|sessions)\b(?!.*USING (COVERING )?INDEX)/.test(plan)),
    ).toEqual([]);
  });
});

describe('the record of sessions', () => {
  it('counts calls and limit hits by itself and tells when and why a session ended', async () => {
    bus.publish({ kind: 'session.opened', session: sampleSession({ client: null }) });
    bus.publish({ kind: 'session.changed', session: sampleSession() });
    finish('call_1');
    await clock.advance(500);
    finish('call_2');
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    const seen = clock.now();
    bus.publish({ kind: 'session.closed', sessionId: sampleSession().id, reason: 'idle' });
    expect(history.sessions(10)).toEqual([
      sampleSession2({ calls: 2, limitHits: 1, lastSeenAt: seen, closedAt: seen, end: 'idle' }),
    ]);
  });

  it('goes on counting where a session comes back after a restart, and is open again', async () => {
    bus.publish({ kind: 'session.opened', session: sampleSession() });
    finish('call_1');
    bus.publish({ kind: 'session.closed', sessionId: sampleSession().id, reason: 'stopping' });
    stop();
    await start();
    bus.publish({ kind: 'session.resumed', session: sampleSession() });
    finish('call_2');
    expect(history.sessions(10)).toMatchObject([{ calls: 2, closedAt: null, end: null }]);
  });

  const sampleSession2 = (change: object) => ({ ...sampleSession(), ...change });
});

describe('the last hour', () => {
  it('is told by the minute', async () => {
    finish('a');
    finish('b', { outcome: 'error' });
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    const first = clock.now();
    await clock.advance(120_000);
    finish('c');
    expect(history.activity(first)).toEqual([
      { at: first, calls: 2, errors: 1, limitHits: 1 },
      { at: first + 120_000, calls: 1, errors: 0, limitHits: 0 },
    ]);
    expect(history.activity(first + 60_000)).toHaveLength(1);
  });

  it('keeps limit hits, newest first', async () => {
    bus.publish({ kind: 'limit.hit', hit: sampleHit({ kind: 'address', sessionId: null, retryAfterMs: 12.5 }) });
    await clock.advance(10);
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    expect(history.limitHits(0, 10)).toEqual([
      { ...sampleHit(), at: clock.now() },
      { ...sampleHit({ kind: 'address', sessionId: null, retryAfterMs: 12.5 }), at: clock.now() - 10 },
    ]);
    expect(history.limitHits(0, 1)).toHaveLength(1);
  });
});

describe('charts', () => {
  const minute = 60_000;

  it('tell calls, errors, limit hits and how long calls took, minute by minute, empty ones included', async () => {
    const first = clock.now();
    for (let ms = 1; ms <= 100; ms += 1) finish(`call_${ms}`, { ms, outcome: ms > 90 ? 'error' : 'ok' });
    finish('refused', { ms: 0, outcome: 'refused' });
    bus.publish({ kind: 'call.started', call: runningCall({ id: 'running', startedAt: clock.now() }) });
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    await clock.advance(2 * minute);
    finish('later', { ms: 7 });
    const { points, ...span } = await history.latency('hour');
    expect(span).toEqual({ from: first - 57 * minute, until: first + 3 * minute, bucketMs: minute });
    expect(points).toHaveLength(60);
    expect(points.slice(-3)).toEqual([
      { at: first, calls: 102, errors: 10, limitHits: 1, p50: 50, p95: 95, p99: 99 },
      { at: first + minute, calls: 0, errors: 0, limitHits: 0, p50: null, p95: null, p99: null },
      { at: first + 2 * minute, calls: 1, errors: 0, limitHits: 0, p50: 7, p95: 7, p99: 7 },
    ]);
  });

  it('tell a week by the hour, and hours of long ago the same each time', async () => {
    finish('old', { ms: 3 });
    await clock.advance(24 * 60 * minute);
    finish('young', { ms: 5 });
    const first = await history.latency('week');
    expect(first.points).toHaveLength(168);
    expect(first.points.filter(({ calls }) => calls > 0).map(({ p50 }) => p50)).toEqual([3, 5]);
    finish('younger', { ms: 9 });
    const second = await history.latency('week');
    expect(second.points.slice(0, -1)).toEqual(first.points.slice(0, -1));
    expect(second.points.at(-1)).toMatchObject({ calls: 2, p99: 9 });
  });

  it('tell limit hits by kind', async () => {
    const at = clock.now();
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bus.publish({ kind: 'limit.hit', hit: sampleHit({ kind: 'address', sessionId: null }) });
    const { points } = history.limitSeries('hour');
    expect(points).toHaveLength(60);
    expect(points.at(-1)).toEqual({ at, session: 2, address: 1, sessions: 0, streams: 0 });
    expect(points.at(-2)).toEqual({ at: at - minute, session: 0, address: 0, sessions: 0, streams: 0 });
  });

  it('say that the records cannot be read instead of showing that nothing happened', async () => {
    database.exec('DROP TABLE calls; DROP TABLE limitHits');
    await expect(history.latency('week')).rejects.toMatchObject({ code: 'storage' });
    expect(() => history.limitSeries('hour')).toThrow(expect.objectContaining({ code: 'storage' }));
    expect(() => history.callsOrFail(filter())).toThrow(expect.objectContaining({ code: 'storage' }));
  });
});

describe('writing', () => {
  const rows = () => database.prepare('SELECT count(*) AS n FROM calls').get()?.n;

  it('waits a moment, so that many events cost one transaction', async () => {
    finish('call_1');
    await clock.advance(99);
    expect(rows()).toBe(0);
    await clock.advance(1);
    expect(rows()).toBe(1);
  });

  it('does not wait when much has gathered', async () => {
    for (let call = 0; call < 200; call += 1) finish(`call_${call}`);
    await clock.advance(0);
    expect(rows()).toBe(200);
  });

  it('says that the disk cannot be written, loses nothing, and catches up by itself', async () => {
    database.exec('PRAGMA query_only = ON');
    finish('call_1');
    await clock.advance(200);
    expect(noticeIds()).toEqual(['records.unwritable']);
    finish('call_2');
    await clock.advance(200);
    database.exec('PRAGMA query_only = OFF');
    await clock.advance(5000);
    expect(noticeIds()).toEqual([]);
    expect(rows()).toBe(2);
  });

  it('holds a bounded number of events for a disk that stays full, the newest', async () => {
    const size = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${size}`);
    for (let call = 0; call < 12_000; call += 1) {
      finish(`call_${call}`);
      if (call === 500) await clock.advance(0);
    }
    expect(noticeIds()).toEqual(['records.unwritable']);
    database.exec('PRAGMA max_page_count = 1000000');
    await clock.advance(5000);
    expect(rows()).toBe(10_000);
    expect(ids({ limit: 1 })).toEqual(['call_11999']);
  });

  it('leaves the dashboard something to show when the file cannot be read', () => {
    database.exec('DROP TABLE calls');
    expect(history.calls(filter())).toEqual({ calls: [], next: null });
    expect(noticeIds()).toEqual(['records.unreadable']);
  });
});

describe('retention', () => {
  it('removes at the start what is too old, and every hour what has become so', async () => {
    finish('old');
    bus.publish({ kind: 'session.opened', session: sampleSession() });
    bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    await clock.advance(20 * day);
    finish('young');
    stop();
    clock.jump(10.5 * day);
    await start();
    expect(ids()).toEqual(['young']);
    expect(history.limitHits(0, 10)).toEqual([]);
    clock.jump(20 * day);
    await clock.advance(60 * 60_000);
    expect(ids()).toEqual([]);
  });

  it('holds at once when it is changed', async () => {
    for (let call = 0; call < 10; call += 1) finish(`call_${call}`);
    stop();
    const settings = { days: 30, calls: 200_000 };
    await start(settings);
    settings.calls = 3;
    history.retain();
    expect(ids()).toEqual(['call_9', 'call_8', 'call_7']);
  });

  it('keeps the newest of too many', async () => {
    for (let call = 0; call < 3500; call += 1) finish(`call_${call}`);
    stop();
    await start({ days: 30, calls: 5 });
    await clock.advance(1000);
    expect(ids()).toEqual(['call_3499', 'call_3498', 'call_3497', 'call_3496', 'call_3495']);
  });
});
