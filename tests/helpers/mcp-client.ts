import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** A client that calls itself what it likes, connected over Streamable HTTP. */
export async function connectAs(name: string, target: { mcp: string; key: string }): Promise<Client> {
  const client = new Client({ name, version: '1.0.0' });
  const headers = { authorization: `Bearer ${target.key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(target.mcp), { requestInit: { headers } }));
  return client;
}
