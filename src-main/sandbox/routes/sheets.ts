import { z } from 'zod';
import { type CellRange, firstFreeRow, parseRange, rangeText, readRange, writeRange } from '../company/cell-range.ts';
import { type FileCodes, findFile, ownerIdOf, ownerOf, touch, urlOf } from '../company/drive-files.ts';
import { createSpreadsheet } from '../company/spreadsheets.ts';
import type { DriveFile, Sheet, World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenCall, type OpenRoute, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const codes: FileCodes = { missing: 1_310_201, forbidden: 1_310_213 };

const createBody = z.object({ title: z.string().max(255).default(''), folder_token: z.string().optional() });
const renameBody = z.object({ title: z.string().max(255) });
const values = z.array(z.array(z.unknown()));
const writeBody = z.object({ valueRange: z.object({ range: required, values }) });
const writeManyBody = z.object({ valueRanges: z.array(z.object({ range: required, values })).min(1) });
const findCondition = z.object({
  range: required,
  match_case: z.boolean().default(false),
  match_entire_cell: z.boolean().default(false),
});
const findBody = z.object({ find_condition: findCondition, find: required });
const manyQuery = z.object({ ranges: required });

export function sheetRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/sheets/v3/spreadsheets', scopes.sheetCreate, (call) => {
      const body = call.body(createBody);
      const file = createSpreadsheet(world, { name: body.title, parent: body.folder_token, ...ownerOf(call) });
      return ok({
        spreadsheet: {
          title: file.name,
          folder_token: file.parent,
          url: urlOf('sheet', file.token),
          spreadsheet_token: file.token,
        },
      });
    }),
    route('GET', '/sheets/v3/spreadsheets/:spreadsheet_token', scopes.sheetMeta, (call) => {
      const file = findSpreadsheet(world, call);
      return ok({
        spreadsheet: {
          title: file.name,
          owner_id: ownerIdOf(file, call),
          token: file.token,
          url: urlOf('sheet', file.token),
        },
      });
    }),
    route('PATCH', '/sheets/v3/spreadsheets/:spreadsheet_token', scopes.sheetWrite, (call) => {
      const file = findSpreadsheet(world, call);
      world.files.put(file.token, { ...file, name: call.body(renameBody).title, editedAt: world.now() });
      return ok();
    }),
    route('GET', '/sheets/v3/spreadsheets/:spreadsheet_token/sheets/query', scopes.sheetMeta, (call) =>
      ok({ sheets: world.sheets.list(findSpreadsheet(world, call).token).map((sheet) => sheetView(sheet)) }),
    ),
    route('GET', '/sheets/v3/spreadsheets/:spreadsheet_token/sheets/:sheet_id', scopes.sheetMeta, (call) =>
      ok({ sheet: sheetView(findSheet(world, call)) }),
    ),
    route('POST', '/sheets/v3/spreadsheets/:spreadsheet_token/sheets/:sheet_id/find', scopes.sheetRead, (call) => {
      const body = call.body(findBody);
      const sheet = findSheet(world, call);
      const { range } = parseRange(
        body.find_condition.range.includes('!') ? body.find_condition.range : sheet.id,
        () => sheet,
      );
      const matched_cells = matchingCells(sheet, range, body);
      const rows_count = new Set(matched_cells.map((cell) => cell.replace(/\D/g, ''))).size;
      return ok({ find_result: { matched_cells, matched_formula_cells: [], rows_count } });
    }),
    ...valueRoutes(world),
  ];
}

