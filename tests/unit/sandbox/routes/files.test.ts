import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let lin: ReturnType<SandboxClient['callWith']>;
let zhou: typeof lin;

beforeAll(async () => {
  client = await SandboxClient.open();
  lin = client.callWith((await client.signIn()).access_token);
  zhou = client.callWith((await client.signIn({ person: 'zhou.zihan' })).access_token);
});
afterAll(() => client.close());

const upload = (path: string, bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ size: String(bytes.length), ...fields })) form.set(name, value);
  form.set('file', new Blob([bytes]), fields.file_name ?? 'file');
  return lin('POST', path, form);
};
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const find = async (search_key: string, call = lin) =>
  (await call('POST', '/suite/docs-api/search/object', { search_key })).data.docs_entities;

describe('documents', () => {
  test('made, filled, edited and read back', async () => {
    const { document } = (await lin('POST', '/docx/v1/documents', { title: '周报' })).data;
    const blocks = `/docx/v1/documents/${document.document_id}/blocks`;
    const text = (content: string) => ({ elements: [{ text_run: { content } }] });
    const children = [
      { block_type: 3, heading1: text('本周') },
      { block_type: 2, text: text('完成联调') },
    ];
    const added = await lin('POST', `${blocks}/${document.document_id}/children`, { children });
    expect(added.data).toMatchObject({ document_revision_id: 2, children: [{ block_type: 3 }, { block_type: 2 }] });
    await lin('POST', `${blocks}/${document.document_id}/children`, {
      children: [{ block_type: 2, text: text('摘要') }],
      index: 0,
    });
    const paragraph = added.data.children[1].block_id;
    await lin('PATCH', `${blocks}/${paragraph}`, { update_text_elements: text('完成压测') });
    const raw = async () => (await lin('GET', `/docx/v1/documents/${document.document_id}/raw_content`)).data.content;
    expect(await raw()).toBe('周报\n摘要\n本周\n完成压测\n');
    expect((await lin('GET', `${blocks}/${paragraph}`)).data.block.parent_id).toBe(document.document_id);
    expect((await lin('GET', blocks)).data.items.map((one: { block_type: number }) => one.block_type)).toEqual([
      1, 2, 3, 2,
    ]);
    await lin('DELETE', `${blocks}/${document.document_id}/children/batch_delete`, { start_index: 0, end_index: 2 });
    expect(await raw()).toBe('周报\n完成压测\n');
    expect((await lin('GET', `${blocks}/${document.document_id}/children`)).data.items).toHaveLength(1);
    expect((await lin('GET', `/docx/v1/documents/${document.document_id}`)).data.document).toMatchObject({
      title: '周报',
      revision_id: 5,
    });
  });

  test('become Markdown, and Markdown becomes blocks', async () => {
    const [{ docs_token }] = await find('手账 2.0 需求文档');
    const { content } = (
      await lin('GET', `/docs/v1/content?doc_token=${docs_token}&doc_type=docx&content_type=markdown`)
    ).data;
    expect(content).toContain('## 离线冲突');
    expect(content).toContain('- 三端数据在 5 秒内一致');
    const { blocks } = (
      await lin('POST', '/docx/v1/documents/blocks/convert', {
        content_type: 'markdown',
        content: '# 一\n- 二\n```\n三\n四\n```',
      })
    ).data;
    expect(blocks.map((one: { block_type: number }) => one.block_type)).toEqual([3, 12, 14]);
  });

  test('are imported from Markdown: upload, start, ask until done', async () => {
    const extra = JSON.stringify({ obj_type: 'docx', file_extension: 'md' });
    const fields = { file_name: 'docx.md', parent_type: 'ccm_import_open', parent_node: '/', extra };
    const { file_token } = (await upload('/drive/v1/medias/upload_all', utf8('# 导入\n正文 🎉'), fields)).data;
    const body = {
      file_extension: 'md',
      file_name: '导入的文档',
      file_token,
      type: 'docx',
      point: { mount_type: 1, mount_key: '' },
    };
    const { ticket } = (await lin('POST', '/drive/v1/import_tasks', body)).data;
    const { result } = (await lin('GET', `/drive/v1/import_tasks/${ticket}`)).data;
    expect(result).toMatchObject({
      ticket,
      type: 'docx',
      job_status: 0,
      token: expect.stringMatching(/^doxcn/),
      url: expect.stringContaining(result.token),
    });
    expect((await lin('GET', `/docx/v1/documents/${result.token}/raw_content`)).data.content).toBe(
      '导入的文档\n导入\n正文 🎉\n',
    );
    expect(await find('导入的文档')).toMatchObject([
      { docs_token: result.token, docs_type: 'docx', title: '导入的文档' },
    ]);
  });

  test.each([
    [1770002, 'GET', '/docx/v1/documents/doxcnunknown/raw_content', undefined],
    [1069914, 'GET', '/drive/v1/import_tasks/1', undefined],
    [
      1069904,
      'POST',
      '/drive/v1/import_tasks',
      { file_extension: 'md', file_token: 'boxcnunknown', type: 'docx', point: { mount_type: 1, mount_key: '' } },
    ],
    [99992402, 'POST', '/drive/v1/import_tasks', { file_extension: 'md' }],
  ])('%i: %s %s', async (code, method, path, body) => {
    expect((await lin(method, path, body)).code).toBe(code);
  });

  test('1770032: not for people of another company, who do not find them either', async () => {
    const [{ docs_token }] = await find('需求文档');
    expect((await zhou('GET', `/docx/v1/documents/${docs_token}/raw_content`)).code).toBe(1770032);
    expect(await find('需求文档', zhou)).toEqual([]);
  });
});

