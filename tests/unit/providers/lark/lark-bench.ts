import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { buildCatalog } from '../../../../scripts/build-catalog.ts';
import type { Clock } from '../../../../src-main/base/clock.ts';
import { Fault } from '../../../../src-main/base/fault.ts';
import { createHttpClient } from '../../../../src-main/base/http-client.ts';
import { type ConfigInput, configSchema } from '../../../../src-main/contract/config.ts';
import { createLarkProvider, type LarkProvider } from '../../../../src-main/providers/lark/lark-provider.ts';
import type { Tool, ToolResult } from '../../../../src-main/providers/provider.ts';
import { openStandIn } from './stand-in.ts';

export interface BenchOptions {
  clock: Clock;
  openUrl?: string;
  larkOpenUrl?: string;
}

/** A stand-in for Feishu and providers that speak with it, closed when the test file is over. */
export function useLarkBench() {
  const folder = mkdtempSync(join(tmpdir(), 'larkgate-provider-'));
  const closers: (() => Promise<void> | undefined)[] = [];
  let feishu: Awaited<ReturnType<typeof openStandIn>>;

  beforeAll(async () => {
    buildCatalog(folder);
    feishu = await openStandIn();
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await feishu.close();
    rmSync(folder, { recursive: true });
  });

  function providerWith(settings: ConfigInput, { clock, openUrl, larkOpenUrl }: BenchOptions): LarkProvider {
    const config = configSchema.parse(settings);
    const http = createHttpClient({ clock });
    const provider = createLarkProvider({
      http,
      clock,
      catalogFolder: folder,
      openUrlOf: (brand) => (brand === 'lark' ? larkOpenUrl : openUrl) ?? feishu.url,
      settings: config.tools,
      limits: config.limits,
      random: () => 0.5,
    });
    closers.push(
      () => http.close(),
      () => provider.close?.(),
    );
    return provider;
  }

  function tool(name: string, options: BenchOptions, settings: ConfigInput = {}): Tool {
    const [only] = providerWith({ ...settings, tools: { enabled: [name] } }, options).tools();
    if (!only) throw new Error(`no tool ${name}`);
    return only;
  }

  return {
    folder,
    providerWith,
    tool,
    get feishu() {
      return feishu;
    },
  };
}

export const textOf = (result: ToolResult) => result.content.map(({ text }) => text).join('');

export async function faultOf(running: Promise<unknown>): Promise<Fault> {
  const thrown: unknown = await running.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof Fault) return thrown;
  throw new Error('no fault was thrown', { cause: thrown });
}
