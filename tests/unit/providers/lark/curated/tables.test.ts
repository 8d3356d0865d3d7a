import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { useCurated } from './curated-bench.ts';

const bench = useCurated();
const { call, refused } = bench;
beforeEach(() => bench.forget());
afterEach(() => bench.calm());

const fileOf = async (query: string, type: string) =>
  (await call('lark_drive_search', { query, doc_types: [type] })).results[0];
const base = async (): Promise<string> => (await fileOf('产品需求池', 'bitable')).url;
const sheet = async (): Promise<string> => (await fileOf('发布会预算表', 'sheet')).url;

describe('a base', () => {
  test('is looked at with its tables and fields', async () => {
    expect(await call('lark_base_base_get', { base_token: await base() })).toMatchObject({
      name: '产品需求池',
      tables: [{ name: '需求', fields: ['需求', '状态', '优先级', '负责人', '计划上线', '工时'] }],
    });
  });

  test('takes records with people by name and ISO dates, and shows them so', async () => {
    const base_token = await base();
    const json = {
      fields: ['需求', '负责人', '计划上线', '工时', '状态'],
      rows: [
        ['扫码登录', '陈志远', '2027-03-01T10:00:00+08:00', '12', '开发中'],
        ['暗号', ['me'], null, 3, null],
      ],
    };
    const { record_ids } = await call('lark_base_record_batch_create', { base_token, table_id: '需求', json });
    expect(record_ids).toHaveLength(2);
    const found = await call('lark_base_record_search', { base_token, json: { keyword: '扫码登录' } });
    expect(found.records).toMatchObject([
      { record_id: record_ids[0], fields: { 需求: '扫码登录', 负责人: ['陈志远'], 工时: 12, 状态: '开发中' } },
    ]);
    expect(Date.parse(found.records[0].fields.计划上线)).toBe(Date.parse('2027-03-01T10:00:00+08:00'));
  });

  test('takes the same records once with one key, and none in a rehearsal', async () => {
    const base_token = await base();
    const json = { fields: ['需求'], rows: [['只加一次']] };
    const idempotency_key = '6f1c2a34-0a5b-4c1d-8e2f-3a4b5c6d7e8f';
    const first = await call('lark_base_record_batch_create', { base_token, json, idempotency_key });
    expect(await call('lark_base_record_batch_create', { base_token, json, idempotency_key })).toEqual(first);
    const { would_send } = await call('lark_base_record_batch_create', { base_token, json, dry_run: true });
    expect(would_send.body).toEqual({ records: [{ fields: { 需求: '只加一次' } }] });
    const { total } = await call('lark_base_record_search', { base_token, json: { keyword: '只加一次' } });
    expect(total).toBe(1);
  });

  test('is searched by conditions, sorted, with the fields wanted, in pages', async () => {
    const base_token = await base();
    const json = {
      filter: { conditions: [{ field_name: '优先级', operator: 'is', value: ['P0'] }] },
      sort: [{ field_name: '工时', desc: true }],
      select_fields: ['需求', '工时'],
      limit: 2,
    };
    const first = await call('lark_base_record_search', { base_token, json });
    expect(first.records.map((one: { fields: object }) => one.fields)).toEqual([
      { 需求: '三端同步', 工时: 80 },
      { 需求: '首页改版', 工时: 56 },
    ]);
    const next = await call('lark_base_record_search', { base_token, json, page_token: first.next_page_token });
    expect(next.records[0].fields.需求).toBe('离线冲突合并');
    const both = await call('lark_base_record_search', { base_token, json: { ...json, keyword: '同步' } });
    expect(both.records).toHaveLength(1);
  });

  test('is counted in one go, and the same where only documented endpoints are', async () => {
    const base_token = await base();
    const dsl = {
      dimensions: [{ field_name: '状态' }],
      measures: [
        { field_name: '工时', aggregation: 'sum', alias: '总工时' },
        { field_name: '需求', aggregation: 'count_all', alias: '数量' },
      ],
      filters: { conditions: [{ field_name: '优先级', operator: 'is', value: ['P0'] }] },
      sort: [{ field_name: '总工时', order: 'desc' }],
    };
    const query = { base_token, table_id: '需求', dsl };
    const { rows } = await call('lark_base_data_query', query);
    expect(rows).toEqual([
      { 状态: '开发中', 总工时: 198, 数量: 4 },
      { 状态: '评审中', 总工时: 40, 数量: 1 },
      { 状态: '已上线', 总工时: 32, 数量: 1 },
    ]);
    await bench.spoil({ path: '/open-apis/base/v3/*', kind: 'html', status: 404 });
    expect(await call('lark_base_data_query', query)).toEqual({ rows, counted: 6 });
  });

  test.each([
    ['lark_base_record_search', { json: { search_fields: ['没有'], keyword: 'x' } }],
    ['lark_base_record_batch_create', { json: { fields: ['没有'], rows: [['x']] } }],
    ['lark_base_record_search', { table_id: '没有这张表' }],
  ])('%s with a name that is not there says which are', async (name, input) => {
    const fault = await refused(name, { base_token: await base(), ...input });
    expect(fault).toMatchObject({ code: 'invalid_arguments' });
    expect(fault.message).toMatch(/工时|需求 \(tbl/);
  });

  test('with a date that is none or a person nobody is adds nothing', async () => {
    const base_token = await base();
    for (const json of [
      { fields: ['计划上线'], rows: [['soon']] },
      { fields: ['负责人'], rows: [['没有此人']] },
    ])
      expect(await refused('lark_base_record_batch_create', { base_token, json })).toMatchObject({
        code: 'invalid_arguments',
      });
    expect((await bench.asked()).filter((line) => line.includes('batch_create'))).toEqual([]);
  });
});

describe('a spreadsheet', () => {
  test('is read by its link: the first sheet, without empty edges', async () => {
    const read = await call('lark_sheets_read', { spreadsheet_token: await sheet() });
    expect(read).toMatchObject({ sheet: '预算', sheets: ['预算', '备注'] });
    expect(read.values[0]).toEqual(['项目', '预算（元）', '已用（元）', '负责人']);
    expect(read.values).toHaveLength(6);
  });

  test('has a range of a sheet by title read', async () => {
    const spreadsheet_token = await sheet();
    const { values, range } = await call('lark_sheets_read', { spreadsheet_token, range: '预算!A2:B3' });
    expect(values).toEqual([
      ['场地', 30_000],
      ['物料', 12_000],
    ]);
    expect(range).toBe('A2:B3');
    expect(await call('lark_sheets_read', { spreadsheet_token, sheet_id: '备注' })).toMatchObject({ values: [] });
  });

  test('is written from a corner on, and read back', async () => {
    const spreadsheet_token = await sheet();
    const values = [
      ['交通', 500, null],
      ['餐饮', 800.5, '林晓雨'],
    ];
    const written = await call('lark_sheets_write', { spreadsheet_token, sheet_id: '备注', range: 'B2', values });
    expect(written).toMatchObject({ cells: 6 });
    const read = await call('lark_sheets_read', { spreadsheet_token, sheet_id: '备注', range: 'B2:D3' });
    expect(read.values).toEqual([
      ['交通', 500],
      ['餐饮', 800.5, '林晓雨'],
    ]);
  });

  test('larger than one answer is read on from next_range, and nothing is missing', async () => {
    const spreadsheet_token = await sheet();
    const rows = Array.from({ length: 700 }, (_, row) =>
      Array.from({ length: 10 }, (__, column) => `${row}/${column}`),
    );
    const lin = await bench.openApi();
    const { token } = (await call('lark_drive_search', { query: '发布会预算表', doc_types: ['sheet'] })).results[0];
    const { sheets } = (await lin('GET', `/sheets/v3/spreadsheets/${token}/sheets/query`)).data;
    const notes = sheets[1].sheet_id;
    await lin('PUT', `/sheets/v2/spreadsheets/${token}/values`, {
      valueRange: { range: `${notes}!A1:J700`, values: rows },
    });
    const seen: unknown[][] = [];
    for (let range: string | undefined = 'A1:J700'; range !== undefined;) {
      const part = await call('lark_sheets_read', { spreadsheet_token, sheet_id: '备注', range });
      seen.push(...part.values);
      range = part.next_range;
    }
    expect(seen).toEqual(rows);
  });

  test('rehearsed is not written', async () => {
    const spreadsheet_token = await sheet();
    const input = { spreadsheet_token, range: 'A1', values: [['=SUM(B2:B5)']], dry_run: true };
    const { would_send } = await call('lark_sheets_write', input);
    expect(would_send.body.valueRange.values).toEqual([[{ type: 'formula', text: '=SUM(B2:B5)' }]]);
    expect((await bench.asked()).filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  test.each([
    ['A1:ZZZZ9', 'range'],
    ['C1:A3', 'range'],
    ['A1:B2:C3', 'range'],
    ['A0', 'range'],
    ['../../x', 'range'],
    ['没有这张表!A1', 'sheet_id'],
    ['A1:A2', 'values'],
  ])('with range %j is refused and not written', async (range, field) => {
    const input = {
      spreadsheet_token: await sheet(),
      range,
      values: [
        [1, 2],
        [3, 4],
      ],
    };
    expect(await refused('lark_sheets_write', input)).toMatchObject({ code: 'invalid_arguments', details: { field } });
    expect((await bench.asked()).filter((line) => line.startsWith('PUT'))).toEqual([]);
  });
});
