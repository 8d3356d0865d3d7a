import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import type { Words } from '../../../contract/words.ts';
import type { LarkToolDefinition } from '../lark-tool.ts';
import { Desk, type DeskParts, Rehearsal } from './desk.ts';
import { toSchema } from './schema.ts';

/** What a curated tool says and does. `meta` of a field holds its description in both languages. */
interface Curated<Input extends z.ZodObject, Output extends z.ZodObject> {
  risk: 'read' | 'write';
  /** Sending the same again does nothing more. */
  idempotent?: true;
  title: Words;
  description: Words;
  input: Input;
  output: Output;
  run(desk: Desk, input: z.output<Input>): Promise<z.input<Output>>;
}

export type CuratedTool = (parts: DeskParts) => LarkToolDefinition;

/** A tool whose arguments and results were made for a model. A write can be rehearsed. */
export function curated<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Curated<Input, Output>,
): CuratedTool {
  const writes = tool.risk !== 'read';
  const input = writes ? tool.input.extend({ dry_run: dryRun }) : tool.input;
  return (parts) => ({
    risk: tool.risk,
    several: true,
    entry: () => ({
      title: tool.title[parts.language],
      description: tool.description[parts.language],
      inputSchema: toSchema(input, parts.language, 'input'),
      // What a rehearsal tells is something else than what the write would.
      outputSchema: toSchema(writes ? tool.output.partial() : tool.output, parts.language, 'output'),
      annotations: {
        readOnlyHint: !writes,
        destructiveHint: false,
        idempotentHint: !writes || tool.idempotent === true,
        openWorldHint: true,
      },
    }),
    perform: async (call, raw) => {
      const desk = new Desk(call, parts, raw.dry_run === true);
      const given = parse(tool.input, raw);
      const data = await tool.run(desk, given).catch((thrown: unknown) => {
        if (thrown instanceof Rehearsal) return thrown.told;
        throw thrown;
      });
      return { data, logId: desk.logId };
    },
  });
}

const dryRun = z
  .boolean()
  .optional()
  .meta({ zh: '只给出将发送的请求，不执行', en: 'Only show the request; change nothing' });

/** The arguments were checked against the schema before; what only code can check is found here. */
function parse<T extends z.ZodObject>(schema: T, raw: unknown): z.output<T> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
    field: path.join('.'),
    expected: message,
  }));
  const list = problems.map(({ field, expected }) => `${field}: ${expected}`).join('; ');
  throw new Fault('invalid_arguments', {
    words: { zh: `工具参数不正确：${list}。`, en: `The arguments do not fit the tool: ${list}.` },
    details: { problems },
  });
}
