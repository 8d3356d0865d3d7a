import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { createHome, runNode } from './run-node.ts';

export interface ScenarioSummary {
  passed: number;
  failed: number;
  /** One line per check that was judged: "SUCCESS tools-list". What a check merely noted is left out. */
  checks: string[];
}

/** By scenario name. */
export type ConformanceSummary = Record<string, ScenarioSummary>;

const script = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/dist/index.js');
const checksSchema = z.array(z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }));

/** Runs every scenario of the official suite, the pending ones too, against a server. */
export function runConformanceSuite(url: string): Promise<ConformanceSummary> {
  return runConformance(url, ['--suite', 'all']);
}

export async function runConformanceScenario(url: string, scenario: string): Promise<ScenarioSummary> {
  const summary = (await runConformance(url, ['--scenario', scenario]))[scenario];
  if (!summary) throw new Error(`The suite wrote nothing about ${scenario}`);
  return summary;
}

async function runConformance(url: string, choice: string[]): Promise<ConformanceSummary> {
  const home = await createHome();
  try {
    const output = join(home.path, 'results');
    // Ends with 1 when a check failed; what failed is read below.
    const run = await runNode([script, 'server', '--url', url, ...choice, '--output-dir', output], home.path);
    const folders = await readdir(output).catch(() => []);
    if (folders.length === 0) throw new Error(`The suite wrote nothing: ${run.stderr || run.stdout}`);
    const entries = folders.map(async (folder): Promise<[string, ScenarioSummary]> => [
      scenarioOf(folder),
      summarize(checksSchema.parse(JSON.parse(await readFile(join(output, folder, 'checks.json'), 'utf8')))),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  } finally {
    await home.remove();
  }
}

/** "server-tools-list-2026-11-21T04-38-40-198Z" is about "tools-list". */
function scenarioOf(folder: string): string {
  return folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
}

function summarize(checks: z.infer<typeof checksSchema>): ScenarioSummary {
  const judged = checks.filter((check) => check.status !== 'INFO');
  const count = (status: string) => judged.filter((check) => check.status === status).length;
  return {
    passed: count('SUCCESS'),
    failed: count('FAILURE'),
    checks: judged.map((check) => [check.status, check.id, check.errorMessage].filter(Boolean).join(' ')),
  };
}
