import { z } from 'zod';
import {
  addFile,
  driveCodes,
  findFile,
  ownerIdOf,
  ownerOf,
  rootFolder,
  secondsOf,
  urlOf,
} from '../company/drive-files.ts';
import type { DriveFile, World } from '../company/world.ts';
import { type Answer, ok, Refusal } from '../wire/envelope.ts';
import { readUpload } from '../wire/multipart.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const listQuery = pageQuery.extend({
  folder_token: z.string().default(''),
  order_by: z.enum(['EditedTime', 'CreatedTime']).default('EditedTime'),
  direction: z.enum(['ASC', 'DESC']).default('DESC'),
});
const folderBody = z.object({ name: z.string().min(1).max(256), folder_token: z.string() });
const metasBody = z.object({
  request_docs: z
    .array(z.object({ doc_token: required, doc_type: required }))
    .min(1)
    .max(200),
  with_url: z.boolean().default(false),
});
const copyBody = z.object({ name: z.string().min(1), folder_token: z.string(), type: z.string().optional() });
const moveBody = z.object({ type: z.string().optional(), folder_token: required });
const typeQuery = z.object({ type: required });

export function driveRoutes(world: World): OpenRoute[] {
  return [
    route('GET', '/drive/v1/files', scopes.fileList, (call) => {
      const query = call.query(listQuery);
      const time = query.order_by === 'EditedTime' ? 'editedAt' : 'createdAt';
      const sign = query.direction === 'ASC' ? 1 : -1;
      const files = world.files
        .list(folderOf(world, call, query.folder_token))
        .sort((a, b) => sign * (a[time] - b[time]));
      const { items, has_more, page_token } = pageOf(files, query, 200);
      return ok({ files: items.map((file) => viewOf(file, call)), has_more, next_page_token: page_token });
    }),
    route('POST', '/drive/v1/files/create_folder', scopes.folderCreate, (call) => {
      const body = call.body(folderBody);
      const parent = folderOf(world, call, body.folder_token);
      const { token } = addFile(world, {
        token: world.store.nextId('folder'),
        type: 'folder',
        name: body.name,
        parent,
        ...ownerOf(call),
      });
      return ok({ token, url: urlOf('folder', token) });
    }),
    route('POST', '/drive/v1/metas/batch_query', scopes.fileMeta, (call) => {
      const { request_docs, with_url } = call.body(metasBody);
      const found = request_docs.map(({ doc_token }) => ({ doc_token, file: world.files.get(doc_token) }));
      const mine = found.flatMap(({ file }) => (file?.tenantKey === call.tenantKey ? [file] : []));
      const failed = found.filter(({ file }) => file?.tenantKey !== call.tenantKey);
      return ok({
        metas: mine.map((file) => metaOf(file, call, with_url)),
        failed_list: failed.map(({ doc_token, file }) => ({ token: doc_token, code: file ? 970_003 : 970_005 })),
      });
    }),
    ...transferRoutes(world),
    ...changeRoutes(world),
  ];
}

