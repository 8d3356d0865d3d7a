import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { curated } from './curated-tool.ts';
import { at, type Desk, ifAllowed, toForm } from './desk.ts';
import { told, wrong } from './fields.ts';
import { folderToken, metaOf, resolveThing } from './links.ts';
import { type LocalSource, type LocalTarget, safeName } from './local-files.ts';

const megabyte = 1024 * 1024;
/** What Feishu takes in one piece. */
const wholeMost = 20 * megabyte;
/** What is asked for at once of a download; the memory that a download takes. */
const rangeBytes = 8 * megabyte;

const uploadAnswer = z.object({ file_token: z.string() });
const prepareAnswer = z.object({
  upload_id: z.string(),
  block_size: z.int().positive(),
  block_num: z.int().positive(),
});

export const driveUpload = curated({
  risk: 'write',
  title: { zh: '上传文件', en: 'Upload a file' },
  description: {
    zh: '把本机文件上传到云空间；大文件自动分片。只能读设置中允许的文件夹。',
    en: 'Uploads a file of this computer to Drive, large ones in parts. Only folders allowed in the settings are read.',
  },
  input: z.object({
    file: z.string().max(4096).meta({ zh: '本地路径', en: 'Local path' }),
    folder_token: z
      .string()
      .optional()
      .meta({ zh: '文件夹链接或 token，默认根目录', en: 'Link or token; my root by default' }),
    name: z.string().min(1).max(250).optional(),
  }),
  output: z.object({
    file_token: z.string(),
    name: z.string().optional(),
    size: z.int().optional(),
    url: z.string().optional(),
  }),
  run: async (desk, { file, folder_token, name }) => {
    const parent_node = folderToken(folder_token, 'folder_token');
    const source = await desk.files.source(file, 'file');
    try {
      const about = { file_name: name ?? source.name, parent_type: 'explorer', parent_node, size: String(source.size) };
      if (source.size === 0) throw wrong('file', '文件是空的。', 'The file is empty.');
      const file_token =
        source.size <= wholeMost ? await uploadWhole(desk, source, about) : await uploadParts(desk, source, about);
      const meta = await ifAllowed(metaOf(desk, file_token, 'file'));
      return { file_token, name: about.file_name, size: source.size, ...told({ url: meta?.url }) };
    } finally {
      await source.close();
    }
  },
});

type About = Record<'file_name' | 'parent_type' | 'parent_node' | 'size', string>;

async function uploadWhole(desk: Desk, source: LocalSource, about: About): Promise<string> {
  const file = new Blob([new Uint8Array(await source.read(0, source.size))]);
  const form = toForm({ ...about, file }, about.file_name);
  return (await desk.write({ method: 'POST', path: '/drive/v1/files/upload_all', form, answer: uploadAnswer }))
    .file_token;
}

/** In parts, each of which may be sent again; the file is there when all are. */
async function uploadParts(desk: Desk, source: LocalSource, about: About): Promise<string> {
  const body = { ...about, size: source.size };
  const { upload_id, block_size, block_num } = await desk.write(
    { method: 'POST', path: '/drive/v1/files/upload_prepare', body, answer: prepareAnswer },
    'once',
  );
  if (block_size > 4 * wholeMost || block_size * block_num < source.size) throw new Fault('upstream_broken');
  for (let seq = 0; seq < block_num; seq += 1) {
    const bytes = await source.read(seq * block_size, block_size);
    const part = { upload_id, seq: String(seq), size: String(bytes.length), file: new Blob([new Uint8Array(bytes)]) };
    const form = toForm(part, about.file_name);
    await desk.write({ method: 'POST', path: '/drive/v1/files/upload_part', form, answer: z.unknown() }, 'once');
  }
  const finish = { upload_id, block_num };
  const path = '/drive/v1/files/upload_finish';
  return (await desk.write({ method: 'POST', path, body: finish, answer: uploadAnswer }, 'once')).file_token;
}

const inlineMost = 256 * 1024;

export const driveDownload = curated({
  risk: 'read',
  title: { zh: '下载文件', en: 'Download a file' },
  description: {
    zh: '把云空间文件存到本机 output（设置中允许的文件夹内）；不给 output 则直接返回内容，限 256 KB。',
    en: 'Saves a Drive file on this computer at output, inside a folder allowed in the settings; without output returns its content, up to 256 KB.',
  },
  input: z.object({
    file_token: z.string().max(1000).meta({ zh: '链接或 token', en: 'Link or token' }),
    output: z.string().max(4096).optional().meta({ zh: '本地文件或文件夹路径', en: 'Local path of a file or folder' }),
    overwrite: z.boolean().default(false),
  }),
  output: z.object({
    name: z.string(),
    size: z.int(),
    path: z.string().optional(),
    text: z.string().optional(),
    base64: z.string().optional(),
  }),
  run: async (desk, { output, overwrite, ...given }) => {
    const { token } = await resolveThing(desk, given.file_token, { kind: 'file', field: 'file_token' });
    const path = at`/drive/v1/files/${token}/download`;
    const first = await desk.file(path, {}, `bytes=0-${(output === undefined ? inlineMost : rangeBytes) - 1}`);
    const about = { name: safeName(nameIn(first.headers) ?? token), size: sizeOf(first) };
    if (output === undefined) return { ...about, ...inline(first.bytes, about.size) };
    const target = await desk.files.target(output, about.name, { overwrite, field: 'output' });
    try {
      await fill(desk, target, { path, first: first.bytes, size: about.size });
      await target.keep();
    } catch (thrown) {
      await target.drop();
      throw thrown;
    }
    return { ...about, path: target.path };
  },
});

async function fill(
  desk: Desk,
  target: LocalTarget,
  { path, first, size }: { path: string; first: Buffer; size: number },
): Promise<void> {
  await target.write(first);
  for (let have = first.length; have < size;) {
    const { bytes, status } = await desk.file(path, {}, `bytes=${have}-${Math.min(have + rangeBytes, size) - 1}`);
    // Whatever is not the part that was asked for would make another file.
    if (status !== 206 || bytes.length === 0 || have + bytes.length > size) throw new Fault('upstream_broken');
    await target.write(bytes);
    have += bytes.length;
  }
}

/** Of the whole file, also where a part of it was sent. */
function sizeOf({
  headers,
  bytes,
  status,
}: {
  headers: Record<string, string>;
  bytes: Buffer;
  status: number;
}): number {
  const [, total] = /\/(\d{1,15})$/.exec(headers['content-range'] ?? '') ?? [];
  return status === 206 && total !== undefined ? Number(total) : bytes.length;
}

function nameIn(headers: Record<string, string>): string | undefined {
  const disposition = headers['content-disposition'] ?? '';
  const [, encoded] = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(disposition) ?? [];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded.trim());
  } catch {
    // The plain one, then.
  }
  return /filename\s*=\s*"?([^";]+)"?/i.exec(disposition)?.[1];
}

function inline(bytes: Buffer, size: number): { text: string } | { base64: string } {
  if (size > inlineMost || bytes.length > inlineMost)
    throw wrong('output', '文件超过 256 KB，请给出 output。', 'The file is larger than 256 KB. Give output.');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { base64: bytes.toString('base64') };
  }
}
