import { randomUUID } from 'node:crypto';
import { wrong } from './fields.ts';

export interface Attached {
  name: string;
  bytes: Buffer;
  /** Of a picture inside the text: what `cid:` names it. */
  cid?: string;
}

export interface Letter {
  from: string | undefined;
  to: readonly string[];
  cc: readonly string[];
  bcc: readonly string[];
  subject: string;
  body: string;
  plain: boolean;
  attached: readonly Attached[];
}

/** A mail as RFC 5322 and 2045 have it: headers that hold no line of another's making, and base64 throughout. */
export function toMime({ from, to, cc, bcc, subject, body, plain, attached }: Letter): string {
  const headers = [
    ...(from === undefined ? [] : [`From: ${address(from, 'from')}`]),
    ...list('To', to, 'to'),
    ...list('Cc', cc, 'cc'),
    ...list('Bcc', bcc, 'bcc'),
    `Subject: ${encodedWord(subject, 'subject')}`,
    'MIME-Version: 1.0',
  ];
  const text = [
    `Content-Type: text/${plain ? 'plain' : 'html'}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    wrapped(Buffer.from(body)),
  ];
  if (attached.length === 0) return [...headers, ...text, ''].join('\r\n');
  const boundary = `larkgate-${randomUUID()}`;
  const related = attached.some(({ cid }) => cid !== undefined);
  const parts = [text, ...attached.map((one) => partOf(one))].flatMap((part) => [`--${boundary}`, ...part]);
  const type = `Content-Type: multipart/${related ? 'related' : 'mixed'}; boundary="${boundary}"`;
  return [...headers, type, '', ...parts, `--${boundary}--`, ''].join('\r\n');
}

function partOf({ name, bytes, cid }: Attached): string[] {
  const fileName = `UTF-8''${encodeURIComponent(name)}`;
  return [
    `Content-Type: ${typeOf(name)}`,
    `Content-Disposition: ${cid === undefined ? 'attachment' : 'inline'}; filename*=${fileName}`,
    ...(cid === undefined ? [] : [`Content-ID: <${cid}>`]),
    'Content-Transfer-Encoding: base64',
    '',
    wrapped(bytes),
  ];
}

const types: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  pdf: 'application/pdf',
};

function typeOf(name: string): string {
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  return (Object.hasOwn(types, extension) ? types[extension] : undefined) ?? 'application/octet-stream';
}

function list(name: string, addresses: readonly string[], field: string): string[] {
  return addresses.length === 0 ? [] : [`${name}: ${addresses.map((one) => address(one, field)).join(', ')}`];
}

/** `a@b` or `Name <a@b>`. Throws `invalid_arguments`. */
function address(given: string, field: string): string {
  const [, name = '', inBrackets] = /^\s*(?:"?([^"<>]*?)"?\s*)<([^<>]+)>\s*$/.exec(given) ?? [];
  const mail = (inBrackets ?? given).trim();
  if (!/^[^\s@<>,;:"()[\]\\\p{C}]+@[^\s@<>,;:"()[\]\\\p{C}]+$/u.test(mail) || mail.length > 254)
    throw wrong(field, `${field} 中有不合法的邮箱地址。`, `${field} has something that is no mail address.`);
  return name.trim() === '' ? mail : `${encodedWord(name.trim(), field)} <${mail}>`;
}

/** RFC 2047, in words of at most 75 characters. A line break would begin a header. */
function encodedWord(text: string, field: string): string {
  if (/[\r\n\0]/.test(text)) throw wrong(field, `${field} 不能有换行。`, `${field} must be one line.`);
  if (/^[\w !#$%&'*+\-/^`{|}~.?]*$/.test(text) && text.length < 60) return text;
  const words: string[] = [];
  let word = '';
  for (const letter of text) {
    if (Buffer.byteLength(word + letter) > 42) {
      words.push(word);
      word = '';
    }
    word += letter;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}

function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n').replace(/\r\n$/, '');
}
