import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitMarkdown } from '../../../../src-main/providers/dingtalk/split-markdown.ts';

describe('long Markdown', () => {
  test('is cut at blank lines, so that the parts make the whole again', () => {
    const text = Array.from({ length: 500 }, (_, index) => `段 ${index}`).join('\n\n');
    const parts = splitMarkdown(text, 1000);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.join('\n\n')).toBe(text);
  });

  test('that is cut inside code stays code on both sides', () => {
    const code = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const parts = splitMarkdown(['```ts', ...code, '```'].join('\n'), 300);
    for (const part of parts) {
      expect(part.startsWith('```ts\n')).toBe(true);
      expect(part.endsWith('\n```')).toBe(true);
    }
    expect(parts.flatMap((part) => part.split('\n').slice(1, -1))).toEqual(code);
  });

  test('never exceeds the limit, loses nothing but line breaks and marks, and never cuts a character', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 60, unit: 'grapheme' }),
      fc.constantFrom('\n', '\n\n', '```\n', '~~~\n', '# ', '😀😀😀'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 20, max: 200 }), (pieces, most) => {
        const text = pieces.join('').toWellFormed();
        const parts = splitMarkdown(text, most);
        expect(parts.every((part) => part.length <= most && part.isWellFormed())).toBe(true);
        const plain = (some: string) => some.replaceAll(/[\s`~]/g, '');
        if (!/[`~]/.test(text)) expect(plain(parts.join(''))).toBe(plain(text));
      }),
    );
  });
});
