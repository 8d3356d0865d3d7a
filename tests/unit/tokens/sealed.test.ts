import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealer } from '../../../src-main/tokens/sealed.ts';

const ada = { appId: 'cli_a', subject: 'on_ada' };
const key = randomBytes(32);

function alter(sealed: string, part: number, byte: number): string {
  const parts = sealed.split('.').map((text) => Buffer.from(text, 'base64url'));
  const bytes = parts[part];
  if (bytes) bytes[byte] = (bytes[byte] ?? 0) ^ 1;
  return parts.map((one) => one.toString('base64url')).join('.');
}

test('a secret comes back for its owner, and the text does not contain it', () => {
  const sealer = createSealer(key);
  for (const secret of ['', 'canary', '令牌'.repeat(2000)]) {
    const sealed = sealer.seal(secret, ada);
    expect(sealer.open(sealed, ada)).toBe(secret);
    expect(secret !== '' && sealed.includes(secret)).toBe(false);
  }
});

test('no two sealings are equal: the initialization vector is fresh', () => {
  const sealer = createSealer(key);
  const ivs = Array.from({ length: 1000 }, () => sealer.seal('same', ada).split('.')[0]);
  expect(new Set(ivs).size).toBe(1000);
  expect(Buffer.from(ivs[0] ?? '', 'base64url')).toHaveLength(12);
});

test('one altered bit anywhere is noticed', () => {
  const sealer = createSealer(key);
  const sealed = sealer.seal('canary', ada);
  for (const [part, length] of [12, 6, 16].entries()) {
    for (let byte = 0; byte < length; byte += 1) expect(sealer.open(alter(sealed, part, byte), ada)).toBeUndefined();
  }
});

test('a shortened tag is refused, however well it fits', () => {
  const sealer = createSealer(key);
  const [iv, text, tag = ''] = sealer.seal('canary', ada).split('.');
  for (const bytes of [0, 4, 8, 12, 15]) {
    const short = Buffer.from(tag, 'base64url').subarray(0, bytes).toString('base64url');
    expect(sealer.open([iv, text, short].join('.'), ada)).toBeUndefined();
  }
});

test.each([
  ['of another person', { ...ada, subject: 'on_bob' }],
  ['of another app', { ...ada, appId: 'cli_b' }],
  ['of a person and an app whose names run together to the same text', { appId: 'cli_ao', subject: 'n_ada' }],
])('a record moved to the place %s does not open', (_, owner) => {
  const sealer = createSealer(key);
  expect(sealer.open(sealer.seal('canary', ada), owner)).toBeUndefined();
});

test('another key opens nothing', () => {
  expect(createSealer(randomBytes(32)).open(createSealer(key).seal('canary', ada), ada)).toBeUndefined();
});

test.each(['', '.', '..', 'a.b.c', 'a.b.c.d', '🙂'])('%j is not taken for a sealed secret', (text) => {
  expect(createSealer(key).open(text, ada)).toBeUndefined();
});
