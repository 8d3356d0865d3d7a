import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let lin: ReturnType<SandboxClient['callWith']>;
beforeAll(async () => {
  client = await SandboxClient.open();
  lin = client.callWith((await client.signIn()).access_token);
});
afterAll(() => client.close());

async function newSheet() {
  const { spreadsheet } = (await lin('POST', '/sheets/v3/spreadsheets', { title: '报表' })).data;
  const token: string = spreadsheet.spreadsheet_token;
  const [sheet] = (await lin('GET', `/sheets/v3/spreadsheets/${token}/sheets/query`)).data.sheets;
  const v2 = `/sheets/v2/spreadsheets/${token}`;
  const read = async (range: string) =>
    (await lin('GET', `${v2}/values/${encodeURIComponent(`${sheet.sheet_id}!${range}`)}`)).data.valueRange.values;
  const write = (range: string, values: unknown[][]) =>
    lin('PUT', `${v2}/values`, { valueRange: { range: `${sheet.sheet_id}!${range}`, values } });
  return { token, id: sheet.sheet_id, v2, read, write };
}

describe('spreadsheets', () => {
  test('are made, renamed and found', async () => {
    const { token } = await newSheet();
    await lin('PATCH', `/sheets/v3/spreadsheets/${token}`, { title: '月报' });
    expect((await lin('GET', `/sheets/v3/spreadsheets/${token}`)).data.spreadsheet).toMatchObject({
      title: '月报',
      token,
    });
  });

  test('give back what was written, and nothing where nothing was', async () => {
    const { id, read, write, v2 } = await newSheet();
    const values = [
      ['名称', '数量'],
      ['螺丝', 3],
      ['=SUM(B2:B2)', null],
    ];
    expect((await write('B2:C4', values)).data).toMatchObject({
      updatedRange: `${id}!B2:C4`,
      updatedRows: 3,
      updatedColumns: 2,
      updatedCells: 6,
    });
    expect(await read('A1:C3')).toEqual([
      [null, null, null],
      [null, '名称', '数量'],
      [null, '螺丝', 3],
    ]);
    expect(await read('C:C')).toEqual([[null], ['数量'], [3], [null]]);
    const many = await lin('GET', `${v2}/values_batch_get?ranges=${id}!B2:B2,${id}!C3:C3`);
    expect(many.data.valueRanges.map((one: { values: unknown }) => one.values)).toEqual([[['名称']], [[3]]]);
  });

  test('rows are appended below what is there', async () => {
    const { id, read, write, v2 } = await newSheet();
    await write('A1:B2', [
      ['a', 1],
      ['b', 2],
    ]);
    const body = {
      valueRange: {
        range: `${id}!A:B`,
        values: [
          ['c', 3],
          ['d', 4],
        ],
      },
    };
    const { data } = await lin('POST', `${v2}/values_append`, body);
    expect(data.updates.updatedRange).toBe(`${id}!A3:B4`);
    expect(await read('A1:B4')).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ]);
  });

  test('many ranges are written together or not at all', async () => {
    const { id, read, v2 } = await newSheet();
    const bad = [
      { range: `${id}!A1:A1`, values: [['x']] },
      { range: `${id}!B1:B1`, values: [['too', 'wide']] },
    ];
    expect((await lin('POST', `${v2}/values_batch_update`, { valueRanges: bad })).code).toBe(90202);
    const good = [
      { range: `${id}!A1:A1`, values: [['x']] },
      { range: `${id}!B1:B1`, values: [['y']] },
    ];
    expect((await lin('POST', `${v2}/values_batch_update`, { valueRanges: good })).data.responses).toHaveLength(2);
    expect(await read('A1:B1')).toEqual([['x', 'y']]);
  });

  test('cells are found by their text', async () => {
    const [{ docs_token: token }] = (await lin('POST', '/suite/docs-api/search/object', { search_key: '预算表' })).data
      .docs_entities;
    const sheets = (await lin('GET', `/sheets/v3/spreadsheets/${token}/sheets/query`)).data.sheets;
    expect(sheets.map((one: { title: string }) => one.title)).toEqual(['预算', '备注']);
    const path = `/sheets/v3/spreadsheets/${token}/sheets/${sheets[0].sheet_id}`;
    expect((await lin('GET', path)).data.sheet.grid_properties).toMatchObject({ row_count: 200, column_count: 20 });
    const body = { find: '张伟明', find_condition: { range: `${sheets[0].sheet_id}!A1:D10` } };
    expect((await lin('POST', `${path}/find`, body)).data.find_result).toEqual({
      matched_cells: ['D2', 'D4'],
      matched_formula_cells: [],
      rows_count: 2,
    });
  });

  test.each([
    [1310201, 'GET', '/sheets/v3/spreadsheets/shtcnunknown', undefined],
    [1310215, 'GET', '/sheets/v3/spreadsheets/{token}/sheets/unknown', undefined],
    [90215, 'GET', '/sheets/v2/spreadsheets/{token}/values/unknown!A1:B2', undefined],
    [90202, 'GET', '/sheets/v2/spreadsheets/{token}/values/{id}!B2:A1', undefined],
    [90202, 'GET', '/sheets/v2/spreadsheets/{token}/values/{id}!1A', undefined],
    [99992402, 'PUT', '/sheets/v2/spreadsheets/{token}/values', { valueRange: {} }],
  ])('%i: %s %s', async (code, method, path, body) => {
    const { token, id } = await newSheet();
    expect((await lin(method, path.replace('{token}', token).replace('{id}', id), body)).code).toBe(code);
  });
});
