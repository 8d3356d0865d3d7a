import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../src-main/base/database.ts';
import type { CallFilter } from '../../../src-main/control/call-conditions.ts';
import { HistoryBench, filter } from '../../helpers/history-bench.ts';
import { runningCall, sampleCall, sampleHit, sampleSession } from '../../helpers/sample-views.ts';

let bench: HistoryBench;
beforeEach(async () => {
  bench = await HistoryBench.open();
});
afterEach(() => bench.close());

describe('the recorded calls', () => {
  it('finds calls by tool, account, session, outcome and time', async () => {
    bench.finish('a', { tool: 'docs', accountId: 'acc_2', sessionId: 'ses_2', outcome: 'refused' });
    await bench.clock.advance(1000);
    bench.finish('b');
    const later = bench.clock.now();
    expect(bench.ids()).toEqual(['b', 'a']);
    expect(bench.ids({ tool: 'docs' })).toEqual(['a']);
    expect(bench.ids({ accountId: 'acc_2' })).toEqual(['a']);
    expect(bench.ids({ sessionId: 'ses_2' })).toEqual(['a']);
    expect(bench.ids({ outcome: 'refused' })).toEqual(['a']);
    expect(bench.ids({ outcome: 'ok', accountId: 'acc_2' })).toEqual([]);
    expect(bench.ids({ from: later })).toEqual(['b']);
    expect(bench.ids({ until: later })).toEqual(['a']);
  });

  it('finds calls by the client’s program, its key, and together with other conditions', () => {
    bench.finish('a', { client: 'Cursor', keyId: 'key_2' });
    bench.finish('b', { client: 'Cursor', keyId: 'key_3' });
    bench.finish('c', { client: null });
    expect(bench.ids({ client: 'Cursor' })).toEqual(['b', 'a']);
    expect(bench.ids({ keyId: 'key_2' })).toEqual(['a']);
    expect(bench.ids({ client: 'Cursor', keyId: 'key_3', outcome: 'ok' })).toEqual(['b']);
    expect(bench.history.names('client')).toEqual(['Cursor']);
  });

  it('finds calls by a part of the tool’s name, of the fault’s code or of what it says, in both languages', () => {
    bench.finish('chat', { tool: 'im_v1_chat_list' });
    bench.finish('slow', { tool: 'docx_read', outcome: 'error', fault: 'timeout' });
    bench.finish('busy', { tool: 'docx_read', outcome: 'error', fault: 'upstream_busy' });
    expect(bench.ids({ text: 'CHAT' })).toEqual(['chat']);
    expect(bench.ids({ text: 'docx' })).toEqual(['busy', 'slow']);
    expect(bench.ids({ text: 'timeout' })).toEqual(['slow']);
    expect(bench.ids({ text: '等待超时' })).toEqual(['slow']);
    expect(bench.ids({ text: 'limited the rate' })).toEqual(['busy']);
    expect(bench.ids({ text: 'docx', outcome: 'ok' })).toEqual([]);
    expect(bench.ids({ text: `%' OR 1=1 --` })).toEqual([]);
    expect(bench.ids({ text: '_' })).toHaveLength(3);
  });

  it('counts what a filter finds, by how it ended', () => {
    bench.finish('a');
    bench.finish('b', { outcome: 'error', tool: 'docs' });
    bench.finish('c', { outcome: 'refused', tool: 'docs' });
    bench.bus.publish({ kind: 'call.started', call: runningCall({ id: 'd' }) });
    expect(bench.history.counts({})).toEqual({
      total: 4,
      byOutcome: { ok: 1, error: 1, refused: 1, canceled: 0, unknown: 1 },
    });
    expect(bench.history.counts({ text: 'doc' }).total).toBe(2);
    expect(bench.history.counts({ tool: 'docs', outcome: 'error' }).byOutcome.error).toBe(1);
    expect(bench.history.counts({ tool: 'nothing' }).total).toBe(0);
  });

  it('tells the story of a session from its beginning, with the limits it ran into', async () => {
    bench.bus.publish({ kind: 'session.opened', session: sampleSession() });
    bench.finish('a');
    await bench.clock.advance(5);
    bench.finish('elsewhere', { sessionId: 'ses_2' });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
    bench.bus.publish({ kind: 'limit.hit', hit: sampleHit({ sessionId: 'ses_2' }) });
    bench.finish('b');
    const timeline = bench.history.timeline(sampleSession().id);
    expect(timeline).toMatchObject({ session: { id: sampleSession().id, calls: 2, limitHits: 1 }, more: false });
    expect(timeline.calls.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(timeline.limitHits).toHaveLength(1);
    expect(bench.history.timeline('nobody')).toEqual({ session: null, calls: [], limitHits: [], more: false });
  });

  it('jumps to any place of a long list', () => {
    for (let call = 0; call < 25; call += 1) bench.finish(`call_${call}`);
    expect(bench.ids({ limit: 2, offset: 20 })).toEqual(['call_4', 'call_3']);
    expect(bench.ids({ limit: 2, offset: 100 })).toEqual([]);
  });

  it('takes over the records of a version that had fewer indexes', async () => {
    bench.finish('old');
    bench.stop();
    const before = new DatabaseSync(bench.file);
    before.exec(
      `DROP INDEX callsByStart; CREATE INDEX callsByStart ON calls (startedAt);
       DROP INDEX callsByClient; DROP INDEX callsByKey; DROP INDEX limitHitsBySession; PRAGMA user_version = 1`,
    );
    before.close();
    await bench.start();
    expect(bench.ids({ client: sampleCall().client ?? '' })).toEqual(['old']);
    expect(bench.noticeIds()).toEqual([]);
  });

  it('is read page by page without gaps or repeats, also where calls began in the same millisecond', () => {
    for (let call = 0; call < 25; call += 1) bench.finish(`call_${call}`);
    const seen: string[] = [];
    let page = bench.history.calls(filter({ limit: 10 }));
    for (;;) {
      seen.push(...page.calls.map((call) => call.id));
      if (page.next === null) break;
      bench.finish(`newer_${page.next}`);
      page = bench.history.calls(filter({ limit: 10, before: page.next }));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `call_${24 - index}`));
  });

  it('ends where the page before was removed in the meantime', () => {
    bench.finish('call_1');
    expect(bench.ids({ before: 'call_gone' })).toEqual([]);
  });

  it('knows the names of all its tools', () => {
    for (const tool of ['docs', 'calendar', 'docs', 'bitable']) bench.finish(`call_${tool}`, { tool });
    expect(bench.history.names('tool')).toEqual(['bitable', 'calendar', 'docs']);
  });

  it('answers any question at 100,000 calls by an index', () => {
    inTransaction(bench.database, () => {
      const insert = bench.database.prepare(
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
    const prepare = bench.database.prepare.bind(bench.database);
    bench.database.prepare = (sql) => {
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
      const page = bench.history.calls(filter(change));
      expect(page.calls).toHaveLength(100);
      expect(bench.history.calls(filter({ ...change, before: page.next ?? '' })).calls).toHaveLength(100);
      expect(plans.filter((plan) => plan.includes(index))).toHaveLength(2);
      expect(plans.filter((plan) => plan.includes('FOR ORDER BY'))).toEqual([]);
    }
    plans.length = 0;
    expect(bench.history.names('tool')).toHaveLength(60);
    expect(bench.history.names('client')).toHaveLength(5);
    expect(bench.history.counts({}).total).toBe(100_000);
    expect(bench.history.counts({ text: 't1' }).total).toBeGreaterThan(0);
    bench.history.activity(0);
    expect(
      plans.filter((plan) => /^SCAN (calls|limitHits|sessions)\b(?!.*USING (COVERING )?INDEX)/.test(plan)),
    ).toEqual([]);
  });
});
