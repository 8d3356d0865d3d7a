import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whose clients are connected, and on what kind of system. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** Where desktop applications keep their settings, one folder each. */
export function settingsFolder({ platform, home, environment }: Machine): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return environment['APPDATA'] || join(home, 'AppData', 'Roaming');
  return environment['XDG_CONFIG_HOME'] || join(home, '.config');
}

/** Where programs that follow the XDG rules on every system keep their settings. */
export function xdgFolder({ home, environment }: Machine): string {
  return environment['XDG_CONFIG_HOME'] || join(home, '.config');
}

/**
 * The settings folders of an application as Windows keeps them apart for packaged (MSIX) programs: the program sees
 * these in the place of %APPDATA%. The part of the package's name after the underscore is its publisher.
 */
export function packagedFolders({ platform, home, environment }: Machine, name: string): string[] {
  if (platform !== 'win32') return [];
  const packages = join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Packages');
  return namesIn(packages)
    .filter((folder) => folder.startsWith(`${name}_`))
    .map((folder) => join(packages, folder, 'LocalCache', 'Roaming', name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
