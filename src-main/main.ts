import './base/zod-settings.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import electron from 'electron';
import { startApp } from './app.ts';
import { systemClock } from './base/clock.ts';
import type { Host } from './base/host.ts';
import type { SettingsFile } from './base/settings-file.ts';
import type { Config } from './contract/config.ts';
import { appFromEnvironment } from './headless-app.ts';
import type { DesktopGateway } from './shell/desktop-gateway.ts';
import { runDesktop } from './shell/run-desktop.ts';
import { openSettingsStore } from './shell/settings-store.ts';
import { version } from './version.ts';

const programFolder = fileURLToPath(new URL('.', import.meta.url));

/** The core inside Electron. It renews in this process: without RunAsNode there is no Node to be a child. */
async function openGateway(host: Host, file: SettingsFile, settings: Config): Promise<DesktopGateway> {
  const app = await startApp({
    host,
    settings,
    version,
    appSecret: appFromEnvironment(settings),
    folders: { catalog: join(programFolder, 'catalog'), dashboard: join(programFolder, 'dashboard') },
    keepSettings: async (section, change) => void (await file.merge(section, change)),
  });
  return {
    mcpUrl: app.urls.mcp,
    clientKey: app.keys.defaultSecret,
    subscribe: (listener) => app.bus.subscribe(listener),
    call: (method, input) => app.call(method, input),
    dashboardLink: () => app.dashboardLink(),
    wake: () => app.wake(),
    close: (drainMs) => app.close(drainMs),
  };
}

/** Written by electron-builder when it is told where updates are published. */
const knowsUpdates = electron.app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'));

// An error nobody caught must not take the sessions of everybody with it, nor open Electron's own dialog about it.
const report = (error: unknown) =>
  process.stderr.write(`${error instanceof Error ? error.name : 'Error'} (uncaught)\n`);
process.on('uncaughtException', report);
process.on('unhandledRejection', report);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => electron.app.quit());

// Not awaited: Electron is ready only after this file was evaluated.
void runDesktop({
  electron,
  clock: systemClock,
  platform: process.platform,
  environment: process.env,
  argv: process.argv,
  command: electron.app.isPackaged ? [process.execPath] : [process.execPath, electron.app.getAppPath()],
  iconFolder: join(programFolder, '..', 'resources', 'icons'),
  openGateway,
  openStore: openSettingsStore,
  openUpdater: knowsUpdates ? async () => (await import('electron-updater')).autoUpdater : undefined,
});
