import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { type Sandbox, createSandbox } from '../../src-main/sandbox/sandbox.ts';
import { type WatchedPage, launchBrowser, openPage } from '../helpers/browser.ts';
import { createOwnApp } from '../helpers/person-at-door.ts';
import { openRawSession } from '../helpers/raw-session.ts';
import { logOf } from '../helpers/sandbox-control.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let browser: Browser;
let sandbox: Sandbox;
let gateway: StartedGateway;
let window: WatchedPage;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
  gateway = await startGateway({ sandbox, appless: true, config: { tools: { enabled: ['im.v1.chat.list'] } } });
  await createOwnApp(gateway, 'lin.xiaoyu');
  window = await openPage(browser);
});
afterEach(async () => {
  await window.close();
  await gateway.close();
  await sandbox.close();
});

/** A client that works as the one who is signed in, and the page on which another person signed in for it. */
async function signInAsAnother() {
  const session = await openRawSession(gateway);
  const [lin] = gateway.app.accounts();
  const { sessions } = await gateway.app.call('sessions', {});
  await gateway.app.call('bindSession', { sessionId: sessions[0]?.id ?? '', accountId: lin?.id ?? null });
  const { page } = window;
  await page.goto(new URL(`/oauth/start?sessionId=${session.id}`, gateway.mcp).href);
  const [tab] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: /Open in the browser/ }).click(),
  ]);
  expect(new URL(tab.url()).origin).toBe(sandbox.url);
  await sandbox.confirmDevice(new URL(tab.url()), { person: 'chen.zhiyuan' });
  await tab.close();
  await page.getByText('你以').waitFor();
  const personOfCall = async () => {
    await fetch(`${sandbox.url}/__log`, { method: 'DELETE' });
    await session.ask('tools/call', { name: 'im_v1_chat_list', arguments: {} });
    return (await logOf(sandbox, '/open-apis/im/v1/chats')).map(({ authorization }) => authorization.person);
  };
  return { page, personOfCall };
}

test('a client of one person, for which another signs in, changes when its person clicks so', async () => {
  const { page, personOfCall } = await signInAsAnother();
  expect(await personOfCall()).toEqual(['lin.xiaoyu']);
  await page.getByRole('button', { name: /Use/ }).click();
  await page.getByText('已切换').waitFor();
  expect(await personOfCall()).toEqual(['chen.zhiyuan']);
  await page.goBack();
  await page.getByText('授权成功').waitFor();
  expect(window.complaints).toEqual([]);
});

test('and stays as it is when its person clicks that', async () => {
  const { page, personOfCall } = await signInAsAnother();
  await page.getByRole('button', { name: /Keep/ }).click();
  await page.getByText('未改变').waitFor();
  expect(await personOfCall()).toEqual(['lin.xiaoyu']);
  expect(gateway.app.accounts()).toHaveLength(2);
  expect(window.complaints).toEqual([]);
});
