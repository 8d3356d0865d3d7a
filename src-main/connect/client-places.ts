import { dirname, join } from 'node:path';
import type { Place } from './client-spec.ts';
import { authorization, type Door, type Entry } from './entry.ts';
import { type Machine, packagedFolders, settingsFolder, xdgFolder } from './machine.ts';

const servers = ['mcpServers'] as const;

/** `{ url, headers }`, which Cursor began. */
const urlEntry = ({ url, key }: Door): Entry => ({ url, headers: authorization(key) });
const typedEntry = ({ url, key }: Door): Entry => ({ type: 'http', url, headers: authorization(key) });
/** A plain `url` would be the older SSE transport here. */
const httpUrlEntry = ({ url, key }: Door): Entry => ({ httpUrl: url, headers: authorization(key) });

/** The key stays out of it: the bridge reads it from a file of its own. */
function bridgeEntry({ bridge }: Door): Entry {
  return { command: bridge?.command ?? '', args: [...(bridge?.args ?? [])] };
}

/** A windowed Windows program that came as a package reads another folder than the one it shows. */
export function claudeDesktop(machine: Machine): Place[] {
  const folders = [...packagedFolders(machine, 'Claude'), join(settingsFolder(machine), 'Claude')];
  return folders.map((folder) => ({
    file: join(folder, 'claude_desktop_config.json'),
    folder,
    format: 'json',
    at: servers,
    entry: bridgeEntry,
  }));
}

export function claudeCode({ home, environment }: Machine): Place[] {
  const folder = environment['CLAUDE_CONFIG_DIR'] || home;
  return [{ file: join(folder, '.claude.json'), folder, format: 'json', at: servers, entry: typedEntry }];
}

/** TOML, and no other form of the key than a header or the name of a variable. */
export function codex({ home, environment }: Machine): Place[] {
  const folder = environment['CODEX_HOME'] || join(home, '.codex');
  const entry = ({ url, key }: Door): Entry => ({ url, http_headers: authorization(key) });
  return [{ file: join(folder, 'config.toml'), folder, format: 'toml', at: ['mcp_servers'], entry }];
}

export function cursor({ home }: Machine): Place[] {
  return [jsoncPlace(join(home, '.cursor', 'mcp.json'), urlEntry)];
}

export function vsCode(machine: Machine): Place[] {
  return ['Code', 'Code - Insiders', 'VSCodium'].map((product) => {
    const folder = join(settingsFolder(machine), product);
    return { ...jsoncPlace(join(folder, 'User', 'mcp.json'), typedEntry), folder, at: ['servers'] };
  });
}

/** The folder of before the product's new name is still read by installations of before. */
export function devin(machine: Machine): Place[] {
  const folder = machine.platform === 'win32' ? settingsFolder(machine) : xdgFolder(machine);
  const entry = ({ url, key }: Door): Entry => ({ url, transport: 'http', headers: authorization(key) });
  const former = ({ url, key }: Door): Entry => ({ serverUrl: url, headers: authorization(key) });
  return [
    jsoncPlace(join(folder, 'devin', 'mcp_config.json'), entry),
    jsoncPlace(join(machine.home, '.codeium', 'windsurf', 'mcp_config.json'), former),
  ];
}

export function kiro({ home }: Machine): Place[] {
  const folder = join(home, '.kiro');
  return [{ ...jsoncPlace(join(folder, 'settings', 'mcp.json'), urlEntry), folder }];
}

export function gemini({ home }: Machine): Place[] {
  return [jsoncPlace(join(home, '.gemini', 'settings.json'), httpUrlEntry)];
}

export function qwen({ home }: Machine): Place[] {
  return [jsoncPlace(join(home, '.qwen', 'settings.json'), httpUrlEntry)];
}

export function openCode(machine: Machine): Place[] {
  const entry = ({ url, key }: Door): Entry => ({ type: 'remote', url, headers: authorization(key), enabled: true });
  return ['opencode.jsonc', 'opencode.json'].map((name) => ({
    ...jsoncPlace(join(xdgFolder(machine), 'opencode', name), entry),
    at: ['mcp'],
  }));
}

export function lmStudio({ home }: Machine): Place[] {
  return [jsoncPlace(join(home, '.lmstudio', 'mcp.json'), urlEntry)];
}

function jsoncPlace(file: string, entry: Place['entry']): Place {
  return { file, folder: dirname(file), format: 'jsonc', at: servers, entry };
}
