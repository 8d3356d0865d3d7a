import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { ControlError } from '../../../src-renderer/control-client.ts';
import { qrShape } from '../../../src-renderer/qr-shape.ts';
import { groupScopes } from '../../../src-renderer/scope-groups.ts';

describe('permissions', () => {
  const scopes = ['im:message:readonly', 'offline_access', 'docx:document', 'im:chat'];

  it('are grouped by the part of Feishu that they are about', () => {
    expect(groupScopes(scopes)).toEqual([
      { name: 'docx', scopes: ['docx:document'] },
      { name: 'im', scopes: ['im:chat', 'im:message:readonly'] },
      { name: 'offline_access', scopes: ['offline_access'] },
    ]);
  });

  it('are found by any part of their name, whatever its case', () => {
    expect(groupScopes(scopes, ' MESSAGE ')).toEqual([{ name: 'im', scopes: ['im:message:readonly'] }]);
    expect(groupScopes(scopes, 'nothing')).toEqual([]);
  });
});

describe('the QR code of a link', () => {
  it.each(['https://accounts.feishu.cn/x', `https://open.feishu.cn/page/cli?addons=${'a1'.repeat(900)}`])(
    'has every dark module, no other, and a quiet zone that cameras need',
    (link) => {
      const shape = qrShape(link);
      const painted = paint(shape?.d ?? '', shape?.size ?? 0);
      expect(painted).toEqual(encode(link, { ecc: 'L', border: 4 }).data);
      const edge = painted.filter((row, y) => row.some((dark, x) => dark && Math.min(x, y) < 4));
      expect(edge).toEqual([]);
      expect(painted.flat()).toContain(true);
    },
  );

  it('is left out when the link is longer than a code can be', () => {
    expect(qrShape('a'.repeat(5000))).toBeUndefined();
  });
});

/** Reads the path back, as a browser draws it. */
function paint(d: string, size: number): boolean[][] {
  const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x = '', y = '', width = ''] of d.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    grid[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  return grid;
}

describe('a refusal of the gateway', () => {
  const words = { zh: '不对', en: 'Wrong' };

  it('is shown at the field that it names', () => {
    expect(new ControlError('invalid_request', words, { fields: ['appId'] }).isAbout('appId')).toBe(true);
    expect(new ControlError('invalid_request', words, { field: 'token' }).isAbout('token')).toBe(true);
    expect(new ControlError('invalid_request', words, { fields: ['appId'] }).isAbout('appSecret')).toBe(false);
    expect(new ControlError('login_failed', words).isAbout('appId')).toBe(false);
  });
});
