import { estimateTokens } from '../base/estimate-tokens.ts';
import { Fault } from '../base/fault.ts';
import { nearestNames } from '../base/nearest.ts';
import type { ClientToolsView, PresetView, ToolDetailView, ToolView } from '../contract/tool-views.ts';
import type { Provider, Tool, ToolEntry, ToolLook, ToolOffer } from '../providers/provider.ts';
import type { Toolset } from './toolset.ts';

/**
 * All tools of all providers, listed or not, for people. It asks the providers anew each time: a look at thirteen hundred
 * tools takes milliseconds, and leaves nothing in memory.
 */
export class ToolDirectory {
  readonly #providers: readonly Provider[];
  readonly #toolset: Toolset;

  constructor(providers: readonly Provider[], toolset: Toolset) {
    this.#providers = providers;
    this.#toolset = toolset;
  }

  /** By provider, then by id. */
  tools(): ToolView[] {
    return this.#providers.flatMap((provider) => offersOf(provider).map((offer) => this.#view(provider, offer)));
  }

  presets(tools: readonly ToolView[]): PresetView[] {
    const usable = new Map(tools.filter(({ whyNot }) => whyNot === null).map(({ id, tokens }) => [id, tokens]));
    const presets = this.#providers.flatMap((provider) => [...(provider.stock?.presets ?? [])]);
    return presets.map(([name, ids]) => {
      const members = ids.filter((id) => usable.has(id));
      return { name, tools: members, tokens: members.reduce((sum, id) => sum + (usable.get(id) ?? 0), 0) };
    });
  }

  /** Throws `unknown_tool`, with the nearest names. */
  look(name: string): { view: ToolDetailView; tool: Tool | undefined } {
    for (const provider of this.#providers) {
      const look = lookIn(provider, name);
      if (look) return { view: this.#detail(provider, look), tool: this.#toolset.find(look.offer.name) ?? look.tool };
    }
    const known = this.tools().map((tool) => tool.name);
    throw new Fault('unknown_tool', { details: { didYouMean: nearestNames(name, known) } });
  }

  /** What tools/list answers. Every client sees the same, whoever has the key. */
  listed(): Omit<ClientToolsView, 'keyId'> {
    const tools = this.tools()
      .filter(({ listed }) => listed)
      .map(({ name, title, risk, tokens }) => ({ name, title, risk, tokens }));
    const bytes = Buffer.byteLength(JSON.stringify(this.#toolset.list()));
    return { tools, bytes, tokens: tools.reduce((sum, { tokens }) => sum + tokens, 0) };
  }

  #view({ name: provider }: Provider, offer: ToolOffer): ToolView {
    return { ...offer, provider, listed: this.#toolset.find(offer.name)?.provider === provider };
  }

  #detail(provider: Provider, { offer, entry, request }: ToolLook): ToolDetailView {
    const { description, inputSchema, outputSchema = null, annotations } = entry;
    return { ...this.#view(provider, offer), description, inputSchema, outputSchema, annotations, request };
  }
}

function offersOf(provider: Provider): ToolOffer[] {
  return provider.stock?.offers() ?? provider.tools().map((tool) => offerOf(tool, tool.entry()));
}

function lookIn(provider: Provider, name: string): ToolLook | undefined {
  if (provider.stock) return provider.stock.look(name);
  const tool = provider.tools().find((one) => one.name === name);
  if (!tool) return undefined;
  const entry = tool.entry();
  return { offer: offerOf(tool, entry), entry, request: null, tool };
}

function offerOf({ name, provider, risk }: Tool, entry: ToolEntry): ToolOffer {
  const tokens = estimateTokens(JSON.stringify(entry));
  return { id: name, name, title: entry.title ?? name, category: provider, risk, tokens, whyNot: null };
}
