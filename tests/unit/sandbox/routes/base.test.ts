import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let lin: ReturnType<SandboxClient['callWith']>;
let seeded: string;

beforeAll(async () => {
  client = await SandboxClient.open();
  lin = client.callWith((await client.signIn()).access_token);
  const found = await lin('POST', '/suite/docs-api/search/object', { search_key: '产品需求池' });
  const app = found.data.docs_entities[0].docs_token;
  const tables = await lin('GET', `/bitable/v1/apps/${app}/tables`);
  seeded = `/bitable/v1/apps/${app}/tables/${tables.data.items[0].table_id}`;
});
afterAll(() => client.close());

const names = (answer: Awaited<ReturnType<typeof lin>>) =>
  answer.data.items.map((one: { fields: { 需求: { text: string }[] } }) => one.fields['需求'][0]?.text);
const search = (body: object, query = '') => lin('POST', `${seeded}/records/search?page_size=100${query}`, body);
const where = (field_name: string, operator: string, ...value: string[]) => ({
  filter: { conjunction: 'and', conditions: [{ field_name, operator, value }] },
});

async function newTable() {
  const { app } = (await lin('POST', '/bitable/v1/apps', { name: '台账' })).data;
  const fields = [
    { field_name: '名称', type: 1 },
    { field_name: '数量', type: 2 },
    { field_name: '类别', type: 3, property: { options: [{ name: '甲' }] } },
  ];
  const { data } = await lin('POST', `/bitable/v1/apps/${app.app_token}/tables`, { table: { name: '库存', fields } });
  return {
    app,
    tableId: data.table_id,
    records: `/bitable/v1/apps/${app.app_token}/tables/${data.table_id}/records`,
    fields: `/bitable/v1/apps/${app.app_token}/tables/${data.table_id}/fields`,
  };
}

describe('searching the requirements that come with the sandbox', () => {
  test('gives text in pieces and people with names', async () => {
    const { data } = await search({});
    expect(data).toMatchObject({ total: 20, has_more: false });
    expect(data.items[0].fields).toMatchObject({
      需求: [{ type: 'text', text: '三端同步' }],
      状态: '开发中',
      负责人: [{ name: '陈志远' }],
      工时: 80,
    });
  });

  test.each([
    ['is', '状态', ['评审中'], 3],
    ['isNot', '优先级', ['P0'], 14],
    ['contains', '需求', ['设置', '同步'], 2],
    ['doesNotContain', '需求', ['同步'], 19],
    ['isGreater', '工时', ['60'], 2],
    ['isGreaterEqual', '工时', ['60'], 3],
    ['isLess', '工时', ['12'], 2],
    ['isLessEqual', '工时', ['12'], 3],
    ['isEmpty', '需求', [], 0],
    ['isNotEmpty', '需求', [], 20],
  ])('%s %s %o', async (operator, field, value, count) => {
    expect((await search(where(field, operator, ...value))).data.total).toBe(count);
  });

  test('joins conditions by "or", sorts, and shows only the fields asked for', async () => {
    const conditions = [
      { field_name: '状态', operator: 'is', value: ['已上线'] },
      { field_name: '工时', operator: 'isGreater', value: ['100'] },
    ];
    const answer = await search({
      filter: { conjunction: 'or', conditions },
      sort: [{ field_name: '工时', desc: true }],
      field_names: ['需求'],
    });
    expect(names(answer)).toEqual(['多人协作', '登录改造', '每日提醒', '图标规范', '字体设置']);
    expect(Object.keys(answer.data.items[0].fields)).toEqual(['需求']);
  });

  test('knows what a date is', async () => {
    const { data } = await search({
      field_names: ['计划上线'],
      filter: { conditions: [{ field_name: '需求', operator: 'is', value: ['数据备份'] }] },
    });
    const due = data.items[0].fields['计划上线'];
    expect(names(await search(where('计划上线', 'is', 'ExactDate', String(due))))).toContain('数据备份');
    const past = await search(where('计划上线', 'isLess', 'Today'));
    expect(past.data.total).toBe(4);
    expect((await search(where('计划上线', 'is', 'Someday'))).code).toBe(1254018);
  });

  test('comes in pages', async () => {
    const first = await lin('POST', `${seeded}/records/search?page_size=15`, {});
    expect(first.data).toMatchObject({ has_more: true, total: 20 });
    const second = await lin('POST', `${seeded}/records/search?page_size=15&page_token=${first.data.page_token}`, {});
    expect(second.data).toMatchObject({ has_more: false, items: { length: 5 } });
  });
});

