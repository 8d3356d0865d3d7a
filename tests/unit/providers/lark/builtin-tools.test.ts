import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../../src-main/base/fault.ts';
import { createHttpClient, type HttpClient } from '../../../../src-main/base/http-client.ts';
import { configSchema } from '../../../../src-main/contract/config.ts';
import { builtinTools } from '../../../../src-main/providers/lark/builtin/builtin-tools.ts';
import { LarkTool } from '../../../../src-main/providers/lark/lark-tool.ts';
import { HastyClock, json, ok, openStandIn, refuse, reset, testContext } from './stand-in.ts';

let feishu: Awaited<ReturnType<typeof openStandIn>>;
let http: HttpClient;
let clock: HastyClock;

beforeAll(async () => {
  feishu = await openStandIn();
});
beforeEach(() => {
  clock = new HastyClock();
  http = createHttpClient({ clock });
});
afterEach(() => http.close());
afterAll(() => feishu.close());

async function run(name: string, data: unknown, signal = new AbortController().signal): Promise<unknown> {
  const definition = builtinTools('en').get(name);
  if (!definition) throw new Error(`no tool ${name}`);
  const { limits } = configSchema.parse({});
  const client = { http, clock, openUrl: () => new URL(feishu.url), limits, random: () => 0, language: 'en' as const };
  const tool: LarkTool = new LarkTool(name, definition, client);
  const input: unknown = { data };
  tool.check(input);
  const result = await tool.run(input, testContext({ signal }).context);
  return JSON.parse(result.content[0]?.text ?? '');
}

const faultOf = async (running: Promise<unknown>) => {
  const thrown: unknown = await running.catch((error: unknown) => error);
  if (thrown instanceof Fault) return thrown;
  throw new Error('no fault was thrown', { cause: thrown });
};
const bodies = () => feishu.seen.map(({ body }): unknown => (body === '' ? undefined : JSON.parse(body)));

test.each(['en', 'zh'] as const)('each says in %s what it does', (language) => {
  for (const [name, definition] of builtinTools(language)) {
    const { title, description, annotations } = definition.entry();
    expect(
      [title, description].every((text) => /\p{Script=Han}/u.test(text) === (language === 'zh')),
      name,
    ).toBe(true);
    expect(annotations.readOnlyHint).toBe(definition.risk === 'read');
  }
});

describe('searching documents', () => {
  test('sends the words and gives what was found', async () => {
    feishu.will(ok({ docs_entities: [{ title: 'Plan' }], has_more: false, total: 1 }));
    const found = await run('docx.builtin.search', { search_key: 'plan', count: 5, docs_types: ['sheet'] });
    expect(found).toEqual({ docs_entities: [{ title: 'Plan' }], has_more: false, total: 1 });
    expect(feishu.seen).toMatchObject([{ method: 'POST', path: '/open-apis/suite/docs-api/search/object' }]);
    expect(bodies()).toEqual([{ search_key: 'plan', count: 5, docs_types: ['sheet'] }]);
  });

  test('is a read: a lost answer is asked for again', async () => {
    feishu.will(reset, ok({ total: 0 }));
    expect(await run('docx.builtin.search', { search_key: 'plan' })).toEqual({ total: 0 });
  });

  test('refuses more than Feishu gives at once', async () => {
    const fault = await faultOf(run('docx.builtin.search', { search_key: 'plan', count: 51 }));
    expect(fault.details?.problems).toEqual([{ field: 'data.count', expected: 'must keep to maximum 50' }]);
  });
});

