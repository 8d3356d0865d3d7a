import { describe, expect, test } from 'vitest';
import { useDingtalk } from './dingtalk-bench.ts';

const bench = useDingtalk();

describe('the tools', () => {
  test('have the names, parameters and defaults that were specified', () => {
    const entries = bench.provider.tools().map((tool) => tool.entry());
    const parameters = Object.fromEntries(
      entries.map(({ name, inputSchema }) => [
        name,
        Object.fromEntries(
          Object.entries(Object(inputSchema.properties)).map(([field, schema]) => [field, Object(schema).default]),
        ),
      ]),
    );
    expect(parameters).toEqual({
      create_doc: { title: undefined, content: undefined, space_id: undefined, folder_id: undefined },
      get_doc: { document_id: undefined, format: 'text' },
      update_doc: { document_id: undefined, content: undefined, mode: 'overwrite', comment: undefined },
      list_docs: {
        space_id: undefined,
        folder_id: undefined,
        keyword: undefined,
        page: 1,
        page_size: 20,
        sort_by: 'update_time',
        sort_order: 'desc',
      },
    });
    expect(entries.map(({ inputSchema }) => inputSchema['required'])).toEqual([
      ['title'],
      ['document_id'],
      ['document_id', 'content'],
      undefined,
    ]);
    expect(Object(entries[3]?.inputSchema.properties).page_size).toMatchObject({ minimum: 1, maximum: 100 });
  });

  test('are listed the same, to the byte, each time, in either language', () => {
    const list = (language: 'zh' | 'en') =>
      JSON.stringify(
        bench
          .start({}, { language })
          .tools()
          .map((tool) => tool.entry()),
      );
    expect(list('en')).toBe(list('en'));
    expect(list('zh')).toContain('创建钉钉文档');
  });
});

describe('create_doc', () => {
  test('makes a document with its content in the given folder and says id, title, time and link', async () => {
    const { space } = bench.space();
    const folder = bench.dingtalk.world.add({ name: '周报', parentId: space.rootNodeId, kind: 'folder' });
    const told = await bench.call('create_doc', {
      title: '  十一月周报.adoc ',
      content: '# 本周\n\n完成评审',
      space_id: space.workspaceId,
      folder_id: folder.dentryUuid,
    });
    const made = bench.dingtalk.world.nodes.at(-1);
    expect(told).toMatchObject({ isError: false });
    expect(told.body).toEqual({
      success: true,
      document_id: made?.dentryUuid,
      title: '十一月周报',
      create_time: new Date(made?.createdAt ?? 0).toISOString(),
      url: `https://alidocs.dingtalk.com/i/nodes/${made?.dentryUuid}`,
    });
    expect(made).toMatchObject({
      name: '十一月周报.adoc',
      parentId: folder.dentryUuid,
      markdown: '# 本周\n\n完成评审',
    });
    expect(bench.api.log().map(({ method, path }) => `${method} ${path.replaceAll(/[0-9a-f]{16,}/g, '…')}`)).toEqual([
      'POST /v1.0/oauth2/accessToken',
      'POST /v1.0/doc/workspaces/…/docs',
      'POST /v1.0/doc/suites/documents/…/overwriteContent',
      'GET /v2.0/wiki/nodes/…',
    ]);
  });

  test('finds the space of a folder, and goes to the own documents when no place is named', async () => {
    const { space } = bench.space();
    const own = bench.dingtalk.world.addSpace('我的文档', 'PERSONAL');
    const folder = bench.dingtalk.world.add({ name: '周报', parentId: space.rootNodeId, kind: 'folder' });
    await bench.call('create_doc', { title: 'a', folder_id: folder.dentryUuid, space_id: '' });
    await bench.call('create_doc', { title: 'b' });
    expect(bench.dingtalk.world.nodes.slice(-2)).toMatchObject([
      { name: 'a.adoc', workspaceId: space.workspaceId },
      { name: 'b.adoc', workspaceId: own.workspaceId },
    ]);
    bench.start({ defaultSpaceId: space.workspaceId });
    await bench.call('create_doc', { title: 'c' });
    expect(bench.dingtalk.world.nodes.at(-1)).toMatchObject({ name: 'c.adoc', workspaceId: space.workspaceId });
  });

  test('waits until a new document takes content', async () => {
    const { space } = bench.space();
    const notYet = '{"code":"docNotExist","requestid":"r","message":"文档不存在"}';
    bench.api.faults.add({ path: '/v1.0/doc/suites/*', status: 404, body: notYet, times: 2 });
    const told = await bench.call('create_doc', { title: 'slow', content: 'x', space_id: space.workspaceId });
    expect(told.isError).toBe(false);
    expect(bench.api.count('/v1.0/doc/suites/*')).toBe(3);
  });

  test('that cannot write the content says so with the id, so that nobody makes a second one', async () => {
    const { space } = bench.space();
    bench.api.faults.add({ path: '/v1.0/doc/suites/*', kind: 'scope' });
    const { body, isError } = await bench.call('create_doc', { title: 'a', content: 'x', space_id: space.workspaceId });
    const made = bench.dingtalk.world.nodes.at(-1);
    expect(isError).toBe(true);
    expect(body).toMatchObject({ error: 'DingTalk API error', code: 'DINGTALK_ERROR' });
    expect(body.details).toContain(made?.dentryUuid);
    expect(body.details).toContain(`https://alidocs.dingtalk.com/i/nodes/${made?.dentryUuid}`);
    expect(body.details).toContain('Do not create it again');
    expect(bench.api.count('/v1.0/doc/workspaces/*')).toBe(1);
  });

  test('splits content that is too long for one request and keeps its order', async () => {
    const { space } = bench.space();
    const content = Array.from({ length: 2000 }, (_, index) => `第 ${index} 段${'字'.repeat(52)}`).join('\n\n');
    expect(content.length).toBeGreaterThan(110_000);
    const told = await bench.call('create_doc', { title: 'long', content, space_id: space.workspaceId });
    expect(told.isError).toBe(false);
    expect(bench.dingtalk.world.nodes.at(-1)?.markdown).toBe(content);
    expect(bench.api.count('/v1.0/doc/suites/*')).toBe(3);
  });
});

