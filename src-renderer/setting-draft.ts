import type { SettingValue, SettingView } from '../src-main/contract/settings-views.ts';
import type { Language, Words } from '../src-main/contract/words.ts';
import { formatCount, formatSpan } from './format.ts';
import type { FieldWords, Unit } from './texts/field-words.ts';
import { settingFields } from './texts/setting-fields.ts';
import { settingTexts } from './texts/settings.ts';

/** A setting as it stands in a form: text for what is typed, a value for what is switched or chosen. */
export type Draft = string | boolean;

export function settingPath({ section, name }: Pick<SettingView, 'section' | 'name'>): string {
  return `${section}.${name}`;
}

export function settingWords(field: Pick<SettingView, 'section' | 'name'>): FieldWords {
  const path = settingPath(field);
  const known = Object.hasOwn(settingFields, path) ? settingFields[path] : undefined;
  return known ?? { label: { zh: field.name, en: field.name }, hint: { zh: path, en: path } };
}

/** How a value is typed. */
export function draftOf(value: SettingValue): Draft {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(String).join('\n');
  return value === null ? '' : String(value);
}

/** What a draft stands for; null puts the field back to its default. */
export function valueOfDraft(
  { type, default: byDefault }: Pick<SettingView, 'type' | 'default'>,
  draft: Draft,
): SettingValue {
  const value = parsed(type, draft);
  return JSON.stringify(value) === JSON.stringify(byDefault) ? null : value;
}

function parsed(type: SettingView['type'], draft: Draft): SettingValue {
  if (typeof draft === 'boolean') return draft;
  const text = draft.trim();
  switch (type) {
    case 'integer':
      return Number(text);
    case 'list':
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
    case 'url':
      return text === '' ? null : text;
    case 'boolean':
      return text === 'true';
    case 'choice':
    case 'text':
      return text;
  }
}

/** What is wrong with a draft, as far as a page can tell. */
export function draftProblem(
  { type, min, max }: Pick<SettingView, 'type' | 'min' | 'max'>,
  draft: Draft,
): Words | null {
  if (typeof draft === 'boolean') return null;
  const text = draft.trim();
  if (type === 'url') return text === '' || isAddress(text) ? null : settingTexts.url;
  if (type !== 'integer') return null;
  if (!/^-?\d{1,15}$/.test(text)) return settingTexts.number;
  const number = Number(text);
  if (min !== null && number < min) return settingTexts.atLeast(String(min));
  if (max !== null && number > max) return settingTexts.atMost(String(max));
  return null;
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

type Named = Pick<SettingView, 'section' | 'name'>;

/** A value in words. */
export function settingText(field: Named, value: SettingValue, language: Language): string {
  if (Array.isArray(value)) return value.map(String).join(', ') || settingTexts.none[language];
  switch (typeof value) {
    case 'boolean':
      return settingTexts[value ? 'on' : 'off'][language];
    case 'string':
      return (settingWords(field).choices?.[value]?.[language] ?? value) || settingTexts.none[language];
    case 'number':
      return numberText(field, value, language);
    default:
      return settingTexts.notSet[language];
  }
}

function numberText(field: Named, value: number, language: Language): string {
  const { unit } = settingWords(field);
  // A port is a name more than a number: nobody writes 5,275.
  if (field.name === 'port') return String(value);
  return (unit && readable(value, unit, language)) ?? formatCount(value, language);
}

/** A number of bytes or of time in units that people know; null when it is no such number. */
export function readable(value: number, unit: Unit, language: Language): string | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  if (unit === 'seconds') return formatSpan(value * 1000, language);
  if (unit === 'ms') return value < 1000 ? `${value} ms` : formatSpan(value, language);
  const units: [number, string][] = [
    [1024 ** 3, 'GB'],
    [1024 ** 2, 'MB'],
    [1024, 'KB'],
    [1, 'B'],
  ];
  const [size, name] = units.find(([size]) => value >= size) ?? [1, 'B'];
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value / size)} ${name}`;
}
