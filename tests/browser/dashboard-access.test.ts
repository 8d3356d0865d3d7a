import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../helpers/browser.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import {
  sampleAccount,
  sampleApp,
  sampleCall,
  sampleCheck,
  sampleHit,
  sampleLogin,
  sampleNotice,
} from '../helpers/sample-views.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

let browser: Browser;
let empty: StartedGateway;
let busy: StartedGateway;

beforeAll(async () => {
  [browser, empty, busy] = await Promise.all([launchBrowser(), startGateway({ signedIn: false }), startGateway()]);
  const client = await connectAs('Cherry Studio', busy);
  await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
  const leaving = await connectAs('Cursor', busy);
  await leaving.close();
  for (const outcome of ['ok', 'error', 'refused', 'canceled', 'unknown'] as const) {
    const call = sampleCall({ id: `call_${outcome}`, outcome, startedAt: Date.now() - 60_000 });
    busy.app.bus.publish({ kind: 'call.finished', call });
  }
  busy.app.bus.publish({ kind: 'limit.hit', hit: sampleHit() });
  for (const kind of ['session', 'address', 'sessions', 'streams'] as const) {
    busy.app.bus.publish({ kind: 'limit.hit', hit: sampleHit({ kind, sessionId: null }) });
  }
  busy.app.bus.publish({ kind: 'session.closed', sessionId: 'ses_unknown', reason: 'gone' });
});

afterAll(() => Promise.all([browser.close(), empty.close(), busy.close()]));

const pages = ['overview', 'accounts', 'calls', 'sessions', 'limits'];

async function visit(page: Page, name: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/${name}`);
  await page.locator(`nav a[href="#/${name}"][aria-current=page]`).waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
}

/** What a person could not perceive or operate, by the rules of WCAG 2.2 A and AA and axe's best practices. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

describe.each([
  { language: 'Chinese', locale: 'zh-CN', colorScheme: 'light' },
  { language: 'English', locale: 'en-GB', colorScheme: 'dark' },
] as const)('the dashboard in $language, $colorScheme', ({ locale, colorScheme }) => {
  it('has no barriers, on any page, empty or full', async () => {
    for (const gateway of [empty, busy]) {
      const { page, complaints, close } = await openPage(browser, { locale, colorScheme, reducedMotion: 'reduce' });
      await page.goto(gateway.app.dashboardLink());
      for (const name of pages) {
        await visit(page, name);
        expect(await barriers(page), name).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await close();
    }
  });

  it('has none where a session is told, a chart is read as a table, the gateway is paused, a time is chosen', async () => {
    const { page, close } = await openPage(browser, { locale, colorScheme, reducedMotion: 'reduce' });
    await page.goto(busy.app.dashboardLink());
    await visit(page, 'sessions');
    await page.getByRole('link', { name: 'Cherry Studio', exact: true }).click();
    await page.getByRole('list', { name: /^(经过|What happened)$/ }).waitFor();
    expect(await barriers(page), 'session').toEqual([]);
    await visit(page, 'limits');
    await page.getByText(/^(以表格显示|As a table)$/).click();
    await page.getByRole('table').first().waitFor();
    expect(await barriers(page), 'table').toEqual([]);
    await visit(page, 'overview');
    await page.locator('.recharts-surface').nth(1).waitFor();
    await page.getByRole('button', { name: /^(暂停|Pause)$/ }).click();
    await page.getByRole('heading', { name: /^(已暂停|Paused)$/ }).waitFor();
    expect(await barriers(page), 'paused').toEqual([]);
    await page.getByRole('button', { name: /^(恢复运行|Resume)$/ }).click();
    await page.getByRole('heading', { name: /^(已暂停|Paused)$/ }).waitFor({ state: 'detached' });
    await page.evaluate(() => {
      location.hash = '#/calls?range=custom&from=1&until=2';
    });
    await page
      .getByRole('link', { name: /^(清除筛选|Clear filters)$/ })
      .first()
      .waitFor();
    expect(await barriers(page), 'time').toEqual([]);
    await close();
  });

  it('has none in what opens above a page or warns on it', async () => {
    const { page, close } = await openPage(browser, { locale, colorScheme, reducedMotion: 'reduce' });
    await page.goto(busy.app.dashboardLink());
    await visit(page, 'calls');
    await page.getByRole('button', { name: 'im_v1_message_list' }).first().click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page), 'detail').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await visit(page, 'overview');
    const account = sampleAccount({ id: 'acc_other', name: 'Zhou Zhou', state: 'sign_in_needed', isDefault: false });
    busy.app.bus.publish({ kind: 'account.changed', account });
    for (const level of ['info', 'warning', 'error'] as const) {
      busy.app.bus.publish({ kind: 'notice.raised', notice: sampleNotice({ id: level, level }) });
    }
    await page.getByText('Zhou Zhou').waitFor();
    expect(await barriers(page), 'warnings').toEqual([]);
    await visit(page, 'accounts');
    await page
      .getByRole('button', { name: /退出登录|Sign out/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page), 'confirmation').toEqual([]);
    await close();
  });
});

const login = sampleLogin({ id: 'login_shown', expiresAt: Date.now() + 240_000 });
const fault = { code: 'login_denied', retryable: false, words: { zh: '你取消了授权。', en: 'You declined.' } } as const;
const levels = ['ok', 'warning', 'error', 'unknown'] as const;
/** What the accounts page shows on the way to an account, and what it hears meanwhile. */
const waysIn = [
  { name: 'the choice', hash: '#/accounts?add=choose' },
  { name: 'creating an app', hash: '#/accounts?add=create' },
  { name: 'an own app', hash: '#/accounts?add=own' },
  { name: 'a token', hash: '#/accounts?add=token' },
  { name: 'a scan or the browser', hash: `#/accounts?add=own&app=${sampleApp().id}` },
  { name: 'the doctor', hash: `#/accounts?add=own&app=${sampleApp().id}&way=browser` },
  { name: 'a login that starts', hash: '#/accounts', login: { ...login, state: 'starting', url: null } as const },
  { name: 'a login that waits', hash: '#/accounts?login=login_shown', login },
  { name: 'one for the browser', hash: '#/accounts?login=login_shown', login: { ...login, way: 'browser' } as const },
  {
    name: 'one that failed',
    hash: '#/accounts?login=login_shown',
    login: { ...login, state: 'failed', url: null, fault } as const,
  },
];

