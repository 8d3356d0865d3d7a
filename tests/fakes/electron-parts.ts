import { EventEmitter } from 'node:events';
import type Electron from 'electron';

export type Template = Electron.MenuItemConstructorOptions[];

export const imagePaths = new WeakMap<object, string>();

function pathOf(image: Electron.NativeImage | string): string {
  return typeof image === 'string' ? image : (imagePaths.get(image) ?? '');
}

export const templates = new WeakMap<object, Template>();

export function templateOf(menu: Electron.Menu | null): Template {
  return (menu && templates.get(menu)) ?? [];
}

export class FakeTray
  extends EventEmitter
  implements Pick<Electron.Tray, 'setImage' | 'setToolTip' | 'setContextMenu' | 'destroy'>
{
  image: string;
  tooltip = '';
  menu: Template = [];
  timesSet = 0;
  destroyed = false;

  constructor(image: Electron.NativeImage | string) {
    super();
    this.image = pathOf(image);
  }
  setImage(image: Electron.NativeImage | string): void {
    this.image = pathOf(image);
  }
  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
  }
  setContextMenu(menu: Electron.Menu | null): void {
    this.menu = templateOf(menu);
    this.timesSet += 1;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

type Guard = (details: { url: string; isMainFrame: boolean; preventDefault(): void }) => void;

class FakePage
  extends EventEmitter
  implements Pick<Electron.WebContents, 'loadURL' | 'setWindowOpenHandler' | 'getURL'>
{
  readonly visited: string[] = [];
  #openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | undefined;

  async loadURL(url: string): Promise<void> {
    this.visited.push(url);
    this.emit('did-navigate', {}, url);
  }
  getURL(): string {
    return this.visited.at(-1) ?? '';
  }
  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.#openHandler = handler;
  }

  /** What a page that wants to go there gets: whether it may. */
  wantsTo(url: string, how: 'will-navigate' | 'will-redirect' = 'will-navigate', isMainFrame = true): boolean {
    let allowed = true;
    for (const guard of this.listeners(how)) {
      (guard as Guard)({ url, isMainFrame, preventDefault: () => void (allowed = false) });
    }
    return allowed;
  }
  /** Whether a window was opened for it. */
  opensWindow(url: string): boolean {
    return this.#openHandler?.({ url } as Electron.HandlerDetails).action !== 'deny';
  }
}

type Members =
  | 'show'
  | 'hide'
  | 'focus'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'isVisible'
  | 'isMinimized'
  | 'isMaximized'
  | 'maximize'
  | 'restore'
  | 'getNormalBounds'
  | 'setTitle';

export class FakeWindow extends EventEmitter implements Pick<Electron.BrowserWindow, Members> {
  readonly webContents = new FakePage();
  readonly options: Electron.BrowserWindowConstructorOptions;
  title: string;
  bounds: Electron.Rectangle;
  visible = false;
  focused = 0;
  maximized = false;
  minimized = false;
  destroyed = false;

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    this.title = options.title ?? '';
    const { x = 10, y = 10, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    setImmediate(() => this.emit('ready-to-show'));
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.focused += 1;
  }
  close(): void {
    let prevented = false;
    this.emit('close', { preventDefault: () => void (prevented = true) });
    if (!prevented) this.destroy();
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.visible = false;
    this.emit('closed');
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  maximize(): void {
    this.maximized = true;
  }
  restore(): void {
    this.minimized = false;
  }
  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }
  setTitle(title: string): void {
    this.title = title;
  }
}

export class FakeSession
  extends EventEmitter
  implements
    Pick<Electron.Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>
{
  #request: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  #check: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  #device: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;

  setPermissionRequestHandler(handler: Parameters<Electron.Session['setPermissionRequestHandler']>[0]): void {
    this.#request = handler;
  }
  setPermissionCheckHandler(handler: Parameters<Electron.Session['setPermissionCheckHandler']>[0]): void {
    this.#check = handler;
  }
  setDevicePermissionHandler(handler: Parameters<Electron.Session['setDevicePermissionHandler']>[0]): void {
    this.#device = handler;
  }

  /** Whether its pages get a permission by any way; without a handler Chromium grants it. */
  grants(permission: string): boolean {
    let asked = this.#request === null;
    this.#request?.({} as never, permission as never, (granted) => void (asked = granted), {} as never);
    return asked || (this.#check?.(null, permission as never, '', {} as never) ?? true);
  }
  grantsDevices(): boolean {
    return this.#device?.({} as never) ?? true;
  }
  /** Whether a download begins. */
  downloads(): boolean {
    let began = true;
    this.emit('will-download', { preventDefault: () => void (began = false) });
    return began;
  }
}

export class FakeNotification extends EventEmitter implements Pick<Electron.Notification, 'show' | 'title' | 'body'> {
  static isSupported(): boolean {
    return true;
  }
  readonly title: string;
  readonly body: string;
  #shown: (notification: FakeNotification) => void;

  constructor(shown: (notification: FakeNotification) => void, options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.#shown = shown;
  }
  show(): void {
    this.#shown(this);
  }
}
