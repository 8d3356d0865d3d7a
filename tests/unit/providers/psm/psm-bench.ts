import { pino } from 'pino';
import { afterEach, beforeEach } from 'vitest';
import type { Clock } from '../../../../src-main/base/clock.ts';
import { EventBus } from '../../../../src-main/base/event-bus.ts';
import { createHttpClient } from '../../../../src-main/base/http-client.ts';
import { Notices } from '../../../../src-main/base/notices.ts';
import { psmConfigSchema } from '../../../../src-main/contract/connectors-config.ts';
import type { Connector } from '../../../../src-main/providers/connector.ts';
import { createPsmProvider, type PsmProviderOptions } from '../../../../src-main/providers/psm/psm-provider.ts';
import type { Tool, ToolContext } from '../../../../src-main/providers/provider.ts';
import {
  createIntranetStandIn,
  type IntranetStandIn,
  type IntranetStandInOptions,
} from '../../../../src-main/sandbox/intranet/intranet-stand-in.ts';
import { RushClock } from '../../../helpers/rush-clock.ts';

/** JSON of whatever shape: tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export const searchPath = '/api/neptune/ms/service/search';
export const jwtPath = '/auth/api/v1/jwt';

/** A stand-in for the intranet and a provider that speaks with it, new for each test. */
export function usePsm(options: Partial<IntranetStandInOptions> = {}) {
  const bench = new PsmBench(options);
  beforeEach(() => bench.open());
  afterEach(() => bench.close());
  return bench;
}

class PsmBench {
  clock!: RushClock;
  intranet!: IntranetStandIn;
  provider!: Connector;
  notices!: Notices;
  /** What the connector may show: tests look for secrets in it. */
  readonly shown: unknown[] = [];
  readonly #options: Partial<IntranetStandInOptions>;
  #closers: (() => Promise<void> | undefined)[] = [];

  constructor(options: Partial<IntranetStandInOptions>) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.clock = new RushClock();
    this.intranet = await createIntranetStandIn({ clock: this.clock, ...this.#options });
    this.#closers = [];
    this.shown.length = 0;
    this.start();
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
    await this.intranet.close();
  }

  start(settings: Record<string, unknown> = {}, change: Partial<PsmProviderOptions> & { clock?: Clock } = {}): void {
    const clock = change.clock ?? this.clock;
    const http = change.http ?? createHttpClient({ clock });
    const bus = new EventBus(clock);
    bus.subscribe((event) => this.shown.push(event));
    this.notices = new Notices(bus, () => clock.now());
    const { authUrl, regionUrls, casSession } = this.intranet;
    this.provider = createPsmProvider({
      http,
      clock,
      log: pino({ level: 'debug' }, { write: (line) => void this.shown.push(line) }),
      notices: this.notices,
      settings: psmConfigSchema.parse({ authUrl, regions: [...regionUrls], ...settings }),
      language: 'en',
      casSession: () => casSession,
      limits: { answerBytes: 16 * 1024 * 1024, callMs: 120_000 },
      ...change,
    });
    this.#closers.push(() => http.close());
  }

  async call(name: string, input: Record<string, unknown> = {}, change: Partial<ToolContext> = {}) {
    const tool: Tool = toolOf(this.provider, name);
    tool.check(input);
    const result = await tool.run(input, {
      credential: undefined,
      renew: () => Promise.reject(new Error('never')),
      signal: new AbortController().signal,
      answered: (exchange) => this.shown.push(exchange),
      say: (_, text) => this.shown.push(text),
      ...change,
    });
    this.shown.push(result);
    const text = result.content[0]?.text ?? '';
    const body: Json = text.startsWith('{') ? JSON.parse(text) : undefined;
    return { isError: result.isError ?? false, text, body, model: result.structuredContent };
  }

  search(keyword: string, change: Partial<ToolContext> = {}) {
    return this.call('search_psm_service', { keyword }, change);
  }

  /** Requests for services in each region. */
  searches(): number[] {
    return this.intranet.regions.map((region) => region.count(searchPath));
  }

  jwts(): number {
    return this.intranet.auth.count(jwtPath);
  }
}

function toolOf(provider: Connector, name: string): Tool {
  const tool = provider.tools().find((one) => one.name === name);
  if (tool) return tool;
  throw new Error(`no tool ${name}`);
}
