import { parseArgs } from 'node:util';
import type { Browser, CDPSession } from 'playwright';
import { z } from 'zod';
import { launchBrowser, openPage } from '../tests/helpers/browser.ts';
import { connectAs } from '../tests/helpers/mcp-client.ts';
import { runningCall, sampleHit } from '../tests/helpers/sample-views.ts';
import { type StartedGateway, startGateway } from '../tests/helpers/start-gateway.ts';
import { describeMachine } from './machine.ts';
import { percentile } from './stats.ts';

/** How the dashboard bears a busy gateway: 100 events a second for a minute in a real browser, page by page. */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, page: { type: 'string', multiple: true } },
});
const seconds = z.coerce.number().int().min(1).parse(values.seconds);
const perSecond = 100;
const looks = values.page ?? ['overview', 'calls', 'sessions', 'limits'];
const goalMs = 50;
let count = 0;

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      args: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

interface Figures {
  page: string;
  tasks: number;
  p50: number;
  p99: number;
  longest: number;
  long: number;
  busy: number;
  heapFirstMb: number;
  heapLastMb: number;
  nodesFirst: number;
  nodesLast: number;
}

const [browser, gateway] = await Promise.all([launchBrowser(), startGateway()]);
const client = await connectAs('Cherry Studio', gateway);
try {
  fillHour(gateway);
  const all: Figures[] = [];
  for (const page of looks) all.push(await measure(browser, gateway, page));
  console.log(toMarkdown(all));
} finally {
  await client.close();
  await browser.close();
  await gateway.close();
}

async function measure(browser: Browser, gateway: StartedGateway, hash: string): Promise<Figures> {
  const { page, complaints, close } = await openPage(browser, { locale: 'en-GB' });
  await page.goto(gateway.app.dashboardLink());
  await page.getByRole('navigation').waitFor();
  await page.evaluate((to) => {
    location.hash = `#/${to}`;
  }, hash);
  const cdp = await page.context().newCDPSession(page);
  // Lists and charts are as long as they get before anything is compared.
  await stream(gateway, Math.min(15, seconds));
  const first = await memory(cdp);
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', 'toplevel', '__metadata'] });
  await stream(gateway, seconds);
  const trace = await browser.stopTracing();
  const last = await memory(cdp);
  for (const complaint of complaints) console.error(complaint);
  await close();
  const tasks = tasksOf(trace);
  return {
    page: hash,
    tasks: tasks.length,
    p50: percentile(tasks, 0.5),
    p99: percentile(tasks, 0.99),
    longest: percentile(tasks, 1),
    long: tasks.filter((ms) => ms > goalMs).length,
    busy: tasks.reduce((sum, ms) => sum + ms, 0) / (seconds * 1000),
    heapFirstMb: first.heapMb,
    heapLastMb: last.heapMb,
    nodesFirst: first.nodes,
    nodesLast: last.nodes,
  };
}

/** Charts and lists are as long as they get from the beginning. */
function fillHour({ app }: StartedGateway): void {
  const now = Date.now();
  for (let second = 3600; second > 0; second -= 6) {
    const call = runningCall({
      id: `hour_${second}`,
      tool: `im_v1_tool_${second % 40}`,
      startedAt: now - second * 1000,
    });
    const failed = second % 18 === 0;
    app.bus.publish({ kind: 'call.finished', call: { ...call, ms: 100, outcome: failed ? 'error' : 'ok' } });
  }
}

/** Calls that begin and end, with a limit hit and a session that changes now and then. */
async function stream({ app }: StartedGateway, forSeconds: number): Promise<void> {
  const begun = performance.now();
  const { sessions } = await app.call('snapshot', {});
  const [session] = sessions;
  let sent = 0;
  while (performance.now() - begun < forSeconds * 1000) {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    for (; sent < due; sent += 2) {
      count += 1;
      const id = `bench_${count}`;
      const sessionId = session?.id ?? '';
      if (count % 10 === 0) app.bus.publish({ kind: 'limit.hit', hit: sampleHit({ sessionId }) });
      if (count % 10 === 0 && session) app.bus.publish({ kind: 'session.changed', session });
      if (count % 10 === 0) continue;
      const call = runningCall({ id, sessionId, tool: `im_v1_tool_${count % 40}`, startedAt: Date.now() });
      const failed = count % 17 === 0;
      app.bus.publish({ kind: 'call.started', call });
      app.bus.publish({
        kind: 'call.finished',
        call: {
          ...call,
          ms: 20 + (count % 300),
          upstreamMs: 15,
          outcome: failed ? 'error' : 'ok',
          fault: failed ? 'timeout' : null,
        },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What is still held after a collection. */
async function memory(cdp: CDPSession): Promise<{ heapMb: number; nodes: number }> {
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { heapMb: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes') };
}

/** Milliseconds of every task on the page's main thread. */
function tasksOf(trace: Buffer): number[] {
  const { traceEvents } = traceSchema.parse(JSON.parse(trace.toString('utf8')));
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.['name'] === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, number[]>();
  for (const { name, pid, tid, dur } of traceEvents) {
    const thread = `${pid} ${tid}`;
    if (name !== 'RunTask' || dur === undefined || !mains.has(thread)) continue;
    const tasks = byThread.get(thread) ?? [];
    tasks.push(dur / 1000);
    byThread.set(thread, tasks);
  }
  return [...byThread.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

function toMarkdown(all: Figures[]): string {
  const { processor, memoryGb, system } = describeMachine();
  const head = ['page', 'tasks', 'p50 ms', 'p99 ms', 'longest ms', `over ${goalMs} ms`, 'busy', 'heap MB', 'nodes', ''];
  const rows = all.map((figures) => [
    figures.page,
    String(figures.tasks),
    figures.p50.toFixed(2),
    figures.p99.toFixed(1),
    figures.longest.toFixed(1),
    String(figures.long),
    `${(figures.busy * 100).toFixed(0)}%`,
    `${figures.heapFirstMb.toFixed(1)} to ${figures.heapLastMb.toFixed(1)}`,
    `${figures.nodesFirst} to ${figures.nodesLast}`,
    figures.p99 < goalMs ? 'reached' : '**missed**',
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  return `${perSecond} events a second for ${seconds} s, Chromium ${browser.version()}, ${processor}, ${memoryGb} GB, ${system}\n\n${table}\n`;
}
