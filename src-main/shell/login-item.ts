import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { autostartEntry, isAutostartOn } from './autostart-entry.ts';
import type { ElectronApi } from './electron-api.ts';

/** Whether the app starts when the person logs in. Always as the system has it: it can be changed there too. */
export interface LoginItem {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
}

export interface LoginItemParts {
  app: Pick<ElectronApi['app'], 'getLoginItemSettings' | 'setLoginItemSettings' | 'getPath'>;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  /** The program and its arguments, without `--hidden`. */
  command: readonly string[];
}

const hidden = '--hidden';

export function createLoginItem(parts: LoginItemParts): LoginItem {
  return parts.platform === 'linux' ? autostartFile(parts) : systemItem(parts);
}

/** macOS knows by itself that it opened an app at login; Windows needs the argument. */
function systemItem({ app, platform }: LoginItemParts): LoginItem {
  const args = platform === 'win32' ? { args: [hidden] } : {};
  return {
    isOn: async () => app.getLoginItemSettings(args).openAtLogin,
    set: async (on) => app.setLoginItemSettings({ openAtLogin: on, ...args }),
  };
}

function autostartFile({ app, environment, command }: LoginItemParts): LoginItem {
  const { XDG_CONFIG_HOME: config, APPIMAGE: appImage } = environment;
  const path = join(config || join(app.getPath('home'), '.config'), 'autostart', 'larkgate.desktop');
  // An AppImage runs from a mount that is gone after it: the file itself is what starts again.
  const program = appImage ? [appImage] : command;
  return {
    isOn: async () => isAutostartOn(await readFile(path, 'utf8').catch(() => '')),
    set: async (on) => {
      if (!on) return rm(path, { force: true });
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, autostartEntry([...program, hidden]));
    },
  };
}
