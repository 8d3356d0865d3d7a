import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/base/clock.ts';
import { type Sandbox, createSandbox } from '../../src-main/sandbox/sandbox.ts';
import { createOwnApp, isOver, openWaitPage, watchPage } from '../helpers/person-at-door.ts';
import { openStream } from '../helpers/raw-client.ts';
import { type RawSession, openRawSession, postHeaders } from '../helpers/raw-session.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let sandbox: Sandbox;
let gateway: StartedGateway;

/** A gateway whose only app was created by a scan; its person asks for `scopes` at sign-in, or for the usual ones. */
async function start(scopes: string[] = []) {
  gateway = await startGateway({
    sandbox,
    appless: true,
    config: { lark: { scopes }, tools: { enabled: ['im.v1.chat.list', 'im.v1.chatMembers.create'] } },
  });
  await createOwnApp(gateway, 'lin.xiaoyu');
}

beforeEach(async () => {
  sandbox = await createSandbox({ clock: systemClock, deviceIntervalS: 1 });
});
afterEach(async () => {
  await gateway.close();
  await sandbox.close();
});

async function call(session: RawSession, name: string, args: Record<string, unknown> = {}) {
  const result = (await session.ask('tools/call', { name, arguments: args })) as {
    isError?: boolean;
    content: { text: string }[];
  };
  const value = JSON.parse(result.content[0]?.text ?? 'null') as Record<string, unknown>;
  return { isError: result.isError ?? false, value, error: (value?.['error'] ?? {}) as Record<string, unknown> };
}
const chats = (session: RawSession) => call(session, 'im_v1_chat_list');
const vault = () => readFile(join(gateway.data, 'token-snapshot.json'), 'utf8');
const names = () => gateway.app.accounts().map(({ name }) => name);

async function signOutAll() {
  for (const { id } of gateway.app.accounts()) await gateway.app.signOut(id);
}

describe('a person whose client asks them to sign in', () => {
  test('scans the code of the page, reads who signed in, and the client works', async () => {
    await start();
    await signOutAll();
    const session = await openRawSession(gateway);
    const { error } = await chats(session);
    const page = await openWaitPage(String(error['signInUrl']));
    expect(page.html).toContain('<svg');
    expect(page.html).toContain('核对码');
    expect(page.html).toContain('Code to compare');
    if (!page.link) throw new Error('no link');
    expect(page.html).toContain(page.link.searchParams.get('user_code') ?? 'no code');
    await sandbox.confirmDevice(page.link, { person: 'chen.zhiyuan' });
    const done = await watchPage(page, isOver);
    expect(done.html).toContain('授权成功');
    expect(done.html).toContain(names()[0]);
    expect((await chats(session)).isError).toBe(false);
  });

  test('declines, and reads that nothing was stored and how to begin again', async () => {
    await start();
    await signOutAll();
    const page = await openWaitPage(gateway.app.urls.signIn);
    const before = await vault();
    await sandbox.confirmDevice(page.link ?? new URL(''), { deny: true });
    const { html } = await watchPage(page, isOver);
    expect(html).toContain('没有保存任何内容');
    expect(html).toContain('You declined on the Feishu page. Nothing was stored.');
    expect((await vault()) === before).toBe(true);
    const again = /<a class="button" href="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await openWaitPage(new URL(again, gateway.app.urls.signIn).href)).link).not.toBeNull();
  });

  test('comes too late, and reads that the code expired', async () => {
    await start();
    await signOutAll();
    const page = await openWaitPage(gateway.app.urls.signIn);
    const before = await vault();
    await fetch(`${sandbox.url}/__clock`, { method: 'POST', body: JSON.stringify({ advanceMs: 241_000 }) });
    const { html } = await watchPage(page, isOver);
    expect(html).toContain('链接或二维码已过期');
    expect(html).toContain('The link or QR code expired. Nothing was stored.');
    expect((await vault()) === before).toBe(true);
  });

  test('confirms after the login was canceled, and nobody is signed in', async () => {
    await start();
    await signOutAll();
    const page = await openWaitPage(gateway.app.urls.signIn);
    const { logins } = await gateway.app.call('snapshot', {});
    const waiting = logins.find(({ state }) => state === 'waiting');
    await gateway.app.call('cancelLogin', { loginId: waiting?.id ?? '' });
    await sandbox.confirmDevice(page.link ?? new URL(''), { person: 'chen.zhiyuan' });
    expect((await page.again()).html).toContain('The sign-in was canceled. Nothing was stored.');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(names()).toEqual([]);
  });

  test('meets a page that gives away no token, secret or device code', async () => {
    await start();
    const page = await openWaitPage(gateway.app.urls.signIn);
    const log = (await (await fetch(`${sandbox.url}/__log`)).json()) as unknown[];
    expect(JSON.stringify(log)).toContain('device_authorization');
    expect(page.html).not.toMatch(/device_code|client_secret|access_token|sandbox-/);
  });
});

