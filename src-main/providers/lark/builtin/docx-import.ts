import { FormData } from 'undici';
import { z } from 'zod';
import { Fault, fieldFault } from '../../../base/fault.ts';
import type { Language } from '../../../contract/words.ts';
import type { LarkCall, LarkData } from '../lark-client.ts';
import type { LarkToolDefinition } from '../lark-tool.ts';

const maxBytes = 20 * 1024 * 1024;
const maxFileName = 27;
const tasksPath = '/open-apis/drive/v1/import_tasks';

/** Makes a document from Markdown: upload the text, start an import task, wait for it (Feishu docs, "Import files"). */
export function docxImport(language: Language): LarkToolDefinition {
  const text = texts[language];
  return {
    risk: 'write',
    several: true,
    entry: () => ({
      title: text.title,
      description: text.description,
      inputSchema: {
        type: 'object',
        properties: {
          data: {
            type: 'object',
            properties: {
              markdown: { type: 'string', description: text.markdown },
              file_name: { type: 'string', maxLength: maxFileName, description: text.fileName },
            },
            required: ['markdown'],
          },
        },
        required: ['data'],
      },
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    }),
    perform: importMarkdown,
  };
}

const inputSchema = z.object({ data: z.object({ markdown: z.string(), file_name: z.string().optional() }) });
const uploadSchema = z.object({ file_token: z.string() });
const taskSchema = z.object({ ticket: z.string().min(1) });
const resultSchema = z.object({ result: z.looseObject({ job_status: z.int(), job_error_msg: z.string().optional() }) });

async function importMarkdown(call: LarkCall, input: Record<string, unknown>): Promise<LarkData> {
  const { markdown, file_name } = inputSchema.parse(input).data;
  const bytes = Buffer.from(markdown);
  if (bytes.length === 0 || bytes.length > maxBytes) throw wrongSize(bytes.length);
  // An upload that nobody imports shows up nowhere: it may be dropped or repeated like a read.
  const form = toForm(bytes);
  const upload = await call.send(
    { method: 'POST', path: '/open-apis/drive/v1/medias/upload_all', query: [], form },
    'read',
  );
  const task = await call.send(
    { method: 'POST', path: tasksPath, query: [], body: toTask(upload, file_name) },
    'write',
  );
  const { ticket } = read(taskSchema, task);
  const answer = await finalState(call, ticket).catch((cause: unknown) => {
    throw stillRunning(ticket, cause);
  });
  const { result } = read(resultSchema, answer);
  if (result.job_status !== 0) throw importFailed(result, answer.logId);
  return answer;
}

function toTask(upload: LarkData, fileName: string | undefined): Record<string, unknown> {
  return {
    file_extension: 'md',
    file_token: read(uploadSchema, upload).file_token,
    type: 'docx',
    ...(fileName !== undefined && { file_name: fileName }),
    // The root of the person's own space.
    point: { mount_type: 1, mount_key: '' },
  };
}

/** Asks until the import is neither starting (1) nor running (2). */
async function finalState(call: LarkCall, ticket: string): Promise<LarkData> {
  const path = `${tasksPath}/${encodeURIComponent(ticket)}`;
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 4000)) {
    const answer = await call.send({ method: 'GET', path, query: [] }, 'read');
    const { job_status } = read(resultSchema, answer).result;
    if (job_status !== 1 && job_status !== 2) return answer;
    if (waitMs >= call.leftMs) throw new Fault('timeout');
    await call.pause(waitMs);
  }
}

function toForm(bytes: Buffer): FormData {
  const form = new FormData();
  form.set('file_name', 'import.md');
  form.set('parent_type', 'ccm_import_open');
  form.set('parent_node', '/');
  form.set('size', String(bytes.length));
  form.set('extra', JSON.stringify({ obj_type: 'docx', file_extension: 'md' }));
  form.set('file', new Blob([bytes], { type: 'text/markdown' }), 'import.md');
  return form;
}

function read<T>(schema: z.ZodType<T>, { data, logId }: LarkData): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new Fault('upstream_broken', { cause: parsed.error, details: { logId } });
}

function wrongSize(bytes: number): Fault {
  return fieldFault(
    'invalid_arguments',
    'data.markdown',
    `data.markdown 须为 1 字节到 20 MB，实际 ${bytes} 字节。`,
    `data.markdown must have 1 byte to 20 MB; it has ${bytes} bytes.`,
  );
}

function importFailed(result: { job_status: number; job_error_msg?: string | undefined }, logId: string | null): Fault {
  return new Fault('upstream_refused', {
    words: {
      zh: '飞书无法导入这份 Markdown，请检查内容。',
      en: 'Feishu could not import this Markdown. Check its content.',
    },
    details: { jobStatus: result.job_status, msg: result.job_error_msg?.slice(0, 300) ?? null, logId },
  });
}

/** Whatever kept us from seeing its end, the import goes on. */
function stillRunning(ticket: string, cause: unknown): Fault {
  return new Fault('outcome_unknown', {
    words: {
      zh: '导入已开始但没有等到结果，文档稍后可能出现在云空间，请不要重新导入。',
      en: 'The import has begun but its end was not seen; the document may appear in your space later. Do not import it again.',
    },
    details: { ticket, because: Fault.from(cause).code },
    cause,
  });
}

const texts = {
  en: {
    title: 'Create a document from Markdown',
    description: 'Imports Markdown, at most 20 MB, as a new cloud document in your space and returns its link.',
    markdown: 'The Markdown text',
    fileName: `Name of the document, at most ${maxFileName} characters`,
  },
  zh: {
    title: '用 Markdown 创建文档',
    description: '把 Markdown（最大 20 MB）导入为你云空间里的新文档，返回文档链接。',
    markdown: 'Markdown 文本',
    fileName: `文档名，最多 ${maxFileName} 个字符`,
  },
};
