import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectAs } from '../helpers/mcp-client.ts';
import { startGatewayProcess } from '../helpers/gateway-process.ts';
import { sampleAccount, sampleCall, sampleNotice } from '../helpers/sample-views.ts';
import { startGateway } from '../helpers/start-gateway.ts';
import { eventually, go, listChats, useDashboard, wordsOfFailure } from './use-dashboard.ts';

const { start, look, open, connect, after } = useDashboard();

describe('a person', () => {
  it('is led to the place where one signs in, and sees the account in short when it is there', async () => {
    const gateway = await start({ signedIn: false });
    const { page, complaints } = await look(gateway, '', { locale: 'zh-CN' });
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

  it('pauses the gateway and lets it go on, and clients are told', async () => {
    const gateway = await start();
    const client = await connect(gateway);
    const { page, complaints } = await look(gateway);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'Paused', level: 1 }).waitFor();
    await page.getByText(/no tool runs/).waitFor();
    const refused = await listChats(client);
    expect([refused.isError, JSON.stringify(refused.content)]).toEqual([true, expect.stringContaining('paused')]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('heading', { name: 'Running', level: 1 }).waitFor();
    expect((await listChats(client)).isError ?? false).toBe(false);
    expect(complaints).toEqual([]);
  });
});

describe('what needs attention', () => {
  it('is told at once, and when it is over', async () => {
    const gateway = await start();
    const { page } = await look(gateway);
    await page.getByRole('heading', { name: 'Running' }).waitFor();
    gateway.app.bus.publish({ kind: 'notice.raised', notice: sampleNotice() });
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    await page.getByText('The data folder cannot be written. Check disk space.').waitFor();
    gateway.app.bus.publish({ kind: 'notice.cleared', noticeId: sampleNotice().id });
    await page.getByRole('heading', { name: 'Running' }).waitFor();
  });

  it('names the person it is about and carries the button that mends it', async () => {
    const gateway = await start();
    const { page } = await look(gateway);
    const [account] = gateway.app.accounts();
    const notice = sampleNotice({ id: 'account.expiring', words: { zh: '快过期', en: 'It ends soon.' } });
    gateway.app.bus.publish({ kind: 'notice.raised', notice: { ...notice, accountId: account?.id ?? '' } });
    const alert = page.getByRole('status').filter({ hasText: 'It ends soon.' });
    await alert.getByText('林晓雨').waitFor();
    const renewed = new Promise((resolve) =>
      gateway.app.bus.subscribe((event) => event.kind === 'token.renewal' && resolve(event.outcome)),
    );
    await alert.getByRole('button', { name: 'Renew now' }).click();
    expect(await renewed).toBe('renewed');
    const gone = sampleNotice({ id: 'app.missing', words: { zh: '没有应用', en: 'There is no app.' } });
    gateway.app.bus.publish({ kind: 'notice.raised', notice: gone });
    const other = page.getByRole('status').filter({ hasText: 'There is no app.' });
    await other.getByRole('link', { name: 'Sign in to Feishu' }).click();
    await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
  });

  it('is a sign-in that has ended, with the way to sign in again', async () => {
    const gateway = await start();
    const { page } = await look(gateway);
    const reason = { zh: '授权已撤销。', en: 'The consent was withdrawn.' };
    const [account = sampleAccount()] = gateway.app.accounts();
    gateway.app.bus.publish({ kind: 'account.changed', account: { ...account, state: 'sign_in_needed', reason } });
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    await page.getByText('The consent was withdrawn.').waitFor();
    await page.getByRole('button', { name: 'Sign in again' }).waitFor();
  });
});

describe('the last hour', () => {
  it('is drawn with calls, failures and how long they took, and can be read as a table', async () => {
    const gateway = await start();
    const now = Date.now();
    for (let number = 0; number < 20; number += 1) {
      const failed = { outcome: 'error', fault: 'timeout' } as const;
      const call = sampleCall({
        id: `call_${number}`,
        startedAt: now - (number % 2 ? 120_000 : 240_000),
        ms: 100 + number * 10,
      });
      gateway.app.bus.publish({ kind: 'call.finished', call: number < 4 ? { ...call, ...failed } : call });
    }
    const { page, complaints } = await look(gateway);
    await page.getByRole('img', { name: 'The last hour: 20 calls, 4 failed, 0 limit hits.' }).waitFor();
    await page.getByRole('img', { name: /p50 at most \d+ ms, p95 at most \d+ ms/ }).waitFor();
    // Both are drawn: bars and lines.
    await page.locator('.recharts-bar-rectangle path').first().waitFor();
    await page.locator('.recharts-line path').first().waitFor();
    await page.getByText('As a table').first().click();
    const table = page.getByRole('table', { name: 'Calls by the minute' });
    // Ten in each of two minutes, and two of them failed.
    await eventually(() => table.getByRole('cell', { name: '8', exact: true }).count()).toBe(2);
    await eventually(() => table.getByRole('cell', { name: '2', exact: true }).count()).toBe(2);
    await page.getByLabel('Time range').selectOption('The last 7 days');
    await page.getByRole('img', { name: /The last 7 days: 20 calls/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('says what went wrong in words, and who is connected', async () => {
    const gateway = await start();
    const { page } = await look(gateway, '', { locale: 'zh-CN' });
    const clients = [await connect(gateway), await connect(gateway), await connect(gateway, 'Claude Code')];
    await page.getByRole('heading', { name: '在线客户端：3' }).waitFor();
    await page.getByText('Cherry Studio × 2').waitFor();
    const failed = wordsOfFailure(gateway);
    await clients[0]?.callTool({
      name: 'im_v1_message_list',
      arguments: { params: { container_id: 'oc_nobody', container_id_type: 'chat' } },
    });
    const errors = page.getByRole('region', { name: '最近的错误' });
    await errors.getByText((await failed).zh).waitFor();
    await errors.getByRole('button', { name: 'im_v1_message_list' }).click();
    await page.getByRole('dialog').getByText('飞书日志 ID').waitFor();
  });
});

describe('a restart of the gateway', () => {
  it('makes the page say that it is stale, and then go on with what is new', async () => {
    const data = await mkdtemp(join(tmpdir(), 'larkgate-page-'));
    after(() => rm(data, { recursive: true, force: true }));
    const first = await startGateway({ data });
    const { page } = await look(first);
    await page.getByText('Signed in', { exact: true }).waitFor();
    await first.close();
    await page.getByText(/The connection to the gateway is lost/).waitFor();
    await page.getByRole('heading', { name: 'The gateway is not reachable' }).waitFor();
    await page.getByText('Signed in', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);

    const port = Number(new URL(first.mcp).port);
    const again = await start({ data, signedIn: false, config: { server: { port } } });
    await eventually(() => page.getByText(/The connection to the gateway is lost/).count()).toBe(0);
    await page.getByRole('heading', { name: 'Running' }).waitFor();
    await listChats(await connect(again, 'Kiro'));
    await page.getByRole('table').getByText('Kiro').waitFor();
  });

  it('that was killed under the page is survived too: the list of calls goes on where it was', async () => {
    const data = await mkdtemp(join(tmpdir(), 'larkgate-page-'));
    after(() => rm(data, { recursive: true, force: true }));
    const first = await startGatewayProcess({ data });
    after(() => first.kill());
    const { page } = await open(first.ready.dashboard, '#/calls');
    const client = await connectAs('Cherry Studio', first.ready);
    await listChats(client);
    await page.getByRole('button', { name: 'im_v1_chat_list' }).waitFor();
    await first.kill();
    await page.getByText(/The connection to the gateway is lost/).waitFor();
    await page.getByRole('button', { name: 'im_v1_chat_list' }).waitFor();

    const second = await startGatewayProcess({ data, port: Number(new URL(first.ready.mcp).port) });
    after(() => second.kill());
    await eventually(() => page.getByText(/The connection to the gateway is lost/).count()).toBe(0);
    await listChats(await connectAs('Kiro', second.ready));
    await page.getByRole('gridcell', { name: 'Kiro' }).waitFor();
    await page.getByRole('gridcell', { name: 'Cherry Studio' }).waitFor();
  });
});
