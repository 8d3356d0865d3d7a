import { z } from 'zod';
import type { CallView, Risk } from './views.ts';
import type { Language, Words } from './words.ts';

/** A tool that a provider has, listed or not. */
export interface ToolView {
  /** Stable, and what `setTools` takes: `im.v1.message.create`. */
  id: string;
  /** As clients see it: `im_v1_message_create`. */
  name: string;
  /** In the language of the settings. */
  title: string;
  /** The service it belongs to: `im`, `docx`; for other providers their name. */
  category: string;
  provider: string;
  risk: Risk;
  /** It is in the answer to tools/list now. */
  listed: boolean;
  /** What its entry in tools/list costs a model, in tokens of o200k. */
  tokens: number;
  /** Why it cannot be offered; null when it can. */
  whyNot: Words | null;
}

/** A name in `tools.enabled` that stands for several tools. */
export interface PresetView {
  name: string;
  /** Ids of the tools that are listed when it is enabled. */
  tools: string[];
  tokens: number;
}

export interface ToolListView {
  /** By provider, then by id. */
  tools: ToolView[];
  presets: PresetView[];
  /** What the settings enable: names of presets and ids or names of tools. */
  enabled: string[];
  /** Of the present list as a whole. */
  tokens: number;
  /** Of titles, descriptions and schemas. */
  language: Language;
}

export interface ToolDetailView extends ToolView {
  description: string;
  inputSchema: Record<string, unknown>;
  outputSchema: Record<string, unknown> | null;
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
  /** The one request that it makes, with :parameters in its path; null for tools that make several or another kind. */
  request: { method: string; path: string } | null;
}

/** What tools/list answers a client. */
export interface ClientToolsView {
  keyId: string;
  tools: { name: string; title: string; risk: Risk; tokens: number }[];
  tokens: number;
  /** Bytes of the answer. */
  bytes: number;
}

/** A request as it would be sent. It never holds a token. */
export interface RequestPreview {
  method: string;
  /** Without the host, which follows from the account. */
  path: string;
  query: [string, string][];
  /** Null when nothing is sent. For a form the names of its fields, with the sizes of files in place of their content. */
  body: unknown;
  kind: 'json' | 'form' | 'none';
}

/** How a call that a person tried out went. */
export interface TryResultView {
  isError: boolean;
  /** What the client would get as text. */
  text: string;
  structured: Record<string, unknown> | null;
  /** As it was recorded. */
  call: CallView;
}

/** Exactly one of both is there. */
export interface TryView {
  /** Of a dry run: the first request, and whether more would follow, which depend on its answer. */
  dryRun: { request: RequestPreview; more: boolean } | null;
  result: TryResultView | null;
}

/** Control methods of the Tools page; spread into `controlInputs`. */
export const toolInputs = {
  tools: z.strictObject({}),
  /** By id or by the name that clients see. */
  tool: z.strictObject({ name: z.string() }),
  clientView: z.strictObject({ keyId: z.string() }),
  /** Names of presets and ids or names of tools, in any case. In effect at once; clients are told. */
  setTools: z.strictObject({ enabled: z.array(z.string().trim().min(1).max(200)).max(2000) }),
  /** Calls a tool as a client would, listed or not. What changes something needs `confirm`: that a person said so. */
  tryTool: z.strictObject({
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()).default({}),
    /** The default account when it is left out. */
    accountId: z.string().optional(),
    /** Sends nothing, records nothing and needs no account. */
    dryRun: z.boolean().default(false),
    confirm: z.boolean().default(false),
  }),
} as const;

export interface ToolOutputs {
  tools: ToolListView;
  tool: { tool: ToolDetailView };
  clientView: ClientToolsView;
  /** `kept` is false when nothing remembers it beyond this process. */
  setTools: ToolListView & { kept: boolean };
  tryTool: TryView;
}
