import { type Endpoint, type Job, jobSchema, type Load, type LoadJob, type Reply } from './jobs.ts';
import { McpClient } from './mcp-client.ts';
import { cpuMs } from './process-stats.ts';
import { percentile } from './stats.ts';

/** The process that loads the servers, in a closed loop: each client sends its next request when it has its answer. */
const kept: McpClient[] = [];

process.on('message', (message) => {
  perform(jobSchema.parse(message)).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));

function reply(message: Reply): void {
  process.send?.(message);
}

async function perform(job: Job): Promise<Load | null> {
  if (job.do === 'load') return load(job);
  if (job.do === 'open') kept.push(...(await openClients(job.endpoint, job.clients)));
  else await Promise.all(kept.splice(0).map((client) => client.close()));
  return null;
}

async function load({ endpoint, pid, operation, clients: count, ms }: LoadJob): Promise<Load> {
  const clients = await openClients(endpoint, count);
  const answers = await Promise.all(clients.map((client) => client[operation]()));
  const times: number[] = [];
  const cpuBefore = cpuMs(pid);
  const started = performance.now();
  const loop = async (client: McpClient) => {
    while (performance.now() < started + ms) {
      const sent = performance.now();
      await client[operation]();
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(clients.map(loop));
  const seconds = (performance.now() - started) / 1000;
  const cpu = (cpuMs(pid) - cpuBefore) / times.length;
  await Promise.all(clients.map((client) => client.close()));
  return {
    requests: times.length,
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpu,
    answerBytes: Math.max(...answers.map((answer) => answer.length)),
  };
}

/** Opens clients a few at a time, as a server meets them. */
async function openClients(endpoint: Endpoint, count: number): Promise<McpClient[]> {
  const clients = Array.from({ length: count }, () => new McpClient(endpoint));
  for (let next = 0; next < count; next += 10) {
    await Promise.all(clients.slice(next, next + 10).map((client) => client.open()));
  }
  return clients;
}
