import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtinTools } from '../../../../src-main/providers/lark/builtin/builtin-tools.ts';
import { Catalog } from '../../../../src-main/providers/lark/catalog.ts';
import { faultOf, textOf, useLarkBench } from './lark-bench.ts';
import { HastyClock, json, ok, openStandIn, refuse, testContext, testCredential } from './stand-in.ts';

const bench = useLarkBench();
let clock: HastyClock;
beforeEach(() => {
  clock = new HastyClock();
});

describe('the tools', () => {
  test('of the default preset are all nineteen, message send and list among them', () => {
    const names = bench
      .providerWith({}, { clock })
      .tools()
      .map(({ name }) => name);
    expect(names).toHaveLength(19);
    expect(names).toEqual(
      expect.arrayContaining(['im_v1_message_create', 'im_v1_message_list', 'docx_builtin_search']),
    );
  });

  test('are listed the same, to the byte, each time', () => {
    const list = () =>
      JSON.stringify(
        bench
          .providerWith({}, { clock })
          .tools()
          .map((one) => one.entry()),
      );
    expect(list()).toBe(list());
  });

  test('carry names and texts as set', () => {
    const [one] = bench
      .providerWith({ tools: { enabled: ['im_v1_chat_list'], language: 'zh', nameCase: 'camel' } }, { clock })
      .tools();
    expect(one?.entry()).toMatchObject({ name: 'imV1ChatList', title: '获取用户或机器人所在的群列表' });
    expect(one?.name).toBe('imV1ChatList');
  });

  test('that only an app can use are not offered, and the reason is given', () => {
    const provider = bench.providerWith(
      { tools: { enabled: ['im.v1.message.urgentSms', 'im.v1.chat.list'] } },
      { clock },
    );
    expect(provider.tools().map(({ name }) => name)).toEqual(['im_v1_chat_list']);
    expect(provider.notOffered).toMatchObject([
      { name: 'im.v1.message.urgentSms', words: { zh: expect.stringContaining('只接受应用身份') } },
    ]);
  });

  test('are all that a person can use, when everything is asked for', () => {
    const catalog = new Catalog(bench.folder, 'en');
    const provider = bench.providerWith(
      { tools: { enabled: [...catalog.names(), ...builtinTools('en').keys()] } },
      { clock },
    );
    catalog.close();
    expect(provider.tools()).toHaveLength(506);
    expect(provider.notOffered).toHaveLength(763);
  });
});

describe('a request', () => {
  test('goes out as the person, once, and comes back as compact JSON', async () => {
    bench.feishu.will(ok({ items: [{ chat_id: 'oc_1' }], has_more: false }));
    const { context, exchanges } = testContext();
    const result = await bench
      .tool('im.v1.chat.list', { clock })
      .run({ params: { page_size: 20, user_id_type: 'open_id' } }, context);
    expect(result).toEqual({
      content: [{ type: 'text', text: '{"items":[{"chat_id":"oc_1"}],"has_more":false}' }],
      _meta: { 'larkgate/logId': 'LOG1' },
    });
    expect(bench.feishu.seen).toMatchObject([{ method: 'GET', path: '/open-apis/im/v1/chats', body: '' }]);
    expect(bench.feishu.seen[0]?.query.toString()).toBe('page_size=20&user_id_type=open_id');
    expect(bench.feishu.seen[0]?.headers.authorization).toBe('Bearer u-first');
    expect(exchanges).toEqual([{ ms: expect.any(Number), status: 200, code: 0, logId: 'LOG1' }]);
  });

  test('puts path, query and body where the API wants them', async () => {
    bench.feishu.will(ok());
    const input = {
      path: { app_token: 'bas/1', table_id: 'tbl1' },
      params: { user_id_type: 'open_id' },
      data: { fields: { 名称: '甲' } },
    };
    await bench.tool('bitable.v1.appTableRecord.create', { clock }).run(input, testContext().context);
    const [seen] = bench.feishu.seen;
    expect(seen).toMatchObject({ method: 'POST', path: '/open-apis/bitable/v1/apps/bas%2F1/tables/tbl1/records' });
    expect(seen?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(Buffer.from(seen?.body ?? '', 'latin1').toString())).toEqual({ fields: { 名称: '甲' } });
  });

  test('never leaves for another host than the open platform', async () => {
    bench.feishu.will(ok());
    const input = { path: { document_id: '@evil.example/' } };
    await bench.tool('docx.v1.document.rawContent', { clock }).run(input, testContext().context);
    expect(bench.feishu.seen[0]?.headers.host).toBe(new URL(bench.feishu.url).host);
  });

  test('is not sent without a person', async () => {
    bench.feishu.will(ok());
    const { context } = testContext({ credential: undefined });
    expect(await faultOf(bench.tool('im.v1.chat.list', { clock }).run({}, context))).toMatchObject({
      code: 'sign_in_required',
    });
    expect(bench.feishu.seen).toEqual([]);
  });

  test('with arguments that do not fit is refused before it is sent', () => {
    expect(() => bench.tool('im.v1.message.create', { clock }).check({ data: {} })).toThrow('params required');
  });

  test('whose answer is long comes back cut, and says so', async () => {
    bench.feishu.will(ok({ text: 'x'.repeat(10_000) }));
    const result = await bench
      .tool('im.v1.chat.list', { clock }, { limits: { resultBytes: 1000 } })
      .run({}, testContext().context);
    expect(Buffer.byteLength(textOf(result))).toBeLessThanOrEqual(1000);
    expect(textOf(result)).toContain('cut by LarkGate');
  });
});

