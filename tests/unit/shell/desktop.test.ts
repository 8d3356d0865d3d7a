import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src-main/base/clock.ts';
import { createSandbox } from '../../../src-main/sandbox/sandbox.ts';
import { connectAs } from '../../helpers/mcp-client.ts';
import { closeDesktops, icon, lastUrl, signInThroughWindow, start, startReady, until } from './open-desktop.ts';

afterEach(closeDesktops);

describe('the tray', () => {
  test('follows what happens: nobody signed in, a person, a client, the person gone', async () => {
    const opened = await startReady();
    const { desktop } = opened;
    expect(icon(opened)).toBe('tray-attention-ground.png');
    expect(desktop.tray.tooltip).toBe('LarkGate · Nobody is signed in to Feishu');
    expect(desktop.labels()).toContain('No client is connected');

    await signInThroughWindow(opened);
    expect(icon(opened)).toBe('tray-ready-ground.png');
    expect(desktop.tray.tooltip).toBe('LarkGate · Running');
    expect(desktop.labels().some((label) => /^林晓雨 · token 1 h 5\d min left, sign-in 6 d/.test(label))).toBe(true);

    const { urls, keys } = opened.app();
    const client = await connectAs('Cherry Studio', { mcp: urls.mcp, key: keys.defaultSecret });
    await until(() => desktop.labels().some((label) => label.startsWith('Clients connected: 1')));
    expect(desktop.labels()).toContain('Clients connected: 1 > Cherry Studio 1.0.0');
    await client.close();

    desktop.answer('Sign out');
    desktop.click('Sign out…');
    await until(() => desktop.tray.tooltip.includes('Nobody'));
    expect(icon(opened)).toBe('tray-attention-ground.png');
  });

  test('copies the address, and a configuration that a client takes as it is', async () => {
    const opened = await startReady();
    const { desktop } = opened;
    desktop.click('Copy MCP address');
    await until(() => desktop.clipboard !== '');
    expect(desktop.clipboard).toBe(opened.app().urls.mcp);
    desktop.click('Copy client configuration');
    await until(() => desktop.clipboard.startsWith('{'));
    const { larkgate } = JSON.parse(desktop.clipboard).mcpServers;
    expect(larkgate).toEqual({
      type: 'http',
      url: opened.app().urls.mcp,
      headers: { Authorization: `Bearer ${opened.app().keys.defaultSecret}` },
    });
  });

  test('speaks the language of the system, or the one that is chosen', async () => {
    const opened = await startReady({ languages: ['zh-CN', 'en'] });
    const { desktop } = opened;
    expect(desktop.tray.tooltip).toBe('LarkGate · 还没有人登录飞书');
    desktop.click('English');
    await until(() => desktop.tray.tooltip.includes('Nobody'));
    expect(opened.remembered.language).toBe('en');
  });

  test('a pause refuses every tool, shows, and outlives a restart', async () => {
    const sandbox = await createSandbox({ clock: systemClock });
    const home = await mkdtemp(join(tmpdir(), 'larkgate-paused-'));
    const first = await startReady({ sandbox, home });
    first.desktop.click('Pause');
    await until(() => icon(first) === 'tray-paused-ground.png');
    const { urls, keys } = first.app();
    const client = await connectAs('Cursor', { mcp: urls.mcp, key: keys.defaultSecret });
    const { isError, content } = await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
    expect([isError, JSON.stringify(content)]).toEqual([true, expect.stringContaining('paused')]);
    await client.close();
    first.desktop.quit();
    await first.desktop.exited;

    const second = await startReady({ sandbox, home });
    expect(icon(second)).toBe('tray-paused-ground.png');
    second.desktop.click('Resume');
    await until(() => icon(second) === 'tray-attention-ground.png');
    second.desktop.quit();
    await second.desktop.exited;
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  });

  test('a desktop without a tray gets the window with the same acts, and closing it quits', async () => {
    const { desktop } = await startReady({ noTray: true, argv: ['larkgate', '--hidden'] });
    const [window] = desktop.openWindows;
    expect(window?.visible).toBe(true);
    expect(desktop.labels(desktop.appMenu)).toContain('LarkGate > Sign in to Feishu…');
    window?.close();
    await desktop.exited;
    expect(desktop.exitCode).toBe(0);
  });
});

