import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { sampleCall, sampleNotice } from '../helpers/sample-views.ts';
import { type GatewayOptions, type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let browser: Browser;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(options: GatewayOptions = {}): Promise<StartedGateway> {
  const gateway = await startGateway(options);
  closers.push(() => gateway.close());
  return gateway;
}

async function look(gateway: StartedGateway, hash = '', locale = 'en-GB'): Promise<WatchedPage> {
  const watched = await openPage(browser, { locale });
  closers.push(() => watched.close());
  await watched.page.goto(gateway.app.dashboardLink());
  await watched.page.getByRole('navigation').waitFor();
  if (hash) await go(watched.page, hash);
  return watched;
}

const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, hash);

async function connect(gateway: StartedGateway, name = 'Cherry Studio'): Promise<Client> {
  const client = await connectAs(name, gateway);
  closers.push(() => client.close());
  return client;
}

/** Waits for a value: a page draws when it can, on a busy machine a little later. */
const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 });

const listChats = (client: Client) => client.callTool({ name: 'im_v1_chat_list', arguments: {} });

describe('a person', () => {
  it('is led to the place where one signs in, and sees the account in short when it is there', async () => {
    const gateway = await start({ signedIn: false });
    const { page, complaints } = await look(gateway, '', 'zh-CN');
    await page.getByText('还没有登录飞书').waitFor();
    await page.getByRole('link', { name: '登录飞书' }).click();
    await page.getByRole('heading', { name: '账号', level: 1 }).waitFor();
    await page.getByRole('link', { name: /为我创建应用/ }).waitFor();
    await go(page, '#/overview');
    await gateway.signIn();
    await page.getByText('已登录', { exact: true }).waitFor();
    await page.getByText(/还剩 1 小时/).waitFor();
    expect(await page.getByText('还没有登录飞书').count()).toBe(0);
    await page.getByRole('link', { name: '管理 林晓雨' }).click();
    await page.getByRole('article', { name: '林晓雨' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('renews and signs out, after being told what is lost', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/accounts');
    await page.getByRole('button', { name: 'Renew now' }).click();
    await page.getByText(/it worked/).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/revoked at Feishu/).waitFor();
    expect(gateway.app.accounts()).toHaveLength(1);
    await dialog.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('article', { name: '林晓雨' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /Create my app/ }).waitFor();
    expect(gateway.app.accounts()).toEqual([]);
  });

  it('copies the address that clients need', async () => {
    const gateway = await start();
    const { page } = await look(gateway);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy MCP address' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(gateway.mcp);
  });

  it('is told at once what needs attention, and when it is over', async () => {
    const gateway = await start();
    const { page } = await look(gateway);
    await page.getByRole('heading', { name: 'Running' }).waitFor();
    gateway.app.bus.publish({ kind: 'notice.raised', notice: sampleNotice() });
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    await page.getByText('The data folder cannot be written. Check disk space.').waitFor();
    gateway.app.bus.publish({ kind: 'notice.cleared', noticeId: sampleNotice().id });
    await page.getByRole('heading', { name: 'Running' }).waitFor();
  });
});

describe('calls', () => {
  it('appear while the client makes them, with their details but not their arguments', async () => {
    const gateway = await start();
    const { page, complaints } = await look(gateway, '#/calls');
    await page.getByText('No calls yet').waitFor();
    const client = await connect(gateway);
    await client.callTool({ name: 'im_v1_chat_list', arguments: { page_size: 7, page_token: 'Canary9-argument' } });
    await page.getByRole('button', { name: 'im_v1_chat_list' }).click();
    const detail = page.getByRole('dialog');
    await detail.getByText('Fingerprint of the arguments (SHA-256)').waitFor();
    expect(await detail.innerText()).toMatch(/Cherry Studio[\s\S]*[0-9a-f]{64}/);
    expect(await page.content()).not.toContain('Canary9-argument');
    expect(complaints).toEqual([]);
  });

  it('are found by tool and outcome, and a link keeps the filter', async () => {
    const gateway = await start();
    const client = await connect(gateway);
    await listChats(client);
    await client.callTool({
      name: 'im_v1_message_list',
      arguments: { container_id: 'oc_nobody', container_id_type: 'chat' },
    });
    const { page } = await look(gateway, '#/calls');
    const rows = page.getByRole('table').getByRole('row');
    await eventually(() => rows.count()).toBe(3);
    await page.getByLabel('Outcome').selectOption('Failed');
    await eventually(() => rows.count()).toBe(2);
    await page.reload();
    await page.getByRole('button', { name: 'im_v1_message_list' }).waitFor();
    await eventually(() => rows.count()).toBe(2);
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await eventually(() => rows.count()).toBe(3);
    await page.getByRole('combobox', { name: 'Tool' }).fill('chat');
    await page.getByRole('option', { name: 'im_v1_chat_list' }).click();
    await eventually(() => rows.count()).toBe(2);
  });

  it('are read further back page by page', async () => {
    const gateway = await start();
    for (let number = 0; number < 250; number += 1) {
      const call = sampleCall({ id: `call_${number}`, tool: `tool_${number}`, startedAt: Date.now() - 1000 + number });
      gateway.app.bus.publish({ kind: 'call.finished', call });
    }
    const { page } = await look(gateway, '#/calls');
    const rows = page.getByRole('table').locator('tbody tr');
    await eventually(() => rows.count()).toBe(100);
    await page.getByRole('button', { name: 'Show more' }).click();
    await eventually(() => rows.count()).toBe(200);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('button', { name: 'tool_0', exact: true }).waitFor();
    expect(await rows.count()).toBe(250);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });
});

describe('sessions', () => {
  it('come and go as clients do, and can be ended', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '#/sessions');
    await page.getByText('No client is connected').waitFor();
    const client = await connect(gateway, 'Claude Code');
    await listChats(client);
    const live = page.getByRole('table', { name: 'Live' });
    await live.getByText('Claude Code').waitFor();
    await live.getByRole('link', { name: '1, see the calls of Claude Code' }).waitFor();
    await live.getByRole('button', { name: 'Disconnect Claude Code' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('table', { name: 'Earlier sessions' }).getByText('Ended by the client or by you').waitFor();
    await expect(listChats(client)).rejects.toThrow();
  });

  it('lead to their calls', async () => {
    const gateway = await start();
    await listChats(await connect(gateway, 'Claude Code'));
    await listChats(await connect(gateway, 'Cursor'));
    const { page } = await look(gateway, '#/sessions');
    await page.getByRole('link', { name: 'see the calls of Cursor' }).click();
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    await eventually(() => page.getByRole('table').locator('tbody tr').count()).toBe(1);
    await page.getByRole('cell', { name: 'Cursor' }).waitFor();
  });
});

describe('limits', () => {
  it('show who ran into them, and are raised on the spot', async () => {
    const gateway = await start({ config: { limits: { perSession: 4 } } });
    const { page, complaints } = await look(gateway, '#/limits');
    await page.getByText('No limit was hit in the last hour').waitFor();
    const client = await connect(gateway);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => listChats(client)));
    expect(results.some((result) => result.status === 'rejected')).toBe(true);
    await page.getByRole('table').getByText('Requests a minute, per session').first().waitFor();
    await page.getByRole('table').getByText('Cherry Studio').first().waitFor();

    await page.getByLabel('A minute, per session').fill('0');
    await page.getByText('Enter a whole number from 1 to 100000').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('A minute, per session').fill('500');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/In effect now/).waitFor();
    const second = await connect(gateway, 'Second');
    for (let call = 0; call < 10; call += 1) await listChats(second);
    expect(complaints).toEqual([]);
  });
});

describe('a restart of the gateway', () => {
  it('makes the page say that it is stale, and then go on with what is new', async () => {
    const data = await mkdtemp(join(tmpdir(), 'larkgate-page-'));
    closers.push(() => rm(data, { recursive: true, force: true }));
    const first = await startGateway({ data });
    const { page } = await look(first);
    await page.getByText('Signed in', { exact: true }).waitFor();
    await first.close();
    await page.getByText(/The connection to the gateway is lost/).waitFor();
    await page.getByText('Signed in', { exact: true }).waitFor();

    const port = Number(new URL(first.mcp).port);
    const again = await start({ data, signedIn: false, config: { server: { port } } });
    await eventually(() => page.getByText(/The connection to the gateway is lost/).count()).toBe(0);
    await listChats(await connect(again, 'Kiro'));
    await page.getByRole('table').getByText('Kiro').waitFor();
  });
});
