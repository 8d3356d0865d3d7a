import { z } from 'zod';

/** Of a message: what its sender wrote, as Markdown, whatever its type. */
export function messageText(type: string, content: string, mentions: readonly Mention[]): string {
  const parsed = parse(content);
  const write = writers[type];
  const written = write ? write(parsed) : `[${type}]${leaves(parsed).join(' ').trim()}`;
  return mentions.reduce((text, { key, name }) => text.replaceAll(key, `@${name}`), written);
}

export const mention = z.object({ key: z.string().min(1), name: z.string().catch(''), id: z.string().catch('') });
export type Mention = z.output<typeof mention>;

type Json = Record<string, unknown>;

function parse(content: string): Json {
  try {
    const parsed: unknown = JSON.parse(content);
    return isObject(parsed) ? parsed : { text: content };
  } catch {
    return { text: content };
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const str = (value: unknown) => (typeof value === 'string' ? value : '');

const writers: Record<string, (content: Json) => string> = {
  text: ({ text }) => str(text),
  post: postText,
  image: ({ image_key }) => `[image ${str(image_key)}]`,
  file: ({ file_name, file_key }) => `[file "${str(file_name)}" ${str(file_key)}]`,
  folder: ({ file_name, file_key }) => `[folder "${str(file_name)}" ${str(file_key)}]`,
  audio: ({ file_key }) => `[audio ${str(file_key)}]`,
  media: ({ file_name, file_key }) => `[video "${str(file_name)}" ${str(file_key)}]`,
  sticker: () => '[sticker]',
  share_chat: ({ chat_id }) => `[group ${str(chat_id)}]`,
  share_user: ({ user_id }) => `[contact ${str(user_id)}]`,
};

/** A post has lines of pieces; an old one has them under a language. */
function postText(content: Json): string {
  const body = 'content' in content ? content : (Object.values(content).find((value) => isObject(value)) ?? {});
  const { title, content: lines } = z
    .object({
      title: z.string().catch(''),
      content: z.array(z.array(z.looseObject({ tag: z.string().catch('') }))).catch([]),
    })
    .parse(body);
  const texts = lines.map((line) => line.map((piece) => pieceText(piece)).join(''));
  return [...(title === '' ? [] : [`# ${title}`]), ...texts].join('\n');
}

function pieceText(piece: Json): string {
  switch (piece.tag) {
    case 'a':
      return `[${str(piece.text)}](${str(piece.href)})`;
    case 'at':
      return `@${str(piece.user_name) || str(piece.user_id)}`;
    case 'img':
      return `[image ${str(piece.image_key)}]`;
    case 'code_block':
      return `\n\`\`\`${str(piece.language).toLowerCase()}\n${str(piece.text)}\n\`\`\`\n`;
    case 'hr':
      return '\n---\n';
    default:
      return str(piece.text);
  }
}

const textKeys = new Set(['text', 'content', 'title', 'alt']);

/** The texts inside a card, in order. */
function leaves(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' ? (textKeys.has(key) ? [member] : []) : leaves(member),
  );
}
