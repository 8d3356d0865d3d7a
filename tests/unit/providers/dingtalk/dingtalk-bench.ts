import { pino } from 'pino';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Clock } from '../../../../src-main/base/clock.ts';
import { EventBus } from '../../../../src-main/base/event-bus.ts';
import { createHttpClient, type HttpClient } from '../../../../src-main/base/http-client.ts';
import { Notices } from '../../../../src-main/base/notices.ts';
import { dingtalkConfigSchema } from '../../../../src-main/contract/connectors-config.ts';
import type { Connector } from '../../../../src-main/providers/connector.ts';
import {
  createDingtalkProvider,
  type DingtalkProviderOptions,
} from '../../../../src-main/providers/dingtalk/dingtalk-provider.ts';
import type { Tool, ToolContext } from '../../../../src-main/providers/provider.ts';
import {
  createDingtalkStandIn,
  type DingtalkStandIn,
  type DingtalkStandInOptions,
} from '../../../../src-main/sandbox/dingtalk/dingtalk-stand-in.ts';
import type { StandIn } from '../../../../src-main/sandbox/stand-in/stand-in.ts';
import { RushClock } from '../../../helpers/rush-clock.ts';

/** JSON of whatever shape: tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Told {
  isError: boolean;
  body: Json;
  said: string[];
}

export const limits = { upstreamMs: 30_000, answerBytes: 16 * 1024 * 1024, resultBytes: 1024 * 1024, callMs: 60_000 };

/** A stand-in for DingTalk and a provider that speaks with it, new for each test. */
export function useDingtalk(options: Partial<DingtalkStandInOptions> = {}) {
  const bench = new DingtalkBench(options);
  beforeEach(() => bench.open());
  afterEach(() => bench.close());
  return bench;
}

class DingtalkBench {
  clock!: RushClock;
  dingtalk!: DingtalkStandIn;
  provider!: Connector;
  notices!: Notices;
  readonly logged: string[] = [];
  readonly #options: Partial<DingtalkStandInOptions>;
  #closers: (() => Promise<void> | undefined)[] = [];

  constructor(options: Partial<DingtalkStandInOptions>) {
    this.#options = options;
  }

  get api(): StandIn {
    return this.dingtalk.api;
  }

  async open(): Promise<void> {
    this.clock = new RushClock();
    this.dingtalk = await createDingtalkStandIn({ clock: this.clock, ...this.#options });
    this.#closers = [];
    this.provider = this.start();
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
    await this.dingtalk.close();
  }

  /** Another provider in front of the same stand-in. */
  start(
    settings: Record<string, unknown> = {},
    change: Partial<DingtalkProviderOptions> & { clock?: Clock; http?: HttpClient } = {},
  ): Connector {
    const clock = change.clock ?? this.clock;
    const http = change.http ?? createHttpClient({ clock });
    this.notices = new Notices(new EventBus(clock), () => clock.now());
    const { url, oapiUrl, appKey, appSecret, operatorId } = this.dingtalk;
    const provider = createDingtalkProvider({
      http,
      clock,
      log: pino({ level: 'debug' }, { write: (line) => void this.logged.push(line) }),
      notices: this.notices,
      settings: dingtalkConfigSchema.parse({ appKey, operatorId, baseUrl: url, oapiBaseUrl: oapiUrl, ...settings }),
      language: 'en',
      appSecret: () => appSecret,
      limits,
      ...change,
    });
    this.#closers.push(
      () => provider.close?.(),
      () => http.close(),
    );
    this.provider = provider;
    return provider;
  }

  async call(name: string, input: Record<string, unknown> = {}, change: Partial<ToolContext> = {}): Promise<Told> {
    const tool: Tool = toolOf(this.provider, name);
    const said: string[] = [];
    tool.check(input);
    const result = await tool.run(input, {
      credential: undefined,
      renew: () => Promise.reject(new Error('never')),
      signal: new AbortController().signal,
      answered: () => {},
      say: (_, text) => said.push(text),
      ...change,
    });
    const body: Json = JSON.parse(result.content[0]?.text ?? '');
    if (JSON.stringify(result.structuredContent) !== JSON.stringify(body)) throw new Error('two different results');
    return { isError: result.isError ?? false, body, said };
  }

  /** Resolves when `count` requests for `path` have come in. */
  async arrival(path: string, count = 1): Promise<void> {
    await vi.waitFor(
      () => {
        if (this.api.count(path) < count) throw new Error(`${this.api.count(path)} requests for ${path}`);
      },
      { timeout: 20_000, interval: 5 },
    );
  }

  /** A team space with documents in it. */
  space(...names: string[]) {
    const space = this.dingtalk.world.addSpace('产品库');
    const documents = names.map((name, index) =>
      this.dingtalk.world.add({ name, parentId: space.rootNodeId, at: this.clock.now() - 1_000_000 + index * 1000 }),
    );
    return { space, documents };
  }
}

function toolOf(provider: Connector, name: string): Tool {
  const tool = provider.tools().find((one) => one.name === name);
  if (tool) return tool;
  throw new Error(`no tool ${name}`);
}
