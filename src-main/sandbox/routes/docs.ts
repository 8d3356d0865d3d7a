import { z } from 'zod';
import {
  blockOf,
  createDocument,
  inOrder,
  insertBlocks,
  insertTree,
  markdownToBlocks,
  rawContent,
  toMarkdown,
  withoutChildren,
  withText,
} from '../company/documents.ts';
import { addFile, documentCodes as codes, findFile, ownerOf, touch } from '../company/drive-files.ts';
import type { DocumentBody, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageOfViews, pageQuery, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const createBody = z.object({ folder_token: z.string().optional(), title: z.string().max(800).default('') });
const contentQuery = z.object({
  doc_token: required,
  doc_type: z.literal('docx'),
  content_type: z.literal('markdown'),
});
const newBlock = z.looseObject({ block_type: z.int() });
const childrenBody = z.object({ children: z.array(newBlock).min(1).max(50), index: z.int().default(-1) });
const treeBody = z.object({
  index: z.int().default(-1),
  children_id: z.array(required).min(1).max(1000),
  descendants: z
    .array(z.looseObject({ block_id: required, block_type: z.int(), children: z.array(z.string()).default([]) }))
    .max(1000),
});
const rangeBody = z.object({ start_index: z.int().nonnegative(), end_index: z.int().positive() });
const elements = z.array(z.looseObject({}));
const patchBody = z.object({ update_text_elements: z.object({ elements }) });
const convertBody = z.object({ content_type: z.enum(['markdown', 'html']), content: z.string() });

export function docsRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/docx/v1/documents', scopes.documentCreate, (call) => {
      const body = call.body(createBody);
      const document = createDocument(world, body.title, []);
      addFile(world, {
        token: document.token,
        type: 'docx',
        name: body.title,
        parent: body.folder_token,
        ...ownerOf(call),
      });
      return ok({ document: { document_id: document.token, revision_id: document.revision, title: body.title } });
    }),
    route('GET', '/docx/v1/documents/:document_id', scopes.documentRead, (call) => {
      const document = findDocument(world, call);
      const title = world.files.get(document.token)?.name ?? '';
      return ok({ document: { document_id: document.token, revision_id: document.revision, title } });
    }),
    route('GET', '/docx/v1/documents/:document_id/raw_content', scopes.documentRead, (call) =>
      ok({ content: rawContent(findDocument(world, call)) }),
    ),
    route('GET', '/docs/v1/content', scopes.documentContent, (call) =>
      ok({ content: toMarkdown(findDocument(world, call, call.query(contentQuery).doc_token)) }),
    ),
    route('POST', '/docx/v1/documents/blocks/convert', scopes.documentRead, (call) => {
      const blocks = markdownToBlocks(call.body(convertBody).content).map((block, at) => ({
        ...block,
        block_id: `tmp_${at + 1}`,
        parent_id: '',
      }));
      return ok({ first_level_block_ids: blocks.map((block) => block.block_id), blocks });
    }),
    ...blockRoutes(world),
  ];
}

function blockRoutes(world: World): OpenRoute[] {
  const path = '/docx/v1/documents/:document_id/blocks';
  const children = `${path}/:block_id/children`;
  const save = (document: DocumentBody) => {
    touch(world, document.token);
    return world.documents.put(document.token, document);
  };
  return [
    route('GET', path, scopes.documentRead, (call) =>
      ok(pageOf(inOrder(findDocument(world, call)), call.query(pageQuery), 500)),
    ),
    route('GET', `${path}/:block_id`, scopes.documentRead, (call) =>
      ok({ block: blockOf(findDocument(world, call), call.param('block_id')) }),
    ),
    route('PATCH', `${path}/:block_id`, scopes.documentWrite, (call) => {
      const { elements } = call.body(patchBody).update_text_elements;
      const document = save(withText(findDocument(world, call), call.param('block_id'), elements));
      return ok({ block: blockOf(document, call.param('block_id')), document_revision_id: document.revision });
    }),
    route('GET', children, scopes.documentRead, (call) => {
      const document = findDocument(world, call);
      const ids = blockOf(document, call.param('block_id')).children ?? [];
      return ok(pageOfViews(ids, call.query(pageQuery), (id) => blockOf(document, id), 500));
    }),
    route('POST', children, scopes.documentWrite, (call) => {
      const { children: blocks, index } = call.body(childrenBody);
      const parent = call.param('block_id');
      const document = save(insertBlocks(world, findDocument(world, call), { parent, index, blocks }));
      return ok({ children: document.blocks.slice(-blocks.length), document_revision_id: document.revision });
    }),
    route('POST', `${path}/:block_id/descendant`, scopes.documentWrite, (call) => {
      const { index, children_id, descendants } = call.body(treeBody);
      const before = findDocument(world, call);
      const tree = { parent: call.param('block_id'), index, children: children_id, blocks: descendants };
      const document = save(insertTree(world, before, tree));
      return ok({
        children: document.blocks.slice(before.blocks.length),
        document_revision_id: document.revision,
        block_id_relations: [],
      });
    }),
    route('DELETE', `${children}/batch_delete`, scopes.documentWrite, (call) => {
      const { start_index, end_index } = call.body(rangeBody);
      const document = withoutChildren(findDocument(world, call), call.param('block_id'), [start_index, end_index]);
      return ok({ document_revision_id: save(document).revision });
    }),
  ];
}

function findDocument(world: World, call: OpenCall, token = call.param('document_id')): DocumentBody {
  findFile(world, call, token, codes);
  const document = world.documents.get(token);
  if (!document) throw new Refusal(codes.missing, 'not found');
  return document;
}
