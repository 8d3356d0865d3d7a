import { z } from 'zod';
import type { Fault } from '../../../base/fault.ts';
import type { Desk } from './desk.ts';
import { wrong } from './fields.ts';

const tokenShape = /^[\w-]{4,128}$/;

/** What the first segment of a link's path says about what it leads to. */
const kinds: Record<string, string> = {
  docx: 'docx',
  docs: 'doc',
  doc: 'doc',
  wiki: 'wiki',
  sheets: 'sheet',
  sheet: 'sheet',
  base: 'bitable',
  file: 'file',
  folder: 'folder',
  slides: 'slides',
  mindnotes: 'mindnote',
};

export interface Thing {
  token: string;
  /** `docx`, `sheet`, `bitable`, `file`, `folder` ...; undefined for a bare token. */
  kind: string | undefined;
  /** A base's table or a spreadsheet's sheet that the link points at. */
  part: string | undefined;
}

/** Reads a link or a bare token. The link's host is never asked. Throws `invalid_arguments`. */
function parseLink(given: string, field: string): Thing {
  const bare = given.trim();
  if (tokenShape.test(bare)) {
    return { token: bare, kind: bare.startsWith('wik') ? 'wiki' : undefined, part: undefined };
  }
  const url = URL.canParse(bare) ? new URL(bare) : undefined;
  const thing = url && /^https?:$/.test(url.protocol) ? thingAt(url) : undefined;
  if (!thing) throw badLink(field);
  return thing;
}

function thingAt({ pathname, searchParams }: URL): Thing | undefined {
  const segments = pathname.split('/').filter((segment) => segment !== '' && segment !== 'drive');
  const [kind = '', token = ''] = segments;
  if (!Object.hasOwn(kinds, kind) || !tokenShape.test(token)) return undefined;
  const part = searchParams.get('table') ?? searchParams.get('sheet') ?? '';
  return { token, kind: kinds[kind], part: tokenShape.test(part) ? part : undefined };
}

function badLink(field: string): Fault {
  return wrong(field, `${field} 不是飞书链接，也不是 token。`, `${field} is neither a Feishu link nor a token.`);
}

const nodeAnswer = z.object({
  node: z.object({ obj_token: z.string(), obj_type: z.string(), title: z.string().catch('') }),
});

/** The thing of this kind that a link or token means; a wiki page stands for what is on it. */
export async function resolveThing(desk: Desk, given: string, want: { kind: string; field: string }): Promise<Thing> {
  const thing = parseLink(given, want.field);
  const found = thing.kind === 'wiki' ? await behindWiki(desk, thing) : thing;
  if (found.kind === undefined || found.kind === want.kind) return found;
  throw wrong(
    want.field,
    `${want.field} 指向 ${found.kind}，这里需要 ${want.kind}。`,
    `${want.field} leads to a ${found.kind}; a ${want.kind} is needed here.`,
  );
}

async function behindWiki(desk: Desk, { token, part }: Thing): Promise<Thing> {
  const { node } = await desk.read({ path: '/wiki/v2/spaces/get_node', query: { token }, answer: nodeAnswer });
  return { token: node.obj_token, kind: node.obj_type, part };
}

const spaceAnswer = z.object({ node: z.object({ space_id: z.string(), node_token: z.string() }) });

/** The wiki page that a link or token means, and its space. */
export async function wikiNode(desk: Desk, given: string, field: string): Promise<{ space: string; node: string }> {
  const { token } = parseLink(given, field);
  const { node } = await desk.read({ path: '/wiki/v2/spaces/get_node', query: { token }, answer: spaceAnswer });
  return { space: node.space_id, node: node.node_token };
}

const metaAnswer = z.object({ metas: z.array(z.object({ title: z.string().catch(''), url: z.string().catch('') })) });

/** Title and link of a file, as far as they may be known. */
export async function metaOf(desk: Desk, token: string, kind: string): Promise<{ title: string; url: string }> {
  const { metas } = await desk.read({
    method: 'POST',
    path: '/drive/v1/metas/batch_query',
    body: { request_docs: [{ doc_token: token, doc_type: kind }], with_url: true },
    answer: metaAnswer,
  });
  return metas[0] ?? { title: '', url: '' };
}

/** The folder that a link or token means. */
export function folderToken(given: string | undefined, field: string): string {
  if (given === undefined) return '';
  const { kind, token } = parseLink(given, field);
  if (kind === undefined || kind === 'folder') return token;
  throw wrong(field, `${field} 不是文件夹。`, `${field} is not a folder.`);
}
