import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { z } from 'zod';
import { toChatId } from './chats.ts';
import { curated } from './curated-tool.ts';
import { type Desk, toForm } from './desk.ts';
import { text, told, wrong } from './fields.ts';
import { nothingAsked } from './im-tools.ts';
import { toOpenId } from './people.ts';
import { isoOfStamp } from './times.ts';

const input = z.object({
  chat_id: z.string().optional().meta({ zh: '发到群：chat_id 或群名', en: 'To a group: chat_id or name' }),
  user_id: z
    .string()
    .optional()
    .meta({ zh: '发给人：姓名、邮箱、open_id 或 me', en: 'To a person: name, email, open_id or me' }),
  text: z.string().max(100_000).optional(),
  markdown: z.string().max(100_000).optional(),
  msg_type: z
    .enum(['text', 'post', 'interactive', 'image', 'file', 'audio', 'media', 'sticker', 'share_chat', 'share_user'])
    .optional()
    .meta({ zh: '与 content 一起用', en: 'With content' }),
  content: z.string().max(150_000).optional().meta({ zh: '该类型的 JSON', en: 'JSON of that type' }),
  image: z.string().optional().meta({ zh: '本地路径或 img_ 键', en: 'Local path or img_ key' }),
  file: z.string().optional().meta({ zh: '本地路径或 file_ 键', en: 'Local path or file_ key' }),
  video: z.string().optional().meta({ zh: '本地 mp4，须有 video_cover', en: 'Local mp4; needs video_cover' }),
  video_cover: z.string().optional(),
  audio: z.string().optional().meta({ zh: '本地 opus', en: 'Local opus' }),
  idempotency_key: z
    .string()
    .max(50)
    .optional()
    .meta({ zh: '重复发送只生效一次', en: 'Sent again, it has no further effect' }),
});
type Input = z.output<typeof input>;

const sentAnswer = z.object({ message_id: z.string(), chat_id: text, create_time: text });

export const messagesSend = curated({
  risk: 'write',
  title: { zh: '发消息', en: 'Send a message' },
  description: {
    zh: '以我的身份给群或人发一条消息：text、markdown、图片、文件、音视频或 content 之一。',
    en: 'Sends one message as me to a group or person: text, markdown, an image, file, audio, video or content.',
  },
  input,
  output: z.object({
    message_id: z.string(),
    chat_id: z.string().optional(),
    time: z.string().optional(),
  }),
  run: async (desk, given) => {
    const body = bodyOf(given);
    const { type, id } = await receiverOf(desk, given);
    const { msg_type, content } = await body(desk);
    const sent = await desk.write(
      {
        method: 'POST',
        path: '/im/v1/messages',
        query: { receive_id_type: type },
        body: { receive_id: id, msg_type, content, uuid: given.idempotency_key ?? randomUUID() },
        answer: sentAnswer,
      },
      'once',
    );
    return { message_id: sent.message_id, ...told({ chat_id: sent.chat_id, time: isoOfStamp(sent.create_time) }) };
  },
});

async function receiverOf(desk: Desk, { chat_id, user_id }: Input): Promise<{ type: string; id: string }> {
  if ((chat_id === undefined) === (user_id === undefined)) throw nothingAsked('chat_id', 'chat_id/user_id');
  if (chat_id !== undefined) return { type: 'chat_id', id: await toChatId(desk, chat_id, 'chat_id') };
  return { type: 'open_id', id: await toOpenId(desk, user_id ?? '', 'user_id') };
}

type Body = (desk: Desk) => Promise<{ msg_type: string; content: string }>;

