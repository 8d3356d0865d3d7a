import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBody, readMessages } from '../../../src-main/gateway/messages.ts';
import { Fault } from '../../../src-main/base/fault.ts';

const limits = { batch: 3 };
const body = (text: string) => Buffer.from(text);
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return Fault.from(error).code;
  }
  return 'none';
}

describe('parseBody', () => {
  test('broken JSON is named as such, and the answer does not repeat it', () => {
    for (const text of ['', '{', '{"a":canary}', '"\uD800', '[1,]', 'NaN']) {
      expect(codeOf(() => parseBody(body(text)))).toBe('malformed_json');
    }
    expect(() => parseBody(body('{"token":canary-1234}'))).not.toThrow(/canary/);
  });

  test('nesting and width beyond any honest request are refused before anything is built', () => {
    expect(codeOf(() => parseBody(body('['.repeat(50_000) + ']'.repeat(50_000))))).toBe('invalid_request');
    expect(codeOf(() => parseBody(body(`[${'1,'.repeat(300_000)}1]`)))).toBe('invalid_request');
    expect(parseBody(body(JSON.stringify({ text: '[{'.repeat(1000) })))).toEqual({ text: '[{'.repeat(1000) });
  });

  test('keys that could change an object’s nature are dropped at every depth', () => {
    const parsed = parseBody(body('{"a":{"__proto__":{"x":1},"constructor":2,"b":3}}'));
    expect(JSON.stringify(parsed)).toBe('{"a":{"b":3}}');
  });

  test('every other JSON value comes through unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype/.test(text));
        expect(parseBody(body(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('readMessages', () => {
  test('what is JSON but no message is refused', () => {
    for (const value of [
      1,
      'x',
      null,
      { a: 1 },
      { jsonrpc: '1.0', id: 1, method: 'x' },
      { jsonrpc: '2.0', id: null, method: 'x' },
    ]) {
      expect(codeOf(() => readMessages(value, limits, true))).toBe('invalid_request');
    }
  });

  test('batches pass only where the protocol version has them, and only up to the limit', () => {
    expect(readMessages([ping, { ...ping, id: 2 }], limits, true)).toHaveLength(2);
    expect(codeOf(() => readMessages([ping], limits, false))).toBe('invalid_request');
    expect(codeOf(() => readMessages([], limits, true))).toBe('invalid_request');
    expect(codeOf(() => readMessages([ping, ping, ping, ping], limits, true))).toBe('invalid_request');
  });
});
