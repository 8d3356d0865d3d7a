import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createHome, runNode } from '../run-node.ts';
import { type Connection, type RealClient, type Target, bearer, readAnswer, readNames } from './client.ts';

/** The official Inspector's command line: each call is a connection of its own. */
export const inspectorCliClients: readonly RealClient[] = [
  inspector('Inspector CLI with a session', 'mcp', 'legacy'),
  inspector('Inspector CLI without a session', 'mcp', 'modern'),
  inspector('Inspector CLI over SSE', 'sse', 'legacy'),
];

const script = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/inspector/clients/launcher/build/index.js',
);

function inspector(name: string, door: RealClient['door'], era: RealClient['era']): RealClient {
  return { name, door, era, lasting: false, connect: (target) => openInspector(target, door, era) };
}

async function openInspector(target: Target, door: RealClient['door'], era: RealClient['era']): Promise<Connection> {
  const home = await createHome();
  const config = await writeInspectorConfig(home.path, target, door, era);
  const run = async (...argv: string[]): Promise<unknown> => {
    const all = [script, '--cli', '--config', config, '--server', serverName, '--format', 'json', '--quiet', ...argv];
    const { code, stdout, stderr } = await runNode(all, home.path);
    if (stdout === '') throw new Error(`Inspector CLI ended with ${code}: ${stderr}`);
    return (JSON.parse(stdout) as { result: unknown }).result;
  };
  return {
    negotiated: { era: undefined, version: undefined },
    listTools: async () => readNames(await run('--method', 'tools/list')),
    callTool: async (name, args = {}) =>
      readAnswer(await run('--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(args))),
    close: () => home.remove(),
  };
}

export const serverName = 'larkgate';

/** The configuration a person pastes; the key stays out of the process list that way. */
export async function writeInspectorConfig(
  folder: string,
  target: Target,
  door: RealClient['door'],
  era: RealClient['era'],
): Promise<string> {
  const server =
    door === 'mcp'
      ? { type: 'streamable-http', url: target.mcp, headers: bearer(target), protocolEra: era }
      : { type: 'sse', url: target.sse, headers: bearer(target) };
  const path = join(folder, 'mcp.json');
  await writeFile(path, JSON.stringify({ mcpServers: { [serverName]: server } }), { mode: 0o600 });
  return path;
}
