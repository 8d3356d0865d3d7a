import type { Clock } from '../base/clock.ts';
import type { Language } from '../contract/words.ts';
import type { DesktopSettings } from './desktop-settings.ts';
import type { ElectronApi } from './electron-api.ts';
import type { LoginItem } from './login-item.ts';
import { statusOf, trayFaceOf } from './tray-face.ts';
import { type TrayActs, trayMenu } from './tray-menu.ts';
import { firstTrayState, type TrayState } from './tray-state.ts';
import { TrayView } from './tray-view.ts';

export interface DesktopFaceParts {
  electron: Pick<ElectronApi, 'Tray' | 'Menu' | 'nativeImage' | 'nativeTheme'>;
  clock: Pick<Clock, 'now'>;
  platform: NodeJS.Platform;
  iconFolder: string;
  acts: TrayActs;
  settings: DesktopSettings;
  loginItem: LoginItem;
  language(): Language;
  canUpdate: boolean;
}

/** What the desktop shows without a window: the tray, and the same acts in the app's own menu. */
export class DesktopFace {
  readonly #parts: DesktopFaceParts;
  readonly #tray: TrayView | undefined;
  #startsAtLogin = false;
  #update: string | null = null;
  #appMenu = '';

  constructor(parts: DesktopFaceParts) {
    this.#parts = parts;
    const onClick = () => parts.acts.open();
    this.#tray = TrayView.open({ ...parts, onClick }, trayFaceOf(firstTrayState));
  }

  /** Some desktops have no place for one. */
  get hasTray(): boolean {
    return this.#tray !== undefined;
  }

  /** From now on the menu offers to install this version. */
  offerUpdate(version: string): void {
    this.#update = version;
  }

  /** Looks at what may have been changed in the system's own settings, and draws. */
  async refresh(state: TrayState): Promise<void> {
    this.#startsAtLogin = await this.#parts.loginItem.isOn();
    this.draw(state);
  }

  draw(state: TrayState): void {
    const { clock, settings, acts, canUpdate } = this.#parts;
    const language = this.#parts.language();
    const facts = {
      state,
      settings: settings.values,
      language,
      now: clock.now(),
      canUpdate,
      startsAtLogin: this.#startsAtLogin,
      update: this.#update,
    };
    const menu = trayMenu(facts, acts);
    const tooltip = `LarkGate · ${statusOf(state)[language]}`;
    this.#tray?.show({ face: trayFaceOf(state), tooltip, menu });
    this.#showAppMenu(menu);
  }

  close(): void {
    this.#tray?.close();
  }

  /** A desktop may have no tray, or hide it; and macOS copies and pastes through this menu. */
  #showAppMenu(menu: ReturnType<typeof trayMenu>): void {
    const text = JSON.stringify(menu);
    if (text === this.#appMenu) return;
    this.#appMenu = text;
    const { Menu } = this.#parts.electron;
    Menu.setApplicationMenu(Menu.buildFromTemplate([{ label: 'LarkGate', submenu: menu }, { role: 'editMenu' }]));
  }
}
