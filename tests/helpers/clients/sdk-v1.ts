import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type Connection, type RealClient, type Target, bearer, readAnswer, readNames } from './client.ts';

/** The SDK's older line, which knows sessions only. */
export const sdkV1Clients: readonly RealClient[] = [
  {
    name: 'SDK 1.32 over Streamable HTTP',
    door: 'mcp',
    era: 'legacy',
    lasting: true,
    connect: (target) => connectOver(new StreamableHTTPClientTransport(new URL(target.mcp), settings(target))),
  },
  {
    name: 'SDK 1.32 over SSE',
    door: 'sse',
    era: 'legacy',
    lasting: true,
    connect: (target) => connectOver(new SSEClientTransport(new URL(target.sse), settings(target))),
  },
];

const settings = (target: Target) => ({ requestInit: { headers: bearer(target) } });

/** Also what drives a stdio bridge. */
export async function connectOver(transport: Transport): Promise<Connection> {
  let version: string | undefined;
  const setProtocolVersion = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (agreed) => {
    version = agreed;
    setProtocolVersion?.(agreed);
  };
  const client = new Client({ name: 'sdk-v1', version: '1.32.2' });
  await client.connect(transport);
  return {
    negotiated: { era: 'legacy', version },
    listTools: async () => readNames(await client.listTools()),
    callTool: async (name, args = {}) => readAnswer(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}
