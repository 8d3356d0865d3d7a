/** Where a gateway is reached, and the key that opens it. */
export interface Target {
  mcp: string;
  sse: string;
  key?: string;
}

export interface ToolAnswer {
  /** The text blocks, joined by newlines. */
  text: string;
  isError: boolean;
}

/** What was agreed with the server; undefined where the client does not tell. */
export interface Negotiated {
  era: 'legacy' | 'modern' | undefined;
  version: string | undefined;
}

/** One client object, as a person's application would hold it. */
export interface Connection {
  readonly negotiated: Negotiated;
  listTools(): Promise<string[]>;
  callTool(name: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** A published MCP client, driven as its own users drive it. */
export interface RealClient {
  readonly name: string;
  readonly door: 'mcp' | 'sse';
  readonly era: 'legacy' | 'modern';
  /** Whether one connection lives from call to call. The Inspector CLI connects anew for each. */
  readonly lasting: boolean;
  connect(target: Target): Promise<Connection>;
}

export function bearer(target: Target): Record<string, string> {
  return target.key === undefined ? {} : { authorization: `Bearer ${target.key}` };
}

/** Reads a tools/call result of any client. */
export function readAnswer(result: unknown): ToolAnswer {
  const { content = [], isError = false } = result as {
    content?: { type: string; text?: string }[];
    isError?: boolean;
  };
  const texts = content.flatMap((block) => (block.type === 'text' && block.text !== undefined ? [block.text] : []));
  return { text: texts.join('\n'), isError };
}

/** Reads the names out of a tools/list result of any client. */
export function readNames(result: unknown): string[] {
  return (result as { tools: { name: string }[] }).tools.map((tool) => tool.name);
}
