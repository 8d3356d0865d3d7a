import type { Language } from '../contract/words.ts';
import type { DesktopSettingsValues } from './desktop-settings.ts';

/** The language a person chose, or the first of the system's that we speak. */
export function chooseLanguage(setting: DesktopSettingsValues['language'], system: readonly string[]): Language {
  if (setting !== 'system') return setting;
  for (const locale of system) {
    if (/^zh\b/i.test(locale)) return 'zh';
    if (/^en\b/i.test(locale)) return 'en';
  }
  return 'en';
}
