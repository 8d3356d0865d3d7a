import { z } from 'zod';
import { Fault } from '../../base/fault.ts';
import type { Risk } from '../../contract/views.ts';
import type { Language } from '../../contract/words.ts';
import type { Tool, ToolContext, ToolEntry, ToolResult } from '../provider.ts';
import { DingtalkCall, type DingtalkCallParts } from './dingtalk-call.ts';
import type { Memory } from './memory.ts';
import { Refusal } from './refusal.ts';
import { errorResult, refusalResult, type ToolName } from './seed-error.ts';

export interface DingtalkToolDefinition<Input> {
  name: ToolName;
  risk: Risk;
  idempotent: boolean;
  /** The arguments, described in that language. */
  input(language: Language): z.ZodType<Input>;
  texts: Readonly<Record<Language, { title: string; description: string }>>;
  /** Where the specification has a body for wrong arguments; other tools refuse them as every tool here does. */
  hasInvalidParams: boolean;
  /** What the client gets besides `success`. */
  perform(call: DingtalkCall, input: Input, memory: Memory): Promise<Record<string, unknown>>;
}

/** A tool that works on DingTalk documents in the operator's name. */
export class DingtalkTool<Input> implements Tool {
  readonly provider = 'dingtalk';
  readonly needsAccount = false;
  readonly #definition: DingtalkToolDefinition<Input>;
  readonly #schema: z.ZodType<Input>;
  readonly #parts: DingtalkCallParts & { memory: Memory };

  constructor(definition: DingtalkToolDefinition<Input>, parts: DingtalkCallParts & { memory: Memory }) {
    this.#definition = definition;
    this.#schema = definition.input(parts.language);
    this.#parts = parts;
  }

  get name(): string {
    return this.#definition.name;
  }

  get risk(): Risk {
    return this.#definition.risk;
  }

  entry(): ToolEntry {
    const { name, risk, idempotent, texts } = this.#definition;
    const { $schema: _, ...inputSchema } = z.toJSONSchema(this.#schema, { io: 'input' });
    return {
      name,
      ...texts[this.#parts.language],
      inputSchema: { ...inputSchema, type: 'object' },
      annotations: {
        readOnlyHint: risk === 'read',
        destructiveHint: risk === 'destructive',
        idempotentHint: idempotent,
        openWorldHint: true,
      },
    };
  }

  check(input: unknown): asserts input is Record<string, unknown> {
    const wrong = (language: Language) => this.#problems(input, language);
    const problems = wrong('en');
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    if (problems === undefined || (isObject && this.#definition.hasInvalidParams)) return;
    throw new Fault('invalid_arguments', {
      words: { zh: `工具参数不正确：${wrong('zh')}。`, en: `The arguments do not fit the tool: ${problems}.` },
      details: { problems },
    });
  }

  async run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult> {
    const { name, perform } = this.#definition;
    const { language } = this.#parts;
    const parsed = this.#schema.safeParse(input, { error: sayings[language] });
    if (!parsed.success) return errorResult('INVALID_PARAMS', problemsOf(parsed.error));
    const call = new DingtalkCall(this.#parts, context);
    try {
      const result = { success: true, ...(await perform(call, parsed.data, this.#parts.memory)) };
      return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      const result = refusalResult(name, thrown, language);
      // Some bodies of the specification have no room for what helps.
      context.say('warning', thrown.words[language]);
      return result;
    } finally {
      call.end();
    }
  }

  #problems(input: unknown, language: Language): string | undefined {
    const parsed = this.#schema.safeParse(input, { error: sayings[language] });
    return parsed.success ? undefined : problemsOf(parsed.error);
  }
}

/** What zod says of a wrong value, never the value itself. */
const sayings = { zh: z.locales.zhCN().localeError, en: z.locales.en().localeError };

/** Which field, and what is wrong with it; never its value. */
function problemsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 20)
    .map(({ path, message }) => `${path.join('.')}: ${message.slice(0, 300)}`.replace(/^: /, ''))
    .join('; ');
}
