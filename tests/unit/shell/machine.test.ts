import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseLanguage } from '../../../src-main/shell/choose-language.ts';
import { DesktopSettings, type SettingsStore } from '../../../src-main/shell/desktop-settings.ts';
import { findFreePort } from '../../../src-main/base/free-port.ts';
import { createLoginItem } from '../../../src-main/shell/login-item.ts';
import { findPortHolder, readLsof, readNetstat } from '../../../src-main/base/port-holder.ts';
import { Updates, type Updater } from '../../../src-main/shell/updates.ts';
import { watchWakeUps } from '../../../src-main/shell/wake-ups.ts';
import { placeOnScreen } from '../../../src-main/shell/window-place.ts';
import { createFakeElectron, FakeDesktop } from '../../fakes/electron.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'larkgate-machine-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('starting at login', () => {
  const item = (
    platform: NodeJS.Platform,
    environment: NodeJS.ProcessEnv = {},
    command = ['/opt/LarkGate/larkgate'],
  ) => {
    const desktop = new FakeDesktop({ home });
    const { app } = createFakeElectron(desktop);
    return { desktop, item: createLoginItem({ app, platform, environment, command }) };
  };
  const file = () => join(home, '.config', 'autostart', 'larkgate.desktop');

  test('on Linux it is a file that starts the app hidden, and is gone when it is switched off', async () => {
    const { item: login } = item('linux');
    expect(await login.isOn()).toBe(false);
    await login.set(true);
    expect(await readFile(file(), 'utf8')).toContain('\nExec="/opt/LarkGate/larkgate" "--hidden"\n');
    expect(await login.isOn()).toBe(true);
    await login.set(false);
    expect(await login.isOn()).toBe(false);
    await expect(readFile(file())).rejects.toThrow('ENOENT');
  });

  test('what the desktop switched off in the file is off', async () => {
    const { item: login } = item('linux');
    await login.set(true);
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('enabled=true', 'enabled=false'));
    expect(await login.isOn()).toBe(false);
  });

  test('an AppImage starts itself again, not its mount; its path is quoted', async () => {
    const { item: login } = item('linux', { APPIMAGE: '/home/x/My "Apps" $1 100%/LarkGate.AppImage' });
    await login.set(true);
    expect(await readFile(file(), 'utf8')).toContain(
      String.raw`Exec="/home/x/My \\"Apps\\" \\$1 100%%/LarkGate.AppImage" "--hidden"`,
    );
  });

  test.each(['darwin', 'win32'] as const)('on %s the system keeps it', async (platform) => {
    const { desktop, item: login } = item(platform);
    await login.set(true);
    expect([desktop.openAtLogin, await login.isOn()]).toEqual([true, true]);
    await login.set(false);
    expect(await login.isOn()).toBe(false);
    expect(await readdir(home)).toEqual([]);
  });
});

describe('settings', () => {
  const open = async (store: unknown = {}) => {
    const changes: unknown[] = [];
    const openStore = (): SettingsStore => ({ store, set: (change) => void changes.push(change) });
    const settings = await DesktopSettings.open({ folder: home, clock: new FakeClock(), openStore });
    return { settings, changes };
  };

  test.each(['{', '[]', '"x"', '{"closeToTray":"yes"}', '{"window":{"x":0.5}}'])(
    'a file that says %s is kept aside, and the defaults apply',
    async (text) => {
      await writeFile(join(home, 'desktop.json'), text);
      const { settings } = await open();
      const [kept] = await readdir(home);
      expect(kept).toMatch(/^desktop\.json\.corrupt-/);
      expect(settings.brokenFile).toBe(join(home, kept ?? ''));
      expect(await readFile(settings.brokenFile ?? '', 'utf8')).toBe(text);
      expect(settings.values).toMatchObject({ closeToTray: true, updates: false });
    },
  );

  test('what a newer version wrote besides is no reason to lose the rest', async () => {
    const stored = { closeToTray: false, novelty: 1 };
    await writeFile(join(home, 'desktop.json'), JSON.stringify(stored));
    const { settings } = await open(stored);
    expect([settings.brokenFile, settings.values.closeToTray]).toEqual([null, false]);
  });
});

test('the language is the first of the system that we speak', () => {
  expect(chooseLanguage('system', ['fr-FR', 'zh-Hant-TW', 'en'])).toBe('zh');
  expect(chooseLanguage('system', ['fr-FR'])).toBe('en');
  expect(chooseLanguage('zh', ['en-GB'])).toBe('zh');
});

