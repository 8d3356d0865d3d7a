import type { Config } from '../src-main/contract/config.ts';
import type { SettingView } from '../src-main/contract/settings-views.ts';
import type { Language } from '../src-main/contract/words.ts';
import { settingPath, settingWords } from './setting-draft.ts';
import { settingSections } from './texts/settings.ts';

export interface SettingGroupView {
  section: keyof Config;
  fields: SettingView[];
  /** Names of those that a search finds. */
  shown: ReadonlySet<string>;
}

/** What most people look for comes first. */
const first = ['server', 'limits', 'tools', 'network', 'records', 'log', 'lark'];

/** The settings by section. Each word that is searched for must be in a setting's words or path. */
export function groupSettings(fields: readonly SettingView[], search: string, language: Language): SettingGroupView[] {
  const searched = search.toLowerCase().split(/\s+/).filter(Boolean);
  const bySection = new Map<keyof Config, SettingView[]>();
  for (const field of fields) bySection.set(field.section, [...(bySection.get(field.section) ?? []), field]);
  return [...bySection]
    .map(([section, inside]) => ({ section, fields: inside, shown: found(inside, searched, language) }))
    .sort((a, b) => rank(a.section) - rank(b.section));
}

function found(fields: SettingView[], searched: string[], language: Language): ReadonlySet<string> {
  const fits = (field: SettingView) => {
    const { label, hint } = settingWords(field);
    const section = Object.hasOwn(settingSections, field.section) ? settingSections[field.section] : undefined;
    const text = [settingPath(field), label[language], hint[language], section?.[language] ?? '']
      .join(' ')
      .toLowerCase();
    return searched.every((word) => text.includes(word));
  };
  return new Set(fields.filter(fits).map(({ name }) => name));
}

function rank(section: string): number {
  const place = first.indexOf(section);
  return place < 0 ? first.length : place;
}
