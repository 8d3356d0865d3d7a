import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import type { Endpoint } from './jobs.ts';
import { McpClient } from './mcp-client.ts';

/** A server under test. */
export interface Server {
  pid: number;
  endpoint: Endpoint;
  /** From its start to the answer of the first tools/list. */
  coldMs: number;
  stop(): Promise<void>;
}

export interface Launch {
  /** What follows `node`. */
  args: string[];
  /** A folder of its own, so that nothing of the person who measures is read or written. */
  home: string;
  env?: Record<string, string>;
}

/** Starts a server, waits until `whereIs` knows its endpoint, and asks it for its tools. */
export async function startServer(
  launch: Launch,
  whereIs: (child: ChildProcess) => Promise<Endpoint>,
): Promise<Server> {
  const started = performance.now();
  const child = spawn(process.execPath, launch.args, {
    cwd: launch.home,
    env: { PATH: process.env['PATH'], HOME: launch.home, TMPDIR: tmpdir(), ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = collect(child);
  const stop = () => stopProcess(child);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  try {
    const endpoint = await Promise.race([whereIs(child), failure(child, said)]);
    const client = new McpClient(endpoint);
    await client.open();
    await client.list();
    const coldMs = performance.now() - started;
    await client.close();
    return { pid: child.pid ?? 0, endpoint, coldMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Reads what a server writes, so that its pipes do not fill up. */
function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-4000)));
  return () => text;
}

async function failure(child: ChildProcess, said: () => string): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`The server ended (${code}): ${said()}`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(impatient);
}
