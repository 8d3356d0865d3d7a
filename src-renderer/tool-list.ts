import type { ToolListView, ToolView } from '../src-main/contract/tool-views.ts';
import type { Risk } from '../src-main/contract/views.ts';

export type ToolShow = 'all' | 'listed' | 'unlisted' | 'unavailable';

export interface ToolFilter {
  text: string;
  category: string | null;
  risk: Risk | null;
  show: ToolShow;
}

/** A line of the list: the head of a category, or one tool. */
export type ToolRow =
  | { kind: 'category'; id: string; category: string; count: number; listed: number }
  | { kind: 'tool'; id: string; tool: ToolView };

/** What most people come for; the others follow as the gateway has them. */
const first = [
  'im',
  'docs',
  'docx',
  'drive',
  'wiki',
  'base',
  'bitable',
  'sheets',
  'calendar',
  'task',
  'contact',
  'mail',
  'vc',
];

function rank(category: string): number {
  const place = first.indexOf(category);
  return place < 0 ? first.length : place;
}

/** The tools that fit, under their categories. Each word that is searched for must be in a tool's name or title. */
export function toolRows(tools: readonly ToolView[], filter: ToolFilter): ToolRow[] {
  const searched = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const byCategory = new Map<string, ToolView[]>();
  for (const tool of tools) {
    if (!fits(tool, filter, searched)) continue;
    const same = byCategory.get(tool.category);
    if (same) same.push(tool);
    else byCategory.set(tool.category, [tool]);
  }
  const categories = [...byCategory].sort(([a], [b]) => rank(a) - rank(b));
  return categories.flatMap(([category, inside]): ToolRow[] => [
    {
      kind: 'category',
      id: `category ${category}`,
      category,
      count: inside.length,
      listed: inside.filter(({ listed }) => listed).length,
    },
    ...inside.map((tool): ToolRow => ({ kind: 'tool', id: tool.id, tool })),
  ]);
}

function fits(tool: ToolView, { category, risk, show }: ToolFilter, searched: string[]): boolean {
  if (category !== null && tool.category !== category) return false;
  if (risk !== null && tool.risk !== risk) return false;
  if (show === 'listed' && !tool.listed) return false;
  if (show === 'unlisted' && (tool.listed || tool.whyNot !== null)) return false;
  if (show === 'unavailable' && tool.whyNot === null) return false;
  const text = `${tool.id} ${tool.name} ${tool.title}`.toLowerCase();
  return searched.every((word) => text.includes(word));
}

/** What `tools.enabled` becomes when this tool is switched. A preset that it leaves gives way to its other tools. */
export function withTool(list: ToolListView, tool: ToolView, on: boolean): string[] {
  if (on) return [...list.enabled, tool.id];
  const enabled = list.enabled.flatMap((name) => {
    const preset = list.presets.find((other) => other.name === name);
    if (preset?.tools.includes(tool.id)) return preset.tools.filter((id) => id !== tool.id);
    return isSameTool(name, tool) ? [] : [name];
  });
  return [...new Set(enabled)];
}

/** What `tools.enabled` becomes when this preset is switched. */
export function withPreset(list: ToolListView, name: string, on: boolean): string[] {
  const others = list.enabled.filter((other) => other !== name);
  return on ? [...others, name] : others;
}

/** How the list looks once this is enabled, so that a switch need not wait for the gateway to be seen to move. */
export function predicted(list: ToolListView, enabled: string[]): ToolListView {
  const wanted = { ...list, enabled };
  const tools = list.tools.map((tool) => {
    const stays = tool.listed && !canSwitch(list, tool);
    const listed = stays || (tool.whyNot === null && isEnabled(wanted, tool));
    return listed === tool.listed ? tool : { ...tool, listed };
  });
  const tokens = tools.reduce((sum, tool) => sum + (tool.listed ? tool.tokens : 0), 0);
  return { ...wanted, tools, tokens };
}

/** Whether the switch of a tool does anything: some are listed because their connector is on. */
export function canSwitch(list: ToolListView, tool: ToolView): boolean {
  if (tool.whyNot !== null) return false;
  return !tool.listed || isEnabled(list, tool);
}

function isEnabled({ presets, enabled }: ToolListView, tool: ToolView): boolean {
  const inPreset = presets.some(({ name, tools }) => enabled.includes(name) && tools.includes(tool.id));
  return inPreset || enabled.some((name) => isSameTool(name, tool));
}

/** Settings may name a tool in any case: `im.v1.chat.list`, `im_v1_chat_list`, `imV1ChatList`. */
function isSameTool(name: string, tool: ToolView): boolean {
  return name === tool.id || plain(name) === plain(tool.id);
}

function plain(name: string): string {
  return name.replaceAll(/[._-]/g, '').toLowerCase();
}

/** A bound that a well-known client has, and how much of it is used. */
export interface BudgetUse {
  /** Such as a client's name; empty for a context window. */
  of: string;
  used: number;
  limit: number;
}

const toolBudgets = [
  { of: 'Cursor', limit: 40 },
  { of: 'Amazon Quick', limit: 100 },
  { of: 'VS Code', limit: 128 },
];
const contextWindows = [128_000, 200_000, 1_000_000];

/** How many tools each of these clients takes from all its servers together. */
export function toolBudgetUse(count: number): BudgetUse[] {
  return toolBudgets.map(({ of, limit }) => ({ of, limit, used: count }));
}

/** How much of the usual context windows the list takes. */
export function contextUse(tokens: number): BudgetUse[] {
  return contextWindows.map((limit) => ({ of: '', limit, used: tokens }));
}
