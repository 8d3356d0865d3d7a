import { afterEach, describe, expect, test } from 'vitest';
import { closeDesktops, icon, lastUrl, startReady, until } from './open-desktop.ts';

afterEach(closeDesktops);

describe('signing in', () => {
  test('the window shows Feishu, tells whose page it is, and closes itself when it is done', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    const { desktop, sandbox } = opened;
    desktop.click('Sign in to Feishu…');
    await until(() => lastUrl(desktop) !== '');
    const [window] = desktop.openWindows;
    expect(new URL(lastUrl(desktop)).origin).toBe(sandbox.url);
    expect(window?.title).toBe(`Sign in to Feishu — ${new URL(sandbox.url).host}`);
    expect(window?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
    expect(window?.options.webPreferences?.preload).toBeUndefined();
    expect(window?.options.webPreferences?.partition).toMatch(/^sign-in-/);
    const session = desktop.sessions.get(window?.options.webPreferences?.partition ?? '');
    expect(session?.grants('media')).toBe(false);
    expect(session?.grants('clipboard-sanitized-write')).toBe(false);
    expect(session?.grantsDevices()).toBe(false);
    expect(session?.downloads()).toBe(false);
    const url = lastUrl(desktop);
    expect(window?.webContents.opensWindow(`${sandbox.url}/help`)).toBe(false);
    expect(lastUrl(desktop)).toBe(`${sandbox.url}/help`);
    expect(desktop.openWindows).toHaveLength(1);

    await sandbox.confirmDevice(new URL(url));
    await until(() => desktop.openWindows.length === 0);
    await until(() => icon(opened) === 'tray-ready-ground.png');
  });

  test('a page that leads elsewhere is held back, and the person goes on in the browser', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    const { desktop } = opened;
    desktop.click('Sign in to Feishu…');
    await until(() => lastUrl(desktop) !== '');
    const url = lastUrl(desktop);
    const page = desktop.openWindows[0]?.webContents;
    expect(page?.wantsTo('https://sso.example.com/login', 'will-redirect')).toBe(false);
    expect(page?.wantsTo('https://sso.example.com/again')).toBe(false);
    expect(page?.opensWindow('https://sso.example.com/popup')).toBe(false);
    expect(desktop.questions).toHaveLength(1);
    expect(desktop.questions[0]?.message).toContain('sso.example.com');
    desktop.answer('Continue in the browser');
    await until(() => desktop.opened.length === 1);
    expect(desktop.opened).toEqual([url]);
    expect(desktop.openWindows).toEqual([]);
    await opened.sandbox.confirmDevice(new URL(url));
    await until(() => icon(opened) === 'tray-ready-ground.png');
  });

  test('a closed window cancels the login: a later consent stores nothing', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    const { desktop } = opened;
    desktop.click('Sign in to Feishu…');
    await until(() => lastUrl(desktop) !== '');
    desktop.openWindows[0]?.close();
    const logins = async () => (await opened.app().call('logins', {})).logins.map(({ state }) => state);
    await expect.poll(logins).toEqual(['canceled']);
    expect(opened.app().accounts()).toEqual([]);
  });

  test('a refused consent closes the window and says why', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    const { desktop, sandbox } = opened;
    desktop.click('Sign in to Feishu…');
    await until(() => lastUrl(desktop) !== '');
    await sandbox.confirmDevice(new URL(lastUrl(desktop)), { deny: true });
    await until(() => desktop.questions.length === 1);
    expect(desktop.openWindows).toEqual([]);
    expect(desktop.questions[0]).toMatchObject({ type: 'error', message: 'Signing in did not work' });
    expect(desktop.questions[0]?.detail).toContain('declined');
  });

  test('by setting the system browser is used instead of a window', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'], remembered: { signInWith: 'browser' } });
    const { desktop, sandbox } = opened;
    desktop.click('Sign in to Feishu…');
    await until(() => desktop.opened.length === 1);
    expect(desktop.windows).toEqual([]);
    await sandbox.confirmDevice(new URL(desktop.opened[0] ?? ''));
    await until(() => icon(opened) === 'tray-ready-ground.png');
  });

  test('without an app the first sign-in creates one, then signs in to it in the same window', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'], appless: true });
    const { desktop, sandbox } = opened;
    desktop.answer('Feishu');
    desktop.click('Sign in to Feishu…');
    await until(() => lastUrl(desktop) !== '');
    const first = lastUrl(desktop);
    await sandbox.confirmRegistration(new URL(first));
    await until(() => lastUrl(desktop) !== first);
    await sandbox.confirmDevice(new URL(lastUrl(desktop)));
    await until(() => icon(opened) === 'tray-ready-ground.png');
    expect(desktop.windows).toHaveLength(1);
  });
});

