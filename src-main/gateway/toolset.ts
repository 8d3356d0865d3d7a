import type { Provider, Tool, ToolEntry } from '../providers/provider.ts';
import { nearestNames } from '../base/nearest.ts';
import { prepare } from './prepared.ts';

/** The tools of all providers under their names, with the answer to tools/list kept ready. */
export class Toolset {
  readonly #providers: readonly Provider[];
  #tools: ReadonlyMap<string, Tool>;
  #list: { tools: ToolEntry[] } | undefined;

  constructor(providers: readonly Provider[]) {
    this.#providers = providers;
    this.#tools = collect(providers);
  }

  /** Takes over what the providers list now. A call that has found its tool goes on with it. */
  rebuild(): void {
    this.#tools = collect(this.#providers);
    this.#list = undefined;
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

function collect(providers: readonly Provider[]): ReadonlyMap<string, Tool> {
  return new Map(providers.flatMap((provider) => provider.tools()).map((tool) => [tool.name, tool]));
}
