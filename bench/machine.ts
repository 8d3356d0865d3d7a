import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';
import { z } from 'zod';

export interface Machine {
  processor: string;
  memoryGb: number;
  system: string;
  node: string;
  gateway: string;
  official: string;
}

const packageSchema = z.object({ version: z.string() });

/** What the numbers depend on. */
export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: `${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    gateway: versionIn(new URL('../package.json', import.meta.url)),
    official: versionIn(createRequire(import.meta.url).resolve('@larksuiteoapi/lark-mcp/package.json')),
  };
}

function versionIn(path: string | URL): string {
  return packageSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