describe('searching documents', () => {
  test('looks at titles and text, and can be narrowed to kinds', async () => {
    expect((await find('地铁')).map((one: { title: string }) => one.title)).toEqual(['用户访谈纪要']);
    const sheets = await lin('POST', '/suite/docs-api/search/object', { search_key: '', docs_types: ['sheet'] });
    expect(sheets.data).toMatchObject({ total: 1, has_more: false, docs_entities: [{ title: '发布会预算表' }] });
    const some = await lin('POST', '/suite/docs-api/search/object', { search_key: '', count: 2 });
    expect(some.data).toMatchObject({ has_more: true, docs_entities: { length: 2 } });
  });

  test('by the newer method also says which of them are in a wiki', async () => {
    const { data } = await lin('POST', '/search/v2/doc_wiki/search', {
      query: '新人指南',
      doc_filter: { only_title: true },
    });
    expect(data.res_units).toMatchObject([
      { title_highlighted: '新人指南', entity_type: 'WIKI', result_meta: { doc_types: 'DOCX', owner_name: '林晓雨' } },
    ]);
    const { data: bases } = await lin('POST', '/search/v2/doc_wiki/search', {
      query: '',
      doc_filter: { doc_types: ['BITABLE'] },
    });
    expect(bases.res_units).toMatchObject([{ title_highlighted: '产品需求池', entity_type: 'DOC' }]);
  });
});

describe('the drive', () => {
  test('keeps folders and files, and gives the very bytes back', async () => {
    const { token: folder } = (await lin('POST', '/drive/v1/files/create_folder', { name: '合同', folder_token: '' }))
      .data;
    const bytes = new Uint8Array(Array.from({ length: 70_000 }, (_, at) => at % 256));
    const fields = { file_name: '合同 终稿.pdf', parent_type: 'explorer', parent_node: folder };
    const { file_token } = (await upload('/drive/v1/files/upload_all', bytes, fields)).data;
    expect((await lin('GET', `/drive/v1/files?folder_token=${folder}`)).data.files).toMatchObject([
      { token: file_token, name: '合同 终稿.pdf', type: 'file', parent_token: folder },
    ]);
    const token = (await client.signIn()).access_token;
    const answer = await fetch(`${client.sandbox.url}/open-apis/drive/v1/files/${file_token}/download`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('合同 终稿.pdf'));
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  });

  test('lists the top folder of whoever asks, newest first', async () => {
    await lin('POST', '/drive/v1/files/create_folder', { name: '旧', folder_token: '' });
    await client.advance(60_000);
    await lin('POST', '/drive/v1/files/create_folder', { name: '新', folder_token: '0' });
    const { files } = (await lin('GET', '/drive/v1/files')).data;
    expect(files[0].name).toBe('新');
    expect((await lin('GET', '/drive/v1/files?direction=ASC')).data.files.at(-1).name).toBe('新');
    expect((await zhou('GET', '/drive/v1/files')).data.files).toEqual([]);
  });

  test('tells about many files at once, and which of them it cannot', async () => {
    const [{ docs_token }] = await find('用户访谈纪要');
    const request_docs = [docs_token, 'doxcnunknown'].map((doc_token) => ({ doc_token, doc_type: 'docx' }));
    const { data } = await lin('POST', '/drive/v1/metas/batch_query', { request_docs, with_url: true });
    expect(data).toMatchObject({
      metas: [{ title: '用户访谈纪要', url: expect.stringContaining(docs_token) }],
      failed_list: [{ token: 'doxcnunknown', code: 970005 }],
    });
  });

  test('copies, moves and deletes', async () => {
    const [{ docs_token }] = await find('用户访谈纪要');
    const { token: folder } = (await lin('POST', '/drive/v1/files/create_folder', { name: '归档', folder_token: '' }))
      .data;
    const { file } = (
      await lin('POST', `/drive/v1/files/${docs_token}/copy`, { name: '纪要副本', type: 'docx', folder_token: '' })
    ).data;
    const content = (await lin('GET', `/docx/v1/documents/${file.token}/raw_content`)).data.content;
    expect(content).toContain('多设备同步是最强烈的诉求');
    expect((await lin('POST', `/drive/v1/files/${file.token}/move`, { type: 'docx', folder_token: folder })).code).toBe(
      0,
    );
    expect((await lin('GET', `/drive/v1/files?folder_token=${folder}`)).data.files).toMatchObject([
      { name: '纪要副本' },
    ]);
    expect((await lin('DELETE', `/drive/v1/files/${file.token}?type=docx`)).code).toBe(0);
    expect((await lin('GET', `/docx/v1/documents/${file.token}/raw_content`)).code).toBe(1770002);
    expect((await lin('GET', `/docx/v1/documents/${docs_token}/raw_content`)).code).toBe(0);
  });

  test('refuses an upload whose size is not what it said, and one without a file', async () => {
    const fields = { file_name: 'a', parent_type: 'explorer', parent_node: '' };
    expect((await upload('/drive/v1/files/upload_all', utf8('abc'), { ...fields, size: '4' })).code).toBe(1062009);
    expect((await lin('POST', '/drive/v1/files/upload_all', { file_name: 'a' })).code).toBe(1061002);
    const empty = new FormData();
    empty.set('file_name', 'a');
    expect((await lin('POST', '/drive/v1/files/upload_all', empty)).code).toBe(1061002);
  });

  test('shares a document and shows with whom and how far', async () => {
    const [{ docs_token }] = await find('发布会执行方案');
    const [, person] = await client.control('GET', '/__people');
    const path = `/drive/v1/permissions/${docs_token}`;
    const member = { member_type: 'openid', member_id: person.openId, perm: 'edit' };
    expect((await lin('POST', `${path}/members?type=docx`, member)).data.member).toMatchObject(member);
    expect((await lin('GET', `${path}/members?type=docx`)).data.items).toMatchObject([{ ...member, name: '陈志远' }]);
    await lin('PATCH', `${path}/public?type=docx`, { link_share_entity: 'anyone_readable' });
    expect((await lin('GET', `${path}/public?type=docx`)).data.permission_public).toMatchObject({
      link_share_entity: 'anyone_readable',
      share_entity: 'anyone',
    });
    expect((await lin('POST', `${path}/members`, member)).error.field_violations).toMatchObject([{ field: 'type' }]);
    expect((await lin('POST', `${path}/members?type=docx`, { ...member, member_id: 'ou_nobody' })).code).toBe(1063001);
    expect((await zhou('POST', `${path}/members?type=docx`, member)).code).toBe(1063002);
  });
});

