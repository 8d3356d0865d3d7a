import { Refusal } from './envelope.ts';
import type { OpenCall } from './open-route.ts';

export interface Upload {
  fields: Record<string, string>;
  file: Buffer;
  fileName: string;
}

/** Reads a multipart/form-data body with one file in the part named. */
export async function readUpload(call: OpenCall, part = 'file'): Promise<Upload> {
  const { rawBody, headers } = call.incoming;
  const type = headers['content-type'] ?? '';
  if (!rawBody || !type.startsWith('multipart/form-data'))
    throw new Refusal(1_061_002, 'params error: the body must be multipart/form-data');
  const form = await new Response(new Uint8Array(rawBody), { headers: { 'content-type': type } })
    .formData()
    .catch((error: unknown) => {
      throw new Refusal(1_061_002, `params error: ${error instanceof Error ? error.message : 'broken multipart body'}`);
    });
  const fields: Record<string, string> = {};
  for (const [name, value] of form) if (typeof value === 'string') fields[name] = value;
  const file = form.get(part);
  if (typeof file === 'string') return { fields, file: Buffer.from(file), fileName: fields.file_name ?? '' };
  if (!file) throw new Refusal(1_061_002, `params error: ${part} is missing`);
  return { fields, file: Buffer.from(await file.arrayBuffer()), fileName: fields.file_name ?? file.name };
}
