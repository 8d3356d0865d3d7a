import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { curated } from './curated-tool.ts';
import { at, type Desk, ifAllowed } from './desk.ts';
import { text, told, wrong } from './fields.ts';
import { type Attached, toMime } from './mail-message.ts';
import { onePerson } from './people.ts';
import { moment, toMs, toSeconds } from './times.ts';

const people = z.array(z.string().max(320)).max(100).default([]);
const paths = z.array(z.string().max(4096)).max(20).default([]);

const input = z.object({
  subject: z.string().max(998),
  body: z.string().max(1_000_000).meta({ zh: 'HTML', en: 'HTML' }),
  to: people.meta({ zh: '邮箱地址或姓名', en: 'Mail addresses or names' }),
  cc: people,
  bcc: people,
  from: z.string().max(320).optional().meta({ zh: '我的别名地址', en: 'An alias address of mine' }),
  mailbox: z.string().max(320).default('me'),
  plain_text: z.boolean().default(false).meta({ zh: 'body 是纯文本', en: 'body is plain text' }),
  attach: paths.meta({ zh: '本地路径', en: 'Local paths' }),
  inline: z
    .array(z.object({ cid: z.string().regex(/^[\w.-]{1,100}$/), file: z.string().max(4096) }))
    .max(20)
    .default([])
    .meta({ zh: '正文 <img src="cid:..."> 用的图片', en: 'Pictures for <img src="cid:...">' }),
  confirm_send: z
    .boolean()
    .default(false)
    .meta({ zh: 'true 才发出，否则只存草稿', en: 'Sends only when true; a draft otherwise' }),
  send_time: moment.optional().meta({ zh: '定时发送，至少 5 分钟后', en: 'Send later, at least 5 minutes from now' }),
});
type Input = z.output<typeof input>;

const profileAnswer = z.object({ primary_email_address: text, name: text });
const draftAnswer = z.object({ draft_id: z.string() });
const sentAnswer = z.object({ message_id: text, thread_id: text });

export const mailSend = curated({
  risk: 'write',
  title: { zh: '写邮件', en: 'Write a mail' },
  description: {
    zh: '写一封邮件存为草稿；confirm_send 为 true 时发出。',
    en: 'Writes a mail and keeps it as a draft; sends it when confirm_send is true.',
  },
  input,
  output: z.object({
    sent: z.boolean(),
    draft_id: z.string().optional(),
    message_id: z.string().optional(),
    thread_id: z.string().optional(),
  }),
  run: async (desk, given) => {
    if (given.to.length + given.cc.length + given.bcc.length === 0)
      throw wrong('to', '须有收件人。', 'There must be a recipient.');
    requireLater(desk, given.send_time);
    const raw = Buffer.from(await compose(desk, given)).toString('base64url');
    const mailbox = at`/mail/v1/user_mailboxes/${given.mailbox}`;
    const draft = { method: 'POST', path: `${mailbox}/drafts`, body: { raw }, answer: draftAnswer } as const;
    const { draft_id } = await desk.write(draft);
    if (!given.confirm_send) return { sent: false, draft_id };
    const body = given.send_time === undefined ? {} : { send_time: String(toSeconds(given.send_time, 'send_time')) };
    const path = `${mailbox}/drafts/${encodeURIComponent(draft_id)}/send`;
    const sent = await desk.write({ method: 'POST', path, body, answer: sentAnswer }).catch((thrown: unknown) => {
      throw keptAsDraft(Fault.from(thrown), draft_id);
    });
    return { sent: true, ...told({ message_id: sent.message_id, thread_id: sent.thread_id }) };
  },
});

function requireLater(desk: Desk, send_time: string | undefined): void {
  if (send_time === undefined || toMs(send_time, 'send_time') >= desk.now + 5 * 60_000) return;
  throw wrong('send_time', 'send_time 须至少在 5 分钟后。', 'send_time must be at least 5 minutes from now.');
}

async function compose(desk: Desk, given: Input): Promise<string> {
  const path = at`/mail/v1/user_mailboxes/${given.mailbox}/profile`;
  const profile = await ifAllowed(desk.read({ path, answer: profileAnswer }));
  const own = profile?.primary_email_address || undefined;
  const addresses = (names: readonly string[], field: string) => toAddresses(desk, names, { field, own });
  const [to, cc, bcc] = await Promise.all([
    addresses(given.to, 'to'),
    addresses(given.cc, 'cc'),
    addresses(given.bcc, 'bcc'),
  ]);
  const from = given.from ?? own;
  const attached = await attachedFiles(desk, given);
  return toMime({ from, to, cc, bcc, subject: given.subject, body: given.body, plain: given.plain_text, attached });
}

/** A name stands for the mail address of the one person who has it. */
function toAddresses(
  desk: Desk,
  given: readonly string[],
  { field, own }: { field: string; own: string | undefined },
): Promise<string[]> {
  return Promise.all(
    given.map(async (one, index) => {
      if (one.includes('@')) return one;
      if (one === 'me' && own !== undefined) return own;
      const place = `${field}[${index}]`;
      const { email } = await onePerson(desk, one, place);
      if (email !== undefined) return email;
      throw wrong(
        place,
        '此人没有可见的邮箱，请给出地址。',
        'No mail address of this person is visible. Give the address.',
      );
    }),
  );
}

const mostBytes = 25 * 1024 * 1024;

async function attachedFiles(desk: Desk, { attach, inline }: Input): Promise<Attached[]> {
  const wanted = [...attach.map((file) => ({ file, cid: undefined })), ...inline];
  const attached: Attached[] = [];
  let left = mostBytes;
  for (const { file, cid } of wanted) {
    const field = cid === undefined ? 'attach' : 'inline';
    const source = await desk.files.source(file, field);
    try {
      left -= source.size;
      if (left < 0) throw wrong(field, '附件共超过 25 MB。', 'The attachments exceed 25 MB.');
      const bytes = await source.read(0, source.size);
      attached.push({ name: source.name, bytes, ...(cid !== undefined && { cid }) });
    } finally {
      await source.close();
    }
  }
  return attached;
}

function keptAsDraft(fault: Fault, draft_id: string): Fault {
  return new Fault(fault.code, {
    words: {
      zh: `邮件没有确认发出，草稿是 ${draft_id}：${fault.words.zh}`,
      en: `The mail is not known to be sent; its draft is ${draft_id}: ${fault.words.en}`,
    },
    details: { ...fault.details, draft_id },
    cause: fault,
  });
}
