import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type ElectronApplication } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectFolder } from '../helpers/run-node.ts';

/** The wrapper of npm brings no runtime; asking it for one would begin a download. */
const isInstalled = existsSync(join(projectFolder, 'node_modules/electron/path.txt'));
if (!isInstalled) {
  console.log(
    "Electron's own tests are skipped: its runtime is not installed. Run npx install-electron --no where github.com or ELECTRON_MIRROR can be reached.",
  );
}

describe.skipIf(!isInstalled)('the desktop app in Electron itself', () => {
  let home = '';
  let app: ElectronApplication;

  beforeEach(async () => {
    // A folder of its own for each: the lock of the single instance belongs to it.
    home = mkdtempSync(join(tmpdir(), 'larkgate-electron-'));
    mkdirSync(join(home, 'gateway'), { mode: 0o700 });
    writeFileSync(join(home, 'gateway', 'settings.json'), JSON.stringify({ server: { port: 0 } }));
    app = await electron.launch({
      args: [...(process.platform === 'linux' ? ['--no-sandbox'] : []), `--user-data-dir=${home}`, projectFolder],
      // No keychain answers on a build machine.
      env: { ...withoutUndefined(process.env), LARKGATE_KEY: 'ab'.repeat(32) },
    });
  });
  afterEach(async () => {
    await app.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the window shows the dashboard, in a sandbox, without Node', async () => {
    const page = await app.firstWindow();
    await page.waitForURL(/^http:\/\/127\.0\.0\.1:\d+\/dashboard\/#?/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual(
      [],
    );
    const preferences = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(preferences).toBe(1);
  });

  test('the page can neither leave nor open windows', async () => {
    const page = await app.firstWindow();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.com/';
      window.open('https://example.com/');
    });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    expect(page.url()).toBe(before);
    expect(app.windows()).toHaveLength(1);
  });

  test('a second instance ends, and the first stays', async () => {
    await app.firstWindow();
    const second = electron.launch({ args: ['--no-sandbox', `--user-data-dir=${home}`, projectFolder] });
    await expect(second.then((other) => other.firstWindow())).rejects.toThrow();
    expect(app.windows()).toHaveLength(1);
  });

  test('quitting ends the process', async () => {
    await app.firstWindow();
    const closed = app.waitForEvent('close');
    await app.evaluate(({ app: running }) => running.quit());
    await closed;
    expect(app.process().exitCode).toBe(0);
  });
});

function withoutUndefined(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
