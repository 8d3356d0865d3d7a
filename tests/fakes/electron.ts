import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type Electron from 'electron';
import {
  FakeNotification,
  FakeSession,
  FakeTray,
  FakeWindow,
  imagePaths,
  type Template,
  templateOf,
  templates,
} from './electron-parts.ts';

/**
 * A stand-in for Electron in plain Node. Each member is checked against Electron's own types; what is drawn, opened or
 * asked can be read, and what a person or the system does can be done.
 */
export interface FakeOptions {
  /** Holds everything that Electron would keep for the person. */
  home: string;
  languages?: string[];
  /** A desktop without a place for a tray. */
  noTray?: boolean;
  keychain?: Partial<FakeKeychain>;
  /** Another instance runs already. */
  second?: boolean;
}

/** What seals secrets. `secret` stands for the key it keeps: another one cannot open what this one sealed. */
export interface FakeKeychain {
  backend: ReturnType<Electron.SafeStorage['getSelectedStorageBackend']>;
  available: boolean;
  secret: string;
  reEncrypt: boolean;
}

/** What the shell did, and what can be done to it. */
export class FakeDesktop {
  readonly trays: FakeTray[] = [];
  readonly windows: FakeWindow[] = [];
  readonly notifications: FakeNotification[] = [];
  readonly questions: Electron.MessageBoxOptions[] = [];
  readonly opened: string[] = [];
  readonly sessions = new Map<string, FakeSession>();
  readonly app = new EventEmitter();
  readonly powerMonitor = new EventEmitter();
  readonly nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColorsForSystemIntegratedUI: false });
  readonly keychain: FakeKeychain;
  clipboard = '';
  online = true;
  openAtLogin = false;
  appMenu: Template = [];
  exitCode: number | undefined;
  /** How the questions to come are answered, by the text of a button; one that nobody answers stays open. */
  readonly answers: string[] = [];
  readonly options: FakeOptions;
  readonly #waiting: { options: Electron.MessageBoxOptions; answer(response: number): void }[] = [];
  #exited: () => void = () => {};
  readonly exited = new Promise<void>((resolve) => (this.#exited = resolve));

  constructor(options: FakeOptions) {
    this.options = options;
    this.keychain = {
      backend: 'gnome_libsecret',
      available: true,
      secret: 'k1',
      reEncrypt: false,
      ...options.keychain,
    };
  }

  get tray(): FakeTray {
    const tray = this.trays.at(-1);
    if (!tray) throw new Error('There is no tray');
    return tray;
  }
  /** The windows that are there. */
  get openWindows(): FakeWindow[] {
    return this.windows.filter((window) => !window.destroyed);
  }

  /** The labels of the menu, submenus with theirs after an arrow. */
  labels(menu: Template = this.tray.menu, above = ''): string[] {
    return menu.flatMap(({ label, submenu }) => {
      if (label === undefined) return [];
      return [above + label, ...(Array.isArray(submenu) ? this.labels(submenu, `${above}${label} > `) : [])];
    });
  }
  item(label: string, menu: Template = this.tray.menu): Electron.MenuItemConstructorOptions {
    const all = (items: Template): Template =>
      items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);
    const found = all(menu).find((item) => item.label?.includes(label));
    if (!found) throw new Error(`No item "${label}" among ${JSON.stringify(this.labels(menu))}`);
    return found;
  }
  click(label: string, menu?: Template): void {
    const { click, enabled } = this.item(label, menu);
    if (enabled === false) throw new Error(`"${label}" cannot be clicked`);
    (click as (() => void) | undefined)?.();
  }

  ask(options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue> {
    this.questions.push(options);
    return new Promise((resolve) => {
      const answer = (response: number) => resolve({ response, checkboxChecked: false });
      this.#waiting.push({ options, answer });
      this.#answerWaiting();
    });
  }
  /** A person chooses the button that says this, now or when it is asked. */
  answer(button: string): void {
    this.answers.push(button);
    this.#answerWaiting();
  }
  #answerWaiting(): void {
    while (this.#waiting.length > 0 && this.answers.length > 0) {
      const [question] = this.#waiting.splice(0, 1);
      const button = this.answers.shift() ?? '';
      const { buttons = [], message } = question?.options ?? {};
      const response = buttons.findIndex((text) => text.includes(button));
      if (response < 0) throw new Error(`"${message}" has no button "${button}" among ${JSON.stringify(buttons)}`);
      question?.answer(response);
    }
  }

  exit(code: number): void {
    this.exitCode = code;
    this.#exited();
  }
  quit(): void {
    let prevented = false;
    this.app.emit('before-quit', { preventDefault: () => void (prevented = true) });
    if (!prevented) this.exit(0);
  }
}

