import type { Clock } from '../../base/clock.ts';
import type { HttpClient } from '../../base/http-client.ts';
import type { Config } from '../../contract/config.ts';
import type { Brand } from '../../contract/views.ts';
import type { Words } from '../../contract/words.ts';
import type { Provider, Stock } from '../provider.ts';
import { builtinTools } from './builtin/builtin-tools.ts';
import { Catalog, type ToolSpec } from './catalog.ts';
import { chooseTools } from './choose-tools.ts';
import { curatedNames, curatedPreset, curatedTools } from './curated/curated-tools.ts';
import type { LarkClientParts } from './lark-client.ts';
import { larkStock } from './lark-stock.ts';
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
  readonly stock: Stock;
  /** Package and version of the embedded official definitions, and how many they are. */
  readonly definitions: { source: string; tools: number };
  /** Tools that the settings name and a signed-in person cannot use, with the reason. */
  readonly notOffered: readonly { name: string; words: Words }[];
  /** Throws `config_invalid` for unknown names; otherwise what makes `tools` answer with these. */
  choose(enabled: readonly string[]): () => void;
}

/** Feishu's APIs as tools, each acting as the signed-in person. Throws `config_invalid` for unknown tool names. */
export function createLarkProvider(options: LarkProviderOptions): LarkProvider {
  const { settings } = options;
  const catalog = new Catalog(options.catalogFolder, settings.language);
  const builtin = new Map([...builtinTools(settings.language), ...curatedTools(settings)]);
  const presets = new Map([...catalog.presets, [curatedPreset, curatedNames]]);
  const whyNotOf = (id: string) => (builtin.has(id) ? undefined : whyNot(catalog.spec(id)));
  const client = clientOf(options);
  const toolOf = (id: string) => {
    const definition = builtin.get(id) ?? definitionOf(id, catalog);
    return definition && new LarkTool(toNameCase(id, settings.nameCase), definition, client);
  };
  const choice = (enabled: readonly string[]) =>
    chooseTools(enabled, {
      presets,
      names: [...catalog.names(), ...builtin.keys()],
      whyNot: whyNotOf,
    });
  let tools = new Map<string, LarkTool>();
  let notOffered: LarkProvider['notOffered'] = [];
  const choose = (enabled: readonly string[]) => {
    const next = choice(enabled);
    return () => {
      notOffered = next.notOffered;
      // A tool that stays is the same one: it has learnt to check its arguments.
      const kept = next.chosen.flatMap((id) => tools.get(toNameCase(id, settings.nameCase)) ?? toolOf(id) ?? []);
      tools = new Map(kept.map((tool) => [tool.name, tool]));
    };
  };
  choose(settings.enabled)();
  return {
    name: 'lark',
    definitions: { source: catalog.source, tools: catalog.names().length },
    get notOffered() {
      return notOffered;
    },
    tools: () => [...tools.values()],
    stock: larkStock({ catalog, builtin, presets, nameCase: settings.nameCase, whyNot: whyNotOf, toolOf }),
    choose,
    close: async () => catalog.close(),
  };
}

function clientOf({ http, clock, limits, random, settings, openUrlOf }: LarkProviderOptions): LarkClientParts {
  const openUrls = { feishu: new URL(openUrlOf('feishu')), lark: new URL(openUrlOf('lark')) };
  return {
    http,
    clock,
    openUrl: (brand) => openUrls[brand],
    limits,
    random: random ?? Math.random,
    language: settings.language,
  };
}

function definitionOf(id: string, catalog: Catalog): LarkToolDefinition | undefined {
  const spec = catalog.spec(id);
  return spec && { risk: spec.risk, entry: () => catalog.entry(id), perform: performer(spec) };
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
