import { describe, expect, test } from 'vitest';
import { Fault } from '../../../../src-main/base/fault.ts';
import { inputCheck } from '../../../../src-main/providers/lark/check-input.ts';

const check: ReturnType<typeof inputCheck> = inputCheck({
  type: 'object',
  properties: {
    params: { type: 'object', properties: { kind: { type: 'string', enum: ['chat', 'user'] } }, required: ['kind'] },
    data: {
      type: 'object',
      properties: {
        members: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
      },
    },
  },
  required: ['params'],
});
const fine = { params: { kind: 'chat' } };

function faultOf(input: unknown): Fault {
  try {
    check(input);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
  }
  throw new Error('no fault was thrown');
}

test('arguments that fit pass, also with the identity switch of the official server and empty places', () => {
  for (const extra of [{}, { useUAT: true }, { path: {} }, { data: { members: [{ id: 'ou_1', more: 1 }] } }]) {
    expect(() => check({ ...fine, ...extra })).not.toThrow();
  }
});

test('every problem is listed at once, in both languages, with its field', () => {
  const fault = faultOf({ params: { kind: 'group' }, data: { members: [{ id: 'ou_1' }, { id: 7 }, {}] } });
  expect(fault.code).toBe('invalid_arguments');
  expect(fault.details?.problems).toEqual([
    { field: 'params.kind', expected: 'must be one of ["chat","user"]' },
    { field: 'data.members[1].id', expected: 'must be string' },
    { field: 'data.members[2].id', expected: 'required' },
  ]);
  expect(fault.words.zh).toContain('data.members[2].id 必填');
  expect(fault.words.en).toContain('data.members[2].id required');
});

test('a field in the wrong place is told where it belongs', () => {
  expect(faultOf({ ...fine, kind: 'chat' }).details?.problems).toEqual([
    { field: 'kind', expected: 'no such field; there is params, data' },
  ]);
});

test.each([undefined, null, 'text', 7, [fine]])('%j is not arguments', (input) => {
  expect(faultOf(input).code).toBe('invalid_arguments');
});

test('values never come back in a fault', () => {
  const fault = faultOf({ params: { kind: 'canary-1' }, data: { members: 'canary-2' } });
  expect(JSON.stringify(fault.toBody())).not.toContain('canary');
});

test('a flood of problems is cut', () => {
  const members = Array.from({ length: 1000 }, () => ({}));
  const fault = faultOf({ ...fine, data: { members } });
  expect(fault.details?.problems).toHaveLength(20);
  expect(fault.words.en).toContain('and 980 more');
});

describe('shapes that are refused before anything looks at them', () => {
  test.each(['__proto__', 'constructor', 'prototype'])('a key named %s, at any depth', (key) => {
    expect(faultOf(JSON.parse(`{"params":{"kind":"chat","x":[{"${key}":{"a":1}}]}}`)).details).toMatchObject({
      field: key,
    });
  });

  test('nesting deeper than 64 levels, without running out of stack', () => {
    const nested = (depth: number): unknown =>
      JSON.parse(`{"params":{"kind":"chat"},"data":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect(faultOf(nested(100_000)).message).toContain('64');
    expect(faultOf(nested(10)).details?.problems).toEqual([{ field: 'data', expected: 'must be object' }]);
  });
});

test('odd text is text', () => {
  expect(() => check({ ...fine, data: { members: [{ id: 'a\0b\uD800\u202e' }] } })).not.toThrow();
});
