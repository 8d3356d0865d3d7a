import { createRequire } from 'node:module';
import { createHome, runNode } from '../run-node.ts';
import { type Connection, type Negotiated, type RealClient, type Target, readAnswer, readNames } from './client.ts';
import { serverName, writeInspectorConfig } from './inspector-cli.ts';

/** The Inspector's `mcpdo`: a daemon of its own holds the connection, and each command goes through it. */
export const inspectorDaemonClients: readonly RealClient[] = [
  daemon('Inspector daemon with a session', 'mcp', 'legacy'),
  daemon('Inspector daemon without a session', 'mcp', 'modern'),
  daemon('Inspector daemon over SSE', 'sse', 'legacy'),
];

const script = createRequire(import.meta.url).resolve('@modelcontextprotocol/inspector/clients/mcpdo/build/mcp-bin.js');

function daemon(name: string, door: RealClient['door'], era: RealClient['era']): RealClient {
  return { name, door, era, lasting: true, connect: (target) => openDaemon(target, door, era) };
}

async function openDaemon(target: Target, door: RealClient['door'], era: RealClient['era']): Promise<Connection> {
  const home = await createHome();
  const config = await writeInspectorConfig(home.path, target, door, era);
  const run = async (...argv: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await runNode(
      [script, '--config', config, '--format', 'json', ...argv],
      home.path,
    );
    // A failed tool exits with an error code too, and still prints its result.
    if (stdout === '') throw new Error(`mcpdo ${argv.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  };
  const through = (...argv: string[]) => run('--connection', serverName, ...argv);
  const close = async () => {
    await run('daemon', 'stop');
    await home.remove();
  };
  await run('connect', serverName).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const shown = (await through('connections/show')) as { protocolEra: Negotiated['era']; protocolVersion: string };
  return {
    negotiated: { era: shown.protocolEra, version: shown.protocolVersion },
    listTools: async () => readNames(await through('tools/list')),
    callTool: async (name, args = {}) => {
      const pairs = Object.entries(args).map(([key, value]) => `${key}:=${JSON.stringify(value)}`);
      return readAnswer(await through('tools/call', name, ...pairs));
    },
    close,
  };
}