describe('a base of one’s own', () => {
  test('has a table, fields and records that read back as they were written', async () => {
    const { app, tableId, records, fields } = await newTable();
    expect(app).toMatchObject({
      name: '台账',
      default_table_id: expect.stringMatching(/^tbl/),
      url: expect.stringContaining(app.app_token),
    });
    expect((await lin('GET', `/bitable/v1/apps/${app.app_token}`)).data.app.name).toBe('台账');
    expect((await lin('GET', `/bitable/v1/apps/${app.app_token}/tables`)).data.items).toContainEqual({
      table_id: tableId,
      name: '库存',
      revision: 1,
    });
    expect((await lin('GET', fields)).data).toMatchObject({
      total: 3,
      items: [{ is_primary: true, ui_type: 'Text' }, {}, { ui_type: 'SingleSelect' }],
    });

    const { record } = (await lin('POST', records, { fields: { 名称: '螺丝', 数量: 3, 类别: '乙' } })).data;
    expect(record).toMatchObject({
      record_id: expect.stringMatching(/^rec/),
      fields: { 名称: '螺丝', 数量: 3, 类别: '乙' },
    });
    expect((await lin('GET', `${records}/${record.record_id}`)).data.record).toEqual(record);
    await lin('PUT', `${records}/${record.record_id}`, { fields: { 数量: 4 } });
    expect((await lin('GET', records)).data.items).toMatchObject([{ fields: { 名称: '螺丝', 数量: 4 } }]);
    const options = (await lin('GET', fields)).data.items[2].property.options;
    expect(options.map((one: { name: string }) => one.name)).toEqual(['甲', '乙']);
  });

  test('takes, changes, gives and drops many records at once', async () => {
    const { records } = await newTable();
    const rows = ['甲', '乙', '丙'].map((name, at) => ({ fields: { 名称: name, 数量: at } }));
    const made = (await lin('POST', `${records}/batch_create`, { records: rows })).data.records;
    const ids = made.map((one: { record_id: string }) => one.record_id);
    const changes = ids.map((record_id: string) => ({ record_id, fields: { 数量: 9 } }));
    expect((await lin('POST', `${records}/batch_update`, { records: changes })).data.records).toMatchObject([
      { fields: { 名称: '甲', 数量: 9 } },
      {},
      {},
    ]);
    const got = await lin('POST', `${records}/batch_get`, { record_ids: [...ids, 'recnone'], automatic_fields: true });
    expect(got.data).toMatchObject({
      absent_record_ids: ['recnone'],
      records: [{ created_by: { name: '林晓雨' } }, {}, {}],
    });
    expect((await lin('POST', `${records}/batch_delete`, { records: ids.slice(1) })).data.records).toHaveLength(2);
    expect((await lin('DELETE', `${records}/${ids[0]}`)).data).toEqual({ deleted: true, record_id: ids[0] });
    expect((await lin('GET', records)).data.total).toBe(0);
  });

  test('makes a record once per client token', async () => {
    const { records } = await newTable();
    const make = () => lin('POST', `${records}?client_token=6f1d`, { fields: { 名称: '一次' } });
    expect((await make()).data.record.record_id).toBe((await make()).data.record.record_id);
    expect((await lin('GET', records)).data.total).toBe(1);
  });

  test('of a batch with one bad row nothing is written', async () => {
    const { records } = await newTable();
    const rows = [{ fields: { 名称: '好' } }, { fields: { 数量: '三' } }];
    expect((await lin('POST', `${records}/batch_create`, { records: rows })).code).toBe(1254061);
    expect((await lin('GET', records)).data.total).toBe(0);
  });

  test('renames a field together with its cells, and drops it', async () => {
    const { records, fields } = await newTable();
    const { record } = (await lin('POST', records, { fields: { 名称: '螺丝', 数量: 3 } })).data;
    const count = (await lin('GET', fields)).data.items[1];
    await lin('PUT', `${fields}/${count.field_id}`, { field_name: '件数', type: 2 });
    expect((await lin('GET', `${records}/${record.record_id}`)).data.record.fields).toEqual({ 名称: '螺丝', 件数: 3 });
    expect((await lin('POST', fields, { field_name: '备注', type: 1 })).data.field.field_id).toMatch(/^fld/);
    expect((await lin('DELETE', `${fields}/${count.field_id}`)).data.deleted).toBe(true);
    expect((await lin('GET', `${records}/${record.record_id}`)).data.record.fields).toEqual({ 名称: '螺丝' });
  });

  test('renames and drops tables, but never the last', async () => {
    const { app, tableId } = await newTable();
    const tables = `/bitable/v1/apps/${app.app_token}/tables`;
    expect((await lin('PATCH', `${tables}/${tableId}`, { name: '仓库' })).data.name).toBe('仓库');
    expect(
      (await lin('POST', `${tables}/batch_create`, { tables: [{ name: '二' }, { name: '三' }] })).data.table_ids,
    ).toHaveLength(2);
    const { items } = (await lin('GET', tables)).data;
    const answers = [];
    for (const { table_id } of items) answers.push((await lin('DELETE', `${tables}/${table_id}`)).code);
    expect(answers).toEqual([0, 0, 0, 1254034]);
  });
});

describe('bases say no with HTTP 200 and a code', () => {
  test.each([
    [1254040, 'GET', '/bitable/v1/apps/bascnunknown/tables', undefined],
    [1254041, 'GET', '{app}/tables/tblunknown/fields', undefined],
    [1254043, 'GET', '{table}/records/recunknown', undefined],
    [1254044, 'DELETE', '{table}/fields/fldunknown', undefined],
    [1254042, 'GET', '{table}/records?view_id=vewunknown', undefined],
    [1254045, 'POST', '{table}/records', { fields: { 没有的字段: 1 } }],
    [1254045, 'POST', '{table}/records/search', { sort: [{ field_name: '没有的字段' }] }],
    [1254061, 'POST', '{table}/records', { fields: { 工时: '八小时' } }],
    [1254062, 'POST', '{table}/records', { fields: { 状态: 1 } }],
    [1254064, 'POST', '{table}/records', { fields: { 计划上线: '明天' } }],
    [1254066, 'POST', '{table}/records', { fields: { 负责人: '林晓雨' } }],
    [1254013, 'POST', '{app}/tables', { table: { name: '需求' } }],
    [1254014, 'POST', '{table}/fields', { field_name: '状态', type: 1 }],
    [1254001, 'POST', '{table}/fields', { field_name: '新', type: 99 }],
  ])('%i: %s %s', async (code, method, path, body) => {
    const full = path.replace('{table}', seeded).replace('{app}', seeded.replace(/\/tables\/.*/, ''));
    expect(await lin(method, full, body)).toMatchObject({ status: 200, code });
  });

  test('1254302: to people of another company', async () => {
    const zhou = client.callWith((await client.signIn({ person: 'zhou.zihan' })).access_token);
    expect((await zhou('GET', `${seeded}/records`)).code).toBe(1254302);
  });
});
