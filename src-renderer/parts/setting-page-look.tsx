import { NativeSelect, useMantineColorScheme } from '@mantine/core';
import { useLanguage } from '../language.tsx';
import { settingTexts } from '../texts/settings.ts';
import { languageItems, schemeItems, schemeOf } from './choices.tsx';
import calls from '../pages/calls.module.css';
import { Panel, Section } from './section.tsx';
import styles from './setting-field.module.css';

/** Language and colours of this page, in this browser. */
export function SettingPageLook() {
  const { language, t, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={t(settingTexts.page)}>
      <Panel>
        <p className={calls.hint}>{t(settingTexts.pageHint)}</p>
        <div className={styles.look}>
          <NativeSelect
            label={t(settingTexts.pageLanguage)}
            value={language}
            data={languageItems}
            onChange={(change) => choose(change.currentTarget.value === 'zh' ? 'zh' : 'en')}
          />
          <NativeSelect
            label={t(settingTexts.pageLook)}
            value={colorScheme}
            data={schemeItems(t)}
            onChange={(change) => setColorScheme(schemeOf(change.currentTarget.value))}
          />
        </div>
      </Panel>
    </Section>
  );
}
