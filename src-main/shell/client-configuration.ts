import type { DesktopGateway } from './desktop-gateway.ts';

/** What most MCP clients take as it is. Holds the client's key, so it goes to the clipboard and nowhere else. */
export function clientConfiguration({ mcpUrl, clientKey }: Pick<DesktopGateway, 'mcpUrl' | 'clientKey'>): string {
  const larkgate = { type: 'http', url: mcpUrl, headers: { Authorization: `Bearer ${clientKey}` } };
  return JSON.stringify({ mcpServers: { larkgate } }, undefined, 2);
}