const bodies: { [Name in keyof Input]?: (value: string, given: Input) => Body } = {
  text: (value) => async () => ({ msg_type: 'text', content: JSON.stringify({ text: value }) }),
  // A post's "md" piece is Markdown that Feishu itself lays out.
  markdown: (value) => async () => ({
    msg_type: 'post',
    content: JSON.stringify({ zh_cn: { content: [[{ tag: 'md', text: value }]] } }),
  }),
  content:
    (value, { msg_type }) =>
    async () => ({ msg_type: msg_type ?? 'text', content: requireJson(value) }),
  image: (value) => async (desk) => ({
    msg_type: 'image',
    content: JSON.stringify({ image_key: await imageKey(desk, value, 'image') }),
  }),
  file: (value) => async (desk) => ({
    msg_type: 'file',
    content: JSON.stringify({ file_key: await fileKey(desk, value, 'file') }),
  }),
  audio: (value) => async (desk) => ({
    msg_type: 'audio',
    content: JSON.stringify({ file_key: await fileKey(desk, value, 'audio') }),
  }),
  video:
    (value, { video_cover }) =>
    async (desk) => {
      if (video_cover === undefined)
        throw wrong('video_cover', '视频须有封面 video_cover。', 'A video needs a cover: video_cover.');
      const [image_key, file_key] = [
        await imageKey(desk, video_cover, 'video_cover'),
        await fileKey(desk, value, 'video'),
      ];
      return { msg_type: 'media', content: JSON.stringify({ file_key, image_key }) };
    },
};

/** What is sent: exactly one of the fields that say it. */
function bodyOf(given: Input): Body {
  const makers = Object.entries(bodies).flatMap(([name, make]) => {
    const value = Object.entries(given).find(([field]) => field === name)?.[1];
    return typeof value === 'string' ? [make(value, given)] : [];
  });
  const [only, ...others] = makers;
  if (only && others.length === 0) return only;
  throw wrong(
    'text',
    'text、markdown、content、image、file、video、audio 须给出且只给出一个。',
    'Give exactly one of text, markdown, content, image, file, video, audio.',
  );
}

function requireJson(content: string): string {
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed === 'object' && parsed !== null) return content;
  } catch {
    // Said below.
  }
  throw wrong('content', 'content 须是 JSON 对象的文本。', 'content must be the text of a JSON object.');
}

const imageAnswer = z.object({ image_key: z.string() });
const fileAnswer = z.object({ file_key: z.string() });
const megabyte = 1024 * 1024;

async function imageKey(desk: Desk, given: string, field: string): Promise<string> {
  if (/^img_[\w-]+$/.test(given)) return given;
  const { name, bytes } = await localBytes(desk, given, { field, most: 10 * megabyte });
  if (desk.dryRun) return `(${name})`;
  const form = toForm({ image_type: 'message', image: new Blob([bytes]) }, name);
  // An upload that no message shows is seen by nobody: it may be repeated like a read.
  return (await desk.read({ method: 'POST', path: '/im/v1/images', form, answer: imageAnswer })).image_key;
}

async function fileKey(desk: Desk, given: string, field: string): Promise<string> {
  if (/^file_[\w-]+$/.test(given)) return given;
  const { name, bytes } = await localBytes(desk, given, { field, most: 30 * megabyte });
  if (desk.dryRun) return `(${name})`;
  const form = toForm({ file_type: fileType(name), file_name: name, file: new Blob([bytes]) }, name);
  return (await desk.read({ method: 'POST', path: '/im/v1/files', form, answer: fileAnswer })).file_key;
}

function fileType(name: string): string {
  const extension = extname(name).slice(1, 4).toLowerCase();
  if (extname(name).toLowerCase() === '.opus') return 'opus';
  return ['mp4', 'pdf', 'doc', 'xls', 'ppt'].includes(extension) ? extension : 'stream';
}

async function localBytes(desk: Desk, path: string, { field, most }: { field: string; most: number }) {
  const source = await desk.files.source(path, field);
  try {
    if (source.size === 0 || source.size > most) {
      const megabytes = most / megabyte;
      throw wrong(
        field,
        `${field} 须大于 0、不超过 ${megabytes} MB。`,
        `${field} must not be empty and not exceed ${megabytes} MB.`,
      );
    }
    return { name: source.name, bytes: new Uint8Array(await source.read(0, source.size)) };
  } finally {
    await source.close();
  }
}
