import { z } from 'zod';
import { createDocument, inOrder, insertBlocks, markdownToBlocks, type NewBlock, rawContent, toMarkdown } from '../documents.ts';
import { addFile, type FileCodes, findFile, ownerOf, touch } from '../drive-files.ts';
import { ok, Refusal } from '../envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, required } from '../open-route.ts';
import type { Block, DocumentBody, World } from '../world.ts';
import { scopes } from './scopes.ts';

const codes: FileCodes = { missing: 1_770_002, forbidden: 1_770_032 };

const createBody = z.object({ folder_token: z.string().optional(), title: z.string().max(800).default('') });
const contentQuery = z.object({ doc_token: required, doc_type: z.literal('docx'), content_type: z.literal('markdown') });
const newBlock = z.looseObject({ block_type: z.int() });
const childrenBody = z.object({ children: z.array(newBlock).min(1).max(50), index: z.int().default(-1) });
const rangeBody = z.object({ start_index: z.int().nonnegative(), end_index: z.int().positive() });
const elements = z.array(z.looseObject({}));
const patchBody = z.object({ update_text_elements: z.object({ elements }) });
const convertBody = z.object({ content_type: z.enum(['markdown', 'html']), content: z.string() });

export function docsRoutes(world: World): OpenRoute[] {
  return [
    {
      method: 'POST',
      path: '/docx/v1/documents',
      scopes: scopes.documentCreate,
      run: (call) => {
        const body = call.body(createBody);
        const document = createDocument(world, body.title, []);
        addFile(world, { token: document.token, type: 'docx', name: body.title, parent: body.folder_token, ...ownerOf(call) });
        return ok({ document: { document_id: document.token, revision_id: document.revision, title: body.title } });
      },
    },
    {
      method: 'GET',
      path: '/docx/v1/documents/:document_id',
      scopes: scopes.documentRead,
      run: (call) => {
        const document = findDocument(world, call);
        const title = world.files.get(document.token)?.name ?? '';
        return ok({ document: { document_id: document.token, revision_id: document.revision, title } });
      },
    },
    {
      method: 'GET',
      path: '/docx/v1/documents/:document_id/raw_content',
      scopes: scopes.documentRead,
      run: (call) => ok({ content: rawContent(findDocument(world, call)) }),
    },
    {
      method: 'GET',
      path: '/docs/v1/content',
      scopes: scopes.documentContent,
      run: (call) => ok({ content: toMarkdown(findDocument(world, call, call.query(contentQuery).doc_token)) }),
    },
    {
      method: 'POST',
      path: '/docx/v1/documents/blocks/convert',
      scopes: scopes.documentRead,
      run: (call) => {
        const blocks = markdownToBlocks(call.body(convertBody).content).map((block, at) => ({ ...block, block_id: `tmp_${at + 1}`, parent_id: '' }));
        return ok({ first_level_block_ids: blocks.map((block) => block.block_id), blocks });
      },
    },
    ...blockRoutes(world),
  ];
}

function blockRoutes(world: World): OpenRoute[] {
  const path = '/docx/v1/documents/:document_id/blocks';
  const add = (call: OpenCall, blocks: NewBlock[], index: number) => {
    const before = findDocument(world, call);
    const parent = findBlock(before, call.param('block_id')).block_id;
    const document = world.documents.put(before.token, insertBlocks(world, before, { parent, index, blocks }));
    touch(world, document.token);
    return { children: document.blocks.slice(-blocks.length), document_revision_id: document.revision };
  };
  return [
    {
      method: 'GET',
      path,
      scopes: scopes.documentRead,
      run: (call) => ok(pageOf(inOrder(findDocument(world, call)), call.query(pageQuery), 500)),
    },
    {
      method: 'GET',
      path: `${path}/:block_id`,
      scopes: scopes.documentRead,
      run: (call) => ok({ block: findBlock(findDocument(world, call), call.param('block_id')) }),
    },
    {
      method: 'PATCH',
      path: `${path}/:block_id`,
      scopes: scopes.documentWrite,
      run: (call) => {
        const document = findDocument(world, call);
        const block = withElements(findBlock(document, call.param('block_id')), call.body(patchBody).update_text_elements.elements);
        const revision = document.revision + 1;
        const blocks = document.blocks.map((one) => (one.block_id === block.block_id ? block : one));
        world.documents.put(document.token, { ...document, revision, blocks });
        touch(world, document.token);
        return ok({ block, document_revision_id: revision });
      },
    },
    {
      method: 'GET',
      path: `${path}/:block_id/children`,
      scopes: scopes.documentRead,
      run: (call) => {
        const document = findDocument(world, call);
        const ids = findBlock(document, call.param('block_id')).children ?? [];
        return ok(pageOf(ids.map((id) => findBlock(document, id)), call.query(pageQuery), 500));
      },
    },
    {
      method: 'POST',
      path: `${path}/:block_id/children`,
      scopes: scopes.documentWrite,
      run: (call) => {
        const { children, index } = call.body(childrenBody);
        return ok(add(call, children, index));
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:block_id/children/batch_delete`,
      scopes: scopes.documentWrite,
      run: (call) => {
        const { start_index, end_index } = call.body(rangeBody);
        const document = findDocument(world, call);
        const parent = findBlock(document, call.param('block_id'));
        const children = parent.children ?? [];
        if (end_index <= start_index || end_index > children.length) throw new Refusal(1_770_001, 'invalid param');
        const kept = { ...parent, children: children.toSpliced(start_index, end_index - start_index) };
        const gone = new Set(children.slice(start_index, end_index));
        const blocks = document.blocks.filter((one) => !gone.has(one.block_id)).map((one) => (one.block_id === parent.block_id ? kept : one));
        const { revision } = world.documents.put(document.token, { ...document, revision: document.revision + 1, blocks });
        touch(world, document.token);
        return ok({ document_revision_id: revision });
      },
    },
  ];
}

function findDocument(world: World, call: OpenCall, token = call.param('document_id')): DocumentBody {
  findFile(world, call, token, codes);
  const document = world.documents.get(token);
  if (!document) throw new Refusal(codes.missing, 'not found');
  return document;
}

function findBlock(document: DocumentBody, id: string): Block {
  const block = document.blocks.find((one) => one.block_id === id);
  if (!block) throw new Refusal(codes.missing, 'block not found');
  return block;
}

/** The block with other text; its kind and style stay. */
function withElements(block: Block, elements: Record<string, unknown>[]): Block {
  const [kind, holder] = Object.entries(block).find(([, member]) => typeof member === 'object' && member !== null && 'elements' in member) ?? [];
  if (kind === undefined || typeof holder !== 'object') throw new Refusal(1_770_001, 'the block holds no text');
  return { ...block, [kind]: { ...holder, elements } };
}
