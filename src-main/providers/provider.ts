import type { RequestPreview, ToolDetailView, ToolView } from '../contract/tool-views.ts';
import type { Risk } from '../contract/views.ts';
import type { Credential } from '../tokens/credential.ts';

/** One entry of tools/list, as it goes over the wire. */
export interface ToolEntry {
  name: string;
  title?: string;
  description: string;
  inputSchema: { type: 'object'; [key: string]: unknown };
  outputSchema?: { type: 'object'; [key: string]: unknown };
  annotations: {
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
}

export interface ToolResult {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  /** For programs, not for the model. */
  _meta?: Record<string, unknown>;
}

/** What a call brings along besides its arguments. */
export interface ToolContext {
  /** Present when the tool `needsAccount`. */
  credential: Credential | undefined;
  /** Another credential after the upstream refused this one, or a Fault when there is none to be had. */
  renew(refused: Credential): Promise<Credential>;
  signal: AbortSignal;
  /** Reports one upstream exchange for the records. */
  answered(exchange: { ms: number; status: number; code: number | null; logId: string | null }): void;
  /** Tells the client something while the call runs. */
  say(level: 'info' | 'warning', text: string): void;
}

export interface Tool {
  readonly name: string;
  readonly provider: string;
  readonly risk: Risk;
  readonly needsAccount: boolean;
  entry(): ToolEntry;
  /** `input` has passed `check`. Rejects with a Fault. */
  run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult>;
  /** Throws `invalid_arguments`, naming the field. */
  check(input: unknown): asserts input is Record<string, unknown>;
  /** The first request that `run` would send; `more` when others follow. Absent where that cannot be told. */
  preview?(input: Record<string, unknown>): Promise<{ request: RequestPreview; more: boolean }>;
}

/** A tool that a provider has, listed or not. */
export type ToolOffer = Omit<ToolView, 'provider' | 'listed'>;

/** A tool looked at closely. */
export interface ToolLook {
  offer: ToolOffer;
  entry: ToolEntry;
  request: ToolDetailView['request'];
  /** Undefined when it cannot be offered. */
  tool: Tool | undefined;
}

/** What a provider has besides what it lists. Nothing of it is kept in memory. */
export interface Stock {
  /** Names of presets and the ids of their tools. */
  presets: ReadonlyMap<string, readonly string[]>;
  offers(): ToolOffer[];
  /** By id or by the name that clients see. */
  look(name: string): ToolLook | undefined;
}

/** A family of tools. */
export interface Provider {
  readonly name: string;
  /** In a fixed order: two lists of the same provider are equal to the byte. */
  tools(): readonly Tool[];
  /** Absent for a provider that lists all it has. */
  readonly stock?: Stock;
  close?(): Promise<void>;
}
