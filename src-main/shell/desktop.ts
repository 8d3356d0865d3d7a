import { join } from 'node:path';
import { larkHosts, type LarkHosts } from '../base/addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { Host } from '../base/host.ts';
import { SettingsFile } from '../base/settings-file.ts';
import type { Config } from '../contract/config.ts';
import type { Language } from '../contract/words.ts';
import { type Ask, close, createAsk, tryAgain } from './asking.ts';
import { chooseLanguage } from './choose-language.ts';
import { createDesktopActs } from './desktop-acts.ts';
import type { DesktopGateway } from './desktop-gateway.ts';
import { DesktopFace } from './desktop-face.ts';
import { DesktopNews } from './desktop-news.ts';
import { DesktopSettings, type SettingsStore } from './desktop-settings.ts';
import type { ElectronApi } from './electron-api.ts';
import { createElectronHost } from './electron-host.ts';
import { findFreePort } from '../base/free-port.ts';
import { GatewayKeeper } from './gateway-keeper.ts';
import { createLoginItem, type LoginItem } from './login-item.ts';
import { MainWindow } from './main-window.ts';
import { findPortHolder } from '../base/port-holder.ts';
import { askToKeepInFile } from './plain-key-question.ts';
import { SignIn } from './sign-in.ts';
import { openSignInWindow } from './sign-in-window.ts';
import { askAboutStart } from './start-problem.ts';
import { brokenSettings, pageDied, pageDiedMeans, signInTitle } from './desktop-words.ts';
import { tidingsBetween } from './tidings.ts';
import { firstTrayState, type TrayChange, trayStateAfter } from './tray-state.ts';
import { Updates, type Updater } from './updates.ts';
import { maySignInThrough, mayOpenOutside, mayShowInWindow, type WebPlaces } from './web-places.ts';

export interface DesktopParts {
  electron: ElectronApi;
  clock: Clock;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  /** What this start was given. */
  argv: readonly string[];
  /** The program and its arguments, as they start it again. */
  command: readonly string[];
  iconFolder: string;
  openGateway(host: Host, file: SettingsFile, settings: Config): Promise<DesktopGateway>;
  openStore(options: { cwd: string; name: string }): SettingsStore;
  /** Absent where the build does not know where updates come from. */
  openUpdater?: (() => Promise<Updater>) | undefined;
}

const minuteMs = 60_000;
/** How long running calls are waited for before everything stops. */
export const drainMs = 3500;

/** The desktop app around a gateway: tray, windows, notifications, and what a person does with them. */
export class Desktop {
  readonly #parts: DesktopParts;
  readonly #settings: DesktopSettings;
  readonly #ask: Ask;
  readonly #loginItem: LoginItem;
  readonly #keeper: GatewayKeeper;
  readonly #signIn: SignIn;
  readonly #window: MainWindow;
  readonly #news: DesktopNews;
  readonly #updates: Updates | undefined;
  readonly #face: DesktopFace;
  #state = firstTrayState;
  #hosts: LarkHosts[] = [];
  #stopTicking = () => {};
  #closed: Promise<void> | undefined;

