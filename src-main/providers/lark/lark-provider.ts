import type { Clock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Config } from '../../contract/config.ts';
import type { Brand } from '../../contract/views.ts';
import type { Words } from '../../contract/words.ts';
import type { Provider } from '../provider.ts';
import { builtinTools } from './builtin/builtin-tools.ts';
import { Catalog, type ToolSpec } from './catalog.ts';
import { chooseTools } from './choose-tools.ts';
import { LarkTool, type LarkToolDefinition, performer } from './lark-tool.ts';
import { toNameCase } from './name-case.ts';
import { alsoAsUser } from './user-identity.ts';

export interface LarkProviderOptions {
  http: HttpClient;
  clock: Clock;
  /** What scripts/build-catalog.ts wrote. */
  catalogFolder: string;
  /** The address of each brand's open platform. */
  openUrlOf(brand: Brand): string;
  settings: Config['tools'];
  /** Read at each call, so that a change takes effect at once. */
  limits: Pick<Config['limits'], 'upstreamMs' | 'answerBytes' | 'resultBytes' | 'callMs'>;
  /** In [0, 1), for the jitter of retries. */
  random?: () => number;
}

export interface LarkProvider extends Provider {
  /** Tools that the settings name and a signed-in person cannot use, with the reason. */
  readonly notOffered: readonly { name: string; words: Words }[];
}

/** Feishu's APIs as tools, each acting as the signed-in person. Throws `config_invalid` for unknown tool names. */
export function createLarkProvider(options: LarkProviderOptions): LarkProvider {
  const { settings } = options;
  const catalog = new Catalog(options.catalogFolder, settings.language);
  const builtin = builtinTools(settings.language);
  const openUrls = { feishu: new URL(options.openUrlOf('feishu')), lark: new URL(options.openUrlOf('lark')) };
  const client = {
    http: options.http,
    clock: options.clock,
    openUrl: (brand: Brand) => openUrls[brand],
    limits: options.limits,
    random: options.random ?? Math.random,
    language: settings.language,
  };
  const { chosen, notOffered } = chooseTools(settings.enabled, {
    presets: catalog.presets,
    names: [...catalog.names(), ...builtin.keys()],
    whyNot: (name) => (builtin.has(name) ? undefined : whyNot(catalog.spec(name))),
  });
  const definitionOf = (name: string): LarkToolDefinition[] => {
    const own = builtin.get(name);
    if (own) return [own];
    const spec = catalog.spec(name);
    return spec ? [{ risk: spec.risk, entry: () => catalog.entry(name), perform: performer(spec) }] : [];
  };
  const tools = chosen.flatMap((name) =>
    definitionOf(name).map((definition) => new LarkTool(toNameCase(name, settings.nameCase), definition, client)),
  );
  return {
    name: 'lark',
    notOffered,
    tools: () => tools,
    close: async () => catalog.close(),
  };
}

function whyNot(spec: ToolSpec | undefined): Words | undefined {
  return !spec || spec.acceptsUser || alsoAsUser.has(spec.name) ? undefined : appOnly(spec.name);
}

function appOnly(name: string): Words {
  return {
    zh: `${name} 只接受应用身份，LarkGate 只以你的身份操作，因此不提供这个工具。`,
    en: `${name} takes the app's identity only. LarkGate acts as you and never as the app, so this tool is not offered.`,
  };
}
