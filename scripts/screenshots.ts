import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Page } from 'playwright';
import { Fault } from '../src-main/base/fault.ts';
import type { CallView, LoginView, SessionView } from '../src-main/contract/views.ts';
import { launchBrowser, openPage } from '../tests/helpers/browser.ts';
import { connectAs } from '../tests/helpers/mcp-client.ts';
import { sampleAccount, sampleCall, sampleHit, sampleLogin, sampleNotice } from '../tests/helpers/sample-views.ts';
import { type StartedGateway, startGateway } from '../tests/helpers/start-gateway.ts';

/** Pictures of every page in both languages, light and dark, wide and narrow: `artifacts/screenshots`. */
const folder = 'artifacts/screenshots';
const languages = [
  { name: 'zh', locale: 'zh-CN' },
  { name: 'en', locale: 'en-GB' },
];
const sizes = [
  { name: '1280', width: 1280, height: 900 },
  { name: '420', width: 420, height: 900 },
];
const schemes = ['light', 'dark'] as const;
const unused = {
  zh: '超过 7 天没有使用，登录已失效。',
  en: 'Not used for more than 7 days, so the sign-in has ended.',
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
const noApp = { lark: { appId: '', scopes: [] } };
const [fresh, used] = await Promise.all([startGateway({ signedIn: false, config: noApp }), startGateway()]);
await fill(used);

for (const language of languages) {
  for (const colorScheme of schemes) {
    for (const { name: size, ...viewport } of sizes) {
      const options = { locale: language.locale, colorScheme, viewport, timezoneId: 'Asia/Shanghai' };
      const shoot = async (
        gateway: StartedGateway,
        work: (page: Page, save: (name: string) => Promise<void>) => Promise<void>,
      ) => {
        const { page, complaints, close } = await openPage(browser, options);
        await page.goto(gateway.app.dashboardLink());
        await work(page, async (name) => {
          const path = join(folder, `${name}-${language.name}-${colorScheme}-${size}.png`);
          // A long list says no more than its beginning.
          await page.screenshot({ path, fullPage: !name.startsWith('call'), animations: 'disabled' });
        });
        for (const complaint of complaints) console.error(complaint);
        await close();
      };
      await shoot(fresh, takeEmptyPages);
      await shoot(used, takeFullPages);
    }
  }
}
await Promise.all([browser.close(), fresh.close(), used.close()]);

async function takeEmptyPages(page: Page, save: (name: string) => Promise<void>): Promise<void> {
  for (const name of ['overview', 'accounts', 'calls', 'sessions', 'limits']) {
    await open(page, name);
    await save(`${name}-empty`);
  }
  for (const way of ['create', 'own', 'token']) {
    await page.evaluate((add) => {
      location.hash = `#/accounts?add=${add}`;
    }, way);
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    await save(`accounts-${way}`);
  }
  await takeLogins(page, save);
}

/** A login on its way: each state as the page shows it. */
async function takeLogins(page: Page, save: (name: string) => Promise<void>): Promise<void> {
  const login = sampleLogin({ expiresAt: Date.now() + 3 * 60_000, startedAt: Date.now() });
  const states: Record<string, Partial<LoginView>> = {
    'scan-app': { steps: ['create_app', 'sign_in'], appId: null },
    'scan-sign-in': { steps: ['create_app', 'sign_in'], step: 1 },
    expired: { state: 'failed', url: null, fault: new Fault('login_expired').toBody() },
  };
  for (const [name, change] of Object.entries(states)) {
    fresh.app.bus.publish({ kind: 'login.changed', login: { ...login, ...change } });
    await page.evaluate((id) => {
      location.hash = `#/accounts?login=${id}`;
    }, login.id);
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    await page.waitForTimeout(200);
    await save(`accounts-${name}`);
  }
  fresh.app.bus.publish({ kind: 'login.changed', login: { ...login, state: 'canceled' } });
}

async function takeFullPages(page: Page, save: (name: string) => Promise<void>): Promise<void> {
  for (const name of ['overview', 'accounts', 'sessions', 'limits', 'settings', 'about', 'calls']) {
    await open(page, name);
    await save(name);
  }
  await takeTools(page, save);
  await open(page, 'calls');
  await page.getByRole('button', { name: 'bitable_v1_app_table_record_search' }).first().click();
  await page.getByRole('dialog').waitFor();
  await save('call');
  await page.keyboard.press('Escape');
  await open(page, 'sessions');
  await page.getByRole('link', { name: 'Cherry Studio', exact: true }).click();
  await page.getByRole('list', { name: /^(经过|What happened)$/ }).waitFor();
  await save('session');
  await takePaused(page, save);
  await open(page, 'overview');
  const attention = sampleAccount({
    id: 'acc_other',
    name: 'Zhou Zhou',
    state: 'sign_in_needed',
    isDefault: false,
    reason: unused,
  });
  used.app.bus.publish({ kind: 'account.changed', account: attention });
  used.app.bus.publish({ kind: 'notice.raised', notice: sampleNotice({ since: Date.now() }) });
  await page.getByText('Zhou Zhou').waitFor();
  await save('overview-attention');
  used.app.bus.publish({ kind: 'account.removed', accountId: 'acc_other' });
  used.app.bus.publish({ kind: 'notice.cleared', noticeId: sampleNotice().id });
}

/** All tools, one of them with its request, and what is asked before it writes. */
async function takeTools(page: Page, save: (name: string) => Promise<void>): Promise<void> {
  await open(page, 'tools');
  await page.getByRole('switch').first().waitFor();
  await save('tools');
  await page.evaluate(() => {
    location.hash = '#/tools?tool=im.v1.message.create';
  });
  const fill = async (name: string, value: string) => page.getByRole('textbox', { name, exact: true }).fill(value);
  await fill('receive_id', 'oc_5f1e2d3c4b5a69788796a5b4c3d2e1f0');
  await fill('msg_type', 'text');
  await fill('content', '{"text":"下午三点开会"}');
  await page.getByLabel('receive_id_type').selectOption('chat_id');
  await page.getByRole('button', { name: /^(预览请求|Preview the request)$/ }).click();
  await page.getByRole('region', { name: /^(会发出的请求|The request that would be sent)$/ }).waitFor();
  await save('tool');
  await page.getByRole('button', { name: /^(执行|Run)$/ }).click();
  await page.getByRole('dialog').waitFor();
  await save('tool-confirm');
  await page.keyboard.press('Escape');
}

async function takePaused(page: Page, save: (name: string) => Promise<void>): Promise<void> {
  await open(page, 'overview');
  await page.getByRole('button', { name: /^(暂停|Pause)$/ }).click();
  await page.getByRole('heading', { name: /^(已暂停|Paused)$/ }).waitFor();
  await save('overview-paused');
  await page.getByRole('button', { name: /^(恢复运行|Resume)$/ }).click();
  await page.getByRole('heading', { name: /^(已暂停|Paused)$/ }).waitFor({ state: 'detached' });
}

async function open(page: Page, name: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${name}`);
  await page.locator(`nav a[href="#/${name}"][aria-current=page]`).waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (name === 'overview' || name === 'limits') await page.locator('.recharts-surface').first().waitFor();
  await page.waitForLoadState('networkidle');
}

/** An hour of work: three clients, calls of all outcomes, one that ran into a limit. */
async function fill(gateway: StartedGateway): Promise<void> {
  const { bus } = gateway.app;
  const sessions = await connectClients(gateway);
  for (let call = 60; call > 0; call -= 1) {
    const { id: sessionId = '', keyId = '' } = sessions[call % 3 ? 0 : 1] ?? {};
    const accountId = gateway.app.accounts()[0]?.id ?? null;
    bus.publish({ kind: 'call.finished', call: { ...pastCall(call), sessionId, keyId, accountId } });
  }
  for (const retryAfterMs of [1850, 1500, 1150, 800]) {
    bus.publish({ kind: 'limit.hit', hit: sampleHit({ sessionId: sessions[0]?.id ?? '', retryAfterMs }) });
  }
}

/** Two that stay and one that leaves. Each makes a call. */
async function connectClients(gateway: StartedGateway): Promise<SessionView[]> {
  const sessions: SessionView[] = [];
  const stop = gateway.app.bus.subscribe((event) => {
    if (event.kind === 'session.opened') sessions.push(event.session);
  });
  for (const name of ['Cherry Studio', 'Claude Code', 'Cursor']) {
    const client = await connectAs(name, gateway);
    await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
    const { transport } = client;
    if (name === 'Cursor' && transport instanceof StreamableHTTPClientTransport) await transport.terminateSession();
  }
  stop();
  return sessions;
}

function pastCall(number: number): CallView {
  const tools = [
    'im_v1_message_list',
    'bitable_v1_app_table_record_search',
    'docx_v1_document_raw_content',
    'calendar_v4_freebusy_list',
  ];
  const outcome = number % 9 === 0 ? 'error' : number % 13 === 0 ? 'refused' : 'ok';
  return sampleCall({
    id: `call_${number}`,
    tool: tools[number % tools.length] ?? '',
    client: number % 3 ? 'Cherry Studio' : 'Claude Code',
    startedAt: Date.now() - number * (40 + (number % 7) * 6) * 1000,
    ms: 60 + ((number * 37) % 400),
    upstreamMs: 55 + ((number * 37) % 380),
    outcome,
    fault: outcome === 'error' ? 'upstream_refused' : outcome === 'refused' ? 'rate_limited' : null,
    upstreamCode: outcome === 'error' ? 1_254_040 : 0,
  });
}
