import { estimateTokens } from '../../base/estimate-tokens.ts';
import type { Words } from '../../contract/words.ts';
import type { Stock, Tool, ToolLook, ToolOffer } from '../provider.ts';
import type { Catalog } from './catalog.ts';
import type { CostRow } from './catalog-format.ts';
import type { LarkToolDefinition } from './lark-tool.ts';
import { type NameCase, nameCases, toNameCase } from './name-case.ts';

export interface LarkStockParts {
  catalog: Catalog;
  builtin: ReadonlyMap<string, LarkToolDefinition>;
  presets: ReadonlyMap<string, readonly string[]>;
  nameCase: NameCase;
  /** Why a tool cannot be offered. */
  whyNot(id: string): Words | undefined;
  /** The tool of this id, for who wants to call it. */
  toolOf(id: string): Tool | undefined;
}

/** All of Feishu's tools, for people who choose among them. What a look needs is read from disk, and let go of again. */
export function larkStock(parts: LarkStockParts): Stock {
  const { catalog, builtin } = parts;
  const ids = () => [...catalog.names(), ...builtin.keys()].toSorted();
  return {
    presets: parts.presets,
    offers: () => {
      const costs = catalog.costs();
      return ids().flatMap((id) => offerOf(id, costs.get(id), parts) ?? []);
    },
    look: (name) => {
      const id = ids().find((known) => known === name || toNameCase(known, parts.nameCase) === name);
      return id === undefined ? undefined : lookAt(id, parts);
    },
  };
}

function offerOf(id: string, cost: CostRow | undefined, parts: LarkStockParts): ToolOffer | undefined {
  const { catalog, builtin, nameCase } = parts;
  const name = toNameCase(id, nameCase);
  const facts = { id, name, category: categoryOf(id), whyNot: parts.whyNot(id) ?? null };
  const own = builtin.get(id);
  if (own) {
    const entry = { name, ...own.entry() };
    return { ...facts, title: entry.title, risk: own.risk, tokens: estimateTokens(JSON.stringify(entry)) };
  }
  const spec = catalog.spec(id);
  if (!spec || !cost) return undefined;
  const [title, ...tokens] = cost;
  return { ...facts, title, risk: spec.risk, tokens: tokens[nameCases.indexOf(nameCase)] ?? 0 };
}

/** `im.v1.message.create` and `lark_im_messages_send` are both about im. */
function categoryOf(id: string): string {
  const [, ours, official] = /^lark_([a-z]+)_|^([^.]+)/.exec(id) ?? [];
  return ours ?? official ?? id;
}

function lookAt(id: string, parts: LarkStockParts): ToolLook | undefined {
  const { catalog, builtin } = parts;
  const offer = offerOf(id, catalog.costs().get(id), parts);
  if (!offer) return undefined;
  const spec = catalog.spec(id);
  return {
    offer,
    entry: { ...(builtin.get(id)?.entry() ?? catalog.entry(id)), name: offer.name },
    request: spec ? { method: spec.method, path: spec.path } : null,
    tool: offer.whyNot ? undefined : parts.toolOf(id),
  };
}
