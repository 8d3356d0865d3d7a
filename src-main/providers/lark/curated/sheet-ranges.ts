import { z } from 'zod';
import { at, type Desk } from './desk.ts';
import { text, wrong } from './fields.ts';
import { resolveThing } from './links.ts';

const sheet = z.object({
  sheet_id: z.string(),
  title: text,
  grid_properties: z
    .object({ row_count: z.int().catch(0), column_count: z.int().catch(0) })
    .catch({ row_count: 0, column_count: 0 }),
});
type Sheet = z.output<typeof sheet>;
const sheetsAnswer = z.object({ sheets: z.array(sheet).min(1) });

/** A rectangle of cells, counted from 0; its ends are exclusive, and open when undefined. */
export interface Cells {
  top: number;
  left: number;
  bottom: number | undefined;
  right: number | undefined;
}

export interface Place {
  token: string;
  sheet: Sheet;
  sheets: Sheet[];
  cells: Cells;
}

/** The cells that a link or token, a sheet and a range mean together. */
export async function placeOf(
  desk: Desk,
  given: { spreadsheet_token: string; sheet_id?: string | undefined; range?: string | undefined },
): Promise<Place> {
  const thing = await resolveThing(desk, given.spreadsheet_token, { kind: 'sheet', field: 'spreadsheet_token' });
  const path = at`/sheets/v3/spreadsheets/${thing.token}/sheets/query`;
  const { sheets } = await desk.read({ path, answer: sheetsAnswer });
  const [inRange, range] = splitRange(given.range ?? '');
  const wanted = inRange ?? given.sheet_id ?? thing.part;
  const found =
    wanted === undefined ? sheets[0] : sheets.find((one) => one.sheet_id === wanted || one.title === wanted);
  if (!found) throw noSheet(sheets);
  return { token: thing.token, sheet: found, sheets, cells: parseCells(range) };
}

function splitRange(given: string): [sheet: string | undefined, range: string] {
  const mark = given.lastIndexOf('!');
  if (mark === -1) return [undefined, given];
  return [given.slice(0, mark).replaceAll(/^'|'$/g, ''), given.slice(mark + 1)];
}

function noSheet(sheets: readonly Sheet[]) {
  const list = sheets.map(({ sheet_id, title }) => `${title} (${sheet_id})`).join(', ');
  return wrong('sheet_id', `没有这个工作表。工作表有：${list}`, `There is no such sheet. Sheets: ${list}`);
}

/** Reads "A1:C3", "B2", "A:C", "2:5" or nothing, which is the whole sheet. */
function parseCells(range: string): Cells {
  const [from = '', to = from, ...more] = range.replaceAll('$', '').trim().split(':');
  const [first, last] = [parseCell(from), parseCell(to)];
  if (!first || !last || more.length > 0) throw badRange();
  const cells = { top: first.row ?? 0, left: first.column ?? 0, bottom: after(last.row), right: after(last.column) };
  if ((cells.bottom ?? Infinity) <= cells.top || (cells.right ?? Infinity) <= cells.left) throw badRange();
  return cells;
}

function after(last: number | undefined): number | undefined {
  return last === undefined ? undefined : last + 1;
}

function parseCell(given: string): { column?: number; row?: number } | undefined {
  const [found, letters = '', digits = ''] = /^([A-Za-z]{0,3})(\d{0,7})$/.exec(given) ?? [];
  if (found === undefined || digits === '0') return undefined;
  return { ...(letters && { column: columnOf(letters) }), ...(digits && { row: Number(digits) - 1 }) };
}

function badRange() {
  return wrong('range', 'range 须形如 A1:C10。', 'range must look like A1:C10.');
}

function columnOf(letters: string): number {
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function columnName(column: number): string {
  const first = column < 26 ? '' : columnName(Math.floor(column / 26) - 1);
  return first + String.fromCharCode(65 + (column % 26));
}

/** "A1:C3". */
export function cellsText({ top, left, bottom, right }: { [Edge in keyof Cells]: number }): string {
  return `${columnName(left)}${top + 1}:${columnName(right - 1)}${bottom}`;
}
