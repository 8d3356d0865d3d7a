import type { Comparison, Subject } from './compare.ts';
import type { Goal } from './goals.ts';
import type { SessionGrowth, ToolGrowth } from './growth.ts';
import type { Load } from './jobs.ts';
import type { Machine } from './machine.ts';
import type { Options } from './options.ts';

export interface Results {
  date: string;
  machine: Machine;
  options: Options;
  comparison: Comparison;
  goals: Goal[];
  growth: { sessions: SessionGrowth[]; tools: ToolGrowth[] } | false;
}

const names: Record<Subject, string> = {
  official: 'lark-mcp',
  gateway: 'LarkGate',
  gatewayStateless: 'LarkGate, 2026-07-28',
};

/** The results as a Markdown document, which reads well in a terminal too. */
export function toMarkdown(results: Results): string {
  const { comparison, goals, growth } = results;
  const sections = [
    `# LarkGate and the official server\n\n${conditions(results)}`,
    `## Goals\n\n${goalTable(goals)}`,
    `## Load\n\nMilliseconds. CPU is what the server's process used per request.\n\n${loadTable(comparison)}`,
    `## Memory and start\n\n${footprintTable(comparison)}`,
    ...(growth ? [`## Growth\n\n${sessionTable(growth.sessions)}\n\n${toolTable(growth.tools)}`] : []),
    `## How it is measured\n\n${method(results.options)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function conditions({ date, machine }: Results): string {
  const { processor, memoryGb, system, node, gateway, official } = machine;
  return `LarkGate ${gateway} and @larksuiteoapi/lark-mcp ${official}, both on Node ${node}, ${date}. ${processor}, ${memoryGb} GB, ${system}.`;
}

function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ name, ours, official, unit, means, reached }) => [
    name,
    `${number(official)} ${unit}`,
    `${number(ours)} ${unit}`,
    `1/${number(official / ours)}`,
    means,
    reached ? 'reached' : '**missed**',
  ]);
  return table(['', names.official, names.gateway, 'ratio', 'goal', ''], rows);
}

function loadTable({ situations }: Comparison): string {
  const rows = situations.flatMap(({ operation, clients, loads }) =>
    Object.entries(names).map(([subject, name]) => {
      const load: Load = loads[subject as Subject];
      return [
        `${operation}, c=${clients}`,
        name,
        number(load.p50),
        number(load.p99),
        load.perSecond.toFixed(0),
        number(load.cpu),
      ];
    }),
  );
  return table(['', 'server', 'p50', 'p99', 'requests/s', 'CPU'], rows);
}

function footprintTable({ footprints }: Comparison): string {
  const rows = (['official', 'gateway'] as const).map((subject) => {
    const { idleMb, afterMb, peakMb, coldMs } = footprints[subject];
    return [names[subject], ...[idleMb, afterMb, peakMb, coldMs].map((value) => value.toFixed(0))];
  });
  return table(['', 'RSS idle, MB', 'RSS after load, MB', 'RSS at most, MB', 'cold start to first list, ms'], rows);
}

function sessionTable(growth: readonly SessionGrowth[]): string {
  const rows = growth.map((step) => [
    `${step.sessions}`,
    number(step.kbEach),
    number(step.heapMb),
    step.rssMb.toFixed(0),
    number(step.openCpu),
  ]);
  return table(['open sessions', 'kB each', 'heap in use, MB', 'RSS, MB', 'CPU to open one, ms'], rows);
}

function toolTable(growth: readonly ToolGrowth[]): string {
  const rows = growth.map((step) => [
    `${step.tools}`,
    (step.listBytes / 1024).toFixed(0),
    number(step.p50),
    number(step.cpu),
    step.coldMs.toFixed(0),
    step.rssMb.toFixed(0),
  ]);
  return table(
    ['tools listed', 'list, kB', 'p50 at c=8, ms', 'CPU per list, ms', 'cold start, ms', 'RSS after, MB'],
    rows,
  );
}

function method({ rounds, ms, coldStarts }: Options): string {
  return [
    '- `npm run bench`; everything runs on this machine and talks over loopback. Server, upstream and load generator are processes of their own.',
    '- lark-mcp runs as its users start it: `lark-mcp mcp -a … -s … -d <upstream> -m streamable`, default tools. It refuses user tokens there unless it does the sign-in itself, so it calls Feishu as the app. Its clients post requests without a session, for it keeps none.',
    '- LarkGate runs as `npm run larkgate` starts it, with everything on: client keys, limits (too high to be hit), call records, log, a signed-in person. Its clients do the 2025-11-25 handshake and hold their event stream open; the rows "2026-07-28" are the stateless revision on the same process.',
    '- The upstream answers at once: 50 Base records, 6 KB, for `bitable_v1_appTableRecord_search`. Every answer is checked: its id, the table that was asked for, and whose token reached the upstream.',
    `- Closed loop: each client has one connection and sends its next request when it has its answer. ${rounds} round(s) of ${ms / 1000} s per number, the servers taking turns in changing order; each number is the median over the rounds, the cold start that of ${coldStarts}.`,
    '- CPU is user and system time of the server process with all threads and children (`/proc`), divided by the requests. Memory is `VmRSS` and `VmHWM`; after load means two seconds after the last request.',
    '- Memory per session is what the heap and buffers hold after a garbage collection, less what they held without sessions.',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Three digits that mean something. */
function number(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
