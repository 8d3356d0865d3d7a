import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trayFaces } from '../../../src-main/shell/tray-face.ts';
import { trayIconPath } from '../../../src-main/shell/tray-icon.ts';

const looks = [
  { platform: 'darwin', darkBar: false, size: 18 },
  { platform: 'win32', darkBar: false, size: 16 },
  { platform: 'win32', darkBar: true, size: 16 },
  { platform: 'linux', darkBar: false, size: 24 },
] as const;

/** Width and height, from the header of a PNG. */
function sizeOf(picture: Buffer): [number, number] {
  expect(picture.toString('latin1', 1, 4)).toBe('PNG');
  return [picture.readUInt32BE(16), picture.readUInt32BE(20)];
}

test('every face has a picture of its own on every system, and a sharper one beside it', () => {
  const pictures = looks.flatMap(({ size, ...look }) =>
    trayFaces.flatMap((face) => {
      const path = trayIconPath('resources/icons', face, look);
      const [plain, sharp] = [readFileSync(path), readFileSync(path.replace('.png', '@2x.png'))];
      expect([sizeOf(plain), sizeOf(sharp)]).toEqual([
        [size, size],
        [size * 2, size * 2],
      ]);
      return [plain, sharp];
    }),
  );
  expect(new Set(pictures.map((picture) => picture.toString('base64'))).size).toBe(pictures.length);
});

test('the picture of the app is large enough for every installer', () => {
  expect(sizeOf(readFileSync('resources/icons/icon.png'))).toEqual([1024, 1024]);
});
