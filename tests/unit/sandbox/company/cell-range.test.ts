import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CellRange,
  parseRange,
  rangeText,
  readRange,
  writeRange,
} from '../../../../src-main/sandbox/company/cell-range.ts';
import type { Sheet } from '../../../../src-main/sandbox/company/world.ts';

const empty: Sheet = { id: 'a1b2c3', spreadsheet: 'sht', title: '', index: 0, rows: 1000, columns: 1000, values: [] };
const corner = fc.integer({ min: 0, max: 900 });
const size = fc.integer({ min: 1, max: 30 });
const ranges = fc.tuple(corner, corner, size, size).map(([top, left, height, width]): CellRange => ({
  sheetId: empty.id,
  top,
  bottom: top + height,
  left,
  right: left + width,
}));

test('a range that was written out is read back as the same range', () => {
  fc.assert(
    fc.property(ranges, (range) => {
      expect(parseRange(rangeText(range), () => empty).range).toEqual(range);
    }),
  );
});

test('cells that were written are read back, and their neighbors stay', () => {
  fc.assert(
    fc.property(ranges, (range) => {
      const values = Array.from({ length: range.bottom - range.top }, (_, row) =>
        Array.from({ length: range.right - range.left }, (__, column) => `${row}/${column}`),
      );
      const written = writeRange(empty, range, values);
      expect(readRange(written, range)).toEqual(values);
      const below = { ...range, top: range.bottom, bottom: range.bottom + 1 };
      expect(
        readRange(written, below)
          .flat()
          .every((cell) => cell === null),
      ).toBe(true);
      expect(empty.values).toEqual([]);
    }),
  );
});