describe('starting', () => {
  test('at login it starts hidden; a second start by hand shows the window of the first', async () => {
    const { desktop } = await startReady({ argv: ['larkgate', '--hidden'] });
    expect(desktop.windows).toHaveLength(0);
    desktop.app.emit('second-instance', {}, ['larkgate', '--hidden'], '/');
    expect(desktop.windows).toHaveLength(0);
    desktop.app.emit('second-instance', {}, ['larkgate'], '/');
    await until(() => desktop.openWindows.length === 1);
    const [window] = desktop.openWindows;
    expect(window?.focused).toBe(1);
    desktop.app.emit('second-instance', {}, ['larkgate'], '/');
    await until(() => window?.focused === 2);
    expect(desktop.openWindows).toHaveLength(1);
  });

  test('a second instance ends at once and starts no gateway', async () => {
    const opened = await start({ second: true });
    await opened.desktop.exited;
    expect(opened.apps).toEqual([]);
    expect(opened.desktop.trays).toEqual([]);
  });

  test('a port that is taken is named with its holder, and the gateway moves only when told to', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const opened = await start({ config: { server: { port } } });
    const { desktop } = opened;
    await until(() => desktop.questions.length === 1);
    expect(desktop.questions[0]?.message).toMatch(
      new RegExp(`^Port ${port} is held by .+ \\(process ${process.pid}\\)`),
    );
    expect(icon(opened)).toBe('tray-stopped-ground.png');
    expect(desktop.notifications.at(-1)?.title).toBe('The LarkGate gateway stopped');

    desktop.answer('Use port');
    await opened.started;
    expect(opened.app().port).toBeGreaterThan(port);
    const file = await readFile(join(opened.home, 'config', 'LarkGate', 'gateway', 'settings.json'), 'utf8');
    expect(JSON.parse(file).server.port).toBe(opened.app().port);
    server.close();
  });

  test('a gateway that was left stopped starts from the menu', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const opened = await start({
      config: { server: { port: typeof address === 'object' && address ? address.port : 0 } },
    });
    opened.desktop.answer('Later');
    await opened.started;
    expect(opened.desktop.tray.tooltip).toContain('Stopped');
    server.close();
    await once(server, 'close');
    opened.desktop.click('Start the gateway again');
    await until(() => opened.apps.length === 1 && icon(opened) === 'tray-attention-ground.png');
  });

  test('without a keychain it asks before the key lies in a file, and remembers a yes', async () => {
    const sandbox = await createSandbox({ clock: systemClock });
    const home = await mkdtemp(join(tmpdir(), 'larkgate-keyless-'));
    const keychain = { backend: 'basic_text' as const };
    const first = await start({ sandbox, home, keychain });
    first.desktop.answer('Cancel');
    await until(() => first.desktop.questions.length === 2);
    expect(first.desktop.questions[0]?.message).toContain('no keyring');
    expect(first.desktop.questions[1]?.detail).toContain('nothing was stored');
    expect(first.apps).toEqual([]);
    await expect(readFile(join(home, 'config', 'LarkGate', 'gateway', 'master.key'))).rejects.toThrow('ENOENT');

    first.desktop.answer('Try again');
    first.desktop.answer('Keep it in a file');
    await first.started;
    expect(first.apps).toHaveLength(1);
    first.desktop.quit();
    await first.desktop.exited;

    const second = await startReady({ sandbox, home, keychain, remembered: first.remembered });
    expect(second.desktop.questions).toEqual([]);
    second.desktop.quit();
    await second.desktop.exited;
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  });

  test('settings of the gateway that are wrong are named, not replaced', async () => {
    const opened = await start({ config: { limits: { perSession: -1 } } });
    const { desktop } = opened;
    await until(() => desktop.questions.length === 1);
    expect(desktop.questions[0]?.detail).toContain('limits.perSession');
    desktop.answer('Quit');
    await desktop.exited;
  });
});

