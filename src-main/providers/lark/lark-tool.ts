import { randomUUID } from 'node:crypto';
import { Fault } from '../../base/fault.ts';
import type { RequestPreview } from '../../contract/tool-views.ts';
import type { Risk } from '../../contract/views.ts';
import type { Tool, ToolContext, ToolEntry, ToolResult } from '../provider.ts';
import type { ToolSpec } from './catalog.ts';
import { type InputCheck, inputCheck } from './check-input.ts';
import { cutText } from './cut-text.ts';
import { LarkCall, type LarkClientParts, type LarkData } from './lark-client.ts';
import { toLarkRequest } from './lark-request.ts';
import { previewRequest } from './preview-request.ts';

/** What a tool is, besides its name and the way to Feishu. */
export interface LarkToolDefinition {
  risk: Risk;
  /** Asked for when it is needed: most tools are listed and never called. */
  entry(): Omit<ToolEntry, 'name'> & { title: string };
  perform(call: LarkCall, input: Record<string, unknown>): Promise<LarkData>;
  /** It may send more than one request. */
  several?: true;
}

/** A tool that acts in Feishu as the signed-in person. */
export class LarkTool implements Tool {
  readonly name: string;
  readonly provider = 'lark';
  readonly risk: Risk;
  readonly needsAccount = true;
  readonly #definition: LarkToolDefinition;
  readonly #client: LarkClientParts;
  #check: InputCheck | undefined;
  /** Whether it promised a shape for its results. */
  #shaped = false;

  /** `name` is the one that clients see. */
  constructor(name: string, definition: LarkToolDefinition, client: LarkClientParts) {
    this.name = name;
    this.risk = definition.risk;
    this.#definition = definition;
    this.#client = client;
  }

  entry(): ToolEntry {
    return { ...this.#definition.entry(), name: this.name };
  }

  check(input: unknown): asserts input is Record<string, unknown> {
    if (!this.#check) {
      const { inputSchema, outputSchema } = this.#definition.entry();
      this.#check = inputCheck(inputSchema);
      this.#shaped = outputSchema !== undefined;
    }
    const check: InputCheck = this.#check;
    check(input);
  }

  async run(input: Record<string, unknown>, context: ToolContext): Promise<ToolResult> {
    const { data, logId } = await this.#definition.perform(new LarkCall(this.#client, context), input);
    const json = JSON.stringify(data);
    const text = cutText(json, this.#client.limits.resultBytes);
    const result: ToolResult = { content: [{ type: 'text', text }], _meta: { 'larkgate/logId': logId } };
    if (!this.#shaped || typeof data !== 'object' || data === null) return result;
    // What was promised a shape cannot be cut.
    if (text !== json) throw new Fault('answer_too_large', { details: { logId } });
    return { ...result, structuredContent: { ...data } };
  }

  async preview(input: Record<string, unknown>): Promise<{ request: RequestPreview; more: boolean }> {
    const { perform, several = false } = this.#definition;
    return { request: await previewRequest(perform, this.#client, input), more: several };
  }
}

/** How a generated tool is performed: one request, with an idempotency key where its API takes one. */
export function performer(spec: ToolSpec): LarkToolDefinition['perform'] {
  return (call, input) => {
    if (spec.risk === 'read') return call.send(toLarkRequest(spec, input), 'read');
    if (spec.idempotencyKey === undefined) return call.send(toLarkRequest(spec, input), 'write');
    return call.send(toLarkRequest(spec, withKey(input, spec.idempotencyKey)), 'repeatable');
  };
}

/** Fills in "data.uuid" or the like; a key that the client chose stays. */
function withKey(input: Record<string, unknown>, where: string): Record<string, unknown> {
  const [place = '', field = ''] = where.split('.');
  const given = input[place];
  return { ...input, [place]: { [field]: randomUUID(), ...(typeof given === 'object' ? given : undefined) } };
}
