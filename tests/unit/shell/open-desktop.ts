import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';
import { type App, startApp } from '../../../src-main/app.ts';
import { type Clock, systemClock } from '../../../src-main/base/clock.ts';
import type { ConfigInput } from '../../../src-main/contract/config.ts';
import { demoScopes } from '../../../src-main/sandbox/demo-sign-in.ts';
import { type Sandbox, createSandbox } from '../../../src-main/sandbox/sandbox.ts';
import type { DesktopGateway } from '../../../src-main/shell/desktop-gateway.ts';
import type { DesktopSettingsValues } from '../../../src-main/shell/desktop-settings.ts';
import { runDesktop } from '../../../src-main/shell/run-desktop.ts';
import type { Updater } from '../../../src-main/shell/updates.ts';
import { createFakeElectron, FakeDesktop, type FakeOptions } from '../../fakes/electron.ts';

export interface DesktopOptions extends Omit<FakeOptions, 'home'> {
  /** A home that outlives this start. */
  home?: string;
  sandbox?: Sandbox;
  platform?: NodeJS.Platform;
  argv?: string[];
  environment?: NodeJS.ProcessEnv;
  clock?: Clock;
  config?: ConfigInput;
  /** What was remembered before. */
  remembered?: Partial<DesktopSettingsValues>;
  /** No app is known yet. */
  appless?: boolean;
  updater?: Updater;
}

export interface OpenedDesktop {
  desktop: FakeDesktop;
  sandbox: Sandbox;
  home: string;
  remembered: Partial<DesktopSettingsValues>;
  /** The gateways that were started, the newest last. */
  apps: App[];
  app(): App;
  woken(): number;
  /** Resolves when the start is over; it may wait for an answer. */
  started: Promise<void>;
  close(): Promise<void>;
}

/** Waits until something is true that no event of ours tells. */
export const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 100_000, interval: 10 });

/** The whole shell on the stand-in for Electron, around the real app in front of the sandbox. */
async function openDesktop(options: DesktopOptions = {}): Promise<OpenedDesktop> {
  const sandbox = options.sandbox ?? (await createSandbox({ clock: systemClock, deviceIntervalS: 1 }));
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'larkgate-desktop-')));
  await writeSettings(home, sandbox, options);
  const desktop = new FakeDesktop({ ...options, home });
  const { platform = 'linux', argv = ['larkgate'], environment = {}, remembered = {}, clock = systemClock } = options;
  const apps: App[] = [];
  let woken = 0;
  const started = runDesktop({
    electron: createFakeElectron(desktop),
    clock,
    platform,
    environment,
    argv,
    command: ['/opt/LarkGate/larkgate'],
    iconFolder: resolve('resources/icons'),
    openStore: () => ({ store: { ...remembered }, set: (change) => void Object.assign(remembered, change) }),
    openUpdater: options.updater && (async () => options.updater ?? Promise.reject(new Error('no updater'))),
    openGateway: async (host, file, settings): Promise<DesktopGateway> => {
      const app = await startApp({
        host,
        settings,
        version: '0.0.0-test',
        appSecret: options.appless ? undefined : sandbox.appSecret,
        folders: { catalog: 'resources/catalog', dashboard: resolve('dist/dashboard') },
        keepSettings: async (section, change) => void (await file.merge(section, change)),
      });
      apps.push(app);
      return {
        mcpUrl: app.urls.mcp,
        clientKey: app.keys.defaultSecret,
        subscribe: (listener) => app.bus.subscribe(listener),
        call: (method, input) => app.call(method, input),
        dashboardLink: () => app.dashboardLink(),
        wake: () => {
          woken += 1;
          app.wake();
        },
        close: (drainMs) => app.close(drainMs),
      };
    },
  });
  return {
    desktop,
    sandbox,
    home,
    remembered,
    apps,
    app: () => apps.at(-1) ?? fail(),
    woken: () => woken,
    started,
    close: async () => {
      desktop.quit();
      await desktop.exited;
      if (!options.sandbox) await sandbox.close();
      if (!options.home) await rm(home, { recursive: true, force: true });
    },
  };
}

function fail(): never {
  throw new Error('No gateway was started');
}

async function writeSettings(home: string, sandbox: Sandbox, { config, appless }: DesktopOptions): Promise<void> {
  const folder = join(home, 'config', 'LarkGate', 'gateway');
  if (existsSync(join(folder, 'settings.json'))) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lark = {
    appId: appless ? '' : sandbox.appId,
    openUrl: sandbox.url,
    accountsUrl: sandbox.url,
    larkOpenUrl: sandbox.larkUrl,
    larkAccountsUrl: sandbox.larkUrl,
    scopes: appless ? [] : demoScopes,
  };
  const settings = { log: { level: 'silent' }, ...config, server: { port: 0, ...config?.server }, lark };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
}

/** Clicks until the person is signed in: the window shows Feishu's page, and the person confirms on it. */
export async function signInThroughWindow(
  { desktop, sandbox }: OpenedDesktop,
  item = 'Sign in to Feishu…',
): Promise<void> {
  const before = desktop.openWindows.length;
  desktop.click(item);
  await until(() => desktop.openWindows.length > before && lastUrl(desktop) !== '');
  await sandbox.confirmDevice(new URL(lastUrl(desktop)));
  await until(() => desktop.openWindows.length === before);
}

export function lastUrl(desktop: FakeDesktop): string {
  return desktop.openWindows.at(-1)?.webContents.getURL() ?? '';
}

/** The file of the tray's icon. */
export function icon({ desktop }: OpenedDesktop): string | undefined {
  return desktop.tray.image.split('/').at(-1);
}

const opened: OpenedDesktop[] = [];

/** Starts one that is closed when the test is over. */
export async function start(options: DesktopOptions = {}): Promise<OpenedDesktop> {
  const desktop = await openDesktop(options);
  opened.push(desktop);
  return desktop;
}

export async function startReady(options: DesktopOptions = {}): Promise<OpenedDesktop> {
  const desktop = await start(options);
  await desktop.started;
  return desktop;
}

export async function closeDesktops(): Promise<void> {
  for (const desktop of opened.splice(0)) await desktop.close();
}
