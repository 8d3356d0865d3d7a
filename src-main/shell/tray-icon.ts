import { join } from 'node:path';
import type { TrayFace } from './tray-face.ts';

export interface BarLook {
  platform: NodeJS.Platform;
  /** Whether the bar that holds the icon is dark. */
  darkBar: boolean;
}

/**
 * The file of an icon. macOS colours a template itself; Windows says whether its bar is dark; a Linux panel says
 * nothing, so its icon carries a ground of its own. A sharper one lies beside each as `…@2x.png`.
 */
export function trayIconPath(folder: string, face: TrayFace, { platform, darkBar }: BarLook): string {
  if (platform === 'darwin') return join(folder, `tray-${face}-Template.png`);
  if (platform === 'win32') return join(folder, `tray-${face}-${darkBar ? 'dark' : 'light'}.png`);
  return join(folder, `tray-${face}-ground.png`);
}
