import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { cleanEnvironment, createHome } from '../run-node.ts';
import type { Connection, RealClient, Target } from './client.ts';
import { connectOver } from './sdk-v1.ts';

/** The stdio bridge that clients without HTTP are pointed at, in each of its ways to the server. */
export const mcpRemoteClients: readonly RealClient[] = [
  {
    name: 'mcp-remote over Streamable HTTP',
    door: 'mcp',
    era: 'legacy',
    lasting: true,
    connect: (target) => bridge(target, target.mcp, ['--transport', 'http-only']),
  },
  {
    name: 'mcp-remote without a session',
    door: 'mcp',
    era: 'modern',
    lasting: true,
    connect: (target) => bridge(target, target.mcp, ['--transport', 'http-only', '--protocol', 'auto']),
  },
  {
    name: 'mcp-remote over SSE',
    door: 'sse',
    era: 'legacy',
    lasting: true,
    connect: (target) => bridge(target, target.sse, ['--transport', 'sse-only']),
  },
];

const script = createRequire(import.meta.url).resolve('mcp-remote/dist/proxy.js');

async function bridge(target: Target, url: string, flags: string[]): Promise<Connection> {
  const home = await createHome();
  const headers = join(home.path, 'headers');
  await writeFile(headers, target.key === undefined ? '' : `Authorization: Bearer ${target.key}\n`, { mode: 0o600 });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, url, ...flags, '--header-file', headers],
    env: cleanEnvironment(home.path),
    stderr: 'ignore',
  });
  const connection = await connectOver(transport).catch(async (error: unknown) => {
    await home.remove();
    throw error;
  });
  return {
    ...connection,
    // The bridge speaks 2025 to its client whatever it speaks to the server.
    negotiated: { era: undefined, version: undefined },
    close: async () => {
      await connection.close();
      await home.remove();
    },
  };
}