describe.each([
  { locale: 'zh-CN', colorScheme: 'dark', width: 420 },
  { locale: 'en-GB', colorScheme: 'light', width: 420 },
  { locale: 'zh-CN', colorScheme: 'light', width: 1280 },
  { locale: 'en-GB', colorScheme: 'dark', width: 1280 },
] as const)('signing in, in $locale, $colorScheme, $width wide', ({ locale, colorScheme, width }) => {
  it('has no barriers and fits, at each step', async () => {
    const options = { locale, colorScheme, reducedMotion: 'reduce', viewport: { width, height: 900 } } as const;
    const { page, complaints, close } = await openPage(browser, options);
    // The sample app is not one of the gateway's, so what its doctor finds is given here: a line of each kind.
    const checks = levels.map((level) => sampleCheck({ id: level, level }));
    await page.route('**/control/doctor', (route) => route.fulfill({ json: { appId: sampleApp().id, checks } }));
    await page.goto(busy.app.dashboardLink());
    await page.getByRole('navigation').waitFor();
    busy.app.bus.publish({ kind: 'app.changed', app: sampleApp({ isDefault: false }) });
    const account = sampleAccount({ id: 'acc_missing', isDefault: false, missingScopes: ['task:task:read'] });
    busy.app.bus.publish({ kind: 'account.changed', account });
    for (const { name, hash, login: shown } of waysIn) {
      if (shown) busy.app.bus.publish({ kind: 'login.changed', login: shown });
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await barriers(page), name).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
    }
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('the dashboard', () => {
  it('fits a narrow screen: nothing is cut off to the side', async () => {
    for (const locale of ['zh-CN', 'en-GB']) {
      const { page, close } = await openPage(browser, { locale, viewport: { width: 420, height: 800 } });
      await page.goto(busy.app.dashboardLink());
      for (const name of pages) {
        await visit(page, name);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width, `${name} in ${locale}`).toBeLessThanOrEqual(420);
      }
      await close();
    }
  });

  it('speaks the language of the browser, until another is chosen, and remembers', async () => {
    const { page, close } = await openPage(browser, { locale: 'zh-CN' });
    await page.goto(busy.app.dashboardLink());
    await page.getByRole('link', { name: '概览' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.getByLabel('语言').selectOption('English');
    await page.getByRole('link', { name: 'Overview' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Overview' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    expect(await page.title()).toBe('Overview · LarkGate');
    await close();
  });

  it('is as light or dark as the system, until chosen otherwise, and remembers', async () => {
    const { page, close } = await openPage(browser, { locale: 'en-GB', colorScheme: 'dark' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.goto(busy.app.dashboardLink());
    await page.getByLabel('Appearance').waitFor();
    expect(await background()).toBe('rgb(20, 23, 28)');
    await page.getByLabel('Appearance').selectOption('Light');
    expect(await background()).toBe('rgb(244, 246, 249)');
    await page.reload();
    await page.getByLabel('Appearance').waitFor();
    expect(await background()).toBe('rgb(244, 246, 249)');
    await close();
  });

  it('is operated by the keyboard alone: signing in, filtering calls, reading one', async () => {
    const gateway = await startGateway({ signedIn: false });
    const { page, close } = await openPage(browser, { locale: 'en-GB' });
    await page.goto(gateway.app.dashboardLink());
    await page.getByRole('link', { name: 'Sign in to Feishu' }).waitFor();

    await page.keyboard.press('Tab');
    await expectFocus(page, 'Skip to content');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Sign in to Feishu');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Accounts', level: 1 }).waitFor();
    await tabTo(page, /^Sign in with an app that is here/);
    await page.keyboard.press('Enter');
    // Each step takes the focus, so the next Tab goes on from there.
    await expectFocus(page, `Sign in with ${gateway.sandbox.appId}`);
    await page.keyboard.press('Tab');
    await expectFocus(page, 'Sign in by a scan');
    await page.keyboard.press('Enter');
    await expectFocus(page, 'Sign in · Feishu');
    await page.keyboard.press('Tab');
    await expectFocus(page, 'Open in browser');
    const opening = page.context().waitForEvent('page');
    await page.keyboard.press('Enter');
    const feishu = await opening;
    await feishu.locator('button[value=allow]').press('Enter');
    await feishu.locator('button[value=allow]').waitFor({ state: 'detached' });
    await page.bringToFront();
    await expectFocus(page, '✓ 林晓雨 is signed in');

    const client = await connectAs('Cherry Studio', gateway);
    await client.callTool({ name: 'im_v1_chat_list', arguments: {} });
    await tabTo(page, 'Calls');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Calls', level: 1 }).waitFor();
    await tabTo(page, 'Outcome');
    await page.keyboard.press('F');
    await page.getByText('No call matches these filters').waitFor();
    await tabTo(page, 'Clear filters');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'im_v1_chat_list' }).waitFor();
    await tabTo(page, 'im_v1_chat_list');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expectFocus(page, 'im_v1_chat_list');
    await close();
    await client.close();
    await gateway.close();
  });
});

/** The words of the focused element, as a person would name it. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const label =
      element instanceof HTMLSelectElement || element instanceof HTMLInputElement
        ? element.labels?.[0]?.textContent
        : null;
    return (element.getAttribute('aria-label') ?? label ?? element.textContent ?? '').trim();
  });
}

const expectFocus = (page: Page, name: string) => expect.poll(() => focusedName(page), { timeout: 30_000 }).toBe(name);

/** Presses Tab until the element with this name has the focus; at most once around the page. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 80) {
    await page.keyboard.press('Tab');
    const focused = await focusedName(page);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    passed.push(focused);
  }
  throw new Error(`Tab never reached ${name}; it passed ${passed.join(', ')}`);
}
