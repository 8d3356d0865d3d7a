import { findMessage } from '../company/chat-messages.ts';
import type { World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { readUpload } from '../wire/multipart.ts';
import { type OpenRoute, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const megabyte = 1024 * 1024;
const fileTypes = ['opus', 'mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream'];

/** Pictures and files that messages show. */
export function messageFileRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/im/v1/images', scopes.messageFileUpload, async (call) => {
      const { fields, file, fileName } = await readUpload(call, 'image');
      if (fields.image_type !== 'message') throw new Refusal(234_001, 'Invalid request param: image_type');
      if (file.length === 0 || file.length > 10 * megabyte)
        throw new Refusal(234_006, 'The file size exceed the max value.');
      const { token } = world.blobs.add('image', (id) => ({
        token: id,
        name: fileName,
        base64: file.toString('base64'),
      }));
      return ok({ image_key: token });
    }),
    route('POST', '/im/v1/files', scopes.messageFileUpload, async (call) => {
      const { fields, file, fileName } = await readUpload(call);
      if (!fileTypes.includes(fields.file_type ?? '')) throw new Refusal(234_001, 'Invalid request param: file_type');
      if (file.length === 0 || file.length > 30 * megabyte)
        throw new Refusal(234_006, 'The file size exceed the max value.');
      const name = fields.file_name ?? fileName;
      const { token } = world.blobs.add('attachment', (id) => ({ token: id, name, base64: file.toString('base64') }));
      return ok({ file_key: token });
    }),
    route('GET', '/im/v1/messages/:message_id/resources/:file_key', scopes.messageFileRead, (call) => {
      const key = call.param('file_key');
      const blob = findMessage(world, call).content.includes(key) ? world.blobs.get(key) : undefined;
      if (!blob) throw new Refusal(234_003, 'File not in msg.');
      const headers = {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(blob.name)}`,
      };
      return { status: 200, code: 0, headers, body: Buffer.from(blob.base64, 'base64') };
    }),
  ];
}
