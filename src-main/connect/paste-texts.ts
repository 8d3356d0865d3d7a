import type { ClientKind, PasteView } from '../contract/connect-views.ts';
import { cherryStudioServers } from './client-links.ts';
import { authorization, type Door, entryName } from './entry.ts';

/** The texts that a person copies into a client that LarkGate cannot configure by itself. */
export function pasteTexts(kind: ClientKind, door: Door): PasteView[] {
  if (kind === 'cherry-studio') return [{ label: json, text: JSON.stringify(cherryStudioServers(door), undefined, 2) }];
  if (kind === 'amazon-quick') return bridgeFields(door);
  return kind === 'other' ? everything(door) : [];
}

function bridgeFields({ bridge }: Door): PasteView[] {
  if (!bridge) return [];
  return [
    { label: { zh: '名称', en: 'Name' }, text: entryName },
    { label: { zh: '命令', en: 'Command' }, text: bridge.command },
    { label: { zh: '参数（每行一个）', en: 'Arguments (one a line)' }, text: bridge.args.join('\n') },
    { label: { zh: '超时（秒）', en: 'Timeout (seconds)' }, text: '120' },
  ];
}

function everything({ url, key, bridge }: Door): PasteView[] {
  const { Authorization } = authorization(key);
  const http = { mcpServers: { [entryName]: { type: 'http', url, headers: { Authorization } } } };
  const toml = [
    `[mcp_servers.${entryName}]`,
    `url = ${JSON.stringify(url)}`,
    `http_headers = { Authorization = ${JSON.stringify(Authorization)} }`,
  ];
  const stdio = bridge && { mcpServers: { [entryName]: { command: bridge.command, args: bridge.args } } };
  return [
    { label: { zh: 'MCP 地址', en: 'MCP address' }, text: url },
    { label: { zh: '请求头', en: 'Header' }, text: `Authorization: ${Authorization}` },
    { label: json, text: JSON.stringify(http, undefined, 2) },
    { label: { zh: 'TOML', en: 'TOML' }, text: toml.join('\n') },
    ...(stdio ? [{ label: stdioLabel, text: JSON.stringify(stdio, undefined, 2) }] : []),
  ];
}

const json = { zh: 'JSON 配置', en: 'JSON configuration' };
const stdioLabel = { zh: '只支持 stdio 的客户端（JSON）', en: 'For clients that speak stdio only (JSON)' };
