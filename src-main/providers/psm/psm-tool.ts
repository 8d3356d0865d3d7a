import { Fault } from '../../base/fault.ts';
import type { Language } from '../../contract/words.ts';
import type { Tool, ToolContext, ToolEntry, ToolResult } from '../provider.ts';
import { Trouble } from './psm-trouble.ts';

export interface PsmToolDefinition {
  name: string;
  texts: Readonly<Record<Language, { title: string; description: string }>>;
  inputSchema: ToolEntry['inputSchema'];
  perform(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult>;
}

/** A tool that reads from the intranet. Its answers are text; trouble begins with "Error: " and has a class. */
export class PsmTool implements Tool {
  readonly provider = 'psm';
  readonly risk = 'read';
  readonly needsAccount = false;
  readonly #definition: PsmToolDefinition;
  readonly #language: Language;

  constructor(definition: PsmToolDefinition, language: Language) {
    this.#definition = definition;
    this.#language = language;
  }

  get name(): string {
    return this.#definition.name;
  }

  entry(): ToolEntry {
    const { name, texts, inputSchema } = this.#definition;
    return {
      name,
      ...texts[this.#language],
      inputSchema,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    };
  }

  /** Wrong values are trouble that the tool words itself; only what is no arguments at all is refused here. */
  check(input: unknown): asserts input is Record<string, unknown> {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new Fault('invalid_arguments');
  }

  async run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult> {
    try {
      return await this.#definition.perform(input, context);
    } catch (thrown) {
      if (thrown instanceof Trouble) return troubleResult(thrown, this.#language);
      throw thrown;
    }
  }
}

export function troubleModel(trouble: Trouble, language: Language) {
  return { error_code: trouble.code, error_type: trouble.kind, error_message: trouble.words[language] };
}

function troubleResult(trouble: Trouble, language: Language): ToolResult {
  const text = `Error: ${trouble.words[language]}`;
  return { isError: true, content: [{ type: 'text', text }], structuredContent: troubleModel(trouble, language) };
}

export function jsonResult(body: Record<string, unknown>, isError = false): ToolResult {
  const content: ToolResult['content'] = [{ type: 'text', text: JSON.stringify(body) }];
  return { content, structuredContent: body, ...(isError && { isError }) };
}
