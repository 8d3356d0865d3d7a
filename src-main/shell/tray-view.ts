import type { MenuItemConstructorOptions, Tray } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import type { TrayFace } from './tray-face.ts';
import { trayIconPath } from './tray-icon.ts';

export interface TrayPicture {
  face: TrayFace;
  tooltip: string;
  menu: MenuItemConstructorOptions[];
}

export interface TrayViewParts {
  electron: Pick<ElectronApi, 'Tray' | 'Menu' | 'nativeImage' | 'nativeTheme'>;
  platform: NodeJS.Platform;
  iconFolder: string;
  /** A click that opens no menu. */
  onClick(): void;
}

/** The icon in the bar of the desktop. Draws only what differs from what is there. */
export class TrayView {
  readonly #parts: TrayViewParts;
  readonly #tray: Tray;
  #shown = { icon: '', tooltip: '', menu: '' };
  #picture: TrayPicture | undefined;

  private constructor(parts: TrayViewParts, tray: Tray) {
    this.#parts = parts;
    this.#tray = tray;
    // On macOS and Linux a click opens the menu; on Windows that is the other button's.
    if (parts.platform === 'win32') tray.on('click', () => parts.onClick());
    parts.electron.nativeTheme.on('updated', () => this.#picture && this.show(this.#picture));
  }

  /** Undefined on a desktop that has no place for it. */
  static open(parts: TrayViewParts, face: TrayFace): TrayView | undefined {
    const { electron } = parts;
    try {
      return new TrayView(parts, new electron.Tray(electron.nativeImage.createFromPath(pathOf(parts, face))));
    } catch {
      return undefined;
    }
  }

  show(picture: TrayPicture): void {
    this.#picture = picture;
    const { electron } = this.#parts;
    const icon = pathOf(this.#parts, picture.face);
    const menu = JSON.stringify(picture.menu);
    const { tooltip } = picture;
    if (icon !== this.#shown.icon) this.#tray.setImage(electron.nativeImage.createFromPath(icon));
    if (tooltip !== this.#shown.tooltip) this.#tray.setToolTip(tooltip);
    // Linux shows changes only of a menu that is set anew.
    if (menu !== this.#shown.menu) this.#tray.setContextMenu(electron.Menu.buildFromTemplate(picture.menu));
    this.#shown = { icon, tooltip, menu };
  }

  close(): void {
    this.#tray.destroy();
  }
}

function pathOf({ iconFolder, platform, electron }: TrayViewParts, face: TrayFace): string {
  const darkBar = electron.nativeTheme.shouldUseDarkColorsForSystemIntegratedUI;
  return trayIconPath(iconFolder, face, { platform, darkBar });
}
