import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { faultCodes } from '../../src-main/contract/fault-codes.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { type GatewayOptions, type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

export interface DashboardTools {
  start(options?: GatewayOptions): Promise<StartedGateway>;
  /** Opens the dashboard of a gateway at a page of it. */
  look(gateway: StartedGateway, hash?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  /** The same by a link. */
  open(link: string, hash?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  connect(gateway: StartedGateway, name?: string): Promise<Client>;
  /** Done after the test, the last one first. */
  after(work: () => Promise<unknown>): void;
}

/** A browser for the tests of a file; each test leaves nothing behind. `usual` is what its gateways start with. */
export function useDashboard(usual: GatewayOptions = {}): DashboardTools {
  let browser: Browser;
  const closers: (() => Promise<unknown>)[] = [];
  const after = (work: () => Promise<unknown>) => void closers.push(work);
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  const open: DashboardTools['open'] = async (link, hash = '', options = {}) => {
    const watched = await openPage(browser, { locale: 'en-GB', ...options });
    after(() => watched.close());
    await watched.page.goto(link);
    await watched.page.getByRole('navigation').waitFor();
    if (hash) await go(watched.page, hash);
    return watched;
  };
  return {
    after,
    open,
    start: async (options = {}) => {
      const gateway = await startGateway({ ...usual, ...options });
      after(() => gateway.close());
      return gateway;
    },
    look: (gateway, hash, options) => open(gateway.app.dashboardLink(), hash, options),
    connect: async (gateway, name = 'Cherry Studio') => {
      const client = await connectAs(name, gateway);
      after(() => client.close());
      return client;
    },
  };
}

export const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, hash);

/** Waits for a value: a page draws when it can, on a busy machine a little later. */
export const eventually: typeof expect.poll = (read, options) => expect.poll(read, { timeout: 30_000, ...options });

export const listChats = (client: Client) => client.callTool({ name: 'im_v1_chat_list', arguments: {} });

/** What the next call that fails is said to have failed of. */
export function wordsOfFailure({ app }: StartedGateway): Promise<Words> {
  return new Promise((resolve) => {
    const stop = app.bus.subscribe((event) => {
      if (event.kind !== 'call.finished' || event.call.fault === null) return;
      stop();
      resolve(faultCodes[event.call.fault].words);
    });
  });
}

/** What a person could not perceive or operate, by the rules of WCAG 2.2 A and AA and axe's best practices. */
export async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

export const isTooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

const narrow = { viewport: { width: 420, height: 900 }, reducedMotion: 'reduce' } as const;
const wide = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' } as const;

/** A page in each language, narrow and wide, light and dark. */
export const appearances = [
  { locale: 'zh-CN', colorScheme: 'dark', ...narrow },
  { locale: 'en-GB', colorScheme: 'light', ...narrow },
  { locale: 'zh-CN', colorScheme: 'light', ...wide },
  { locale: 'en-GB', colorScheme: 'dark', ...wide },
] as const;