describe('Feishu and Lark international', () => {
  let lark: Awaited<ReturnType<typeof openStandIn>>;
  beforeEach(async () => {
    lark = await openStandIn();
  });
  afterEach(() => lark.close());

  test.each(['im.v1.chat.list', 'docx.builtin.search'])(
    'a call of %s goes to the service that the account belongs to, and its token nowhere else',
    async (name) => {
      const tool = bench.tool(name, { clock, larkOpenUrl: lark.url });
      for (const [brand, own, other] of [
        ['feishu', bench.feishu, lark],
        ['lark', lark, bench.feishu],
      ] as const) {
        bench.feishu.will(ok());
        lark.will(ok());
        const credential = testCredential(`u-${brand}`, { brand });
        await tool.run({ data: { search_key: 'plan' } }, testContext({ credential }).context);
        expect(own.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer u-${brand}`]);
        expect(other.seen).toEqual([]);
      }
    },
  );

  test('a renewed token stays with its service', async () => {
    bench.feishu.will(ok());
    lark.will(refuse(99991677), ok());
    const { context } = testContext({
      credential: testCredential('u-old', { brand: 'lark' }),
      renew: async () => testCredential('u-new', { brand: 'lark' }),
    });
    await bench.tool('im.v1.chat.list', { clock, larkOpenUrl: lark.url }).run({}, context);
    expect(lark.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer u-old', 'Bearer u-new']);
    expect(bench.feishu.seen).toEqual([]);
  });

  test('a permission that the app lacks is enabled at the console of its own service, if its app is known', async () => {
    const error = { permission_violations: [{ subject: 'im:chat' }, { subject: 'im:chat:readonly' }] };
    lark.will(json({ code: 99991672, msg: 'no', error }, 400));
    const tool = bench.tool('im.v1.chat.list', { clock, larkOpenUrl: lark.url });
    const faultWith = (appId: string | null) =>
      faultOf(tool.run({}, testContext({ credential: testCredential('u-1', { brand: 'lark', appId }) }).context));
    expect(await faultWith('cli_lark')).toMatchObject({
      code: 'app_scope_required',
      details: {
        anyOf: ['im:chat:readonly', 'im:chat'],
        consoleUrl: `${lark.url}/page/scope-apply?clientID=cli_lark&scopes=im%3Achat%3Areadonly`,
      },
    });
    expect((await faultWith(null)).details).not.toHaveProperty('consoleUrl');
  });
});
