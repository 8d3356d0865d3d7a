import { request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../src-main/base/database.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { type GatewayOptions, type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let gateway: StartedGateway;
const start = async (options: GatewayOptions = {}) => (gateway = await startGateway(options));
afterEach(() => gateway.close());

async function cookie(): Promise<string> {
  const enter = await fetch(gateway.app.dashboardLink(), { redirect: 'manual' });
  return enter.headers.get('set-cookie')?.split(';')[0] ?? '';
}
const exportUrl = (query: string) => gateway.mcp.replace('/mcp', `/control/export?${query}`);

/** Records of so many calls, made while no gateway runs. */
async function fill(data: string, calls: number): Promise<void> {
  await gateway.close();
  const database = new DatabaseSync(join(data, 'records.sqlite'));
  const insert = database.prepare(
    `INSERT INTO calls (id, sessionId, keyId, client, tool, provider, risk, startedAt, ms, upstreamMs, outcome, argumentsSha256)
     VALUES (?, 'ses_1', 'key_1', '=客户端,"x"', ?, 'lark', 'read', ?, 12.5, 10, 'ok', ?)`,
  );
  const now = Date.now();
  inTransaction(database, () => {
    for (let row = 0; row < calls; row += 1) insert.run(`call_${row}`, `tool_${row % 60}`, now - row, 'f'.repeat(64));
  });
  database.close();
}

describe('an export of calls', () => {
  test('is a download with the cookie, and nothing without it', async () => {
    await start();
    const session = await openRawSession(gateway);
    await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
    await session.ask('tools/call', { name: 'nothing', arguments: {} });
    const headers = { cookie: await cookie() };
    const answer = await fetch(exportUrl('format=jsonl&outcome=error'), { headers });
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="larkgate-calls-\d{4}-\d\d-\d\d\.jsonl"$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(JSON.parse(await answer.text())).toMatchObject({ tool: 'nothing', fault: 'unknown_tool' });
    const csv = await (await fetch(exportUrl('format=csv'), { headers })).text();
    expect(csv.trimEnd().split('\r\n')).toHaveLength(3);

    expect((await fetch(exportUrl('format=csv'))).status).toBe(401);
    expect(
      (await fetch(exportUrl('format=csv'), { headers: { ...headers, 'sec-fetch-site': 'cross-site' } })).status,
    ).toBe(403);
    const wrong = await fetch(exportUrl('format=pdf'), { headers });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('format');
  });

  test('of 100,000 calls has them all, newest first, and is not gathered in memory for a slow reader', async () => {
    const data = await mkdtemp(join(tmpdir(), 'larkgate-export-'));
    await start({ data });
    await fill(data, 100_000);
    await start({ data });
    const before = memory();
    let most = 0;
    const { rows, bytes } = await readSlowly(exportUrl('format=jsonl'), await cookie(), () => {
      most = Math.max(most, memory() - before);
    });
    expect(rows).toEqual(Array.from({ length: 100_000 }, (_, row) => row));
    expect(bytes).toBeGreaterThan(30 * 1024 * 1024);
    // The sockets of both sides hold a few megabytes each, the reader here 100,000 numbers.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(bytes / 2);
    const { calls } = await gateway.app.call('calls', { text: 'tool_59', limit: 1 });
    expect(calls).toMatchObject([{ tool: 'tool_59', client: '=客户端,"x"' }]);
    const { counts } = await gateway.app.call('callCounts', { text: 'tool_59' });
    expect(counts.total).toBe(1666);
    await gateway.close();
    await rm(data, { recursive: true });
    await start();
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

/** Live objects and buffers: what nobody holds any more does not count. */
function memory(): number {
  if (typeof collectGarbage === 'function') collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Reads with pauses, as a busy disk would, and keeps of each line its number alone. */
function readSlowly(url: string, cookieHeader: string, look: () => void): Promise<{ rows: number[]; bytes: number }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { headers: { cookie: cookieHeader } }, (answer) => {
      const rows: number[] = [];
      let rest = '';
      let bytes = 0;
      let chunks = 0;
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        bytes += Buffer.byteLength(chunk);
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) rows.push(Number(/"id":"call_(\d+)"/.exec(line)?.[1]));
        chunks += 1;
        if (chunks % 50 !== 0) return;
        answer.pause();
        look();
        setTimeout(() => answer.resume(), 5);
      });
      answer.on('end', () => resolve({ rows, bytes }));
      answer.on('error', reject);
    });
    asking.on('error', reject);
    asking.end();
  });
}

describe('what pages ask of the records', () => {
  test('a session’s story, charts and windows come from what really happened', async () => {
    await start({ config: { limits: { perSession: 4 } } });
    const session = await openRawSession(gateway);
    for (let n = 0; n < 3; n += 1) await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
    for (let n = 0; n < 2; n += 1)
      await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} }).catch(() => {});
    const { sessions } = await gateway.app.call('sessions', {});
    const sessionId = sessions[0]?.id ?? '';
    const { timeline } = await gateway.app.call('callTimeline', { sessionId });
    expect(timeline.session).toMatchObject({ id: sessionId, client: { name: 'raw' }, limitHits: 1 });
    expect(timeline.calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok', 'refused']);
    expect(timeline.limitHits).toMatchObject([{ kind: 'session', tool: 'im_v1_chat_list' }]);

    const { activity } = await gateway.app.call('activity', { range: 'hour' });
    expect(activity.points).toHaveLength(60);
    expect(activity.points.reduce((all, { calls }) => all + calls, 0)).toBe(5);
    expect(activity.points.find(({ calls }) => calls > 0)?.p50).toBeGreaterThan(0);
    expect((await gateway.app.call('activity', { range: 'week' })).activity.points).toHaveLength(168);
    const { limitActivity } = await gateway.app.call('limitActivity', {});
    expect(limitActivity.points.reduce((all, point) => all + point.session, 0)).toBe(1);

    const { buckets } = await gateway.app.call('buckets', {});
    expect(buckets.sessions).toMatchObject([{ sessionId, used: 4, limit: 4 }]);
    expect(buckets.addresses.find(({ counts }) => counts === 'requests')).toMatchObject({
      address: 'loopback',
      limit: 200,
    });
    expect(JSON.stringify(buckets)).not.toContain(session.id);
    expect((await gateway.app.call('recordedClients', {})).clients).toEqual(['raw']);
  });
});
