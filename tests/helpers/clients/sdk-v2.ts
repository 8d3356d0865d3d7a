import {
  Client,
  type ClientOptions,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { type Connection, type RealClient, type Target, bearer, readAnswer, readNames } from './client.ts';

/** The SDK's stable line in each of its ways to connect. */
export const sdkV2Clients: readonly RealClient[] = [
  {
    name: 'SDK 2.4 with a session',
    door: 'mcp',
    era: 'legacy',
    lasting: true,
    connect: (target) => connectOver(overHttp(target), 'legacy'),
  },
  {
    name: 'SDK 2.4 without a session',
    door: 'mcp',
    era: 'modern',
    lasting: true,
    connect: (target) => connectOver(overHttp(target), 'auto'),
  },
  {
    name: 'SDK 2.4 over SSE',
    door: 'sse',
    era: 'legacy',
    lasting: true,
    connect: (target) => connectOver(new SSEClientTransport(new URL(target.sse), settings(target)), 'legacy'),
  },
];

const settings = (target: Target) => ({ requestInit: { headers: bearer(target) } });
const overHttp = (target: Target) => new StreamableHTTPClientTransport(new URL(target.mcp), settings(target));

type Mode = NonNullable<NonNullable<ClientOptions['versionNegotiation']>['mode']>;

async function connectOver(transport: Transport, mode: Mode): Promise<Connection> {
  const client = new Client({ name: 'sdk-v2', version: '2.4.0' }, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    negotiated: { era: client.getProtocolEra(), version: client.getNegotiatedProtocolVersion() },
    listTools: async () => readNames(await client.listTools()),
    callTool: async (name, args = {}) => readAnswer(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}
