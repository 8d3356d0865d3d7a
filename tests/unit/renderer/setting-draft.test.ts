import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { SettingView } from '../../../src-main/contract/settings-views.ts';
import { settingFields as wordsByPath } from '../../../src-renderer/texts/setting-fields.ts';
import { draftOf, draftProblem, readable, settingText, valueOfDraft } from '../../../src-renderer/setting-draft.ts';
import { groupSettings } from '../../../src-renderer/setting-groups.ts';

const setting = (more: Partial<SettingView> = {}): SettingView => ({
  section: 'server',
  name: 'port',
  value: 5275,
  running: 5275,
  default: 5275,
  type: 'integer',
  choices: null,
  min: 0,
  max: 65_535,
  applies: 'restart',
  changed: false,
  pending: false,
  ...more,
});

describe('a setting that is typed', () => {
  it.each([
    ['5276', undefined],
    [' 5276 ', undefined],
    ['65535', undefined],
    ['65536', 'Must be at most 65535'],
    ['-1', 'Must be at least 0'],
    ['', 'Enter a whole number'],
    ['1.5', 'Enter a whole number'],
    ['1e3', 'Enter a whole number'],
    ['0x10', 'Enter a whole number'],
    ['99999999999999999999', 'Enter a whole number'],
  ])('as the number “%s” is told at once: %s', (draft, problem) => {
    expect(draftProblem(setting(), draft)?.en).toBe(problem);
  });

  it.each([
    ['', true],
    ['https://open.example.com', true],
    ['http://127.0.0.1:8080/x', true],
    ['ftp://x.example', false],
    ['javascript:alert(1)', false],
    ['https://', false],
    ['open.example.com', false],
  ])('as the address “%s” fits: %s', (draft, fits) => {
    expect(draftProblem(setting({ type: 'url', min: null, max: null }), draft) === null).toBe(fits);
  });

  it('becomes what the gateway takes, and null when it is the default again', () => {
    expect(valueOfDraft(setting(), '5300')).toBe(5300);
    expect(valueOfDraft(setting(), '5275')).toBeNull();
    const list = setting({ type: 'list', default: [] });
    expect(valueOfDraft(list, ' a \n\n b ')).toEqual(['a', 'b']);
    expect(valueOfDraft(list, ' \n')).toBeNull();
    expect(valueOfDraft(setting({ type: 'boolean', default: true }), false)).toBe(false);
    expect(valueOfDraft(setting({ type: 'url', default: null }), '  ')).toBeNull();
  });

  it('is typed the way it is kept', () => {
    for (const value of [5275, true, 'text', ['a', 'b'], null]) {
      const type = typeof value === 'boolean' ? 'boolean' : Array.isArray(value) ? 'list' : 'text';
      const back = valueOfDraft({ type, default: 'other' }, draftOf(value));
      expect(back).toEqual(value === null ? '' : typeof value === 'number' ? String(value) : value);
    }
  });
});

describe('a value in words', () => {
  it('has the units that people know', () => {
    expect(readable(4 * 1024 * 1024, 'bytes', 'en')).toBe('4 MB');
    expect(readable(1536, 'bytes', 'en')).toBe('1.5 KB');
    expect(readable(24 * 3_600_000, 'ms', 'zh')).toBe('1 天');
    expect(readable(500, 'ms', 'en')).toBe('500 ms');
    expect(readable(3600, 'seconds', 'en')).toBe('1 h');
    expect(readable(Number.NaN, 'ms', 'en')).toBeNull();
  });

  it('names choices, switches and what is not set, in both languages', () => {
    expect(settingText({ section: 'limits', name: 'callMs' }, 60_000, 'en')).toBe('1 min');
    expect(settingText({ section: 'server', name: 'port' }, 5275, 'en')).toBe('5275');
    expect(settingText({ section: 'records', name: 'calls' }, 200_000, 'en')).toBe('200,000');
    expect(settingText({ section: 'server', name: 'keys' }, false, 'zh')).toBe('关');
    expect(settingText({ section: 'log', name: 'level' }, 'warn', 'en')).toBe('warn: warnings and errors');
    expect(settingText({ section: 'network', name: 'extraCa' }, null, 'en')).toBe('not set');
    expect(settingText({ section: 'server', name: 'origins' }, [], 'zh')).toBe('空');
  });
});

describe('the settings page', () => {
  it('has words for every setting there is', () => {
    const paths = Object.entries(configSchema.parse({})).flatMap(([section, fields]) =>
      Object.keys(fields).map((name) => `${section}.${name}`),
    );
    const optional = ['lark.openUrl', 'lark.accountsUrl', 'network.extraCa'];
    for (const path of [...paths, ...optional]) expect(Object.keys(wordsByPath), path).toContain(path);
  });

  it('finds a setting by what it is called, in the language of the page', () => {
    const fields = [setting(), setting({ section: 'log', name: 'level', type: 'choice' })];
    const shown = (search: string, language: 'zh' | 'en') =>
      groupSettings(fields, search, language).flatMap((group) => [...group.shown]);
    expect(shown('', 'en')).toEqual(['port', 'level']);
    expect(shown('日志', 'zh')).toEqual(['level']);
    expect(shown('LOG level', 'en')).toEqual(['level']);
    expect(shown('server.port', 'zh')).toEqual(['port']);
    expect(shown('nothing', 'en')).toEqual([]);
  });
});