describe('importing Markdown', () => {
  const uploaded = ok({ file_token: 'box1' });
  const started = ok({ ticket: 'T/1' });
  const state = (job_status: number, more: object = {}) => ok({ result: { job_status, ...more } });
  const done = state(0, { token: 'doc1', url: 'https://feishu.cn/docx/doc1' });

  test('uploads the text, starts the import and waits for the document', async () => {
    feishu.will(uploaded, started, state(1), state(2), done);
    const result = await run('docx.builtin.import', { markdown: '# 计划', file_name: 'Plan' });
    expect(result).toEqual({ result: { job_status: 0, token: 'doc1', url: 'https://feishu.cn/docx/doc1' } });
    expect(feishu.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /open-apis/drive/v1/medias/upload_all',
      'POST /open-apis/drive/v1/import_tasks',
      'GET /open-apis/drive/v1/import_tasks/T%2F1',
      'GET /open-apis/drive/v1/import_tasks/T%2F1',
      'GET /open-apis/drive/v1/import_tasks/T%2F1',
    ]);
    expect(clock.slept).toEqual([500, 1000]);
  });

  test('sends the file as a form that Feishu can read', async () => {
    feishu.will(uploaded, started, done);
    await run('docx.builtin.import', { markdown: '# 计划' });
    const [upload] = feishu.seen;
    const form = await new Response(Buffer.from(upload?.body ?? '', 'latin1'), {
      headers: { 'content-type': upload?.headers['content-type'] ?? '' },
    }).formData();
    const file = form.get('file');
    expect(file instanceof Blob && (await file.text())).toBe('# 计划');
    form.delete('file');
    expect(Object.fromEntries(form)).toEqual({
      file_name: 'import.md',
      parent_type: 'ccm_import_open',
      parent_node: '/',
      size: '8',
      extra: '{"obj_type":"docx","file_extension":"md"}',
    });
    expect(JSON.parse(feishu.seen[1]?.body ?? '')).toEqual({
      file_extension: 'md',
      file_token: 'box1',
      type: 'docx',
      point: { mount_type: 1, mount_key: '' },
    });
  });

  test('that Feishu cannot do is said with its reason', async () => {
    feishu.will(uploaded, started, state(3, { job_error_msg: 'bad markdown' }));
    expect(await faultOf(run('docx.builtin.import', { markdown: 'x' }))).toMatchObject({
      code: 'upstream_refused',
      details: { jobStatus: 3, msg: 'bad markdown', logId: 'LOG1' },
    });
  });

  test('that takes longer than the call is left running, and its ticket is given', async () => {
    feishu.will(uploaded, started, state(2));
    const fault = await faultOf(run('docx.builtin.import', { markdown: 'x' }));
    expect(fault).toMatchObject({ code: 'outcome_unknown', details: { ticket: 'T/1' } });
    expect(clock.monotonic()).toBeLessThan(60_000);
  });

  test('that has begun is not called off by a client that leaves', async () => {
    const leaving = new AbortController();
    feishu.will(uploaded, started, (response, seen) => {
      leaving.abort();
      state(2)(response, seen);
    });
    const fault = await faultOf(run('docx.builtin.import', { markdown: 'x' }, leaving.signal));
    expect(fault).toMatchObject({ code: 'outcome_unknown', details: { ticket: 'T/1', because: 'canceled' } });
  });

  test('repeats a lost upload, but never a lost start', async () => {
    feishu.will(reset, uploaded, reset);
    expect(await faultOf(run('docx.builtin.import', { markdown: 'x' }))).toMatchObject({ code: 'outcome_unknown' });
    expect(feishu.seen.map(({ path }) => path.split('/').at(-1))).toEqual(['upload_all', 'upload_all', 'import_tasks']);
  });

  test('survives an answer of another shape', async () => {
    feishu.will(ok({ token: 'box1' }));
    expect(await faultOf(run('docx.builtin.import', { markdown: 'x' }))).toMatchObject({ code: 'upstream_broken' });
  });

  test('of nothing, or of more than 20 MB, is refused before anything is sent', async () => {
    feishu.will(uploaded);
    for (const markdown of ['', 'x'.repeat(20 * 1024 * 1024 + 1)]) {
      expect(await faultOf(run('docx.builtin.import', { markdown }))).toMatchObject({ code: 'invalid_arguments' });
    }
    expect(feishu.seen).toEqual([]);
  });
});

describe('sending to several people', () => {
  const text = { msg_type: 'text', content: { text: 'hi' } };

  test('sends to each of them, once, as the person', async () => {
    feishu.will(ok({ message_id: 'om_1' }), ok({ message_id: 'om_2' }), ok({ message_id: 'om_3' }));
    const result = await run('im.builtin.batchSend', {
      ...text,
      open_ids: ['ou_1', 'ou_1'],
      user_ids: ['u1'],
      union_ids: ['on_1'],
    });
    expect(feishu.seen.map(({ path, query }) => `${path}?${query}`)).toEqual([
      '/open-apis/im/v1/messages?receive_id_type=open_id',
      '/open-apis/im/v1/messages?receive_id_type=user_id',
      '/open-apis/im/v1/messages?receive_id_type=union_id',
    ]);
    expect(bodies()).toMatchObject([
      { receive_id: 'ou_1', msg_type: 'text', content: '{"text":"hi"}' },
      { receive_id: 'u1' },
      { receive_id: 'on_1' },
    ]);
    expect(result).toMatchObject({
      sent: [{ receive_id: 'ou_1', message: { message_id: 'om_1' } }, {}, {}],
      failed: [],
      not_sent: [],
    });
  });

  test('tells who was refused and goes on with the others', async () => {
    feishu.will(json({ code: 230013, msg: 'Bot has NO availability' }, 400), ok());
    expect(await run('im.builtin.batchSend', { ...text, open_ids: ['ou_1', 'ou_2'] })).toMatchObject({
      failed: [{ receive_id: 'ou_1', error: 'upstream_refused', details: { code: 230013, logId: 'LOG1' } }],
      sent: [{ receive_id: 'ou_2' }],
    });
  });

  test('stops when nobody else could get it either, and tells who was left out', async () => {
    feishu.will(ok(), refuse(99991403), ok());
    expect(await run('im.builtin.batchSend', { ...text, open_ids: ['ou_1', 'ou_2', 'ou_3'] })).toMatchObject({
      sent: [{ receive_id: 'ou_1' }],
      failed: [{ receive_id: 'ou_2', error: 'quota_exhausted' }],
      not_sent: [{ receive_id: 'ou_3' }],
    });
    feishu.will(refuse(99991679));
    expect(await faultOf(run('im.builtin.batchSend', { ...text, open_ids: ['ou_1', 'ou_2'] }))).toMatchObject({
      code: 'scope_required',
    });
    expect(feishu.seen).toHaveLength(1);
  });

  test('refuses what only an app could do, and nobody to send to', async () => {
    feishu.will(ok());
    expect((await faultOf(run('im.builtin.batchSend', { ...text, department_ids: ['od_1'] }))).message).toContain(
      'Only an app',
    );
    expect((await faultOf(run('im.builtin.batchSend', text))).message).toContain('1 to 50 recipients');
    expect(feishu.seen).toEqual([]);
  });

  test('takes a card where a card belongs', async () => {
    feishu.will(ok());
    await run('im.builtin.batchSend', { msg_type: 'interactive', card: { elements: [] }, open_ids: ['ou_1'] });
    expect(bodies()).toMatchObject([{ msg_type: 'interactive', content: '{"elements":[]}' }]);
  });
});
