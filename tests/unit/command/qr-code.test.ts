import { encode } from 'uqr';
import { describe, expect, test } from 'vitest';
import { qrCode } from '../../../src-main/command/qr-code.ts';

const modules: Record<string, [boolean, boolean]> = {
  '█': [true, true],
  '▀': [true, false],
  '▄': [false, true],
  ' ': [false, false],
};

describe('a QR code in a terminal', () => {
  test('holds every module of the link, two rows to a line, dark on light whatever the terminal looks like', () => {
    const link = 'https://accounts.feishu.cn/oauth/v1/device/verify?user_code=ABCD-EFGH';
    const lines = qrCode(link).split('\n');
    const { data } = encode(link, { ecc: 'M', border: 2 });
    const rows = lines.flatMap((line) => {
      expect(line.startsWith('\u001B[38;5;16;48;5;231m') && line.endsWith('\u001B[0m')).toBe(true);
      const pairs = line
        .slice('\u001B[38;5;16;48;5;231m'.length, -'\u001B[0m'.length)
        .split('')
        .map((mark) => modules[mark]);
      return [pairs.map((pair) => pair?.[0]), pairs.map((pair) => pair?.[1])];
    });
    expect(rows.slice(0, data.length)).toEqual(data);
    expect(
      rows
        .slice(data.length)
        .flat()
        .every((dark) => dark === false),
    ).toBe(true);
  });

  test('is left out for a link that no code holds', () => {
    const link = 'https://accounts.feishu.cn/?q=';
    expect(qrCode(link + 'x'.repeat(1900))).not.toBe('');
    expect(qrCode(link + 'x'.repeat(5000))).toBe('');
  });
});
