import { z } from 'zod';
import { people } from '../company/people.ts';
import type { Letter, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, pageOf, pageQuery, required, userRoute } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const draftBody = z.object({ raw: required });
const sendBody = z.object({ send_time: z.string().regex(/^\d+$/).optional() });
const listQuery = pageQuery.extend({ folder_id: z.enum(['INBOX', 'SENT', 'SCHEDULED']).default('INBOX') });

/** Drafts, sending and reading. What is sent to a person here arrives in their inbox. */
export function mailRoutes(world: World): OpenRoute[] {
  const path = '/mail/v1/user_mailboxes/:user_mailbox_id';
  return [
    userRoute('GET', `${path}/profile`, scopes.mailProfile, (call) => {
      requireOwn(call);
      return ok({ primary_email_address: call.self.email, name: call.self.name });
    }),
    userRoute('POST', `${path}/drafts`, scopes.mailDraft, (call) => {
      requireOwn(call);
      const raw = Buffer.from(call.body(draftBody).raw, 'base64url').toString('utf8');
      if (!/^to:|^cc:|^bcc:|^subject:/im.test(raw)) throw new Refusal(1_234_008, 'invalid raw');
      return ok({ draft_id: add(world, { owner: call.actor, folder: 'DRAFT', raw }).id });
    }),
    userRoute('GET', `${path}/drafts/:draft_id`, scopes.mailRead, (call) => {
      const letter = find(world, call, call.param('draft_id'));
      return ok({ draft: { id: letter.id, message: letterView(letter) } });
    }),
    userRoute('POST', `${path}/drafts/:draft_id/send`, scopes.mailSend, (call) => {
      const { send_time } = call.body(sendBody);
      const draft = find(world, call, call.param('draft_id'));
      if (draft.folder !== 'DRAFT') throw new Refusal(1_234_010, 'the draft was sent');
      const folder = send_time === undefined ? 'SENT' : 'SCHEDULED';
      world.letters.put(draft.id, { ...draft, folder, at: world.now() });
      if (folder === 'SENT') deliver(world, draft.raw);
      return ok({ message_id: draft.id, thread_id: draft.id, recall_status: 'available' });
    }),
    userRoute('GET', `${path}/messages`, scopes.mailRead, (call) => {
      requireOwn(call);
      const query = call.query(listQuery);
      const found = world.letters.list(call.actor).filter((letter) => letter.folder === query.folder_id);
      const { items, ...page } = pageOf(found, query);
      return ok({ ...page, items: items.map((letter) => letter.id) });
    }),
    userRoute('GET', `${path}/messages/:message_id`, scopes.mailRead, (call) =>
      ok({ message: letterView(find(world, call, call.param('message_id'))) }),
    ),
  ];
}

function requireOwn(call: OpenCall): void {
  const mailbox = call.param('user_mailbox_id');
  if (mailbox !== 'me' && mailbox !== call.self.email) throw new Refusal(1_234_019, 'no permission for the mailbox');
}

function add(world: World, letter: Pick<Letter, 'owner' | 'folder' | 'raw'>): Letter {
  return world.letters.add('mail', (id) => ({ id, at: world.now(), ...letter }));
}

function find(world: World, call: OpenCall, id: string): Letter {
  requireOwn(call);
  const letter = world.letters.get(id);
  if (letter?.owner !== call.actor) throw new Refusal(1_234_007, 'mail not found');
  return letter;
}

function deliver(world: World, raw: string): void {
  const reached = ['to', 'cc', 'bcc'].flatMap((name) => addressesIn(headerOf(raw, name)));
  for (const { key, email } of people) {
    if (reached.includes(email)) add(world, { owner: key, folder: 'INBOX', raw: raw.replace(/^Bcc:.*\r\n/im, '') });
  }
}

/** A header's value, its lines joined and its words decoded (RFC 2047). */
function headerOf(raw: string, name: string): string {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const line = lines.find((one) => one.toLowerCase().startsWith(`${name}:`)) ?? '';
  return line
    .slice(name.length + 1)
    .trim()
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, word: string) => Buffer.from(word, 'base64').toString('utf8'));
}

function addressesIn(header: string): string[] {
  return [...header.matchAll(/[^\s<>,]+@[^\s<>,]+/g)].map(([address]) => address);
}

function letterView({ id, raw, folder, at }: Letter) {
  const addresses = (name: string) => addressesIn(headerOf(raw, name)).map((mail_address) => ({ mail_address }));
  const [, ...body] = raw.split('\r\n\r\n');
  const isPlain = /^content-type: text\/plain/im.test(raw);
  const single = !/^content-type: multipart/im.test(raw);
  const text = single ? Buffer.from(body.join('\r\n\r\n'), 'base64').toString('utf8') : '';
  return {
    message_id: id,
    thread_id: id,
    folder_id: folder,
    subject: headerOf(raw, 'subject'),
    head_from: addresses('from')[0],
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    internal_date: String(at),
    raw: Buffer.from(raw).toString('base64url'),
    ...(isPlain ? { body_plain_text: text } : { body_html: text }),
  };
}
