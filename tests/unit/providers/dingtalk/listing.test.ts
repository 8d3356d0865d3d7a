import { describe, expect, test } from 'vitest';
import { useDingtalk } from './dingtalk-bench.ts';

const bench = useDingtalk();
const requests = () => bench.api.count('/v2.0/*');

/** Three hundred documents, some in folders and folders of folders. */
function tree() {
  const { world } = bench.dingtalk;
  const space = world.addSpace('产品库');
  const folders = [space.rootNodeId];
  for (let index = 0; index < 5; index += 1)
    folders.push(world.add({ name: `夹 ${index}`, parentId: folders.at(-1) ?? '', kind: 'folder' }).dentryUuid);
  for (let index = 0; index < 300; index += 1)
    world.add({
      name: `文档 ${index}`,
      parentId: folders[index % folders.length] ?? '',
      at: bench.clock.now() - ((index * 7919) % 300) * 60_000,
    });
  return space.workspaceId;
}

describe('list_docs', () => {
  test('tells of each document all that was specified', async () => {
    const { space, documents } = bench.space('需求');
    const { body } = await bench.call('list_docs', { space_id: space.workspaceId });
    const time = new Date(documents[0]?.modifiedAt ?? 0).toISOString();
    expect(body).toEqual({
      success: true,
      documents: [
        {
          document_id: documents[0]?.dentryUuid,
          title: '需求',
          summary: '',
          create_time: time,
          update_time: time,
          author: 'union-lin',
          space_id: space.workspaceId,
          folder_id: space.rootNodeId,
        },
      ],
      pagination: { page: 1, page_size: 20, total: 1, total_pages: 1 },
    });
  });

  test('walks a whole space within twenty requests, every document once, newest first', async () => {
    const space_id = tree();
    const seen: string[] = [];
    for (let page = 1; page <= 3; page += 1) {
      const { body } = await bench.call('list_docs', { space_id, page, page_size: 100 });
      seen.push(...body.documents.map(({ title }: { title: string }) => title));
    }
    expect(new Set(seen).size).toBe(300);
    expect(requests()).toBeLessThanOrEqual(20);
    const { body } = await bench.call('list_docs', { space_id, page: 4, page_size: 100 });
    expect(body).toMatchObject({ documents: [], pagination: { total: 300, total_pages: 3 } });
    expect(body.truncated).toBeUndefined();
  });

  test('asks for no more than the page and the next one, and gives the next one from memory for a minute', async () => {
    const space_id = tree();
    const first = await bench.call('list_docs', { space_id });
    const before = requests();
    expect(before).toBe(2);
    expect(first.body).toMatchObject({ truncated: true, pagination: { page: 1, page_size: 20 } });
    const second = await bench.call('list_docs', { space_id, page: 2 });
    expect(requests()).toBe(before);
    expect(second.body.documents).toHaveLength(20);
    bench.clock.pass(60_000);
    await bench.call('list_docs', { space_id });
    expect(requests()).toBe(before * 2);
  });

  test('stops at the budget of a call and goes on from there in the next', async () => {
    const space_id = tree();
    bench.start({ maxCallsPerTool: 4 });
    const first = await bench.call('list_docs', { space_id, page: 3, page_size: 100 });
    expect(requests()).toBe(4);
    expect(first.body.truncated).toBe(true);
    await bench.call('list_docs', { space_id, page: 3, page_size: 100 });
    const third = await bench.call('list_docs', { space_id, page: 3, page_size: 100 });
    expect(third.body.pagination.total).toBe(300);
  });

  test('a document that is new or changed from here is seen at once', async () => {
    const { space } = bench.space('a');
    const list = async () => (await bench.call('list_docs', { space_id: space.workspaceId })).body.pagination.total;
    expect(await list()).toBe(1);
    await bench.call('create_doc', { title: 'b', space_id: space.workspaceId });
    expect(await list()).toBe(2);
  });

  test.each([
    ['update_time', 'desc', ['c', 'b', 'a']],
    ['update_time', 'asc', ['a', 'b', 'c']],
    ['create_time', 'desc', ['c', 'b', 'a']],
    ['title', 'asc', ['a', 'b', 'c']],
    ['title', 'desc', ['c', 'b', 'a']],
  ])('sorts by %s %s', async (sort_by, sort_order, titles) => {
    const { space } = bench.space('a', 'b', 'c');
    const { body } = await bench.call('list_docs', { space_id: space.workspaceId, sort_by, sort_order });
    expect(body.documents.map(({ title }: { title: string }) => title)).toEqual(titles);
  });

  test('without a filter takes the own documents and the spaces that changed last', async () => {
    const { world } = bench.dingtalk;
    const own = world.addSpace('我的文档', 'PERSONAL');
    world.add({ name: '草稿', parentId: own.rootNodeId });
    bench.space('需求');
    const { body } = await bench.call('list_docs');
    expect(body.documents.map(({ title }: { title: string }) => title).toSorted()).toEqual(['草稿', '需求']);
  });

  test('of a folder has only what is right in it', async () => {
    const { space } = bench.space('外');
    const { world } = bench.dingtalk;
    const folder = world.add({ name: '夹', parentId: space.rootNodeId, kind: 'folder' });
    const inner = world.add({ name: '内夹', parentId: folder.dentryUuid, kind: 'folder' });
    world.add({ name: '中 周报', parentId: folder.dentryUuid });
    world.add({ name: '中 别的', parentId: folder.dentryUuid });
    world.add({ name: '内', parentId: inner.dentryUuid });
    const titles = async (more: Record<string, unknown> = {}) =>
      (await bench.call('list_docs', { folder_id: folder.dentryUuid, ...more })).body.documents.map(
        ({ title }: { title: string }) => title,
      );
    expect((await titles()).toSorted()).toEqual(['中 别的', '中 周报']);
    expect(await titles({ keyword: '周报' })).toEqual(['中 周报']);
  });

  test('searches titles and contents, leaves out what is no document, and knows who made it', async () => {
    const { space } = bench.space('周报一');
    const { world } = bench.dingtalk;
    const other = world.addSpace('别处');
    world.add({ name: '内容里有', parentId: space.rootNodeId, markdown: '本周周报' });
    world.add({ name: '周报二', parentId: other.rootNodeId });
    world.add({ name: '周报.pdf', parentId: space.rootNodeId, kind: 'file' });
    const { body } = await bench.call('list_docs', { keyword: '周报' });
    expect(body.documents.map(({ title }: { title: string }) => title).toSorted()).toEqual([
      '内容里有',
      '周报一',
      '周报二',
    ]);
    expect(body.documents[0]).toMatchObject({ author: '林晓雨', folder_id: '' });
    const here = await bench.call('list_docs', { keyword: '周报', space_id: space.workspaceId });
    expect(here.body.pagination.total).toBe(2);
  });

  test('search asks for details twenty at a time and pages within the budget', async () => {
    const { space } = bench.space(...Array.from({ length: 130 }, (_, index) => `周报 ${index}`));
    const { body } = await bench.call('list_docs', { keyword: '周报', page_size: 100 });
    expect(body.documents).toHaveLength(100);
    expect(bench.api.count('/v2.0/storage/dentries/search')).toBe(3);
    expect(bench.api.count('/v2.0/wiki/nodes/batchQuery')).toBe(8);
    expect(body.truncated).toBeUndefined();
    expect(body.documents.every((one: { space_id: string }) => one.space_id === space.workspaceId)).toBe(true);
  });

  test('a token that repeats ends the walk and is said', async () => {
    const { space } = bench.space();
    const node = (id: string) => ({
      nodeId: id,
      category: 'ALIDOC',
      type: 'FILE',
      name: id,
      workspaceId: space.workspaceId,
    });
    for (const id of ['n1', 'n2', 'n3', 'n4'])
      bench.api.faults.add({
        path: '/v2.0/wiki/nodes',
        body: JSON.stringify({ nodes: [node(id)], nextToken: 'same' }),
      });
    const { body } = await bench.call('list_docs', { space_id: space.workspaceId });
    expect(bench.api.count('/v2.0/wiki/nodes')).toBe(2);
    expect(body.warnings).toEqual([expect.stringContaining('same page again')]);
  });

  test('tokens that never end stop at the budget of the call', async () => {
    const { space } = bench.space();
    for (let index = 0; index < 60; index += 1)
      bench.api.faults.add({ path: '/v2.0/wiki/nodes', body: JSON.stringify({ nodes: [], nextToken: `t${index}` }) });
    const { body } = await bench.call('list_docs', { space_id: space.workspaceId });
    expect(requests()).toBe(20);
    expect(body).toMatchObject({ success: true, documents: [], truncated: true });
  });

  test('a closed folder is left out and said; the closed folder that was asked for is refused', async () => {
    const { space } = bench.space('开');
    const { world } = bench.dingtalk;
    const closed = world.add({ name: '关', parentId: space.rootNodeId, kind: 'folder', closed: true });
    world.add({ name: '里', parentId: closed.dentryUuid });
    const { body } = await bench.call('list_docs', { space_id: space.workspaceId });
    expect(body).toMatchObject({ pagination: { total: 1 }, warnings: [expect.stringContaining('left out')] });
    expect((await bench.call('list_docs', { folder_id: closed.dentryUuid })).body.code).toBe('PERMISSION_DENIED');
  });

  test('trouble midway gives what was gathered, says why, and does not lose its place', async () => {
    const space_id = tree();
    bench.start({ maxCallsPerTool: 4 });
    await bench.call('list_docs', { space_id });
    bench.api.faults.add({ path: '/v2.0/wiki/nodes', status: 403, body: '{"code":"brandNew"}' });
    const stopped = await bench.call('list_docs', { space_id, page: 2, page_size: 100 });
    expect(stopped.body).toMatchObject({
      success: true,
      truncated: true,
      warnings: [expect.stringContaining('brandNew')],
    });
    let total = 0;
    for (let turn = 0; turn < 5; turn += 1)
      ({ total } = (await bench.call('list_docs', { space_id, page: 3, page_size: 100 })).body.pagination);
    expect(total).toBe(300);
  });

  test('entries and fields that make no sense do not spoil the rest', async () => {
    const { space } = bench.space();
    const nodes = [
      null,
      7,
      { nodeId: 5 },
      { nodeId: 'ok', category: 'ALIDOC', name: 3, modifiedTimestamp: 'x', createTime: '2023-05-15T11:29Z' },
    ];
    bench.api.faults.add({ path: '/v2.0/wiki/nodes', body: `\uFEFF${JSON.stringify({ nodes, nextToken: '' })}` });
    const { body } = await bench.call('list_docs', { space_id: space.workspaceId });
    expect(body.documents).toMatchObject([
      { document_id: 'ok', title: '', create_time: '2023-05-15T11:29:00.000Z', update_time: '' },
    ]);
  });
});
