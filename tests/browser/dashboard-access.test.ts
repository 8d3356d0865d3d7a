import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../helpers/browser.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { sampleAccount, sampleCall, sampleHit, sampleNotice } from '../helpers/sample-views.ts';
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
  busy.app.bus.publish({ kind: 'session.closed', sessionId: 'ses_unknown', reason: 'gone' });
});

afterAll(() => Promise.all([browser.close(), empty.close(), busy.close()]));

const pages = ['overview', 'calls', 'sessions', 'limits'];

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
    await page
      .getByRole('button', { name: /退出登录|Sign out/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page), 'confirmation').toEqual([]);
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
    await page.getByRole('button', { name: 'Sign in to Feishu' }).waitFor();

    await page.keyboard.press('Tab');
    await expectFocus(page, 'Skip to content');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Sign in to Feishu');
    const opening = page.waitForEvent('popup');
    await page.keyboard.press('Enter');
    const feishu = await opening;
    await feishu.locator('button[value=allow]').press('Enter');
    await page.bringToFront();
    await page.getByText('Signed in', { exact: true }).waitFor();

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
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 80) {
    await page.keyboard.press('Tab');
    const focused = await focusedName(page);
    if (focused === name) return;
    passed.push(focused);
  }
  throw new Error(`Tab never reached "${name}"; it passed ${passed.join(', ')}`);
}
