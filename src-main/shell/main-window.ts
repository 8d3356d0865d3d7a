import type { BrowserWindow } from 'electron';
import type { Clock } from '../base/clock.ts';
import type { DesktopSettings } from './desktop-settings.ts';
import type { ElectronApi } from './electron-api.ts';
import { openLockedWindow } from './locked-window.ts';
import { placeOnScreen } from './window-place.ts';

export interface MainWindowParts {
  electron: Pick<ElectronApi, 'app' | 'BrowserWindow' | 'session' | 'screen'>;
  clock: Pick<Clock, 'monotonic'>;
  settings: DesktopSettings;
  /** A link into the dashboard that works once; undefined while no gateway runs. */
  link(): string | undefined;
  mayVisit(url: string): boolean;
  /** Opens what the dashboard links to in the person's browser, when that may be. */
  openOutside(url: string): void;
  /** Whether the app goes on without a window. */
  staysInTray(): boolean;
  quit(): void;
  /** The page keeps dying. */
  onGivingUp(): void;
}

const calmMs = 60_000;
const mostDeaths = 3;

/** The window that shows the dashboard: a browser without privileges, let in by a one-time link. */
export class MainWindow {
  readonly #parts: MainWindowParts;
  #window: BrowserWindow | undefined;
  #deaths: number[] = [];
  #quitting = false;

  constructor(parts: MainWindowParts) {
    this.#parts = parts;
  }

  /** Shows the window, opening it where there is none. */
  open(): void {
    const window = (this.#window ??= this.#create());
    if (window.isMinimized()) window.restore();
    // Maximizing shows a window, so it is done only now.
    if (this.#parts.settings.values.window?.maximized && !window.isVisible()) window.maximize();
    void this.#parts.electron.app.dock?.show();
    window.show();
    window.focus();
  }

  /** Lets the page in again, through the door of a gateway that was started anew. */
  enter(): void {
    const link = this.#parts.link();
    if (this.#window && link !== undefined) void this.#window.webContents.loadURL(link).catch(() => {});
  }

  get isOpen(): boolean {
    return this.#window?.isVisible() ?? false;
  }

  /** From now on closing means closing. */
  close(): void {
    this.#quitting = true;
    this.#window?.destroy();
  }

  #create(): BrowserWindow {
    const { electron, settings, ...parts } = this.#parts;
    const screens = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = openLockedWindow(electron, {
      partition: 'persist:dashboard',
      look: {
        ...placeOnScreen(settings.values.window, screens),
        minWidth: 420,
        minHeight: 480,
        title: 'LarkGate',
        autoHideMenuBar: parts.staysInTray(),
      },
      mayVisit: (url) => parts.mayVisit(url),
      onRefused: (url) => parts.openOutside(url),
      onPopup: (url) => parts.openOutside(url),
      downloads: true,
      // The buttons that copy an address.
      permissions: ['clipboard-sanitized-write'],
    });
    window.on('close', (event) => this.#closing(window, event));
    window.on('closed', () => (this.#window = undefined));
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') this.#revive();
    });
    this.#window = window;
    this.enter();
    return window;
  }

  #closing(window: BrowserWindow, event: { preventDefault(): void }): void {
    const { settings, electron, staysInTray, quit } = this.#parts;
    const maximized = window.isMaximized();
    settings.set({ window: { ...window.getNormalBounds(), maximized } });
    if (this.#quitting) return;
    event.preventDefault();
    if (!staysInTray()) return quit();
    window.hide();
    electron.app.dock?.hide();
  }

  /** The gateway does not notice when its page dies; a person should not need to either. */
  #revive(): void {
    const now = this.#parts.clock.monotonic();
    this.#deaths = [...this.#deaths.filter((at) => at > now - calmMs), now];
    if (this.#deaths.length <= mostDeaths) return this.enter();
    this.#deaths = [];
    this.#window?.destroy();
    this.#parts.onGivingUp();
  }
}
