import { authorization, type Door, entryName } from './entry.ts';

/** The import document of Cherry Studio, which keeps its servers in a database of its own. */
export function cherryStudioServers({ url, key }: Door): object {
  return {
    mcpServers: {
      [entryName]: {
        name: 'LarkGate',
        type: 'streamableHttp',
        baseUrl: url,
        headers: authorization(key),
        isActive: true,
      },
    },
  };
}

export function cherryStudioLink(door: Door): string {
  return `cherrystudio://mcp/install?servers=${encodeURIComponent(base64(cherryStudioServers(door)))}`;
}

export function cursorLink({ url, key }: Door): string {
  const config = encodeURIComponent(base64({ url, headers: authorization(key) }));
  return `cursor://anysphere.cursor-deeplink/mcp/install?name=${entryName}&config=${config}`;
}

export function lmStudioLink({ url, key }: Door): string {
  const config = encodeURIComponent(base64({ url, headers: authorization(key) }));
  return `lmstudio://add_mcp?name=${entryName}&config=${config}`;
}

export function vsCodeLink({ url, key }: Door): string {
  const server = { name: entryName, type: 'http', url, headers: authorization(key) };
  return `vscode:mcp/install?${encodeURIComponent(JSON.stringify(server))}`;
}

/** A plus sign in a query would be read as a space: the callers encode what this gives. */
function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
