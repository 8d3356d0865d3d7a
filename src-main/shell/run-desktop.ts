import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Desktop, type DesktopParts, drainMs } from './desktop.ts';
import { watchWakeUps } from './wake-ups.ts';

const patienceMs = 5000;

/** The life of the desktop app: one instance, from the moment Electron is ready to a quit that waits for calls. */
export async function runDesktop(parts: DesktopParts): Promise<void> {
  const { electron, clock } = parts;
  const { app } = electron;
  app.setName('LarkGate');
  // Windows knows by it whose notifications these are.
  if (parts.platform === 'win32') app.setAppUserModelId('io.larkgate.desktop');
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(app.getPath('appData'), 'LarkGate'));
  app.enableSandbox();
  // After the folder is decided: the lock belongs to it.
  if (!app.requestSingleInstanceLock()) return app.exit(0);

  let desktop: Desktop | undefined;
  const open = () => void desktop?.open();
  app.on('second-instance', (_event, argv) => {
    // The system starts it again at login; that is nobody who wants to see it.
    if (!argv.includes('--hidden')) open();
  });
  app.on('activate', open);
  app.on('window-all-closed', () => {});
  quitPatiently(parts, () => desktop);

  await app.whenReady();
  const { wasOpenedAtLogin } = parts.platform === 'darwin' ? app.getLoginItemSettings() : { wasOpenedAtLogin: false };
  const hidden = parts.argv.includes('--hidden') || wasOpenedAtLogin;
  if (hidden) app.dock?.hide();
  desktop = await Desktop.create(parts);
  electron.powerMonitor.on('shutdown', () => app.quit());
  watchWakeUps({ electron, clock, interfaces: networkInterfaces }, () => desktop?.wake());
  await desktop.start({ hidden });
}

/** Running calls may end, but nobody waits longer than five seconds for the app to be gone. */
function quitPatiently({ electron: { app }, clock }: DesktopParts, desktop: () => Desktop | undefined): void {
  let closing: Promise<void> | undefined;
  app.on('before-quit', (event) => {
    event.preventDefault();
    closing ??= Promise.race([desktop()?.close(drainMs), clock.sleep(patienceMs)])
      .catch(() => {})
      .then(() => app.exit(0));
  });
}