  private constructor(parts: DesktopParts, settings: DesktopSettings) {
    const { electron, platform, environment, command } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#ask = createAsk(electron, () => this.#language());
    this.#loginItem = createLoginItem({ app: electron.app, platform, environment, command });
    this.#news = new DesktopNews({
      electron,
      language: () => this.#language(),
      onClick: ({ accountId }) => void (accountId === null ? this.open() : this.#signIn.begin(accountId)),
    });
    this.#keeper = this.#createKeeper();
    this.#signIn = this.#createSignIn();
    this.#window = this.#createWindow();
    this.#updates = this.#createUpdates();
    this.#face = this.#createFace();
  }

  /** To be called when Electron is ready. */
  static async create(parts: DesktopParts): Promise<Desktop> {
    const { electron, clock, openStore } = parts;
    const settings = await DesktopSettings.open({ folder: electron.app.getPath('userData'), clock, openStore });
    return new Desktop(parts, settings);
  }

  /** Shows the tray, starts the gateway and, unless `hidden`, opens the window. */
  async start({ hidden }: { hidden: boolean }): Promise<void> {
    this.#stopTicking = this.#parts.clock.every(minuteMs, () => void this.#face.refresh(this.#state));
    await this.#face.refresh(this.#state);
    const { brokenFile } = this.#settings;
    if (brokenFile !== null) this.#news.tell({ ...brokenSettings(brokenFile), accountId: null });
    await this.#keeper.start();
    // Without a tray the window is all there is.
    if (!hidden || !this.#face.hasTray) this.#showWindow();
  }

  /** Shows the window. A gateway that does not run is started first: its pages come from it. */
  async open(): Promise<void> {
    await this.#keeper.start();
    this.#showWindow();
  }

  wake(): void {
    this.#keeper.gateway?.wake();
    void this.#face.refresh(this.#state);
  }

  /** Lets running calls end for at most `drainMs` and stops everything. */
  close(drainMs: number): Promise<void> {
    this.#closed ??= this.#close(drainMs);
    return this.#closed;
  }

  async #close(drainMs: number): Promise<void> {
    this.#stopTicking();
    this.#updates?.close();
    this.#signIn.close();
    this.#window.close();
    await this.#keeper.close(drainMs);
    this.#face.close();
  }

  #showWindow(): void {
    if (this.#keeper.gateway) this.#window.open();
  }

  #createKeeper(): GatewayKeeper {
    const { electron, platform } = this.#parts;
    const dataFolder = join(electron.app.getPath('userData'), 'gateway');
    const file = new SettingsFile(dataFolder);
    const parts = { ask: this.#ask, findFreePort, findPortHolder: (port: number) => findPortHolder(port, platform) };
    return new GatewayKeeper({
      open: async () => {
        const host = await this.#openHost(dataFolder);
        const settings = await file.read();
        this.#hosts = [larkHosts('feishu', settings.lark), larkHosts('lark', settings.lark)];
        return this.#parts.openGateway(host, file, settings);
      },
      moveTo: async (port) => void (await file.merge('server', { port })),
      onChange: (change) => this.#apply(change),
      onEvent: (event) => this.#signIn.onEvent(event),
      askAboutStart: (fault) => askAboutStart(fault, parts),
      quit: () => electron.app.quit(),
    });
  }

  #openHost(dataFolder: string): Promise<Host> {
    const askForPlainKey = () => askToKeepInFile(this.#ask);
    return createElectronHost(dataFolder, { ...this.#parts, settings: this.#settings, askForPlainKey });
  }

  #createSignIn(): SignIn {
    const { electron } = this.#parts;
    return new SignIn({
      gateway: () => this.#keeper.gateway,
      account: (id) => this.#state.accounts.find((account) => account.id === id),
      openWindow: (options) =>
        openSignInWindow(electron, {
          ...options,
          title: signInTitle[this.#language()],
          mayVisit: (url) => maySignInThrough(url, this.#places(), this.#signIn.step),
        }),
      openOutside: (url) => this.#openOutside(url),
      withBrowser: () => this.#settings.values.signInWith === 'browser',
      ask: this.#ask,
    });
  }

  #createWindow(): MainWindow {
    const { electron, clock } = this.#parts;
    return new MainWindow({
      electron,
      clock,
      settings: this.#settings,
      link: () => this.#keeper.gateway?.dashboardLink(),
      mayVisit: (url) => mayShowInWindow(url, this.#places()),
      openOutside: (url) => this.#openOutside(url),
      staysInTray: () => this.#face.hasTray && this.#settings.values.closeToTray,
      quit: () => electron.app.quit(),
      onGivingUp: () => void this.#offerWindow(),
    });
  }

  async #offerWindow(): Promise<void> {
    const answer = await this.#ask({
      kind: 'error',
      message: pageDied,
      detail: pageDiedMeans,
      answers: [tryAgain, close],
    });
    if (answer === 0) await this.open();
  }

  #createUpdates(): Updates | undefined {
    const { clock, openUpdater } = this.#parts;
    if (!openUpdater) return undefined;
    const onReady = (version: string) => {
      this.#face.offerUpdate(version);
      this.#face.draw(this.#state);
    };
    return new Updates({ clock, openUpdater, isOn: () => this.#settings.values.updates, onReady });
  }

  #createFace(): DesktopFace {
    const { electron } = this.#parts;
    const acts = createDesktopActs({
      electron,
      settings: this.#settings,
      loginItem: this.#loginItem,
      ask: this.#ask,
      gateway: () => this.#keeper.gateway,
      signIn: (accountId) => this.#signIn.begin(accountId),
      open: () => this.open(),
      startGateway: () => this.#keeper.start(),
      installUpdate: async () => {
        await this.close(drainMs);
        await this.#updates?.install();
      },
      onChanged: () => void this.#face.refresh(this.#state),
    });
    return new DesktopFace({
      ...this.#parts,
      acts,
      settings: this.#settings,
      loginItem: this.#loginItem,
      language: () => this.#language(),
      canUpdate: this.#updates !== undefined,
    });
  }

  #language(): Language {
    return chooseLanguage(this.#settings.values.language, this.#parts.electron.app.getPreferredSystemLanguages());
  }

  #places(): WebPlaces {
    const own = this.#keeper.gateway ? new URL(this.#keeper.gateway.mcpUrl).origin : '';
    return {
      own,
      accounts: this.#hosts.map(({ accounts }) => accounts),
      consoles: this.#hosts.map(({ open }) => open),
    };
  }

  #openOutside(url: string): void {
    if (mayOpenOutside(url, this.#places())) void this.#parts.electron.shell.openExternal(url);
  }

  #apply(change: TrayChange): void {
    const before = this.#state;
    this.#state = trayStateAfter(before, change);
    if (this.#state === before) return;
    for (const tiding of tidingsBetween(before, this.#state)) this.#news.tell(tiding);
    this.#face.draw(this.#state);
  }
}
