import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { safeName } from '../../../../../src-main/providers/lark/curated/local-files.ts';
import { faultOf } from '../lark-bench.ts';
import { testContext, testCredential } from '../stand-in.ts';
import { useCurated } from './curated-bench.ts';

const bench = useCurated();
const { call, refused } = bench;
const outside = mkdtempSync(join(tmpdir(), 'larkgate-outside-'));
afterAll(() => rmSync(outside, { recursive: true }));
beforeEach(() => bench.forget());
afterEach(() => bench.calm());

const inside = (name: string) => join(bench.folder, name);
const upload = async (name: string, bytes: string | Buffer) => {
  writeFileSync(inside(name), bytes);
  return call('lark_drive_upload', { file: inside(name) });
};

describe('a file of this computer', () => {
  test('goes to Drive and comes back the same, its name too', async () => {
    const name = '预算 2027 (终).csv';
    const up = await upload(name, '项目,元\n场地,30000');
    expect(up).toMatchObject({ name, size: 23, url: expect.stringContaining(up.file_token) });
    mkdirSync(inside('down'));
    const down = await call('lark_drive_download', { file_token: up.url, output: inside('down') });
    expect(down).toMatchObject({ name, path: expect.stringMatching(/down\/预算 2027 \(终\)\.csv$/) });
    expect(readFileSync(down.path)).toEqual(readFileSync(inside(name)));
  });

  test('larger than Feishu takes at once goes and comes in parts, byte for byte', async () => {
    const bytes = Buffer.alloc(21 * 1024 * 1024, 'abcdefghijk');
    const { file_token } = await upload('large.bin', bytes);
    expect((await bench.asked()).filter((line) => line.includes('upload_part'))).toHaveLength(6);
    const { path } = await call('lark_drive_download', { file_token, output: 'large-copy.bin' });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect((await bench.asked()).filter((line) => line.includes('download'))).toHaveLength(3);
  });

  test('with a lost answer in the middle is the same in the end', async () => {
    const bytes = Buffer.alloc(21 * 1024 * 1024, 'xyz');
    await bench.spoil({ path: '/open-apis/drive/v1/files/upload_part', kind: 'reset', when: 'after' });
    const { file_token } = await upload('again.bin', bytes);
    await bench.spoil({ path: `/open-apis/drive/v1/files/${file_token}/download`, kind: 'reset' });
    const { path } = await call('lark_drive_download', { file_token, output: 'again-copy.bin' });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('that cannot be had whole leaves nothing behind', async () => {
    const { file_token } = await upload('broken.bin', Buffer.alloc(9 * 1024 * 1024, 1));
    const before = readdirSync(bench.folder);
    await bench.spoil({ path: `/open-apis/drive/v1/files/${file_token}/download`, kind: 'truncate', times: 9 });
    expect(await refused('lark_drive_download', { file_token, output: 'none.bin' })).toMatchObject({
      code: 'upstream_unreachable',
    });
    expect(readdirSync(bench.folder)).toEqual(before);
  });

  test('small is read without being saved; text as text', async () => {
    const { file_token } = await upload('a.md', '# 标题');
    expect(await call('lark_drive_download', { file_token })).toEqual({ name: 'a.md', size: 8, text: '# 标题' });
    const picture = await upload('b.png', Buffer.from([0xff, 0xd8, 0]));
    expect(await call('lark_drive_download', { file_token: picture.file_token })).toMatchObject({ base64: '/9gA' });
    const large = await upload('c.txt', 'x'.repeat(300_000));
    expect(await refused('lark_drive_download', { file_token: large.file_token })).toMatchObject({
      details: { field: 'output' },
    });
  });

  test('that is there is overwritten only when that was said', async () => {
    const { file_token } = await upload('new.txt', 'new');
    writeFileSync(inside('old.txt'), 'old');
    expect(await refused('lark_drive_download', { file_token, output: 'old.txt' })).toMatchObject({
      code: 'invalid_arguments',
    });
    expect(readFileSync(inside('old.txt'), 'utf8')).toBe('old');
    await call('lark_drive_download', { file_token, output: 'old.txt', overwrite: true });
    expect(readFileSync(inside('old.txt'), 'utf8')).toBe('new');
  });

  test('rehearsed is not uploaded', async () => {
    writeFileSync(inside('rehearsed.txt'), 'x');
    const { would_send } = await call('lark_drive_upload', { file: 'rehearsed.txt', dry_run: true });
    expect(would_send.body).toMatchObject({ file_name: 'rehearsed.txt', file: '(1 bytes)' });
    expect(await bench.asked()).toEqual([]);
  });
});

describe('what is outside the allowed folders', () => {
  writeFileSync(join(outside, 'secret.txt'), 'CANARY');
  const ways = () => [
    join(outside, 'secret.txt'),
    `../${outside.split('/').at(-1)}/secret.txt`,
    'link.txt',
    'linked/secret.txt',
    '/etc/passwd',
    '~/../../etc/passwd',
    'a\0b',
    '/proc/self/environ',
  ];

  test('is not uploaded, by whatever way it is named', async () => {
    symlinkSync(join(outside, 'secret.txt'), inside('link.txt'));
    symlinkSync(outside, inside('linked'));
    for (const file of ways()) {
      const fault = await refused('lark_drive_upload', { file });
      expect(fault, file).toMatchObject({ code: 'invalid_arguments', details: { field: 'file' } });
      expect(JSON.stringify(fault.toBody())).not.toContain('CANARY');
    }
    expect(await bench.asked()).toEqual([]);
  });

  test('is not written to, by whatever way it is named', async () => {
    const { file_token } = await upload('payload.txt', 'PAYLOAD');
    for (const output of [join(outside, 'new.txt'), outside, 'linked/new.txt', 'linked', '../new.txt', 'link.txt/x'])
      expect(await refused('lark_drive_download', { file_token, output }), output).toMatchObject({
        code: 'invalid_arguments',
      });
    await call('lark_drive_download', { file_token, output: 'link.txt', overwrite: true });
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('CANARY');
    expect(readdirSync(outside)).toEqual(['secret.txt']);
  });

  test('is everything while no folder is allowed, and the setting is named', async () => {
    const tool = bench.toolNamed('lark_drive_upload', []);
    const credential = testCredential(await bench.tokenOf('lin.xiaoyu'));
    const fault = await faultOf(tool.run({ file: inside('a.md') }, testContext({ credential }).context));
    expect(fault.message).toContain('tools.folders');
  });

  test.each([
    ['../../.ssh/authorized_keys', '_.._.ssh_authorized_keys'],
    ['..\\..\\evil.exe', '_.._evil.exe'],
    ['a\u0000b\u202Etxt.exe', 'a_b_txt.exe'],
    ['.bashrc', 'bashrc'],
    ['CON', 'file_CON'],
    ['   ', 'file_'],
    ['周报.pdf', '周报.pdf'],
  ])('is not reached by a file that is called %j in Drive', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});

describe('a mail', () => {
  const readBack = async (folder: string, person?: string) => {
    const api = await bench.openApi(person);
    const { items } = (await api('GET', `/mail/v1/user_mailboxes/me/messages?folder_id=${folder}`)).data;
    return (await api('GET', `/mail/v1/user_mailboxes/me/messages/${items.at(-1)}`)).data.message;
  };
  const letter = { subject: '周五评审 🎉 请准时参加，地点在三楼竹会议室，谢谢', body: '<p>你好</p>' };

  test('is kept as a draft until it is said to be sent', async () => {
    const { sent, draft_id } = await call('lark_mail_send', { ...letter, to: ['陈志远'] });
    expect(sent).toBe(false);
    const lin = await bench.openApi();
    const { draft } = (await lin('GET', `/mail/v1/user_mailboxes/me/drafts/${draft_id}`)).data;
    expect(draft.message).toMatchObject({
      subject: letter.subject,
      to: [{ mail_address: 'chen.zhiyuan@qinghe.example.com' }],
      body_html: '<p>你好</p>',
    });
    expect((await bench.asked('/open-apis/mail')).filter((line) => line.includes('/send'))).toEqual([]);
  });

  test('that is sent arrives, with the files attached, and hides who was blind-copied', async () => {
    writeFileSync(inside('议程.pdf'), 'PDF');
    const to = ['Chen <chen.zhiyuan@qinghe.example.com>'];
    const input = { ...letter, to, bcc: ['wang.siqi@qinghe.example.com'], attach: ['议程.pdf'], confirm_send: true };
    expect(await call('lark_mail_send', input)).toMatchObject({ sent: true, message_id: expect.any(String) });
    for (const person of ['chen.zhiyuan', 'wang.siqi']) {
      const message = await readBack('INBOX', person);
      expect(message).toMatchObject({
        subject: letter.subject,
        head_from: { mail_address: 'lin.xiaoyu@qinghe.example.com' },
        bcc: [],
      });
      const raw = Buffer.from(message.raw, 'base64url').toString();
      expect(raw).toContain(`filename*=UTF-8''${encodeURIComponent('议程.pdf')}`);
      expect(raw).toContain(Buffer.from('PDF').toString('base64'));
    }
  });

  test('can be sent later, as plain text', async () => {
    const send_time = new Date(Date.now() + 3_600_000).toISOString();
    await call('lark_mail_send', { ...letter, to: ['me'], plain_text: true, confirm_send: true, send_time });
    expect(await readBack('SCHEDULED')).toMatchObject({ body_plain_text: letter.body });
    const soon = await refused('lark_mail_send', { ...letter, to: ['me'], send_time: new Date().toISOString() });
    expect(soon).toMatchObject({ details: { field: 'send_time' } });
  });

  test.each([
    ['a subject with a line break', { subject: 'x\r\nBcc: evil@example.com', to: ['a@b.example'] }, 'subject'],
    ['an address with a line break', { subject: 'x', to: ['a@b.example\r\nBcc: evil@example.com'] }, 'to'],
    ['a name with a line break', { subject: 'x', to: ['"A\r\nBcc: evil@example.com" <a@b.example>'] }, 'to'],
    ['several addresses in one', { subject: 'x', cc: ['a@b.example, c@d.example'] }, 'cc'],
    ['no recipient', { subject: 'x' }, 'to'],
  ])('with %s is refused, and no draft is made', async (_, input, field) => {
    expect(await refused('lark_mail_send', { body: 'x', ...input })).toMatchObject({
      code: 'invalid_arguments',
      details: { field },
    });
    expect((await bench.asked('/open-apis/mail')).filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  test('whose sending is not answered is said to be a draft still', async () => {
    await bench.spoil({ path: '/open-apis/mail/v1/user_mailboxes/me/drafts/*', kind: 'reset', when: 'after' });
    const fault = await refused('lark_mail_send', { ...letter, to: ['陈志远'], confirm_send: true });
    expect(fault).toMatchObject({ code: 'outcome_unknown', details: { draft_id: expect.any(String) } });
  });
});
