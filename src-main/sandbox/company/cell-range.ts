import { Refusal } from '../wire/envelope.ts';
import type { Sheet } from './world.ts';

/** A rectangle of cells; rows and columns count from 0, ends are exclusive. */
export interface CellRange {
  sheetId: string;
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** Reads `<sheet>!A1:C3`, `<sheet>!A:C`, `<sheet>!B2` or a sheet alone; open ends reach the end of the sheet. */
export function parseRange(
  text: string,
  find: (sheetId: string) => Sheet | undefined,
): { sheet: Sheet; range: CellRange } {
  const [sheetId = '', cells = ''] = text.split('!', 2);
  const sheet = find(sheetId);
  if (!sheet) throw new Refusal(90_215, 'sheetId not found');
  const [from = '', to = from] = cells.split(':', 2);
  const { row: top = 0, column: left = 0 } = parseCell(from, text);
  const { row: lastRow = sheet.rows - 1, column: lastColumn = sheet.columns - 1 } = parseCell(to, text);
  if (lastRow < top || lastColumn < left) throw wrongRange(text);
  return { sheet, range: { sheetId, top, bottom: lastRow + 1, left, right: lastColumn + 1 } };
}

/** `B2`, a column `B`, a row `2` or nothing. */
function parseCell(text: string, range: string): { row?: number; column?: number } {
  const [found, letters = '', digits = ''] = /^([A-Z]{0,3})(\d{0,7})$/i.exec(text) ?? [];
  if (found === undefined) throw wrongRange(range);
  return { ...(digits && { row: Number(digits) - 1 }), ...(letters && { column: columnNumber(letters) }) };
}

function wrongRange(text: string): Refusal {
  return new Refusal(90_202, `wrong range: ${text}`);
}

export function rangeText({ sheetId, top, bottom, left, right }: CellRange): string {
  return `${sheetId}!${columnName(left)}${top + 1}:${columnName(right - 1)}${bottom}`;
}

export function readRange(sheet: Sheet, range: CellRange): unknown[][] {
  const bottom = Math.min(range.bottom, Math.max(sheet.values.length, range.top + 1));
  return Array.from({ length: bottom - range.top }, (_, row) =>
    Array.from(
      { length: range.right - range.left },
      (__, column) => sheet.values[range.top + row]?.[range.left + column] ?? null,
    ),
  );
}

/** The sheet with `values` written from the range's corner; it grows where they reach beyond it. */
export function writeRange(sheet: Sheet, range: CellRange, values: unknown[][]): Sheet {
  const width = Math.max(...values.map((row) => row.length), 0);
  if (values.length > range.bottom - range.top || width > range.right - range.left)
    throw new Refusal(90_202, 'the values do not fit the range');
  const rows = sheet.values.map((row) => [...row]);
  values.forEach((cells, at) => {
    const row = range.top + at;
    while (rows.length <= row) rows.push([]);
    const target = rows[row] ?? [];
    cells.forEach((cell, column) => {
      target[range.left + column] = cell;
    });
  });
  return {
    ...sheet,
    rows: Math.max(sheet.rows, range.top + values.length),
    columns: Math.max(sheet.columns, range.left + width),
    values: rows,
  };
}

/** Row after the last one that holds anything in the range's columns. */
export function firstFreeRow(sheet: Sheet, range: CellRange): number {
  const used = sheet.values.findLastIndex((row) =>
    row.slice(range.left, range.right).some((cell) => cell !== null && cell !== undefined && cell !== ''),
  );
  return Math.max(used + 1, range.top);
}

function columnNumber(name: string): number {
  return Array.from(name.toUpperCase()).reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function columnName(number: number): string {
  return number < 26
    ? String.fromCharCode(65 + number)
    : columnName(Math.floor(number / 26) - 1) + columnName(number % 26);
}
