import type { Provider, Tool, ToolEntry } from '../providers/provider.ts';
import { nearestNames } from '../base/nearest.ts';
import { prepare } from './prepared.ts';

/** The tools of all providers under their names, with the answer to tools/list kept ready. */
export class Toolset {
  readonly #tools = new Map<string, Tool>();
  #list: { tools: ToolEntry[] } | undefined;

  constructor(providers: readonly Provider[]) {
    for (const tool of providers.flatMap((provider) => provider.tools())) this.#tools.set(tool.name, tool);
  }

  find(name: string): Tool | undefined {
    return this.#tools.get(name);
  }

  nearest(name: string): string[] {
    return nearestNames(name, [...this.#tools.keys()]);
  }

  get size(): number {
    return this.#tools.size;
  }

  /** The result of tools/list; the same object every time, so its text is made once. */
  list(): { tools: ToolEntry[] } {
    this.#list ??= prepare({ tools: [...this.#tools.values()].map((tool) => tool.entry()) });
    return this.#list;
  }
}
