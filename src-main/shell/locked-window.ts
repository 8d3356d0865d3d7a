import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { ElectronApi } from './electron-api.ts';

export interface LockedWindowOptions {
  /** Its cookies and storage; with `persist:` in front they outlive the app. */
  partition: string;
  look: BrowserWindowConstructorOptions;
  mayVisit(url: string): boolean;
  /** The page wanted to go elsewhere and was held back. */
  onRefused(url: string): void;
  /** The page wanted a window of its own, which it does not get. */
  onPopup(url: string): void;
  downloads: boolean;
  /** Permissions that its pages have. */
  permissions: readonly string[];
}

/** A window whose pages have no privilege, no way out of their places and no window of their own. */
export function openLockedWindow(
  electron: Pick<ElectronApi, 'BrowserWindow' | 'session'>,
  options: LockedWindowOptions,
): BrowserWindow {
  const { partition, permissions } = options;
  const session = electron.session.fromPartition(partition);
  session.setPermissionRequestHandler((_page, permission, answer) => answer(permissions.includes(permission)));
  session.setPermissionCheckHandler((_page, permission) => permissions.includes(permission));
  session.setDevicePermissionHandler(() => false);
  if (!options.downloads) session.on('will-download', (event) => event.preventDefault());
  const window = new electron.BrowserWindow({
    ...options.look,
    show: false,
    webPreferences: {
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    },
  });
  const page = window.webContents;
  const guard = (details: { url: string; isMainFrame: boolean; preventDefault(): void }) => {
    // What a page shows in a frame has no more privilege than itself, and no address bar to deceive with.
    if (!details.isMainFrame || options.mayVisit(details.url)) return;
    details.preventDefault();
    options.onRefused(details.url);
  };
  page.on('will-navigate', guard);
  page.on('will-redirect', guard);
  page.on('will-attach-webview', (event) => event.preventDefault());
  page.setWindowOpenHandler(({ url }) => {
    options.onPopup(url);
    return { action: 'deny' };
  });
  return window;
}
