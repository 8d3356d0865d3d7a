import { z } from 'zod';

/** One piece of a document, as we can show it. */
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph' | 'quote'; text: string }
  | { kind: 'item'; ordered: boolean; level: number; text: string }
  | { kind: 'table'; rows: string[][] }
  /** DingTalk's interface does not give what is in it. */
  | { kind: 'unreadable'; type: string };

const text = z.string().catch('');
const withText = z.looseObject({ text });
/** Read as "heading-1" although it is written as 1. */
const level = z
  .union([
    z.int(),
    z
      .string()
      .regex(/\d{1,2}$/)
      .transform((name) => Number(/\d+$/.exec(name)?.[0])),
  ])
  .catch(1);
const item = z.looseObject({
  text,
  list: z
    .looseObject({ level: z.int().catch(0) })
    .optional()
    .catch(undefined),
});
const cell = z.union([z.string(), z.number().transform(String), withText.transform(({ text }) => text)]).catch('');

const blockSchema = z.looseObject({
  id: z.string().optional().catch(undefined),
  blockType: z.string().catch('unknown'),
  heading: z.looseObject({ level, text }).optional().catch(undefined),
  paragraph: withText.optional().catch(undefined),
  blockquote: withText.optional().catch(undefined),
  orderedList: item.optional().catch(undefined),
  unorderedList: item.optional().catch(undefined),
  // Its sizes come under changing names, so the cells themselves are counted.
  table: z
    .looseObject({ cells: z.array(z.array(cell)) })
    .optional()
    .catch(undefined),
});

type RawBlock = z.infer<typeof blockSchema>;

const answer = z.looseObject({ result: z.looseObject({ data: z.array(z.unknown()) }) });

export interface RawPage {
  blocks: { id: string | undefined; block: Block }[];
}

/** Undefined when the answer is not a list of blocks. */
export function readBlocks(data: unknown): RawPage | undefined {
  const parsed = answer.safeParse(data);
  if (!parsed.success) return undefined;
  return {
    blocks: parsed.data.result.data.map((one) => {
      const raw = blockSchema.safeParse(one);
      if (!raw.success) return { id: undefined, block: { kind: 'unreadable', type: 'unknown' } };
      return { id: raw.data.id, block: toBlock(raw.data) };
    }),
  };
}

const readers: Readonly<Record<string, (raw: RawBlock) => Block | undefined>> = {
  heading: ({ heading }) =>
    heading && { kind: 'heading', level: Math.min(6, Math.max(1, heading.level)), text: heading.text },
  paragraph: ({ paragraph }) => ({ kind: 'paragraph', text: paragraph?.text ?? '' }),
  blockquote: ({ blockquote }) => blockquote && { kind: 'quote', text: blockquote.text },
  orderedList: ({ orderedList }) => orderedList && toItem(orderedList, true),
  unorderedList: ({ unorderedList }) => unorderedList && toItem(unorderedList, false),
  table: ({ table }) => table && { kind: 'table', rows: table.cells },
};

function toItem({ text, list }: z.infer<typeof item>, ordered: boolean): Block {
  return { kind: 'item', ordered, level: Math.min(8, Math.max(0, list?.level ?? 0)), text };
}

function toBlock(raw: RawBlock): Block {
  const reader = Object.hasOwn(readers, raw.blockType) ? readers[raw.blockType] : undefined;
  return (
    reader?.(raw) ?? { kind: 'unreadable', type: raw.blockType.replaceAll(/[^\w-]/g, '').slice(0, 40) || 'unknown' }
  );
}
