import { NativeSelect, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import styles from './frame.module.css';

const schemes: Record<string, MantineColorScheme> = { auto: 'auto', light: 'light', dark: 'dark' };

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
        data={[
          { value: 'zh', label: '简体中文' },
          { value: 'en', label: 'English' },
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={t(common.appearance)}
        value={colorScheme}
        onChange={(change) => setColorScheme(schemes[change.currentTarget.value] ?? 'auto')}
        data={[
          { value: 'auto', label: t(common.bySystem) },
          { value: 'light', label: t(common.light) },
          { value: 'dark', label: t(common.dark) },
        ]}
      />
    </div>
  );
}