test('the window opens where it was, unless that screen is gone', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1040 }];
  const place = { x: 100, y: 50, width: 900, height: 700, maximized: false };
  expect(placeOnScreen(place, screens)).toEqual({ x: 100, y: 50, width: 900, height: 700 });
  expect(placeOnScreen({ ...place, x: 2500 }, screens)).toEqual({ width: 1180, height: 800 });
  expect(placeOnScreen({ ...place, y: -30 }, screens)).toEqual({ width: 1180, height: 800 });
  expect(placeOnScreen({ ...place, x: 1900 }, screens)).toEqual({ width: 1180, height: 800 });
  expect(placeOnScreen({ ...place, width: 5000 }, screens)).toMatchObject({ width: 1920 });
  expect(placeOnScreen(null, screens)).toEqual({ width: 1180, height: 800 });
});

test('another network wakes the accounts; being offline does not', async () => {
  const clock = new FakeClock();
  const desktop = new FakeDesktop({ home });
  let address = '192.168.1.5';
  let wakes = 0;
  const interfaces = () => ({ wlan0: [{ address, internal: false } as NetworkInterfaceInfo] });
  const stop = watchWakeUps({ electron: createFakeElectron(desktop), clock, interfaces }, () => void (wakes += 1));
  await clock.advance(60_000);
  expect(wakes).toBe(0);
  address = '10.0.0.7';
  await clock.advance(10_000);
  expect(wakes).toBe(1);
  desktop.online = false;
  await clock.advance(10_000);
  expect(wakes).toBe(1);
  desktop.online = true;
  await clock.advance(10_000);
  expect(wakes).toBe(2);
  stop();
  desktop.powerMonitor.emit('resume');
  await clock.advance(60_000);
  expect([wakes, clock.pendingTimers]).toEqual([2, 0]);
});

describe('a port', () => {
  test.runIf(process.platform === 'linux')('is named with the program that holds it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await findPortHolder(port, 'linux')).toEqual({ pid: process.pid, name: expect.stringMatching(/./) });
    const free = await findFreePort(port - 1);
    expect(free).toBeGreaterThan(port);
    server.close();
    await once(server, 'close');
    expect(await findPortHolder(port, 'linux')).toBeUndefined();
  });

  test('what lsof and netstat say is understood', () => {
    expect(readLsof('p4242\ncControlCenter\nf9\n')).toEqual({ pid: 4242, name: 'ControlCenter' });
    expect(readLsof('')).toBeUndefined();
    const netstat = [
      '  Proto  Local Address          Foreign Address        State           PID',
      '  TCP    127.0.0.1:52750        0.0.0.0:0              LISTENING       1',
      '  TCP    127.0.0.1:5275         127.0.0.1:60000        ESTABLISHED     2',
      '  TCP    127.0.0.1:5275         0.0.0.0:0              ABHÖREN         1234',
    ].join('\r\n');
    expect(readNetstat(netstat, 5275)).toBe(1234);
    expect(readNetstat(netstat, 1)).toBeUndefined();
  });
});

describe('updates', () => {
  const open = (isOn: () => boolean) => {
    const clock = new FakeClock();
    const told: string[] = [];
    let ready = (_info: { version: string }) => {};
    const updater = {
      autoDownload: false,
      autoInstallOnAppQuit: true,
      logger: {},
      checks: 0,
      installs: 0,
      opened: 0,
      on: (_event: 'update-downloaded', listener: (info: { version: string }) => void) => void (ready = listener),
      checkForUpdates: async () => {
        updater.checks += 1;
        if (updater.checks === 1) throw new Error('offline');
      },
      quitAndInstall: () => void (updater.installs += 1),
    };
    const openUpdater = async (): Promise<Updater> => {
      updater.opened += 1;
      return updater;
    };
    const updates = new Updates({ clock, isOn, openUpdater, onReady: (version) => void told.push(version) });
    return { clock, updates, updater, told, ready: (version: string) => ready({ version }) };
  };

  test('are never looked for unless a person asked for it', async () => {
    const { clock, updater } = open(() => false);
    await clock.advance(24 * 3_600_000);
    expect([updater.opened, updater.checks]).toEqual([0, 0]);
  });

  test('are looked for every four hours, offline or not, and installed only when told to', async () => {
    const { clock, updates, updater, told, ready } = open(() => true);
    await clock.advance(9_999);
    expect(updater.checks).toBe(0);
    await clock.advance(8 * 3_600_000);
    expect([updater.checks, updater.opened]).toEqual([3, 1]);
    expect([updater.autoDownload, updater.autoInstallOnAppQuit, updater.logger]).toEqual([true, false, null]);
    ready('2.0.0');
    expect([told, updater.installs]).toEqual([['2.0.0'], 0]);
    await updates.install();
    expect(updater.installs).toBe(1);
    updates.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