function createApp(desktop: FakeDesktop) {
  const { home, languages = ['en-GB'], second = false } = desktop.options;
  const paths: Record<string, string> = { home, appData: join(home, 'config'), userData: join(home, 'userData') };
  const members = {
    name: 'fake',
    isPackaged: false,
    setName: (name: string) => void (members.name = name),
    setAppUserModelId: () => {},
    getPath: (name: string) => paths[name] ?? join(home, name),
    setPath: (name: string, path: string) => void (paths[name] = path),
    getVersion: () => '0.0.0',
    getAppPath: () => home,
    enableSandbox: () => {},
    requestSingleInstanceLock: () => !second,
    whenReady: async () => {},
    exit: (code = 0) => desktop.exit(code),
    quit: () => desktop.quit(),
    getPreferredSystemLanguages: () => languages,
    getLoginItemSettings: () => ({
      openAtLogin: desktop.openAtLogin,
      wasOpenedAtLogin: false,
      status: 'not-registered' as const,
      executableWillLaunchAtLogin: false,
      launchItems: [],
    }),
    setLoginItemSettings: ({ openAtLogin = false }: Electron.Settings) => void (desktop.openAtLogin = openAtLogin),
    dock: undefined,
    commandLine: { hasSwitch: () => false } as Pick<Electron.CommandLine, 'hasSwitch'> as Electron.CommandLine,
  };
  const checked = members satisfies Pick<Electron.App, keyof typeof members>;
  return Object.assign(desktop.app, checked);
}

function createSafeStorage({ keychain }: FakeDesktop) {
  return {
    getSelectedStorageBackend: () => keychain.backend,
    isAsyncEncryptionAvailable: async () => keychain.available,
    encryptStringAsync: async (text: string) =>
      Buffer.from(`sealed:${keychain.secret}:${Buffer.from(text).toString('base64')}`),
    decryptStringAsync: async (sealed: Buffer) => {
      const [, secret, text = ''] = sealed.toString().split(':');
      if (!keychain.available || secret !== keychain.secret) throw new Error('Error while decrypting the ciphertext');
      return { result: Buffer.from(text, 'base64').toString(), shouldReEncrypt: keychain.reEncrypt };
    },
  } satisfies Partial<Electron.SafeStorage>;
}

/** Electron's module as far as the shell uses it. */
export function createFakeElectron(desktop: FakeDesktop): typeof Electron {
  const keep = <T>(list: T[], item: T): T => {
    list.push(item);
    return item;
  };
  class Tray extends FakeTray {
    constructor(image: Electron.NativeImage | string) {
      if (desktop.options.noTray) throw new Error('No status area');
      super(image);
      desktop.trays.push(this);
    }
  }
  class BrowserWindow extends FakeWindow {
    constructor(options?: Electron.BrowserWindowConstructorOptions) {
      super(options);
      desktop.windows.push(this);
    }
  }
  class Notification extends FakeNotification {
    constructor(options?: Electron.NotificationConstructorOptions) {
      super((shown) => void keep(desktop.notifications, shown), options);
    }
  }
  const fake = {
    app: createApp(desktop),
    BrowserWindow,
    Tray,
    Notification,
    Menu: {
      buildFromTemplate: (template: Template) => {
        const menu = {};
        templates.set(menu, template);
        return menu as Electron.Menu;
      },
      setApplicationMenu: (menu: Electron.Menu | null) => void (desktop.appMenu = templateOf(menu)),
    } satisfies Partial<typeof Electron.Menu>,
    nativeImage: {
      createFromPath: (path: string) => {
        const image = {};
        imagePaths.set(image, path);
        return image as Electron.NativeImage;
      },
    } satisfies Partial<typeof Electron.nativeImage>,
    nativeTheme: desktop.nativeTheme,
    powerMonitor: desktop.powerMonitor,
    safeStorage: createSafeStorage(desktop),
    clipboard: {
      writeText: async (text: string) => void (desktop.clipboard = text),
    } satisfies Partial<Electron.Clipboard>,
    shell: {
      openExternal: async (url: string) => void desktop.opened.push(url),
    } satisfies Partial<Electron.Shell>,
    net: { isOnline: () => desktop.online } satisfies Partial<Electron.Net>,
    screen: {
      getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Electron.Display],
    } satisfies Partial<Electron.Screen>,
    dialog: {
      showMessageBox: (options: Electron.MessageBoxOptions | Electron.BaseWindow) =>
        desktop.ask(options as Electron.MessageBoxOptions),
    } satisfies Partial<Electron.Dialog>,
    session: {
      fromPartition: (partition: string) => {
        const session = desktop.sessions.get(partition) ?? new FakeSession();
        desktop.sessions.set(partition, session);
        return session as unknown as Electron.Session;
      },
    } satisfies Partial<typeof Electron.session>,
    ipcMain: new EventEmitter(),
  };
  return fake as unknown as typeof Electron;
}
