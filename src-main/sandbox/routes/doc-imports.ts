import { z } from 'zod';
import { createDocument, markdownToBlocks } from '../company/documents.ts';
import { addFile, ownerOf, urlOf } from '../company/drive-files.ts';
import type { World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const createBody = z.object({
  file_extension: required,
  file_token: required,
  type: z.enum(['docx', 'sheet', 'bitable']),
  file_name: z.string().optional(),
  point: z.object({ mount_type: z.literal(1), mount_key: z.string() }),
});

/** Turning an uploaded file into a document: a ticket is given, and asked for until it is done. */
export function docImportRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/drive/v1/import_tasks', scopes.documentImport, (call) =>
      ok({ ticket: startImport(world, call, call.body(createBody)) }),
    ),
    route('GET', '/drive/v1/import_tasks/:ticket', scopes.documentImport, (call) => {
      const found = world.tickets.get(call.param('ticket'));
      if (!found) throw new Refusal(1_069_914, 'ticket does not exist');
      const { ticket, token, type } = found;
      return ok({
        result: { ticket, type, job_status: 0, job_error_msg: 'success', token, url: urlOf('docx', token), extra: [] },
      });
    }),
  ];
}

function startImport(world: World, call: OpenCall, body: z.infer<typeof createBody>): string {
  const blob = world.blobs.get(body.file_token);
  if (!blob) throw new Refusal(1_069_904, 'file_token is invalid');
  if (body.type !== 'docx' || !['md', 'mark', 'markdown', 'txt'].includes(body.file_extension)) {
    throw new Refusal(1_069_902, 'only Markdown and text can be imported here, as docx');
  }
  const title = body.file_name ?? blob.name.replace(/\.\w+$/, '');
  return world.store.atomically(() => {
    const document = createDocument(
      world,
      title,
      markdownToBlocks(Buffer.from(blob.base64, 'base64').toString('utf8')),
    );
    addFile(world, {
      token: document.token,
      type: 'docx',
      name: title,
      parent: body.point.mount_key,
      ...ownerOf(call),
    });
    return world.tickets.add('ticket', (ticket) => ({
      ticket,
      token: document.token,
      type: body.type,
      extension: body.file_extension,
      name: title,
    })).ticket;
  });
}
