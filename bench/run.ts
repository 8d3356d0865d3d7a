import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { compare } from './compare.ts';
import { judge } from './goals.ts';
import { growSessions, growTools } from './growth.ts';
import { describeMachine } from './machine.ts';
import { type Options, readOptions } from './options.ts';
import { type Results, toMarkdown } from './report.ts';
import { Generator, startUpstream } from './workers.ts';

const options = readOptions(process.argv.slice(2));
if (!existsSync('/proc/self/stat')) throw new Error('The benchmark reads /proc: run it on Linux.');

const upstream = await startUpstream();
const generator = new Generator();
const scratch = await mkdtemp(join(tmpdir(), 'larkgate-bench-'));
try {
  const results = await measure({ generator, upstreamUrl: upstream.url, scratch }, options);
  const markdown = toMarkdown(results);
  if (options.full) await writeFile(join(import.meta.dirname, 'results.md'), markdown);
  console.log(options.json ? JSON.stringify(results) : markdown);
} finally {
  generator.stop();
  upstream.stop();
  await rm(scratch, { recursive: true, force: true });
}

async function measure(bench: Bench, options: Options): Promise<Results> {
  const comparison = await compare(bench, options);
  const growth = options.full && {
    sessions: await growSessions(bench, [1, 100, 1000]),
    tools: await growTools(bench, { steps: [20, 200, Infinity], ms: options.ms }),
  };
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: describeMachine(), options, comparison, goals: judge(comparison), growth };
}
