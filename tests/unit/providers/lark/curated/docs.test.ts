import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useCurated } from './curated-bench.ts';

const bench = useCurated();
const { call, refused } = bench;
beforeEach(() => bench.forget());
afterEach(() => bench.calm());

const read = async (doc: string, more: object = {}): Promise<string> =>
  (await call('lark_docs_fetch', { doc, ...more })).content;
const writes = async () => (await bench.asked()).filter((line) => !/^GET|search|convert|batch_query/.test(line));
const found = async (query: string) => (await call('lark_docs_search', { query })).results;

const report = '## 进展\n\n一切顺利\n\n### 细节\n\n- 接口完成\n\n- 页面完成\n\n## 风险\n\n时间紧\n\n## 下周\n\n发布';
const newDoc = async (content = report): Promise<string> =>
  (await call('lark_docs_create', { title: '周报', content })).document_id;

describe('a document', () => {
  test('made from Markdown is read as that Markdown', async () => {
    const made = await call('lark_docs_create', { title: '周报', content: report });
    expect(made).toMatchObject({ title: '周报', url: expect.stringContaining(made.document_id) });
    const fetched = await call('lark_docs_fetch', { doc: made.url });
    expect(fetched).toMatchObject({ document_id: made.document_id, title: '周报', content: `# 周报\n\n${report}` });
    expect(await read(made.document_id, { format: 'text' })).toContain('接口完成');
  });

  test('is made in a folder or under a wiki page given by link', async () => {
    const lin = await bench.openApi();
    const { token, url } = (await lin('POST', '/drive/v1/files/create_folder', { name: '资料', folder_token: '' }))
      .data;
    const made = await call('lark_docs_create', { title: '在文件夹', folder_token: url });
    const { files } = (await lin('GET', `/drive/v1/files?folder_token=${token}`)).data;
    expect(files).toMatchObject([{ token: made.document_id, name: '在文件夹' }]);
    const [guide] = await found('新人指南');
    const page = await call('lark_docs_create', { title: '在知识库', content: '你好', wiki_node: guide.url });
    expect(await read(page.document_id)).toContain('你好');
    expect(await found('在知识库')).toMatchObject([{ type: 'wiki', title: '在知识库' }]);
  });

  test('of a wiki is read by the link of its page', async () => {
    const [page] = await found('研发规范');
    expect(page.type).toBe('wiki');
    expect(await read(page.url)).toContain('主干开发');
  });

  test('is read by its outline, one section, and in parts', async () => {
    const doc = await newDoc();
    expect(await read(doc, { outline: true })).toBe('# 周报\n## 进展\n### 细节\n## 风险\n## 下周');
    expect(await read(doc, { heading: '进展' })).toBe(
      '## 进展\n\n一切顺利\n\n### 细节\n\n- 接口完成\n\n- 页面完成\n\n',
    );
    const long = await newDoc(Array.from({ length: 100 }, (_, line) => `第 ${line} 行 ${'字'.repeat(20)}`).join('\n'));
    const whole = await read(long);
    let text = '';
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const part = await call('lark_docs_fetch', { doc: long, offset, limit: 1000 });
      expect(part.content.length).toBeLessThanOrEqual(1000);
      text += part.content;
      offset = part.next_offset;
    }
    expect(text).toBe(whole);
    const fault = await refused('lark_docs_fetch', { doc, heading: '没有' });
    expect(fault.message).toContain('进展 | 细节 | 风险');
  });

  test('that could not be filled is said to be there, with its id', async () => {
    await bench.spoil({
      method: 'POST',
      path: '/open-apis/docx/v1/documents/blocks/convert',
      kind: 'code',
      code: 1_770_001,
      times: 9,
    });
    const fault = await refused('lark_docs_create', { title: '没写完', content: 'x' });
    await bench.calm();
    expect(fault.message).toContain('was created');
    expect(await read(String(fault.details?.document_id))).toBe('# 没写完');
  });

  test('rehearsed is neither made nor changed', async () => {
    const doc = await newDoc();
    await bench.forget();
    const made = await call('lark_docs_create', { title: '预演', content: 'x', dry_run: true });
    expect(made.would_send).toMatchObject({ path: '/open-apis/docx/v1/documents', body: { title: '预演' } });
    for (const input of [
      { command: 'append', content: 'x' },
      { command: 'overwrite', content: 'x' },
      { command: 'str_replace', pattern: '时间紧', content: 'x' },
      { command: 'delete', heading: '风险' },
    ])
      expect(await call('lark_docs_update', { doc, ...input, dry_run: true })).toMatchObject({ dry_run: true });
    expect(await writes()).toEqual([]);
    expect(await read(doc)).toBe(`# 周报\n\n${report}`);
  });
});

