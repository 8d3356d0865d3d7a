import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildCosts } from '../../../../scripts/build-catalog.ts';
import { Catalog } from '../../../../src-main/providers/lark/catalog.ts';
import { nameCases } from '../../../../src-main/providers/lark/name-case.ts';
import { faultOf, useLarkBench } from './lark-bench.ts';
import { HastyClock } from './stand-in.ts';

const bench = useLarkBench();
let clock: HastyClock;
beforeAll(() => buildCosts(bench.folder));
beforeEach(() => {
  clock = new HastyClock();
});

const stockWith = (tools: Parameters<typeof bench.providerWith>[0]['tools'] = {}) =>
  bench.providerWith({ tools }, { clock }).stock;

describe('the stock of tools', () => {
  test('has every official tool and ours, with why one cannot be offered', () => {
    const offers = stockWith().offers();
    expect(offers.length).toBeGreaterThanOrEqual(1269);
    expect(new Set(offers.map(({ id }) => id)).size).toBe(offers.length);
    expect(offers.find(({ id }) => id === 'im.v1.message.create')).toMatchObject({
      name: 'im_v1_message_create',
      title: 'Send message',
      category: 'im',
      risk: 'write',
      whyNot: null,
    });
    expect(offers.find(({ id }) => id === 'im.v1.message.urgentSms')?.whyNot?.zh).toContain('只接受应用身份');
    expect(offers.find(({ id }) => id === 'docx.builtin.search')).toMatchObject({ category: 'docx', risk: 'read' });
  });

  test.each(nameCases)('knows in %s what each official tool costs, as the tokenizer counts it', (nameCase) => {
    const stock = stockWith({ nameCase, language: nameCase === 'kebab' ? 'zh' : 'en' });
    const offers = stock.offers().filter(({ id }) => !id.includes('builtin') && id.includes('.'));
    // Every twentieth: the tokenizer takes its time.
    for (const offer of offers.filter((_, at) => at % 20 === 0)) {
      const entry = stock.look(offer.id)?.entry;
      expect(offer.tokens, offer.id).toBe(countTokens(JSON.stringify(entry)));
    }
  });

  test('speaks the language of the settings', () => {
    const offer = stockWith({ language: 'zh' })
      .offers()
      .find(({ id }) => id === 'im.v1.message.create');
    expect(offer?.title).toBe('发送消息');
  });

  test('shows a tool by its id or by the name that clients see, with schema and request', () => {
    const stock = stockWith({ nameCase: 'camel' });
    const look = stock.look('imV1MessageCreate');
    expect(look).toEqual({ ...stock.look('im.v1.message.create'), tool: expect.anything() });
    expect(look).toMatchObject({
      request: { method: 'POST', path: '/open-apis/im/v1/messages' },
      entry: { name: 'imV1MessageCreate', inputSchema: { type: 'object' }, annotations: { readOnlyHint: false } },
    });
    expect(stock.look('im_v1_message_create')).toBeUndefined();
    expect(stock.look('im.v1.message.urgentSms')).toMatchObject({
      tool: undefined,
      offer: { name: 'imV1MessageUrgentSms' },
    });
    expect(stock.look('docx.builtin.search')?.request).toBeNull();
  });

  test('of another build than the index is refused rather than mixed up', () => {
    const folder = mkdtempSync(join(tmpdir(), 'larkgate-stock-'));
    for (const name of ['index.en.json', 'tools.en.jsonl', 'presets.json', 'costs.en.json'])
      copyFileSync(join(bench.folder, name), join(folder, name));
    writeFileSync(join(folder, 'costs.en.json'), '[["one",1,1,1,1]]');
    const catalog = new Catalog(folder, 'en');
    expect(() => catalog.costs()).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    catalog.close();
    rmSync(folder, { recursive: true });
  });
});

describe('choosing other tools', () => {
  test('changes what is listed when it is done and not when it is asked for', () => {
    const provider = bench.providerWith({ tools: { enabled: ['im.v1.chat.list', 'im.v1.message.list'] } }, { clock });
    const [kept] = provider.tools();
    const act = provider.choose(['im_v1_chat_list', 'calendar.v4.calendar.list', 'im.v1.message.urgentSms']);
    expect(provider.tools()).toHaveLength(2);
    act();
    expect(provider.tools().map(({ name }) => name)).toEqual(['im_v1_chat_list', 'calendar_v4_calendar_list']);
    expect(provider.tools()[0]).toBe(kept);
    expect(provider.notOffered).toMatchObject([{ name: 'im.v1.message.urgentSms' }]);
  });

  test('is refused as a whole where one name is unknown', () => {
    const provider = bench.providerWith({ tools: { enabled: ['im.v1.chat.list'] } }, { clock });
    expect(() => provider.choose(['calendar.v4.calendar.list', 'im.v1.chat.lst'])).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        details: {
          field: 'tools.enabled',
          problems: [{ name: 'im.v1.chat.lst', didYouMean: expect.arrayContaining(['im.v1.chat.list']) }],
        },
      }),
    );
    expect(provider.tools()).toHaveLength(1);
  });
});

describe('a dry run', () => {
  const preview = async (name: string, input: Record<string, unknown>) => {
    const tool = bench.tool(name, { clock });
    const before = bench.feishu.seen.length;
    const shown = await tool.preview?.(input);
    expect(bench.feishu.seen).toHaveLength(before);
    return shown;
  };

  test('shows the request that would be sent, and sends nothing', async () => {
    expect(await preview('im.v1.chat.list', { params: { page_size: 20, user_id_type: 'open_id' } })).toEqual({
      request: {
        method: 'GET',
        path: '/open-apis/im/v1/chats',
        query: [
          ['page_size', '20'],
          ['user_id_type', 'open_id'],
        ],
        kind: 'none',
        body: null,
      },
      more: false,
    });
    const path = { path: { calendar_id: 'a/b 登' } };
    expect((await preview('calendar.v4.calendar.get', path))?.request.path).toBe(
      '/open-apis/calendar/v4/calendars/a%2Fb%20%E7%99%BB',
    );
  });

  test('of a write shows its body, with the key that makes a repeat harmless', async () => {
    const data = { receive_id: 'oc_1', msg_type: 'text', content: '{"text":"hi"}' };
    const shown = await preview('im.v1.message.create', { params: { receive_id_type: 'chat_id' }, data });
    expect(shown).toMatchObject({ request: { method: 'POST', kind: 'json', body: data }, more: false });
    expect(shown?.request.body).toHaveProperty('uuid');
  });

  test('of a tool that sends several requests shows the first and says that more would follow', async () => {
    const data = { msg_type: 'text', content: { text: 'hi' }, open_ids: ['ou_1', 'ou_2'] };
    expect(await preview('im.builtin.batchSend', { data })).toMatchObject({
      request: { body: { receive_id: 'ou_1' } },
      more: true,
    });
    expect(await preview('docx.builtin.import', { data: { markdown: '# hi' } })).toMatchObject({
      request: { kind: 'form', body: { size: '4', file: '(4 bytes)' } },
      more: true,
    });
  });

  test('finds what the tool itself finds wrong with its arguments', async () => {
    const tool = bench.tool('docx.builtin.import', { clock });
    const fault = await faultOf(tool.preview?.({ data: { markdown: '' } }) ?? Promise.resolve());
    expect(fault).toMatchObject({ code: 'invalid_arguments', details: { field: 'data.markdown' } });
  });
});
