import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCatalog } from '../../../scripts/build-catalog.ts';
import { estimateTokens } from '../../../src-main/base/estimate-tokens.ts';
import { builtinTools } from '../../../src-main/providers/lark/builtin/builtin-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'larkgate-tokens-'));
beforeAll(() => buildCatalog(folder));
afterAll(() => rmSync(folder, { recursive: true }));

const languages = ['en', 'zh'] as const;
const entriesOf = (language: 'en' | 'zh') => [
  ...readFileSync(join(folder, `tools.${language}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n'),
  ...[...builtinTools(language)].map(([name, tool]) => JSON.stringify({ name, ...tool.entry() })),
];

test.each(languages)(
  'the estimate is at most 15 %% off the tokenizer for every tool there is in %s, and 5 %% over all',
  (language) => {
    const counts = entriesOf(language).map((text) => ({ text, real: countTokens(text), told: estimateTokens(text) }));
    expect(counts.length).toBeGreaterThan(1200);
    const off = counts.filter(({ real, told }) => Math.abs(told - real) > real * 0.15);
    expect(off.map(({ text, real, told }) => [text.slice(0, 60), real, told])).toEqual([]);
    const sum = (of: 'real' | 'told') => counts.reduce((all, count) => all + count[of], 0);
    expect(Math.abs(sum('told') - sum('real')) / sum('real')).toBeLessThan(0.05);
  },
);

test('nothing costs nothing', () => {
  expect(estimateTokens('')).toBe(0);
});
