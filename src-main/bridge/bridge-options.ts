import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface BridgeArguments {
  dataFolder: string;
  client: string;
  patienceMs: number;
}

const defaultSeconds = 15;

/** Reads the bridge's command line. It holds no secret: what one types here others can see. */
export function readArguments(
  argv: string[],
  { platform, home, environment }: { platform: NodeJS.Platform; home: string; environment: NodeJS.ProcessEnv },
): BridgeArguments {
  const { values } = parseArgs({
    args: argv,
    strict: false,
    options: { data: { type: 'string' }, client: { type: 'string' }, wait: { type: 'string' } },
  });
  const seconds = Number(values.wait ?? defaultSeconds);
  return {
    dataFolder: given(values.data) ?? given(environment['LARKGATE_DATA']) ?? desktopFolder(platform, home, environment),
    client: given(values.client) ?? 'claude-desktop',
    patienceMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : defaultSeconds * 1000,
  };
}

/** A placeholder that a client did not fill in counts as nothing. */
function given(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !value.startsWith('${') ? value : undefined;
}

/** Where the desktop application keeps its gateway's data. */
function desktopFolder(platform: NodeJS.Platform, home: string, environment: NodeJS.ProcessEnv): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'LarkGate', 'gateway');
  if (platform === 'win32')
    return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'LarkGate', 'gateway');
  return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'LarkGate', 'gateway');
}
