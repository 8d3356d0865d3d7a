import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import type { ParsedControlInput } from '../contract/control.ts';
import type { TryResultView, TryView } from '../contract/tool-views.ts';
import type { CallView } from '../contract/views.ts';
import type { Tool, ToolResult } from '../providers/provider.ts';
import { type Call, newCall } from './call.ts';
import { createPipeline, type PipelineParts } from './pipeline.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { ToolDirectory } from './tool-directory.ts';
import type { Toolset } from './toolset.ts';

export interface TrialParts extends PipelineParts {
  version: string;
  bus: EventBus;
  toolset: Toolset;
  directory: ToolDirectory;
  sessions: Sessions;
}

/** Calls a tool for a person who tries it out. Rejects with a Fault where nothing was called. */
export type Trial = (wish: ParsedControlInput<'tryTool'>) => Promise<TryView>;

/** A person at the dashboard goes through the same stages as any client, but may try what is not listed. */
export function createTrial(parts: TrialParts): Trial {
  const { directory, toolset } = parts;
  return async (wish) => {
    const tool = usable(directory, wish.name);
    if (wish.dryRun) return { dryRun: await dryRun(tool, wish.arguments), result: null };
    if (tool.risk !== 'read' && !wish.confirm) throw unconfirmed(tool);
    const find = (name: string) => (name === tool.name ? tool : undefined);
    const pipeline = createPipeline({ ...parts, toolset: { find, nearest: (name) => toolset.nearest(name) } });
    const call = newCall({
      caller: { keyId: trialKeyId, accountId: wish.accountId ?? null, address: 'dashboard', manualToken: null },
      session: standIn(parts),
      toolName: tool.name,
      input: wish.arguments,
      signal: new AbortController().signal,
      say: () => {},
    });
    return { dryRun: null, result: await recorded(parts.bus, call, () => pipeline(call)) };
  };
}

/** No client has this key: it only names who called. */
const trialKeyId = 'dashboard';

/** The session that stands for the dashboard in the records. It is bound to nobody: each call says as whom. */
function standIn({ sessions, version }: TrialParts): Session {
  const caller = { keyId: trialKeyId, accountId: null, address: 'dashboard', manualToken: null };
  const session = sessions.stateless(caller, { name: 'LarkGate dashboard', version }, '2026-07-28');
  session.accountId = null;
  session.calls += 1;
  return session;
}

function usable(directory: ToolDirectory, name: string): Tool {
  const { view, tool } = directory.look(name);
  if (tool) return tool;
  throw new Fault('unknown_tool', view.whyNot ? { words: view.whyNot } : {});
}

async function dryRun(tool: Tool, input: unknown): Promise<TryView['dryRun']> {
  const checked: Tool = tool;
  checked.check(input);
  if (checked.preview) return checked.preview(input);
  throw new Fault('invalid_request', { words: noPreview });
}

/** The pipeline tells the bus what it did before it answers. */
async function recorded(bus: EventBus, { id }: Call, run: () => Promise<ToolResult>): Promise<TryResultView> {
  const seen: CallView[] = [];
  const stop = bus.subscribe((event) => {
    if (event.kind === 'call.finished' && event.call.id === id) seen.push(event.call);
  });
  try {
    const { isError = false, content, structuredContent: structured = null } = await run();
    const [call] = seen;
    if (!call) throw new Fault('internal');
    return { isError, text: content.map(({ text }) => text).join('\n'), structured, call };
  } finally {
    stop();
  }
}

function unconfirmed({ name, risk }: Tool): Fault {
  return new Fault('invalid_request', {
    words: {
      zh: `${name} 会修改飞书中的内容，没有执行。请确认后再执行，或先演练看看会发出什么请求。`,
      en: `${name} changes something in Feishu, so it was not run. Confirm it first, or do a dry run to see what it would send.`,
    },
    details: { needs: 'confirm', risk },
  });
}

const noPreview = {
  zh: '这个工具不能演练：它要先查询才知道会发出什么请求。没有发出任何请求。',
  en: 'This tool has no dry run: only after a look-up does it know what it would send. Nothing was sent.',
};
