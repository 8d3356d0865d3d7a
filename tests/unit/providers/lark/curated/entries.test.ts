import { readFileSync } from 'node:fs';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../../../../src-main/contract/words.ts';
import { curatedNames, curatedTools } from '../../../../../src-main/providers/lark/curated/curated-tools.ts';
import { useLarkBench } from '../lark-bench.ts';
import { HastyClock } from '../stand-in.ts';

const ceiling = 9000;
const languages = ['en', 'zh'] as const;
const entries = (language: Language) =>
  [...curatedTools({ language, folders: [] })].map(([name, tool]) => ({ name, ...tool.entry() }));
const tokensOf = (value: unknown) => encode(JSON.stringify(value)).length;

/** Seed 002: so many tools of each domain. */
const domains = { im: 5, calendar: 4, docs: 4, base: 4, drive: 3, task: 3, contact: 2, sheets: 2, mail: 1 };

describe('the curated tools', () => {
  test('are twenty-eight, so many of each domain', () => {
    const counts = Object.groupBy(curatedNames, (name) => name.split('_')[1] ?? '');
    expect(Object.fromEntries(Object.entries(counts).map(([domain, names]) => [domain, names?.length]))).toEqual(
      domains,
    );
    expect(curatedNames).toHaveLength(28);
  });

  test.each(languages)(
    'cost less than the ceiling in tools/list (%s), and the table in docs is as measured',
    (language) => {
      const list = entries(language);
      const total = tokensOf({ tools: list });
      console.log([...list.map((entry) => `${entry.name} ${tokensOf(entry)}`), `${language}: ${total}`].join('\n'));
      expect(total).toBeLessThanOrEqual(ceiling);
      const docs = readFileSync('docs/tools.md', 'utf8');
      const [, en = '', zh = ''] = /\| \*\*all 28\*\* \|[^|]*\|[^|]*\| (\d+) \| (\d+) \|/.exec(docs) ?? [];
      expect(Math.abs(total - Number(language === 'en' ? en : zh))).toBeLessThanOrEqual(total / 50);
      for (const { name } of list) expect(docs).toContain(`\`${name}\``);
    },
  );

  test.each(languages)('say in one language (%s) what they are and what each field is', (language) => {
    for (const { name, title, description, inputSchema } of entries(language)) {
      expect(/\p{Script=Han}/u.test(title) && /\p{Script=Han}/u.test(description), name).toBe(language === 'zh');
      expect(JSON.stringify(inputSchema), name).not.toMatch(/"(zh|en)":/);
      if (language === 'en') expect(JSON.stringify(inputSchema), name).not.toMatch(/\p{Script=Han}/u);
    }
  });

  test('differ between languages in words alone', () => {
    const [en, zh] = languages.map((language) =>
      JSON.stringify(entries(language), (key, value: unknown) =>
        ['title', 'description'].includes(key) ? undefined : value,
      ),
    );
    expect(en).toBe(zh);
  });

  test('tell clients what they do: reading, writing, doing the same again', () => {
    for (const [name, tool] of curatedTools({ language: 'en', folders: [] })) {
      const { annotations, inputSchema, outputSchema } = tool.entry();
      expect(annotations.readOnlyHint, name).toBe(tool.risk === 'read');
      expect(annotations, name).toMatchObject({ destructiveHint: false, openWorldHint: true });
      expect(outputSchema, name).toMatchObject({ type: 'object', properties: expect.any(Object) });
      expect(Object.hasOwn(Object(inputSchema.properties), 'dry_run'), name).toBe(tool.risk !== 'read');
    }
  });

  test('are listed when named or by their preset, and not otherwise', () => {
    const bench = useNames;
    expect(bench(['larkgate.curated'])).toEqual(curatedNames);
    expect(bench(['lark_task_create', 'im.v1.chat.list'])).toEqual(['lark_task_create', 'im_v1_chat_list']);
    expect(bench(['preset.default']).filter((name) => name.startsWith('lark_'))).toEqual([]);
  });
});

const lark = useLarkBench();
const useNames = (enabled: string[]) =>
  lark
    .providerWith({ tools: { enabled } }, { clock: new HastyClock() })
    .tools()
    .map(({ name }) => name);