describe('the machine', () => {
  test('waking, unlocking and another network wake the accounts', async () => {
    const opened = await startReady();
    const { desktop } = opened;
    desktop.powerMonitor.emit('resume');
    desktop.powerMonitor.emit('unlock-screen');
    expect(opened.woken()).toBe(2);
    desktop.powerMonitor.emit('suspend');
    desktop.powerMonitor.emit('lock-screen');
    expect(opened.woken()).toBe(2);
  });

  test('a sign-in that is lost is told once, and the click leads to that account', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    const { desktop } = opened;
    await signInThroughWindow(opened);
    const [account] = opened.app().accounts();
    if (!account) throw new Error('Nobody is signed in');
    const reason = { zh: '登录已失效。', en: 'The sign-in has ended.' };
    for (let time = 0; time < 2; time += 1) {
      opened.app().bus.publish({ kind: 'account.changed', account: { ...account, state: 'sign_in_needed', reason } });
    }
    expect(desktop.notifications.map(({ title, body }) => [title, body])).toEqual([
      ['林晓雨 must sign in to Feishu again', 'The sign-in has ended.'],
    ]);
    desktop.notifications[0]?.emit('click');
    await until(() => lastUrl(desktop) !== '');
    const { logins } = await opened.app().call('logins', {});
    expect(logins.find(({ state }) => state === 'waiting')?.accountId).toBe(account.id);
  });

  test('a sign-in that is dying is told', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    const words = { zh: '将在 24 小时内失效。', en: 'Ends within 24 hours.' };
    const notice = { id: 'tokens.expiring.acc_1', level: 'warning' as const, words, since: 0 };
    opened.app().bus.publish({ kind: 'notice.raised', notice });
    expect(opened.desktop.notifications.map(({ body }) => body)).toEqual(['Ends within 24 hours.']);
  });

  test('quitting lets a running call end, then leaves nothing behind', async () => {
    const sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1, delayMs: 300 });
    const opened = await startReady({ sandbox, argv: ['larkgate', '--hidden'] });
    await signInThroughWindow(opened);
    const { urls, keys, bus } = opened.app();
    const client = await connectAs('Cherry Studio', { mcp: urls.mcp, key: keys.defaultSecret });
    const running = new Promise<void>((resolve) => {
      bus.subscribe(({ kind }) => kind === 'call.started' && resolve());
    });
    const call = client.callTool({ name: 'im_v1_chat_list', arguments: {} });
    await running;
    opened.desktop.click('Quit');
    opened.desktop.quit();
    expect((await call).isError).toBeFalsy();
    await opened.desktop.exited;
    expect(opened.desktop.exitCode).toBe(0);
    expect(opened.desktop.trays[0]?.destroyed).toBe(true);
    expect(opened.desktop.openWindows).toEqual([]);
    await expect(fetch(urls.health)).rejects.toThrow();
    await client.close().catch(() => {});
    await sandbox.close();
  });

  test('nothing secret is in the files that are not sealed', async () => {
    const opened = await startReady({ argv: ['larkgate', '--hidden'] });
    await signInThroughWindow(opened);
    const folder = join(opened.home, 'config', 'LarkGate', 'gateway');
    const key = JSON.parse(await readFile(join(folder, 'master.key'), 'utf8'));
    expect(key).toMatchObject({ version: 1, backend: 'gnome_libsecret' });
    const hex = Buffer.from(String(Buffer.from(key.sealed, 'base64')).split(':')[2] ?? '', 'base64').toString();
    expect(hex).toMatch(/^[0-9a-f]{64}$/);
    const canaries = [hex, opened.sandbox.appSecret, opened.app().keys.defaultSecret];
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.json')) continue;
      const text = await readFile(join(folder, name), 'utf8');
      expect(canaries.filter((canary) => text.includes(canary))).toEqual([]);
    }
    expect(JSON.stringify(opened.remembered)).not.toContain(opened.app().keys.defaultSecret);
  });
});