describe('get_doc', () => {
  const markdown = [
    '# 标题 <b>',
    '第一段 & 说明',
    '- 一\n  - 二\n1. 甲\n2. 乙',
    '> 引用',
    '| 名 | 值 |\n|---|---|\n| a | 1\\2 |',
    '```js\nalert(1)\n```',
  ].join('\n\n');

  async function read(format?: string) {
    const { space } = bench.space();
    const document = bench.dingtalk.world.add({ name: '需求', parentId: space.rootNodeId, markdown });
    return (await bench.call('get_doc', { document_id: document.dentryUuid, ...(format && { format }) })).body;
  }

  test('reads as text by default, with title, time and author, and says what cannot be read', async () => {
    const body = await read();
    expect(body).toEqual({
      success: true,
      document_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      title: '需求',
      content:
        '标题 <b>\n第一段 & 说明\n- 一\n  - 二\n1. 甲\n2. 乙\n引用\n名\t值\na\t1\\2\n[content that cannot be read: unknown]',
      format: 'text',
      update_time: new Date(bench.clock.now()).toISOString(),
      author: 'union-lin',
      warnings: [expect.stringContaining('blocks of type unknown')],
    });
  });

  test('reads as Markdown', async () => {
    expect((await read('markdown')).content).toBe(
      [
        '# 标题 <b>',
        '第一段 & 说明',
        '- 一\n   - 二\n1. 甲\n2. 乙',
        '> 引用',
        '| 名 | 值 |\n| --- | --- |\n| a | 1\\2 |',
        '[content that cannot be read: unknown]',
      ].join('\n\n'),
    );
  });

  test('reads as HTML in which nothing of the document is markup', async () => {
    expect((await read('html')).content).toBe(
      [
        '<h1>标题 &lt;b&gt;</h1>',
        '<p>第一段 &amp; 说明</p>',
        '<ul>\n<li>一\n<ul>\n<li>二\n</li></ul>\n</li></ul>\n<ol>\n<li>甲\n</li>\n<li>乙\n</li></ol>',
        '<blockquote>引用</blockquote>',
        '<table><tr><td>名</td><td>值</td></tr><tr><td>a</td><td>1\\2</td></tr></table>',
        '<p>[content that cannot be read: unknown]</p>',
      ].join('\n'),
    );
  });

  test('takes an id, a docKey or a link, and never hands out the ids that are good for nothing', async () => {
    const { space } = bench.space();
    const { body } = await bench.call('create_doc', { title: 'ids', content: 'hello', space_id: space.workspaceId });
    const made = bench.dingtalk.world.nodes.at(-1);
    expect(body.document_id).toBe(made?.dentryUuid);
    expect(JSON.stringify(body)).not.toContain(made?.creationNodeId);
    const link = `https://alidocs.dingtalk.com/i/nodes/${made?.dentryUuid}?utm_source=im`;
    const other = `https://alidocs.dingtalk.com/document/edit?dentry=${made?.dentryUuid}`;
    for (const document_id of [made?.dentryUuid, made?.docKey, made?.creationNodeId, link, other]) {
      expect((await bench.call('get_doc', { document_id })).body).toMatchObject({
        document_id: made?.dentryUuid,
        title: 'ids',
        content: 'hello',
      });
    }
  });

  test('reads by a docKey that it has not seen before, without title and time', async () => {
    const { documents } = bench.space('旧文档');
    const { body } = await bench.call('get_doc', { document_id: documents[0]?.docKey });
    expect(body).toMatchObject({ success: true, title: null, update_time: null, author: null });
  });

  test.each(['../../x', 'a/b', 'https://evil.example/i/nodes/abc', 'http://alidocs.dingtalk.com/i/nodes/abc', ''])(
    'refuses %j before anything is sent',
    async (document_id) => {
      await expect(bench.call('get_doc', { document_id })).rejects.toMatchObject({ code: 'invalid_arguments' });
      expect(bench.api.count('/v1.0/doc/*')).toBe(0);
    },
  );
});

