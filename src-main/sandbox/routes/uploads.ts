import { z } from 'zod';
import { addFile, ownerOf } from '../company/drive-files.ts';
import type { World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { readUpload } from '../wire/multipart.ts';
import { type OpenCall, type OpenRoute, required, route } from '../wire/open-route.ts';
import { folderOf } from './drive.ts';
import { scopes } from './scopes.ts';

const blockSize = 4 * 1024 * 1024;

const prepareBody = z.object({
  file_name: required,
  parent_type: z.literal('explorer'),
  parent_node: z.string(),
  size: z.int().positive(),
});
const finishBody = z.object({ upload_id: required, block_num: z.int().positive() });

/** Uploading a file in parts: it is there when all of them are, and not before. */
export function uploadRoutes(world: World): OpenRoute[] {
  const find = (id: string) => {
    const upload = world.uploads.get(id);
    if (!upload) throw new Refusal(1_061_031, 'upload_id is invalid');
    return upload;
  };
  const finish = (call: OpenCall) => {
    const { upload_id, block_num } = call.body(finishBody);
    const { name, parent, size, parts } = find(upload_id);
    const bytes = Buffer.concat(Array.from({ length: block_num }, (_, seq) => Buffer.from(parts[seq] ?? '', 'base64')));
    if (bytes.length !== size) throw new Refusal(1_062_008, 'checksum or size of the parts is wrong');
    return world.store.atomically(() => {
      const token = world.store.nextId('media');
      addFile(world, { token, type: 'file', name, parent, ...ownerOf(call) });
      world.blobs.put(token, { token, name, base64: bytes.toString('base64') });
      world.uploads.delete(upload_id);
      return token;
    });
  };
  return [
    route('POST', '/drive/v1/files/upload_prepare', scopes.fileUpload, (call) => {
      const { file_name: name, parent_node, size } = call.body(prepareBody);
      const parent = folderOf(world, call, parent_node);
      const { id } = world.uploads.add('upload', (upload) => ({ id: upload, name, parent, size, parts: {} }));
      return ok({ upload_id: id, block_size: blockSize, block_num: Math.ceil(size / blockSize) });
    }),
    route('POST', '/drive/v1/files/upload_part', scopes.fileUpload, async (call) => {
      const { fields, file } = await readUpload(call);
      const upload = find(fields.upload_id ?? '');
      if (Number(fields.size) !== file.length || file.length > blockSize)
        throw new Refusal(1_062_009, 'the actual size is inconsistent with the parameter size');
      world.uploads.put(upload.id, {
        ...upload,
        parts: { ...upload.parts, [fields.seq ?? '']: file.toString('base64') },
      });
      return ok();
    }),
    route('POST', '/drive/v1/files/upload_finish', scopes.fileUpload, (call) => ok({ file_token: finish(call) })),
  ];
}
