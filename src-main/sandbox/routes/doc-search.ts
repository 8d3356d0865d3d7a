import { z } from 'zod';
import { rawContent } from '../company/documents.ts';
import { ownerIdOf, urlOf } from '../company/drive-files.ts';
import { findPerson } from '../company/people.ts';
import type { DriveFile, World } from '../company/world.ts';
import { ok } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, userRoute } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const objectBody = z.object({
  search_key: z.string(),
  count: z.int().min(0).max(50).default(10),
  offset: z.int().min(0).max(199).default(0),
  owner_ids: z.array(z.string()).default([]),
  chat_ids: z.array(z.string()).default([]),
  docs_types: z.array(z.string()).default([]),
});
const filter = z.object({
  creator_ids: z.array(z.string()).optional(),
  doc_types: z.array(z.string()).optional(),
  only_title: z.boolean().optional(),
  folder_tokens: z.array(z.string()).optional(),
  create_time: z.object({ start: z.int().optional(), end: z.int().optional() }).optional(),
});
const wikiBody = z.object({
  query: z.string().max(50).default(''),
  doc_filter: filter.optional(),
  wiki_filter: filter.optional(),
  page_size: z.int().min(1).max(20).default(15),
  page_token: z.string().optional(),
});

/** Finding documents by title or text. */
export function docSearchRoutes(world: World): OpenRoute[] {
  return [
    userRoute('POST', '/suite/docs-api/search/object', scopes.documentSearch, (call) => {
      const body = call.body(objectBody);
      // "doc" means every written document here, the newer kind too.
      const kinds = body.docs_types.flatMap((type) => (type === 'doc' ? ['doc', 'docx'] : [type]));
      const owners = body.owner_ids.map((id) => findPerson(id)?.key);
      const found = matching(world, call, body.search_key, false).filter(
        (file) =>
          (kinds.length === 0 || kinds.includes(file.type)) && (owners.length === 0 || owners.includes(file.owner)),
      );
      const shown = found.slice(body.offset, body.offset + body.count);
      return ok({
        docs_entities: shown.map((file) => ({
          docs_token: file.token,
          docs_type: file.type,
          owner_id: ownerIdOf(file, call),
          title: file.name,
        })),
        has_more: body.offset + shown.length < found.length,
        total: found.length,
      });
    }),
    userRoute('POST', '/search/v2/doc_wiki/search', scopes.documentSearch, (call) => {
      const body = call.body(wikiBody);
      const wanted = body.doc_filter ?? body.wiki_filter ?? {};
      const fits = filterOf(wanted);
      const found = matching(world, call, body.query, wanted.only_title ?? false).filter((file) => fits(file));
      const page = pageOf(found, { page_size: body.page_size, page_token: body.page_token, ...call.query(pageQuery) });
      return ok({
        total: found.length,
        has_more: page.has_more,
        page_token: page.page_token,
        res_units: page.items.map((file) => unitOf(world, file, call)),
      });
    }),
  ];
}

function filterOf({ creator_ids, doc_types, folder_tokens, create_time }: z.infer<typeof filter>) {
  const creators = creator_ids?.map((id) => findPerson(id)?.key);
  const { start = 0, end = Number.MAX_SAFE_INTEGER } = create_time ?? {};
  return (file: DriveFile): boolean => {
    const inTime = file.createdAt >= start * 1000 && file.createdAt <= end * 1000;
    const isKind = doc_types?.includes(file.type.toUpperCase()) ?? true;
    return (
      inTime && isKind && (creators?.includes(file.owner) ?? true) && (folder_tokens?.includes(file.parent) ?? true)
    );
  };
}

function unitOf(world: World, file: DriveFile, call: OpenCall) {
  const node = world.nodes.list().find((one) => one.objToken === file.token);
  return {
    title_highlighted: file.name,
    summary_highlighted: textOf(world, file).slice(0, 80),
    entity_type: node ? 'WIKI' : 'DOC',
    result_meta: {
      doc_types: file.type.toUpperCase(),
      token: node?.token ?? file.token,
      url: node ? urlOf('wiki', node.token) : urlOf(file.type, file.token),
      owner_id: ownerIdOf(file, call),
      owner_name: findPerson(file.owner)?.name ?? '',
      create_time: Math.floor(file.createdAt / 1000),
      update_time: Math.floor(file.editedAt / 1000),
    },
  };
}

function matching(world: World, call: OpenCall, text: string, onlyTitle: boolean): DriveFile[] {
  const wanted = text.toLowerCase();
  const hits = (file: DriveFile) =>
    file.name.toLowerCase().includes(wanted) || (!onlyTitle && textOf(world, file).toLowerCase().includes(wanted));
  return world.files
    .list()
    .filter(
      (file) =>
        file.tenantKey === call.tenantKey && file.type !== 'folder' && !file.parent.startsWith('media/') && hits(file),
    )
    .sort((a, b) => b.editedAt - a.editedAt);
}

function textOf(world: World, file: DriveFile): string {
  const document = world.documents.get(file.token);
  return document ? rawContent(document) : '';
}