function transferRoutes(world: World): OpenRoute[] {
  const download = (call: OpenCall) => {
    findFile(world, call, call.param('file_token'));
    const blob = world.blobs.get(call.param('file_token'));
    if (!blob) throw new Refusal(driveCodes.missing, 'not found');
    const headers = {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(blob.name)}`,
    };
    return partOf(Buffer.from(blob.base64, 'base64'), headers, call.incoming.headers.range);
  };
  return [
    route('POST', '/drive/v1/files/upload_all', scopes.fileUpload, async (call) => {
      const upload = await readUpload(call);
      requireSize(upload.fields.size, upload.file);
      const parent = folderOf(world, call, upload.fields.parent_node ?? '');
      const { token } = addFile(world, {
        token: world.store.nextId('media'),
        type: 'file',
        name: upload.fileName,
        parent,
        ...ownerOf(call),
      });
      world.blobs.put(token, { token, name: upload.fileName, base64: upload.file.toString('base64') });
      return ok({ file_token: token });
    }),
    route('POST', '/drive/v1/medias/upload_all', scopes.mediaUpload, async (call) => {
      const upload = await readUpload(call);
      requireSize(upload.fields.size, upload.file);
      if (!upload.fields.parent_type) throw new Refusal(1_061_002, 'params error: parent_type is missing');
      const token = world.store.nextId('media');
      // Media hang on a document or import, in no folder.
      addFile(world, {
        token,
        type: 'file',
        name: upload.fileName,
        parent: `media/${upload.fields.parent_type}`,
        ...ownerOf(call),
      });
      world.blobs.put(token, { token, name: upload.fileName, base64: upload.file.toString('base64') });
      return ok({ file_token: token });
    }),
    route('GET', '/drive/v1/files/:file_token/download', scopes.fileDownload, download),
    route('GET', '/drive/v1/medias/:file_token/download', scopes.mediaDownload, download),
  ];
}

/** All of a file, or the range of it that was asked for (RFC 9110, 14). */
function partOf(whole: Buffer, headers: Record<string, string>, range: string | undefined): Answer {
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' || Number(first) >= whole.length) return { status: 200, code: 0, headers, body: whole };
  const end = Math.min(last === '' ? whole.length : Number(last) + 1, whole.length);
  const body = whole.subarray(Number(first), end);
  const contentRange = { 'content-range': `bytes ${first}-${end - 1}/${whole.length}` };
  return { status: 206, code: 0, headers: { ...headers, ...contentRange }, body };
}

function changeRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/drive/v1/files/:file_token/copy', scopes.fileCopy, (call) => {
      const body = call.body(copyBody);
      const file = findFile(world, call, call.param('file_token'));
      const token = world.store.nextId(file.type === 'docx' ? 'document' : 'media');
      const document = world.documents.get(file.token);
      const blob = world.blobs.get(file.token);
      if (document) {
        const blocks = document.blocks.map((block) =>
          block.block_id === file.token ? { ...block, block_id: token } : { ...block, parent_id: token },
        );
        world.documents.put(token, { ...document, token, blocks });
      }
      if (blob) world.blobs.put(token, { ...blob, token });
      const parent = folderOf(world, call, body.folder_token);
      return ok({
        file: viewOf(addFile(world, { token, type: file.type, name: body.name, parent, ...ownerOf(call) }), call),
      });
    }),
    route('POST', '/drive/v1/files/:file_token/move', scopes.fileMove, (call) => {
      const file = findFile(world, call, call.param('file_token'));
      world.files.put(file.token, { ...file, parent: folderOf(world, call, call.body(moveBody).folder_token) });
      return ok({ task_id: '' });
    }),
    route('DELETE', '/drive/v1/files/:file_token', scopes.fileDelete, (call) => {
      call.query(typeQuery);
      const file = findFile(world, call, call.param('file_token'));
      world.files.delete(file.token);
      world.documents.delete(file.token);
      world.blobs.delete(file.token);
      return ok({ task_id: '' });
    }),
  ];
}

/** The folder a token names: the caller's top one when it is empty or "0". */
export function folderOf(world: World, call: OpenCall, token: string): string {
  const root = rootFolder(ownerOf(call).owner);
  if (token === '' || token === '0' || token === root) return root;
  return findFile(world, call, token).token;
}

function requireSize(size: string | undefined, file: Buffer): void {
  if (size === undefined || Number(size) !== file.length)
    throw new Refusal(1_062_009, 'the actual size is inconsistent with the parameter size');
  if (file.length > 20 * 1024 * 1024) throw new Refusal(1_061_043, 'file size beyond limit');
}

function viewOf(file: DriveFile, call: OpenCall) {
  return {
    token: file.token,
    name: file.name,
    type: file.type,
    parent_token: file.parent,
    url: urlOf(file.type, file.token),
    created_time: secondsOf(file.createdAt),
    modified_time: secondsOf(file.editedAt),
    owner_id: ownerIdOf(file, call),
  };
}

function metaOf(file: DriveFile, call: OpenCall, withUrl: boolean) {
  return {
    doc_token: file.token,
    doc_type: file.type,
    title: file.name,
    owner_id: ownerIdOf(file, call),
    create_time: secondsOf(file.createdAt),
    latest_modify_user: ownerIdOf(file, call),
    latest_modify_time: secondsOf(file.editedAt),
    url: withUrl ? urlOf(file.type, file.token) : '',
    sec_label_name: '',
  };
}
