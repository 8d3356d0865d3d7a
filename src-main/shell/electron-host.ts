import { join } from 'node:path';
import { createNodeHost, type Host } from '../base/host.ts';
import type { DesktopSettings } from './desktop-settings.ts';
import type { ElectronApi } from './electron-api.ts';
import { readSealedKey } from './sealed-key.ts';

export interface ElectronHostParts {
  electron: Pick<ElectronApi, 'safeStorage' | 'shell'>;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  settings: DesktopSettings;
  /** Asks once; the answer yes is remembered. */
  askForPlainKey(): Promise<boolean>;
}

/** The machine as Electron gives access to it: the key is sealed by the system's keychain. */
export async function createElectronHost(dataFolder: string, parts: ElectronHostParts): Promise<Host> {
  const { electron, platform, environment, settings } = parts;
  const node = await createNodeHost(dataFolder, environment);
  const acceptPlainKey = async () => {
    if (settings.values.plainKeyAccepted) return true;
    const accepted = await parts.askForPlainKey();
    if (accepted) settings.set({ plainKeyAccepted: true });
    return accepted;
  };
  return {
    dataFolder: node.dataFolder,
    masterKey: async () => {
      if (environment['LARKGATE_KEY'] !== undefined) return node.masterKey();
      const path = join(dataFolder, 'master.key');
      const { safeStorage } = electron;
      return readSealedKey({ safeStorage, platform, path, acceptPlainKey, plainKey: () => node.masterKey() });
    },
    openExternal: (url) => electron.shell.openExternal(url.href),
  };
}
