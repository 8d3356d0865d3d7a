import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildBridge } from '../../scripts/build-bridge.ts';
import { systemClock } from '../../src-main/base/clock.ts';
import { createNodeHost } from '../../src-main/base/host.ts';
import { Signer } from '../../src-main/base/signer.ts';
import { writeBridgeFile } from '../../src-main/connect/bridge-file.ts';
import { ClientKeys } from '../../src-main/server/client-keys.ts';
import { cleanEnvironment, projectFolder } from './run-node.ts';

export interface BuiltBridge {
  folder: string;
  /** The one file. */
  path: string;
  remove(): Promise<void>;
}

/** Builds the bridge as it is shipped, into a folder of its own. */
export async function builtBridge(): Promise<BuiltBridge> {
  const folder = await mkdtemp(join(tmpdir(), 'larkgate-bridge-'));
  await buildBridge(folder);
  return { folder, path: join(folder, 'bridge.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Gives the bridge its secrets in a data folder, as connecting Claude Desktop does. Returns the key. */
export async function giveBridgeKey(data: string): Promise<{ id: string; secret: string }> {
  const signer = new Signer(await (await createNodeHost(data, {})).masterKey());
  const keys = await ClientKeys.open(data, { signer, clock: systemClock });
  const key = await keys.add('Claude Desktop');
  await writeBridgeFile(data, 'claude-desktop', {
    key: key.secret,
    hello: signer.keyFor('hello').toString('base64url'),
  });
  return key;
}

/** How a client starts it. */
export function bridgeCommand(bridge: BuiltBridge, data: string, wait = 20) {
  return {
    command: process.execPath,
    args: [bridge.path, '--data', data, '--client', 'claude-desktop', '--wait', String(wait)],
    env: cleanEnvironment(data),
    cwd: projectFolder,
  };
}

export interface RawBridge {
  child: ChildProcess;
  /** Everything it said on stderr so far. */
  complaints(): string;
  send(...messages: unknown[]): void;
  /** The next line it wrote, parsed. */
  next(): Promise<Record<string, unknown>>;
  /** Writes requests and returns the answer to the last of them. */
  ask(message: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Ends its input; resolves with its exit code. */
  end(): Promise<number | null>;
}

/** The bridge with its bare lines. */
export function spawnBridge(bridge: BuiltBridge, data: string, wait = 20): RawBridge {
  const { command, args, env, cwd } = bridgeCommand(bridge, data, wait);
  const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (complaints += text));
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The bridge ended: ${complaints}`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const send = (...messages: unknown[]) => {
    for (const message of messages)
      child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  };
  return {
    child,
    complaints: () => complaints,
    send,
    next,
    ask: async (message) => {
      send({ jsonrpc: '2.0', ...message });
      for (;;) {
        const answer = await next();
        if (answer['id'] === message['id'] && !('method' in answer)) return answer;
      }
    },
    end: async () => {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

export const initialize = {
  id: 'init',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
export const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