describe('editing a document', () => {
  const edited = async (input: object, content = report): Promise<string> => {
    const doc = await newDoc(content);
    await call('lark_docs_update', { doc, ...input });
    return (await read(doc)).replace('# 周报\n\n', '').replaceAll('\n\n', '\n');
  };
  const lines = report.replaceAll('\n\n', '\n');

  test('appends', async () => {
    expect(await edited({ command: 'append', content: '## 附录\n完' })).toBe(`${lines}\n## 附录\n完`);
  });

  test('overwrites, and keeps the old when the new cannot be written', async () => {
    expect(await edited({ command: 'overwrite', content: '全新' })).toBe('全新');
    const doc = await newDoc();
    await bench.spoil({
      method: 'POST',
      path: `/open-apis/docx/v1/documents/${doc}/blocks/${doc}/descendant`,
      kind: 'code',
      code: 1_770_001,
    });
    expect(await refused('lark_docs_update', { doc, command: 'overwrite', content: '新' })).toMatchObject({
      code: 'upstream_refused',
    });
    expect(await read(doc)).toBe(`# 周报\n\n${report}`);
  });

  test('replaces words wherever they are, whatever characters they have', async () => {
    expect(await edited({ command: 'str_replace', pattern: '完成', content: '$& (done)' })).toBe(
      lines.replaceAll('完成', () => '$& (done)'),
    );
    expect(
      await refused('lark_docs_update', {
        doc: await newDoc(),
        command: 'str_replace',
        pattern: '不存在',
        content: '',
      }),
    ).toMatchObject({
      details: { field: 'pattern' },
    });
  });

  test('inserts after a section, replaces under a heading, and deletes a section', async () => {
    expect(await edited({ command: 'insert_after', heading: '进展', content: '插入' })).toBe(
      lines.replace('\n## 风险', '\n插入\n## 风险'),
    );
    expect(await edited({ command: 'replace', heading: '## 风险', content: '没有' })).toBe(
      lines.replace('时间紧', '没有'),
    );
    expect(await edited({ command: 'delete', heading: '进展' })).toBe('## 风险\n时间紧\n## 下周\n发布');
  });

  test.each([
    ['without a place', { command: 'delete' }, 'heading'],
    ['without content', { command: 'append' }, 'content'],
    ['at two places', { command: 'replace', heading: 'a', block_id: 'b', content: 'x' }, 'heading'],
  ])('%s is refused before anything is asked', async (_, input, field) => {
    expect(await refused('lark_docs_update', { doc: 'doxcnabc', ...input })).toMatchObject({ details: { field } });
    expect(await bench.asked()).toEqual([]);
  });

  test('at a heading that stands twice asks for a block id', async () => {
    const doc = await newDoc('## 同名\n一\n## 同名\n二');
    const fault = await refused('lark_docs_update', { doc, command: 'delete', heading: '同名' });
    expect(fault.details).toMatchObject({ field: 'heading' });
    const lin = await bench.openApi();
    const { items } = (await lin('GET', `/docx/v1/documents/${doc}/blocks`)).data;
    await call('lark_docs_update', { doc, command: 'delete', block_id: items.at(-1).block_id });
    expect(await read(doc)).not.toContain('二');
  });
});

describe('links and tokens', () => {
  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://evil.example/docx/../../contact/v3/users',
    'https://x.feishu.cn/docx/..%2f..%2fcontact',
    '../../contact/v3/users/ou_1',
    'doxcn?x=1',
    'a b',
    'https://x.feishu.cn/constructor/doxcnabcd',
  ])('%j is refused before anything is asked', async (doc) => {
    expect(await refused('lark_docs_fetch', { doc })).toMatchObject({
      code: 'invalid_arguments',
      details: { field: 'doc' },
    });
    expect(await bench.asked()).toEqual([]);
  });

  test('of another kind of file are refused with the kind they are', async () => {
    const fault = await refused('lark_docs_fetch', { doc: 'https://x.feishu.cn/sheets/shtcnabcd' });
    expect(fault.message).toContain('sheet');
  });

  test('of a stranger host are never asked there: only the token counts', async () => {
    const doc = await newDoc();
    expect(await read(`https://evil.example/docx/${doc}?x=1#y`)).toContain('周报');
  });
});

describe('searching files', () => {
  test('finds documents by words, author and kind, in pages', async () => {
    expect(await found('离线冲突')).toMatchObject([{ title: '手账 2.0 需求文档', owner: '林晓雨' }]);
    const filter = { creator_ids: ['林晓雨'], doc_types: ['sheet'], only_title: true };
    const { results } = await call('lark_docs_search', { query: '预算', filter });
    expect(results).toMatchObject([{ title: '发布会预算表', type: 'sheet' }]);
    const first = await call('lark_docs_search', { page_size: 2 });
    const second = await call('lark_docs_search', { page_size: 2, page_token: first.next_page_token });
    expect(first.results).toHaveLength(2);
    expect(second.results).not.toEqual(first.results);
  });

  test('finds anything in Drive by kind, folder and time', async () => {
    const { results } = await call('lark_drive_search', { doc_types: ['bitable'], creator: ['me'] });
    expect(results).toMatchObject([{ title: '产品需求池', type: 'bitable' }]);
    const later = await call('lark_drive_search', { created_since: '2099-01-01' });
    expect(later.results).toEqual([]);
    const lin = await bench.openApi();
    const { token } = (await lin('POST', '/drive/v1/files/create_folder', { name: '专用', folder_token: '' })).data;
    const { document_id } = await call('lark_docs_create', { title: '里面', folder_token: token });
    expect((await call('lark_drive_search', { folder: token })).results).toMatchObject([{ token: document_id }]);
  });
});