function valueRoutes(world: World): OpenRoute[] {
  const path = '/sheets/v2/spreadsheets/:spreadsheet_token';
  const read = (call: OpenCall, text: string) => {
    const { sheet, range } = parseRange(text, sheetFinder(world, call));
    const cells = readRange(sheet, range);
    return {
      majorDimension: 'ROWS',
      range: rangeText({ ...range, bottom: range.top + cells.length }),
      revision: 1,
      values: cells,
    };
  };
  const write = (call: OpenCall, text: string, cells: unknown[][]) => {
    const { sheet, range } = parseRange(text, sheetFinder(world, call));
    world.sheets.put(sheet.id, writeRange(sheet, range, cells));
    touch(world, sheet.spreadsheet);
    return updateView(sheet.spreadsheet, range, cells);
  };
  return [
    route('GET', `${path}/values/:range`, scopes.sheetRead, (call) =>
      ok({
        revision: 1,
        spreadsheetToken: call.param('spreadsheet_token'),
        valueRange: read(call, call.param('range')),
      }),
    ),
    route('GET', `${path}/values_batch_get`, scopes.sheetRead, (call) => {
      const valueRanges = call
        .query(manyQuery)
        .ranges.split(',')
        .map((text) => read(call, text));
      return ok({
        revision: 1,
        spreadsheetToken: call.param('spreadsheet_token'),
        valueRanges,
        totalCells: valueRanges.flatMap((one) => one.values.flat()).length,
      });
    }),
    route('PUT', `${path}/values`, scopes.sheetWrite, (call) => {
      const { valueRange } = call.body(writeBody);
      return ok(write(call, valueRange.range, valueRange.values));
    }),
    route('POST', `${path}/values_batch_update`, scopes.sheetWrite, (call) => {
      const { valueRanges } = call.body(writeManyBody);
      const responses = world.store.atomically(() => valueRanges.map((one) => write(call, one.range, one.values)));
      return ok({ revision: 1, spreadsheetToken: call.param('spreadsheet_token'), responses });
    }),
    route('POST', `${path}/values_append`, scopes.sheetWrite, (call) => {
      const { valueRange } = call.body(writeBody);
      const { sheet, range } = parseRange(valueRange.range, sheetFinder(world, call));
      const top = firstFreeRow(sheet, range);
      const target = { ...range, top, bottom: top + valueRange.values.length };
      world.sheets.put(sheet.id, writeRange(sheet, target, valueRange.values));
      touch(world, sheet.spreadsheet);
      const updates = updateView(sheet.spreadsheet, target, valueRange.values);
      return ok({ spreadsheetToken: sheet.spreadsheet, tableRange: rangeText(target), revision: 1, updates });
    }),
  ];
}

function findSpreadsheet(world: World, call: OpenCall): DriveFile {
  return findFile(world, call, call.param('spreadsheet_token'), codes);
}

function sheetFinder(world: World, call: OpenCall): (sheetId: string) => Sheet | undefined {
  const { token } = findSpreadsheet(world, call);
  return (sheetId) => world.sheets.list(token).find((sheet) => sheet.id === sheetId);
}

function findSheet(world: World, call: OpenCall): Sheet {
  const sheet = sheetFinder(world, call)(call.param('sheet_id'));
  if (!sheet) throw new Refusal(1_310_215, 'SheetId not found');
  return sheet;
}

function matchingCells(
  sheet: Sheet,
  range: CellRange,
  { find, find_condition: how }: z.infer<typeof findBody>,
): string[] {
  const plain = (text: string) => (how.match_case ? text : text.toLowerCase());
  const hits = (cell: unknown) => {
    const text = typeof cell === 'string' || typeof cell === 'number' ? plain(String(cell)) : '';
    return how.match_entire_cell ? text === plain(find) : text.includes(plain(find));
  };
  const cellAt = (top: number, left: number) =>
    rangeText({ ...range, top, bottom: top + 1, left, right: left + 1 })
      .split('!')[1]
      ?.split(':')[0] ?? '';
  return readRange(sheet, range).flatMap((row, y) =>
    row.flatMap((cell, x) => (hits(cell) ? [cellAt(range.top + y, range.left + x)] : [])),
  );
}

function sheetView(sheet: Sheet) {
  return {
    sheet_id: sheet.id,
    title: sheet.title,
    index: sheet.index,
    hidden: false,
    grid_properties: {
      frozen_row_count: 0,
      frozen_column_count: 0,
      row_count: sheet.rows,
      column_count: sheet.columns,
    },
    resource_type: 'sheet',
  };
}

function updateView(token: string, range: CellRange, cells: unknown[][]) {
  const columns = Math.max(...cells.map((row) => row.length), 0);
  return {
    spreadsheetToken: token,
    updatedRange: rangeText({ ...range, bottom: range.top + cells.length, right: range.left + columns }),
    updatedRows: cells.length,
    updatedColumns: columns,
    updatedCells: cells.length * columns,
    revision: 1,
  };
}
