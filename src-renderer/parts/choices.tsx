import { type MantineColorScheme, NativeSelect, useMantineColorScheme } from '@mantine/core';
import type { Words } from '../../src-main/contract/words.ts';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import styles from './frame.module.css';

const schemes: Record<string, MantineColorScheme> = { auto: 'auto', light: 'light', dark: 'dark' };

export const languageItems = [
  { value: 'zh', label: '简体中文' },
  { value: 'en', label: 'English' },
];

export function schemeItems(t: (words: Words) => string): { value: string; label: string }[] {
  return [
    { value: 'auto', label: t(common.bySystem) },
    { value: 'light', label: t(common.light) },
    { value: 'dark', label: t(common.dark) },
  ];
}

export function schemeOf(value: string): MantineColorScheme {
  return schemes[value] ?? 'auto';
}

/** Language and colours. */
export function Choices() {
  const { language, t, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div className={styles.choices}>
      <NativeSelect
        size="xs"
        aria-label={t(common.language)}
        value={language}
        onChange={(change) => choose(change.currentTarget.value === 'zh' ? 'zh' : 'en')}
        data={languageItems}
      />
      <NativeSelect
        size="xs"
        aria-label={t(common.appearance)}
        value={colorScheme}
        onChange={(change) => setColorScheme(schemeOf(change.currentTarget.value))}
        data={schemeItems(t)}
      />
    </div>
  );
}