describe('the window', () => {
  test('is let in by a one-time link and has no privilege', async () => {
    const opened = await startReady();
    const { desktop } = opened;
    const [window] = desktop.openWindows;
    const link = window?.webContents.getURL() ?? '';
    expect(link.startsWith(`${new URL(opened.app().urls.mcp).origin}/dashboard/enter?ticket=`)).toBe(true);
    expect((await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')).toContain('HttpOnly');
    expect((await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')).toBeNull();
    expect(window?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    });
    expect(window?.options.webPreferences?.preload).toBeUndefined();
    const session = desktop.sessions.get('persist:dashboard');
    expect(session?.grants('geolocation')).toBe(false);
    expect(session?.grants('clipboard-sanitized-write')).toBe(true);
  });

  test('stays on its pages; links to Feishu open in the browser, others nowhere', async () => {
    const { desktop, sandbox } = await startReady();
    const page = desktop.openWindows[0]?.webContents;
    expect(page?.wantsTo('https://example.com/')).toBe(false);
    expect(page?.opensWindow('https://example.com/')).toBe(false);
    expect(page?.opensWindow('file:///etc/passwd')).toBe(false);
    expect(desktop.opened).toEqual([]);
    expect(page?.opensWindow(`${sandbox.url}/page`)).toBe(false);
    expect(page?.opensWindow('https://open.feishu.cn/app/cli_1/auth')).toBe(false);
    expect(desktop.opened).toEqual([`${sandbox.url}/page`, 'https://open.feishu.cn/app/cli_1/auth']);
  });

  test('closing leaves the gateway running in the tray, and its place is remembered', async () => {
    const opened = await startReady();
    const { desktop } = opened;
    const [window] = desktop.openWindows;
    if (window) window.bounds = { x: 100, y: 50, width: 900, height: 700 };
    window?.close();
    expect(window?.visible).toBe(false);
    expect(window?.destroyed).toBe(false);
    expect(desktop.exitCode).toBeUndefined();
    expect(opened.remembered.window).toEqual({ x: 100, y: 50, width: 900, height: 700, maximized: false });
    const again = await startReady({ remembered: opened.remembered });
    expect(again.desktop.openWindows[0]?.options).toMatchObject({ x: 100, y: 50, width: 900, height: 700 });
  });

  test('by setting closing quits', async () => {
    const { desktop } = await startReady({ remembered: { closeToTray: false } });
    desktop.openWindows[0]?.close();
    await desktop.exited;
  });

  test('a page that crashes is let in again; one that keeps crashing is given up, and the gateway goes on', async () => {
    const opened = await startReady();
    const { desktop } = opened;
    const [window] = desktop.openWindows;
    for (let death = 1; death <= 3; death += 1) {
      window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
      expect(window?.webContents.visited).toHaveLength(1 + death);
    }
    expect(new Set(window?.webContents.visited).size).toBe(4);
    window?.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
    expect(window?.destroyed).toBe(true);
    await until(() => desktop.questions.length === 1);
    expect((await fetch(opened.app().urls.health)).status).toBe(200);
    desktop.answer('Try again');
    await until(() => desktop.openWindows.length === 1);
  });
});
