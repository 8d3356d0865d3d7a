import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { signedInFolder, startGateway, stateless } from './gateway.ts';
import type { Endpoint, Load, Operation } from './jobs.ts';
import { startOfficialServer } from './official-server.ts';
import type { Options } from './options.ts';
import { memoryMb } from './process-stats.ts';
import type { Server } from './server-process.ts';
import { median } from './stats.ts';

export const subjects = ['official', 'gateway', 'gatewayStateless'] as const;
export type Subject = (typeof subjects)[number];
const operations = ['list', 'call'] as const;

/** One measured situation, for every subject: the medians over the rounds. */
export interface Situation {
  operation: Operation;
  clients: number;
  loads: Record<Subject, Load>;
}

/** Of one server process, in megabytes and milliseconds. */
export interface Footprint {
  idleMb: number;
  afterMb: number;
  peakMb: number;
  coldMs: number;
}

export interface Comparison {
  situations: Situation[];
  footprints: Record<'official' | 'gateway', Footprint>;
}

interface Pair {
  official: Server;
  gateway: Server;
}

/** Both servers side by side. Their turns alternate, so that a busy moment of the machine does not fall on one of them. */
export async function compare(bench: Bench, options: Options): Promise<Comparison> {
  const folder = await signedInFolder(bench);
  const starts: Pair[] = [];
  for (let start = 1; start < options.coldStarts; start += 1) {
    const pair = await startPair(bench, folder);
    starts.push(pair);
    await stopPair(pair);
  }
  const pair = await startPair(bench, folder);
  starts.push(pair);
  try {
    await sleep(2000);
    const idleMb = { official: memoryMb(pair.official.pid, 'VmRSS'), gateway: memoryMb(pair.gateway.pid, 'VmRSS') };
    const situations = await loadPair(pair, bench, options);
    await sleep(2000);
    const footprint = (name: keyof Pair): Footprint => ({
      idleMb: idleMb[name],
      afterMb: memoryMb(pair[name].pid, 'VmRSS'),
      peakMb: memoryMb(pair[name].pid, 'VmHWM'),
      coldMs: median(starts.map((start) => start[name].coldMs)),
    });
    return { situations, footprints: { official: footprint('official'), gateway: footprint('gateway') } };
  } finally {
    await stopPair(pair);
  }
}

async function startPair(bench: Bench, folder: string): Promise<Pair> {
  const official = await startOfficialServer(bench);
  return { official, gateway: await startGateway(folder) };
}

async function stopPair({ official, gateway }: Pair): Promise<void> {
  await Promise.all([official.stop(), gateway.stop()]);
}

async function loadPair(pair: Pair, { generator }: Bench, options: Options): Promise<Situation[]> {
  const targets: Record<Subject, { endpoint: Endpoint; pid: number }> = {
    official: pair.official,
    gateway: pair.gateway,
    gatewayStateless: { pid: pair.gateway.pid, endpoint: stateless(pair.gateway.endpoint) },
  };
  const run = (subject: Subject, step: { operation: Operation; clients: number }, ms: number): Promise<Load> => {
    const { endpoint, pid } = targets[subject];
    return generator.load({ endpoint, pid, ms, ...step });
  };
  for (const subject of subjects) {
    for (const operation of operations) await run(subject, { operation, clients: 8 }, 1000);
  }
  const steps = options.concurrency.flatMap((clients) =>
    operations.map((operation) => ({ operation, clients, ...noLoads() })),
  );
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const step of steps) {
      for (const subject of round % 2 ? subjects : subjects.toReversed()) {
        const load = await run(subject, { operation: step.operation, clients: step.clients }, options.ms);
        step.loads[subject].push(load);
        console.error(`round ${round}: ${step.operation} c=${step.clients} ${subject} ${describe(load)}`);
      }
    }
  }
  return steps.map(({ operation, clients, loads }) => ({ operation, clients, loads: typical(loads) }));
}

function noLoads(): { loads: Record<Subject, Load[]> } {
  return { loads: { official: [], gateway: [], gatewayStateless: [] } };
}

function typical({ official, gateway, gatewayStateless }: Record<Subject, Load[]>): Record<Subject, Load> {
  return { official: medians(official), gateway: medians(gateway), gatewayStateless: medians(gatewayStateless) };
}

/** The median of each number by itself. */
function medians(loads: readonly Load[]): Load {
  const of = (key: keyof Load) => median(loads.map((load) => load[key]));
  return {
    requests: of('requests'),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    cpu: of('cpu'),
    answerBytes: of('answerBytes'),
  };
}

function describe(load: Load): string {
  return `${load.perSecond.toFixed(0)}/s, p50 ${load.p50.toFixed(1)} ms, p99 ${load.p99.toFixed(1)} ms, CPU ${load.cpu.toFixed(2)} ms`;
}
