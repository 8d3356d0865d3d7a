import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { expect } from 'vitest';
import { type Clock, systemClock } from '../../src-main/base/clock.ts';
import type { ConfigInput } from '../../src-main/contract/config.ts';
import type { Language, Words } from '../../src-main/contract/words.ts';
import { createSandbox, type Sandbox } from '../../src-main/sandbox/sandbox.ts';
import { loginTexts } from '../../src-renderer/texts/sign-in.ts';
import { openPage } from '../helpers/browser.ts';
import { connectAs } from '../helpers/mcp-client.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

/** Pictures of each step of signing in, kept for people to look at. */
const folder = join('artifacts', 'sign-in');

export interface StageOptions {
  language?: Language;
  clock?: Clock;
  /** Of the app that is there from the start; none by default: an empty data folder. */
  lark?: ConfigInput['lark'];
  /** Signs the demo person in first. */
  signedIn?: boolean;
  /** What the pictures are called; none are taken without. */
  pictures?: string;
}

/** A person in front of the dashboard of a gateway, with a sandbox behind it. */
export class Stage {
  readonly gateway: StartedGateway;
  readonly sandbox: Sandbox;
  readonly page: Page;
  readonly complaints: string[];
  /** Everything that the gateway told anybody. */
  readonly events: string[] = [];
  /** How often the person said yes on a page of Feishu. */
  confirmations = 0;
  readonly #language: Language;
  readonly #pictures: string | undefined;
  readonly #close: () => Promise<void>;
  #pictureCount = 0;

  private constructor(parts: {
    gateway: StartedGateway;
    sandbox: Sandbox;
    watched: Awaited<ReturnType<typeof openPage>>;
    options: StageOptions;
  }) {
    const { gateway, sandbox, watched, options } = parts;
    this.gateway = gateway;
    this.sandbox = sandbox;
    this.page = watched.page;
    this.complaints = watched.complaints;
    this.#language = options.language ?? 'en';
    this.#pictures = options.pictures;
    this.#close = watched.close;
    gateway.app.bus.subscribe((event) => this.events.push(JSON.stringify(event)));
  }

  static async open(browser: Browser, options: StageOptions = {}): Promise<Stage> {
    const { language = 'en', clock = systemClock, lark = { appId: '', scopes: [] }, signedIn = false } = options;
    const sandbox = await createSandbox({ clock, deviceIntervalS: 1 });
    const { larkUrl } = sandbox;
    const config = { lark: { larkOpenUrl: larkUrl, larkAccountsUrl: larkUrl, ...lark } };
    const gateway = await startGateway({ sandbox, clock, config, signedIn });
    const watched = await openPage(browser, { locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
    const stage = new Stage({ gateway, sandbox, watched, options });
    await stage.page.goto(gateway.app.dashboardLink());
    await stage.page.getByRole('navigation').waitFor();
    return stage;
  }

  async close(): Promise<void> {
    await this.#close();
    await this.gateway.close();
    await this.sandbox.close();
  }

  /** The words as the page says them. */
  t(words: Words): string {
    return words[this.#language];
  }

  button(words: Words) {
    return this.page.getByRole('button', { name: this.t(words), exact: true });
  }

  link(words: Words) {
    return this.page.getByRole('link', { name: this.t(words) });
  }

  /** Waits for these words on the page. */
  async reads(words: Words): Promise<void> {
    await this.page.getByText(this.t(words)).first().waitFor();
  }

  async go(hash: string): Promise<void> {
    await this.page.evaluate((to) => {
      location.hash = to;
    }, hash);
  }

  async picture(step: string): Promise<void> {
    if (this.#pictures === undefined) return;
    await mkdir(folder, { recursive: true });
    this.#pictureCount += 1;
    const name = `${this.#pictures}-${this.#language}-${this.#pictureCount}-${step}.png`;
    await this.page.screenshot({ path: join(folder, name), fullPage: true, animations: 'disabled' });
  }

  async pictureOfFailure(name: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const file = `failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}.png`;
    await this.page.screenshot({ path: join(folder, file), fullPage: true });
  }

  /** Opens the link that waits in a second tab, and says yes or no there, as whom it likes. */
  async answer({ person, deny = false }: { person?: string; deny?: boolean } = {}): Promise<void> {
    const opening = this.page.context().waitForEvent('page');
    await this.link(loginTexts.open).click();
    const tab = await opening;
    if (person !== undefined) await tab.locator(`input[value="${person}"]`).check();
    await tab.locator('button[value=allow]').waitFor();
    if (this.#pictures !== undefined) {
      this.#pictureCount += 1;
      const name = `${this.#pictures}-${this.#language}-${this.#pictureCount}-feishu.png`;
      await tab.screenshot({ path: join(folder, name), fullPage: true });
    }
    await tab.locator(`button[value=${deny ? 'deny' : 'allow'}]`).click();
    if (!deny) this.confirmations += 1;
    await tab.locator('button[value=allow]').waitFor({ state: 'detached' });
    await tab.getByRole('heading', { level: 1 }).first().waitFor();
    await tab.close();
  }

  connect(name: string): Promise<Client> {
    return connectAs(name, this.gateway);
  }

  /** What a client gets that connects with this key, the shared one by default. */
  async callTool(name = 'im_v1_chat_list', key = this.gateway.key): Promise<string> {
    const client = await connectAs('Cherry Studio', { mcp: this.gateway.mcp, key });
    const result = await client.callTool({ name, arguments: {} });
    await client.close();
    expect(result.isError ?? false, JSON.stringify(result.content)).toBe(false);
    return JSON.stringify(result.content);
  }

  /** All that the page and the gateway's events hold, to look for secrets in. */
  async everythingShown(): Promise<string> {
    return [...this.events, await this.page.content(), this.page.url()].join('\n');
  }
}