describe.each([true, false])('a long document, when the last index of a range is inclusive: %s', (inclusiveRange) => {
  const bench = useDingtalk({ inclusiveRange });

  test('is read whole, each block once', async () => {
    const { space } = bench.space();
    const lines = Array.from({ length: 350 }, (_, index) => `第 ${index} 行`);
    const { dentryUuid } = bench.dingtalk.world.add({
      name: 'long',
      parentId: space.rootNodeId,
      markdown: lines.join('\n\n'),
    });
    const { body } = await bench.call('get_doc', { document_id: dentryUuid });
    expect(body.content.split('\n')).toEqual(lines);
    expect(body.truncated).toBeUndefined();
  });

  test('is cut where the call may ask no more, and says so', async () => {
    const { space } = bench.space();
    const markdown = Array.from({ length: 3000 }, (_, index) => `行 ${index}`).join('\n\n');
    const { dentryUuid } = bench.dingtalk.world.add({ name: 'huge', parentId: space.rootNodeId, markdown });
    bench.start({ maxCallsPerTool: 6 });
    const { body } = await bench.call('get_doc', { document_id: dentryUuid });
    expect(body).toMatchObject({ truncated: true, warnings: [expect.stringMatching(/first 50\d blocks/)] });
    expect(bench.api.count('/v*') - bench.api.count('/v1.0/oauth2/*')).toBe(6);
  });
});

describe('update_doc', () => {
  test('replaces or appends, and says id, time and no version', async () => {
    const { documents } = bench.space('记录');
    const [document] = documents;
    const document_id = document?.dentryUuid;
    const first = await bench.call('update_doc', { document_id, content: '一' });
    expect(first.body).toEqual({
      success: true,
      document_id,
      update_time: new Date(bench.clock.now()).toISOString(),
      version: null,
    });
    await bench.call('update_doc', { document_id, content: '二', mode: 'append' });
    expect(document?.markdown).toBe('一\n\n二');
    await bench.call('update_doc', { document_id, content: '三', mode: 'overwrite' });
    expect(document?.markdown).toBe('三');
  });

  test('takes a comment, does not send it, and says so', async () => {
    const { documents } = bench.space('记录');
    const { body } = await bench.call('update_doc', {
      document_id: documents[0]?.dentryUuid,
      content: 'x',
      comment: 'y',
    });
    expect(body.warnings).toEqual(['comment is not supported by DingTalk and was not stored']);
  });

  test('tells the version of the file where that is wanted', async () => {
    const { documents } = bench.space('记录');
    bench.start({ readVersion: true });
    const { body } = await bench.call('update_doc', { document_id: documents[0]?.dentryUuid, content: 'x' });
    expect(body.version).toBe(2);
  });

  test('says how much of long content was written when it stops midway', async () => {
    const { documents } = bench.space('记录');
    const content = Array.from({ length: 30 }, () => '字'.repeat(4000)).join('\n\n');
    bench.api.faults.add({
      path: `/v1.0/doc/suites/documents/${documents[0]?.dentryUuid}/content`,
      kind: 'systemError',
    });
    const { body } = await bench.call('update_doc', { document_id: documents[0]?.dentryUuid, content });
    expect(body.code).toBe('DINGTALK_ERROR');
    expect(body.details).toContain('1 of 3 parts were written');
    expect(bench.api.count('/v1.0/doc/suites/*')).toBe(2);
  });

  test('writes nothing when the content needs more requests than a call may make', async () => {
    const { documents } = bench.space('记录');
    bench.start({ maxCallsPerTool: 4 });
    const { body } = await bench.call('update_doc', {
      document_id: documents[0]?.dentryUuid,
      content: 'x\n\n'.repeat(100_000),
    });
    expect(body.details).toContain('nothing was written');
    expect(bench.api.count('/v1.0/doc/*')).toBe(0);
  });

  test('writes to one document one after the other', async () => {
    const { documents } = bench.space('记录');
    const document_id = documents[0]?.dentryUuid;
    const long = (mark: string) => Array.from({ length: 20 }, () => mark.repeat(4000)).join('\n\n');
    await Promise.all([
      bench.call('update_doc', { document_id, content: long('a') }),
      bench.call('update_doc', { document_id, content: long('b'), mode: 'append' }),
    ]);
    expect(documents[0]?.markdown).toBe(`${long('a')}\n\n${long('b')}`);
  });
});
