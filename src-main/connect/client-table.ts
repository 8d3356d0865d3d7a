import { join } from 'node:path';
import type { ClientHints, ClientKind } from '../contract/connect-views.ts';
import type { Words } from '../contract/words.ts';
import { cherryStudioLink, cursorLink, lmStudioLink, vsCodeLink } from './client-links.ts';
import * as places from './client-places.ts';
import type { ClientSpec } from './client-spec.ts';
import { settingsFolder } from './machine.ts';

const unbound: ClientHints = { toolBudget: null, nameLength: null, callMs: null, http: true };

const restart = (name: string): Words => ({
  zh: `完全退出并重新打开 ${name}，它会读取新的配置。`,
  en: `Quit ${name} completely and open it again; it reads the new configuration then.`,
});
const newSession = (name: string): Words => ({
  zh: `重新启动 ${name} 的会话即可使用。`,
  en: `Start a new session of ${name} to use it.`,
});
const reloads = (name: string): Words => ({
  zh: `${name} 会自动读取新的配置；如果没有出现，请在它的 MCP 设置中刷新。`,
  en: `${name} reads the new configuration by itself. If nothing shows up, reload in its MCP settings.`,
});

/** Every client LarkGate knows. To add one: a line in `clientKinds` and an entry here. */
const clients: Readonly<Record<ClientKind, Omit<ClientSpec, 'kind'>>> = {
  'cherry-studio': {
    name: 'Cherry Studio',
    places: () => [],
    marks: (machine) => [join(settingsFolder(machine), 'CherryStudio')],
    link: cherryStudioLink,
    hints: { ...unbound, callMs: 60_000 },
    next: {
      zh: '打开链接后，在 Cherry Studio 的“设置 → MCP 服务器”中把 LarkGate 打开。链接没有反应时，用“从 JSON 导入”粘贴配置。',
      en: 'After opening the link, switch LarkGate on under Settings → MCP Servers in Cherry Studio. If the link does nothing, use Import from JSON and paste the configuration.',
    },
  },
  'claude-desktop': {
    name: 'Claude Desktop',
    places: places.claudeDesktop,
    hints: { ...unbound, nameLength: 64, http: false },
    next: restart('Claude Desktop'),
  },
  'claude-code': {
    name: 'Claude Code',
    places: places.claudeCode,
    marks: ({ home }) => [join(home, '.claude')],
    hints: { ...unbound, nameLength: 64 },
    next: newSession('Claude Code'),
  },
  codex: {
    name: 'Codex',
    places: places.codex,
    hints: { ...unbound, nameLength: 64, callMs: 60_000 },
    next: newSession('Codex'),
  },
  cursor: {
    name: 'Cursor',
    places: places.cursor,
    link: cursorLink,
    hints: { ...unbound, toolBudget: 40, nameLength: 60 },
    next: reloads('Cursor'),
  },
  vscode: {
    name: 'VS Code',
    places: places.vsCode,
    link: vsCodeLink,
    hints: { ...unbound, toolBudget: 128, nameLength: 64 },
    next: reloads('VS Code'),
  },
  devin: {
    name: 'Devin Desktop (Windsurf)',
    places: places.devin,
    hints: { ...unbound, toolBudget: 100 },
    next: reloads('Devin Desktop'),
  },
  kiro: { name: 'Kiro', places: places.kiro, hints: { ...unbound, nameLength: 64 }, next: reloads('Kiro') },
  gemini: {
    name: 'Gemini CLI',
    places: places.gemini,
    hints: { ...unbound, nameLength: 63 },
    next: newSession('Gemini CLI'),
  },
  qwen: {
    name: 'Qwen Code',
    places: places.qwen,
    hints: { ...unbound, nameLength: 63 },
    next: newSession('Qwen Code'),
  },
  opencode: { name: 'OpenCode', places: places.openCode, hints: unbound, next: newSession('OpenCode') },
  lmstudio: {
    name: 'LM Studio',
    places: places.lmStudio,
    link: lmStudioLink,
    hints: unbound,
    next: reloads('LM Studio'),
  },
  'amazon-quick': {
    name: 'Amazon Quick',
    places: () => [],
    hints: { ...unbound, toolBudget: 100, callMs: 30_000, http: false },
    next: {
      zh: '在 Amazon Quick 的“设置 → Capabilities → MCP → Add MCP → Local”中填入下面的内容。',
      en: 'In Amazon Quick, under Settings → Capabilities → MCP → Add MCP → Local, fill in the fields below.',
    },
  },
  other: {
    name: 'MCP',
    places: () => [],
    hints: unbound,
    next: {
      zh: '把地址和请求头填入客户端的 MCP 设置，或粘贴下面的 JSON、TOML。',
      en: 'Enter the address and the header in the MCP settings of the client, or paste the JSON or TOML below.',
    },
  },
};

export function clientSpec(kind: ClientKind): ClientSpec {
  return { kind, ...clients[kind] };
}
