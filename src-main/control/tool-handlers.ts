import { Fault } from '../base/fault.ts';
import type { ParsedControlInput } from '../contract/control.ts';
import type {
  ClientToolsView,
  PresetView,
  ToolDetailView,
  ToolListView,
  ToolView,
  TryView,
} from '../contract/tool-views.ts';
import type { ClientView } from '../contract/views.ts';
import type { Handlers } from './handlers.ts';
import type { LiveSettings } from './live-settings.ts';

export interface ToolParts {
  directory: {
    tools(): ToolView[];
    presets(tools: readonly ToolView[]): PresetView[];
    look(name: string): { view: ToolDetailView };
    listed(): Omit<ClientToolsView, 'keyId'>;
  };
  /** Calls a tool for a person who tries it out. */
  trial(wish: ParsedControlInput<'tryTool'>): Promise<TryView>;
  clients: { list(): ClientView[] };
  settings: LiveSettings;
}

type ToolMethod = 'tools' | 'tool' | 'clientView' | 'setTools' | 'tryTool';

/** Which tools there are, which are listed, and what one of them does. */
export function toolHandlers(parts: ToolParts): Pick<Handlers, ToolMethod> {
  const { directory, trial, clients, settings } = parts;
  return {
    tools: () => listOf(parts),
    tool: ({ name }) => ({ tool: directory.look(name).view }),
    clientView: ({ keyId }) => {
      if (!clients.list().some((client) => client.keyId === keyId))
        throw new Fault('invalid_request', { words: noClient });
      return { keyId, ...directory.listed() };
    },
    setTools: async ({ enabled }) => {
      const kept = await settings.change('tools', { enabled });
      return { ...listOf(parts), kept };
    },
    tryTool: (wish) => trial(wish),
  };
}

function listOf({ directory, settings }: ToolParts): ToolListView {
  const all = directory.tools();
  const listed = all.filter((tool) => tool.listed);
  const { enabled, language } = settings.running.tools;
  return {
    tools: all,
    presets: directory.presets(all),
    enabled,
    tokens: listed.reduce((sum, tool) => sum + tool.tokens, 0),
    language,
  };
}

const noClient = {
  zh: '没有这个客户端，它的密钥可能已撤销。请刷新后重选。',
  en: 'There is no such client; its key may have been revoked. Refresh and choose again.',
};
