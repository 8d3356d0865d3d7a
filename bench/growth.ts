import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Bench } from './bench.ts';
import { signedInFolder, startGateway } from './gateway.ts';
import type { Endpoint } from './jobs.ts';
import { McpClient } from './mcp-client.ts';
import { openMemoryProbe } from './memory-probe.ts';
import { cpuMs, memoryMb } from './process-stats.ts';
import { freePort } from './server-process.ts';

/** The gateway alone, with ever more sessions open. */
export interface SessionGrowth {
  sessions: number;
  heapMb: number;
  rssMb: number;
  /** Kilobytes in use per session, after a garbage collection. */
  kbEach: number;
  /** CPU milliseconds to open one of the sessions that this step added. */
  openCpu: number;
}

/** The gateway alone, with ever more tools switched on. */
export interface ToolGrowth {
  tools: number;
  listBytes: number;
  p50: number;
  cpu: number;
  coldMs: number;
  rssMb: number;
}

/** Sessions are open as clients leave them: handshake done, event stream connected. */
export async function growSessions(bench: Bench, steps: number[]): Promise<SessionGrowth[]> {
  const { generator } = bench;
  const port = await freePort();
  const gateway = await startGateway(await signedInFolder(bench), [`--inspect=127.0.0.1:${port}`]);
  try {
    const probe = await openMemoryProbe(port);
    // What is built at first use is not a cost of each session.
    await generator.open(gateway.endpoint, 1);
    await generator.close();
    const emptyMb = await probe.usedMb();
    const grown: SessionGrowth[] = [];
    let open = 0;
    for (const sessions of steps) {
      const cpuBefore = cpuMs(gateway.pid);
      await generator.open(gateway.endpoint, sessions - open);
      const openCpu = (cpuMs(gateway.pid) - cpuBefore) / (sessions - open);
      open = sessions;
      const heapMb = await probe.usedMb();
      const kbEach = ((heapMb - emptyMb) * 1024) / sessions;
      grown.push({ sessions, heapMb, rssMb: memoryMb(gateway.pid, 'VmRSS'), kbEach, openCpu });
      console.error(`sessions ${sessions}: ${kbEach.toFixed(1)} kB each`);
    }
    probe.close();
    await generator.close();
    return grown;
  } finally {
    await gateway.stop();
  }
}

export async function growTools(bench: Bench, { steps, ms }: { steps: number[]; ms: number }): Promise<ToolGrowth[]> {
  const names = await toolNames();
  const grown: ToolGrowth[] = [];
  for (const step of steps) {
    const gateway = await startGateway(await signedInFolder(bench, names.slice(0, step)));
    try {
      const { endpoint, pid, coldMs } = gateway;
      const tools = await countTools(endpoint);
      const load = await bench.generator.load({ endpoint, pid, operation: 'list', clients: 8, ms });
      const { p50, cpu, answerBytes: listBytes } = load;
      grown.push({ tools, listBytes, p50, cpu, coldMs, rssMb: memoryMb(pid, 'VmRSS') });
      console.error(`tools ${tools}: CPU ${cpu.toFixed(2)} ms per list`);
    } finally {
      await gateway.stop();
    }
  }
  return grown;
}

async function countTools(endpoint: Endpoint): Promise<number> {
  const client = new McpClient(endpoint);
  await client.open();
  const text = (await client.list()).toString('utf8');
  await client.close();
  return listSchema.parse(JSON.parse(text.slice(text.indexOf('{')))).result.tools.length;
}

const listSchema = z.object({ result: z.object({ tools: z.array(z.unknown()) }) });
const catalogSchema = z.object({
  tools: z.array(z.tuple([z.string(), z.string(), z.string(), z.string(), z.boolean()]).rest(z.unknown())),
});

/** The names of all tools of the catalog that take a person's token. */
async function toolNames(): Promise<string[]> {
  const path = join(import.meta.dirname, '..', 'resources', 'catalog', 'index.en.json');
  const { tools } = catalogSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  return tools.filter(([, , , , acceptsUser]) => acceptsUser).map(([name]) => name);
}
