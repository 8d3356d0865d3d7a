import { z } from 'zod';
import { Refusal } from './refusal.ts';

const text = z.string().optional().catch(undefined);
const count = z.number().optional().catch(undefined);

const nodeSchema = z.looseObject({
  nodeId: z.string().min(1),
  workspaceId: text,
  name: text,
  type: text,
  category: text,
  url: text,
  creatorId: text,
  createTime: text,
  modifiedTime: text,
  createTimestamp: count,
  modifiedTimestamp: count,
  hasChildren: z.boolean().optional().catch(undefined),
});

/** A document or folder of the wiki. `nodeId` is the id by which documents are known everywhere (dentryUuid). */
export type WikiNode = z.infer<typeof nodeSchema>;

const spaceSchema = z.looseObject({ workspaceId: z.string().min(1), rootNodeId: text, name: text });
export type Space = z.infer<typeof spaceSchema>;

const foundSchema = z.looseObject({
  dentryUuid: z.string().min(1),
  creator: z.looseObject({ name: text }).optional().catch(undefined),
});
/** A file as search finds it. */
export type FoundFile = z.infer<typeof foundSchema>;

export interface Page<T> {
  items: T[];
  nextToken: string | undefined;
}

/** Entries that cannot be understood are left out: the others are still good. */
const listOf = <T>(item: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) => items.flatMap((one) => item.safeParse(one).data ?? []));

const nextToken = z
  .string()
  .optional()
  .catch(undefined)
  .transform((token) => token || undefined);

const nodesAnswer = z.looseObject({ nodes: listOf(nodeSchema), nextToken });
const spacesAnswer = z.looseObject({ workspaces: listOf(spaceSchema), nextToken });
const foundAnswer = z.looseObject({ items: listOf(foundSchema), nextToken });

export function readNodes(data: unknown): Page<WikiNode> {
  const { nodes, nextToken } = nodesAnswer.parse(data);
  return { items: nodes, nextToken };
}

export function readSpaces(data: unknown): Page<Space> {
  const { workspaces, nextToken } = spacesAnswer.parse(data);
  return { items: workspaces, nextToken };
}

export function readFound(data: unknown): Page<FoundFile> {
  const { items, nextToken } = foundAnswer.parse(data);
  return { items, nextToken };
}

export const readNode = (data: unknown): WikiNode => read(z.looseObject({ node: nodeSchema }), data).node;
export const readSpace = (data: unknown): Space => read(z.looseObject({ workspace: spaceSchema }), data).workspace;

/** What an answer must have. Throws a Refusal. */
export function read<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new Refusal({ meaning: 'unknown', words: incomplete, cause: parsed.error });
}

const incomplete = { zh: '钉钉的回答缺少必要的内容。', en: "DingTalk's answer lacks what it must have." };

export function titleOf(name: string | undefined): string {
  return (name ?? '').replace(/\.adoc$/i, '');
}

export const createdAt = (node: WikiNode) => isoOf(node.createTimestamp, node.createTime);
export const modifiedAt = (node: WikiNode) => isoOf(node.modifiedTimestamp, node.modifiedTime);

/** ISO 8601 with its zone. DingTalk's own text has no seconds ("2023-05-15T11:29Z"). */
function isoOf(timestamp: number | undefined, text: string | undefined): string | null {
  const ms = timestamp ?? (text === undefined ? Number.NaN : Date.parse(text));
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : null;
}