describe('the wiki', () => {
  test('has spaces, nodes under nodes, and finds them', async () => {
    const [space] = (await lin('GET', '/wiki/v2/spaces')).data.items;
    expect((await lin('GET', `/wiki/v2/spaces/${space.space_id}`)).data.space.name).toBe('青禾知识库');
    const nodes = `/wiki/v2/spaces/${space.space_id}/nodes`;
    const [guide] = (await lin('GET', nodes)).data.items;
    expect(guide).toMatchObject({ title: '新人指南', has_child: true, obj_type: 'docx' });
    const made = await lin('POST', nodes, {
      obj_type: 'docx',
      node_type: 'origin',
      parent_node_token: guide.node_token,
      title: '报销流程',
    });
    const { node } = made.data;
    expect((await lin('GET', `${nodes}?parent_node_token=${guide.node_token}`)).data.items).toMatchObject([
      { title: '产品介绍' },
      { title: '报销流程' },
    ]);
    expect((await lin('GET', `/wiki/v2/spaces/get_node?token=${node.node_token}`)).data.node).toEqual(node);
    expect((await lin('GET', `/wiki/v2/spaces/get_node?token=${node.obj_token}&obj_type=docx`)).data.node).toEqual(
      node,
    );
    expect((await lin('GET', `/wiki/v2/spaces/node_by_token?token=${node.obj_token}`)).data.node).toEqual(node);
    expect((await lin('GET', `/docx/v1/documents/${node.obj_token}/raw_content`)).data.content).toBe('报销流程\n');
    await lin('POST', `${nodes}/${node.node_token}/update_title`, { title: '报销指南' });
    expect((await lin('POST', '/wiki/v1/nodes/search', { query: '报销指南' })).data.items).toMatchObject([
      { node_id: node.node_token, obj_type: 8, child_num: 0 },
    ]);
  });

  test.each([
    [131005, 'lin', '/wiki/v2/spaces/get_node?token=wikcnunknown'],
    [131005, 'lin', '/wiki/v2/spaces/7000000000000000000'],
    [131006, 'zhou', '/wiki/v2/spaces/{space}/nodes'],
  ])('%i for %s: %s', async (code, who, path) => {
    const [space] = (await lin('GET', '/wiki/v2/spaces')).data.items;
    const call = who === 'zhou' ? zhou : lin;
    expect((await call('GET', path.replace('{space}', space.space_id))).code).toBe(code);
  });
});
