import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText } from '../../../../src-main/providers/lark/cut-text.ts';
import { messageContent } from '../../../../src-main/providers/lark/message-content.ts';

describe('a result that is too long', () => {
  test('is cut between two characters and says so', () => {
    const cut = cutText('你好😀'.repeat(100), 200);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(200);
    expect(cut).toMatch(
      /^(你好😀)+(你|你好)?\n…\[cut by LarkGate: 1000 bytes in all, 200 allowed; ask for less, or page\]$/u,
    );
  });

  test('is never longer than allowed nor broken, and a short one stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.integer({ min: 150, max: 600 }),
        (text, maxBytes) => {
          const cut = cutText(text, maxBytes);
          expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(maxBytes);
          expect(cut).not.toContain('\uFFFD');
          if (Buffer.byteLength(text) <= maxBytes) expect(cut).toBe(text);
        },
      ),
    );
  });
});

describe('the content of a message', () => {
  test.each([
    ['text', 'hello', { text: 'hello' }],
    ['text', '7', { text: '7' }],
    ['text', { text: 'hello' }, { text: 'hello' }],
    ['text', '{"text":"hello"}', { text: 'hello' }],
    ['post', { post: { zh_cn: { title: 't' } } }, { zh_cn: { title: 't' } }],
    ['post', { zh_cn: { title: 't' } }, { zh_cn: { title: 't' } }],
    ['image', { image_key: 'img_1' }, { image_key: 'img_1' }],
    ['share_chat', { share_chat_id: 'oc_1' }, { chat_id: 'oc_1' }],
    ['interactive', { elements: [] }, { elements: [] }],
  ])('of type %s from %j', (type, given, expected) => {
    expect(JSON.parse(messageContent(type, given))).toEqual(expected);
  });

  test.each([
    ['image', 'img_1'],
    ['text', undefined],
    ['text', null],
    ['post', 'null'],
    ['text', 7],
  ])('of type %s cannot be %j', (type, given) => {
    expect(() => messageContent(type, given)).toThrow('missing or not a JSON object');
  });
});
