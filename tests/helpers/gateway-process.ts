import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Target } from './clients/client.ts';
import { cleanEnvironment, projectFolder } from './run-node.ts';

/** The one line that `serve --json` prints. */
const readySchema = z.strictObject({
  ready: z.literal(true),
  mcp: z.url(),
  sse: z.url(),
  key: z.string(),
  dashboard: z.url(),
  signIn: z.url(),
  health: z.url(),
  metrics: z.url(),
  sandbox: z.url().nullable(),
  pid: z.int(),
});

type Ready = z.infer<typeof readySchema>;

export interface GatewayProcess {
  ready: Ready;
  target: Target;
  /** kill -9: no farewell, no flush. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const executable = join(projectFolder, 'dist/larkgate.mjs');

/** Runs the built executable in front of its own sandbox, with the demo person signed in. */
export async function startGatewayProcess(options: { data: string; port?: number }): Promise<GatewayProcess> {
  const argv = ['serve', '--sandbox', '--port', String(options.port ?? 0), '--data', options.data, '--json'];
  const child = spawn(process.execPath, [executable, ...argv], {
    env: cleanEnvironment(options.data),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ready = readySchema.parse(JSON.parse(await firstLine(child)));
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return {
    ready,
    target: { mcp: ready.mcp, sse: ready.sse, key: ready.key },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The output is not piped');
  let complaint = '';
  stderr.setEncoding('utf8').on('data', (text: string) => void (complaint = (complaint + text).slice(-4000)));
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error(`The gateway ended before it was ready: ${complaint}`);
}