describe('a call that lacks a permission', () => {
  test('of the person: they confirm it by the link, the client is told, and the same call works', async () => {
    await start(['offline_access']);
    const session = await openRawSession(gateway);
    const { error } = await chats(session);
    expect(error).toMatchObject({ code: 'scope_required', grantUrl: expect.stringContaining('/oauth/start?grant=') });
    const headers = { ...postHeaders(gateway), 'mcp-session-id': session.id };
    const stream = await openStream(gateway.mcp, { headers });
    const page = await openWaitPage(String(error['grantUrl']));
    expect(page.html).toContain('A call of “raw” needs:');
    await sandbox.confirmDevice(page.link ?? new URL(''), { person: 'lin.xiaoyu' });
    expect((await watchPage(page, isOver)).html).toContain('授权成功');
    expect(await stream.nextMessage()).toMatchObject({ method: 'notifications/tools/list_changed' });
    stream.drop();
    expect((await chats(session)).isError).toBe(false);
  });

  test('of the app: they have it enabled by a scan and grant it by another, without the console', async () => {
    await start();
    const session = await openRawSession(gateway);
    const list = await chats(session);
    const [chat] = list.value['items'] as { chat_id: string }[];
    const add = () =>
      call(session, 'im_v1_chatMembers_create', {
        path: { chat_id: chat?.chat_id },
        params: { member_id_type: 'open_id' },
        data: { id_list: [] },
      });
    const { error } = await add();
    expect(error).toMatchObject({
      code: 'app_scope_required',
      anyOf: expect.arrayContaining(['im:chat.members:write_only']),
    });
    expect(error).not.toHaveProperty('consoleUrl');
    const first = await openWaitPage(String(error['grantUrl']));
    expect(first.html).toContain('第 1 步，共 2 步：为应用开通权限');
    expect(first.html).toContain('<li>im:chat.members:write_only</li>');
    await sandbox.confirmRegistration(first.link ?? new URL(''), { person: 'lin.xiaoyu' });
    const second = await watchPage(first, ({ html }) => html.includes('Step 2 of 2: Sign in') && html.includes('<svg'));
    await sandbox.confirmDevice(second.link ?? new URL(''), { person: 'lin.xiaoyu' });
    expect((await watchPage(second, isOver)).html).toContain('授权成功');
    expect((await add()).error['code']).not.toMatch(/scope_required/);
  });

  test('is not granted by somebody else: nothing is stored, and the page says whose consent it takes', async () => {
    await start(['offline_access']);
    const { error } = await chats(await openRawSession(gateway));
    const page = await openWaitPage(String(error['grantUrl']));
    const before = await vault();
    await sandbox.confirmDevice(page.link ?? new URL(''), { person: 'chen.zhiyuan' });
    const { html } = await watchPage(page, isOver);
    expect(html).toContain('account_mismatch');
    expect(html).toContain('Another Feishu account consented. Nothing was stored.');
    expect((await vault()) === before).toBe(true);
    expect(names()).toHaveLength(1);
  });

  test('has a link that works once, for this run, and for an account that is there', async () => {
    await start(['offline_access']);
    const session = await openRawSession(gateway);
    const linkOf = async () => String((await chats(session)).error['grantUrl']);
    const [used, unused] = [await linkOf(), await linkOf()];
    expect(used).not.toBe(unused);
    const page = await openWaitPage(used);
    expect((await openWaitPage(used)).link?.href).toBe(page.link?.href);
    await sandbox.confirmDevice(page.link ?? new URL(''), { person: 'lin.xiaoyu' });
    await watchPage(page, isOver);
    const before = await vault();
    const refused = async (link: string) => {
      const answer = await fetch(link, { redirect: 'manual' });
      const html = await answer.text();
      expect([
        answer.status,
        html.includes('Repeat the call in your AI client'),
        html.includes('重试刚才的调用'),
      ]).toEqual([400, true, true]);
    };
    await refused(used);
    await refused(`${unused.slice(0, -1)}${unused.endsWith('A') ? 'B' : 'A'}`);
    const second = await startGateway({ sandbox, data: gateway.data, appless: true });
    await refused(unused.replace(new URL(gateway.mcp).origin, new URL(second.mcp).origin));
    await second.close();
    await signOutAll();
    await refused(unused);
    expect(before).not.toBe(await vault());
    expect(names()).toEqual([]);
  });
});
