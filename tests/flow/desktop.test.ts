import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { demoScopes } from '../../src-main/sandbox/demo-sign-in.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { type DesktopProcess, startDesktop } from '../helpers/desktop-process.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { createHome, type TemporaryHome } from '../helpers/run-node.ts';
import { arrived, logOf, spoil } from '../helpers/sandbox-control.ts';

let sandbox: Sandbox;
let home: TemporaryHome;

beforeAll(async () => {
  sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
  home = await createHome();
});
afterAll(async () => {
  await sandbox.close();
  await home.remove();
});

/** Where the app keeps everything of this person. */
const userData = () => join(home.path, 'config', 'LarkGate');

async function start(argv: string[] = []): Promise<DesktopProcess> {
  const folder = join(userData(), 'gateway');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { url, larkUrl } = sandbox;
  const lark = { openUrl: url, accountsUrl: url, larkOpenUrl: larkUrl, larkAccountsUrl: larkUrl, scopes: demoScopes };
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ server: { port: 0 }, lark }));
  return startDesktop(home.path, { FEISHU_APP_ID: sandbox.appId, FEISHU_APP_SECRET: sandbox.appSecret }, argv);
}

async function configuration(
  desktop: DesktopProcess,
  item = 'Copy client configuration',
): Promise<{ mcp: string; key: string }> {
  await desktop.order({ do: 'click', item });
  const { clipboard } = await desktop.until((view) => view.clipboard !== '');
  const { larkgate } = JSON.parse(clipboard).mcpServers;
  return { mcp: larkgate.url, key: larkgate.headers.Authorization.replace('Bearer ', '') };
}

test('the built app signs in, serves, follows, wakes, comes back and quits as a whole', async () => {
  const desktop = await start(['--hidden']);
  let view = await desktop.until(({ trays }) => trays[0]?.tooltip.includes('Nobody is signed in') ?? false);
  expect(view.trays[0]?.image).toMatch(/resources\/icons\/tray-attention-ground\.png$/);
  expect(view.windows).toEqual([]);

  // The sign-in window.
  await desktop.order({ do: 'click', item: 'Sign in to Feishu…' });
  view = await desktop.until(({ windows }) => windows[0]?.url !== undefined && windows[0].url !== '');
  expect(view.windows[0]?.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
  const target = await configuration(desktop);
  const own = new URL(target.mcp).origin;
  const allowed = [`${sandbox.url}/oauth/x`, `${own}/oauth/callback?code=1`, `${sandbox.larkUrl}/accounts`];
  const refused = ['https://example.com/', `${own}/dashboard/`, 'file:///etc/passwd', 'javascript:alert(1)'];
  const { refused: held } = await desktop.order({ do: 'navigate', window: 0, urls: [...allowed, ...refused] });
  expect(held).toEqual(refused);
  for (const _page of refused) await desktop.order({ do: 'answer', button: 'Cancel' });
  await sandbox.confirmDevice(new URL(view.windows[0]?.url ?? ''));
  view = await desktop.until(({ trays }) => trays[0]?.tooltip === 'LarkGate · Running');
  expect(view.windows).toEqual([]);
  expect(view.trays[0]?.image).toMatch(/tray-ready-ground\.png$/);

  // A client.
  const client = await connectAs('Cherry Studio', target);
  const { isError } = await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
  expect(isError).toBeFalsy();
  await desktop.until(({ trays }) => trays[0]?.labels.includes('Clients connected: 1 > Cherry Studio 1.0.0') ?? false);

  // A sleep of an hour and a half, and the token is renewed on waking.
  const renewals = async () => (await logOf(sandbox, '/oauth/v3/token')).length;
  const before = await renewals();
  await desktop.order({ do: 'sleep', ms: 90 * 60_000 });
  await expect.poll(renewals, { timeout: 60_000 }).toBe(before + 1);

  // A second start shows the window of the first.
  await desktop.order({ do: 'second', argv: ['larkgate'] });
  view = await desktop.until(({ windows }) => windows.length === 1);
  expect(view.windows[0]).toMatchObject({ visible: true, focused: 1 });
  expect(view.windows[0]?.url.startsWith(`${own}/dashboard/enter?ticket=`)).toBe(true);

  // Quitting waits for the call that runs.
  await spoil(sandbox, { path: '/open-apis/im/v1/chats', kind: 'delay' });
  const call = client.callTool({ name: 'im_v1_chat_list', arguments: {} });
  await arrived(sandbox, '/open-apis/im/v1/chats');
  await desktop.order({ do: 'quit' });
  expect((await call).isError).toBeFalsy();
  expect(await desktop.exited).toBe(0);
  expect(await desktop.stderr).toBe('');
  await client.close().catch(() => {});
});

test('the settings outlive it in electron-store, sealed secrets beside them, nothing secret in the open', async () => {
  const desktop = await start();
  await desktop.until(({ windows }) => windows.length === 1);
  await desktop.order({ do: 'click', item: '简体中文' });
  await desktop.until(({ trays }) => trays[0]?.tooltip === 'LarkGate · 正在运行');
  const { key } = await desktop
    .until(() => true)
    .then(async () => {
      await desktop.order({ do: 'click', item: '复制客户端配置' });
      const { clipboard } = await desktop.until((view) => view.clipboard !== '');
      return { key: JSON.parse(clipboard).mcpServers.larkgate.headers.Authorization.replace('Bearer ', '') };
    });
  await desktop.order({ do: 'quit' });
  expect(await desktop.exited).toBe(0);

  expect(JSON.parse(await readFile(join(userData(), 'desktop.json'), 'utf8'))).toMatchObject({ language: 'zh' });
  const again = await start(['--hidden']);
  const view = await again.until(({ trays }) => trays[0]?.tooltip === 'LarkGate · 正在运行');
  expect(view.windows).toEqual([]);
  await again.order({ do: 'quit' });
  expect(await again.exited).toBe(0);

  const files = (await readdir(userData(), { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  for (const file of files) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    for (const secret of [sandbox.appSecret, key])
      expect([file.name, text.includes(secret)]).toEqual([file.name, false]);
  }
});

test('a broken settings file is kept aside and told, and the app starts', async () => {
  await writeFile(join(userData(), 'desktop.json'), '{"language":');
  const desktop = await start(['--hidden']);
  const view = await desktop.until(({ trays }) => trays[0]?.tooltip === 'LarkGate · Running');
  expect(view.notifications[0]?.title).toBe('The desktop settings file is broken');
  const kept = (await readdir(userData())).find((name) => name.startsWith('desktop.json.corrupt-'));
  expect(await readFile(join(userData(), kept ?? ''), 'utf8')).toBe('{"language":');
  await desktop.order({ do: 'quit' });
  expect(await desktop.exited).toBe(0);
});
