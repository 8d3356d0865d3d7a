import { Server } from '@modelcontextprotocol/server';
import { Fault } from '../../src-main/base/fault.ts';
import { faultResult } from '../../src-main/gateway/fault-result.ts';
import type { Provider, Tool } from '../../src-main/providers/provider.ts';

/** An MCP server with the tools of one provider that needs no account, to be mounted in a gateway. */
export function createProviderServer(provider: Provider): Server {
  const server = new Server({ name: provider.name, version: '1.0.0' }, { capabilities: { tools: {}, logging: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: provider.tools().map((tool) => tool.entry()) }));
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    try {
      const tool: Tool = toolOf(provider, params.name);
      const input: unknown = params.arguments ?? {};
      tool.check(input);
      const result = await tool.run(input, {
        credential: undefined,
        renew: () => Promise.reject(new Fault('sign_in_again')),
        signal: mcpReq.signal,
        answered: () => {},
        say: () => {},
      });
      return { ...result };
    } catch (thrown) {
      return { ...faultResult(Fault.from(thrown), 'en') };
    }
  });
  return server;
}

function toolOf(provider: Provider, name: string): Tool {
  const tool = provider.tools().find((one) => one.name === name);
  if (tool) return tool;
  throw new Fault('unknown_tool');
}
