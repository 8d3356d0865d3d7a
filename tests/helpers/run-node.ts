import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface NodeRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a script to its end on the Node that runs the tests, with `home` for its home folder. */
export async function runNode(argv: readonly string[], home: string): Promise<NodeRun> {
  const child = spawn(process.execPath, argv, {
    cwd: projectFolder,
    env: cleanEnvironment(home),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

/** What a fresh machine would have set: nothing of the person's own settings, proxies or keychain reaches the child. */
export function cleanEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    USERPROFILE: home,
    MCP_INSPECTOR_SECRET_STORE: 'file',
    NO_COLOR: '1',
  };
}

export interface TemporaryHome {
  path: string;
  remove(): Promise<void>;
}

/** An empty home folder for a program that keeps things there. */
export async function createHome(): Promise<TemporaryHome> {
  const path = await mkdtemp(join(tmpdir(), 'larkgate-home-'));
  // A program told to stop may still be tidying up: removal is tried again when a file appears meanwhile.
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10 }) };
}
