import { z } from 'zod';
import { curated } from './curated-tool.ts';
import { at } from './desk.ts';
import { told, wrong } from './fields.ts';
import { cellsText, placeOf } from './sheet-ranges.ts';

const place = {
  spreadsheet_token: z.string().max(1000).meta({ zh: '链接或 token', en: 'Link or token' }),
  sheet_id: z.string().optional().meta({ zh: '工作表 id 或名称，默认第一个', en: 'Id or title; the first by default' }),
};
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const mostCells = 5000;

const piece = z.looseObject({ text: z.string() });
const rawCell = z.unknown().transform((value): z.output<typeof cell> => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === null || value === undefined) return null;
  // Rich text, mentions and links come in pieces.
  const pieces = z.union([z.array(piece), piece.transform((one) => [one])]).safeParse(value);
  return pieces.success ? pieces.data.map(({ text }) => text).join('') : JSON.stringify(value);
});
const readAnswer = z.object({ valueRange: z.object({ values: z.array(z.array(rawCell)).nullish() }) });

export const sheetsRead = curated({
  risk: 'read',
  title: { zh: '读表格', en: 'Read a spreadsheet' },
  description: {
    zh: `读单元格；不给 range 读整张表。一次最多 ${mostCells} 格，用 next_range 接着读。`,
    en: `Reads cells, the whole sheet without range. At most ${mostCells} at a time: go on with next_range.`,
  },
  input: z.object({
    ...place,
    range: z.string().max(100).optional().meta({ zh: '如 A1:C10', en: 'Such as A1:C10' }),
    value_render_option: z
      .enum(['ToString', 'FormattedValue', 'Formula', 'UnformattedValue'])
      .default('FormattedValue'),
  }),
  output: z.object({
    sheet: z.string(),
    range: z.string(),
    values: z.array(z.array(cell)),
    next_range: z.string().optional(),
    sheets: z.array(z.string()).optional(),
  }),
  run: async (desk, { value_render_option, ...given }) => {
    const { token, sheet, sheets, cells } = await placeOf(desk, given);
    const { row_count, column_count } = sheet.grid_properties;
    const right = Math.max(Math.min(cells.right ?? column_count, column_count), cells.left + 1);
    const bottom = Math.max(Math.min(cells.bottom ?? row_count, row_count), cells.top + 1);
    const rows = Math.max(1, Math.floor(mostCells / (right - cells.left)));
    const part = { top: cells.top, left: cells.left, right, bottom: Math.min(bottom, cells.top + rows) };
    const range = cellsText(part);
    const { valueRange } = await desk.read({
      path: at`/sheets/v2/spreadsheets/${token}/values/${`${sheet.sheet_id}!${range}`}`,
      query: { valueRenderOption: value_render_option, dateTimeRenderOption: 'FormattedString' },
      answer: readAnswer,
    });
    const next = part.bottom < bottom ? cellsText({ ...part, top: part.bottom, bottom }) : undefined;
    return {
      sheet: sheet.title,
      range,
      values: withoutEmptyRows(valueRange.values ?? []),
      ...told({ next_range: next, sheets: sheets.length > 1 ? sheets.map(({ title }) => title) : undefined }),
    };
  },
});

/** A sheet ends in empty rows, and a row in empty cells. */
function withoutEmptyRows(values: z.output<typeof cell>[][]): z.output<typeof cell>[][] {
  const filled = (one: z.output<typeof cell>) => one !== null && one !== '';
  const rows = values.map((row) => row.slice(0, row.findLastIndex((one) => filled(one)) + 1));
  return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
}

const writeAnswer = z.object({ updatedRange: z.string().catch(''), updatedCells: z.int().catch(0) });

export const sheetsWrite = curated({
  risk: 'write',
  idempotent: true,
  title: { zh: '写表格', en: 'Write to a spreadsheet' },
  description: {
    zh: '从 range 的左上角起写入单元格，原值被覆盖；公式写成 "=SUM(A1:A3)"。',
    en: 'Writes cells from the corner of range on, over what is there. A formula is "=SUM(A1:A3)".',
  },
  input: z.object({
    ...place,
    range: z.string().max(100).meta({ zh: '左上角（A2）或整个范围', en: 'Its corner (A2) or the whole' }),
    values: z.array(z.array(cell).min(1).max(100)).min(1).max(5000).meta({ zh: '行的数组', en: 'Rows' }),
  }),
  output: z.object({ range: z.string(), cells: z.int() }),
  run: async (desk, { values, ...given }) => {
    const { token, sheet, cells } = await placeOf(desk, given);
    const width = Math.max(...values.map((row) => row.length));
    const { top, left, bottom = top + values.length, right = left + width } = cells;
    const corner = bottom === top + 1 && right === left + 1;
    if (!corner && (bottom - top < values.length || right - left < width))
      throw wrong('values', 'values 比 range 大。', 'values are larger than range.');
    const range = `${sheet.sheet_id}!${cellsText({ top, left, bottom: top + values.length, right: left + width })}`;
    const rows = values.map((row) =>
      [...row, ...Array.from({ length: width - row.length }, () => null)].map((one) => toCell(one)),
    );
    const done = await desk.write(
      {
        method: 'PUT',
        path: at`/sheets/v2/spreadsheets/${token}/values`,
        body: { valueRange: { range, values: rows } },
        answer: writeAnswer,
      },
      'once',
    );
    return { range: done.updatedRange || range, cells: done.updatedCells };
  },
});

/** A formula has a form of its own. */
function toCell(value: z.output<typeof cell>): unknown {
  return typeof value === 'string' && /^=./.test(value) ? { type: 'formula', text: value } : value;
}
