import { Alert, Button, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { SettingView } from '../../src-main/contract/settings-views.ts';
import { useLanguage } from '../language.tsx';
import { Address } from '../parts/address.tsx';
import { Empty, Panel, Section } from '../parts/section.tsx';
import styles from '../parts/setting-field.module.css';
import { SettingGroup } from '../parts/setting-group.tsx';
import { SettingPageLook } from '../parts/setting-page-look.tsx';
import { groupSettings } from '../setting-groups.ts';
import { settingText, settingWords } from '../setting-draft.ts';
import { settingTexts } from '../texts/settings.ts';
import { useAnswer } from '../use-answer.ts';
import { type Settings, useSettings } from '../use-settings.ts';
import calls from './calls.module.css';

/** Every setting of the gateway, and the look of this page. */
export function SettingsPage({ revision }: { revision: number }) {
  const { language, t } = useLanguage();
  const settings = useSettings(revision);
  const [search, setSearch] = useState('');
  const { view } = settings;
  const groups = groupSettings(view?.fields ?? [], search, language);
  return (
    <>
      <Title order={1} size="h3">
        {t(settingTexts.title)}
      </Title>
      <p className={calls.hint}>{t(settingTexts.hint)}</p>
      <Trouble settings={settings} />
      <SettingPageLook />
      {!view && !settings.error && <Text role="status">{t(settingTexts.loading)}</Text>}
      {view && (
        <>
          <Pending fields={view.fields} />
          <TextInput
            type="search"
            mb="md"
            label={t(settingTexts.find)}
            placeholder={t(settingTexts.findHint)}
            value={search}
            onChange={(change) => setSearch(change.currentTarget.value)}
          />
          {groups.every(({ shown }) => shown.size === 0) && (
            <Empty title={t(settingTexts.noMatch)} hint={t(settingTexts.noMatchHint)} />
          )}
          {groups.map(({ section, fields, shown }) => (
            <SettingGroup key={section} section={section} fields={fields} shown={shown} onSave={settings.save} />
          ))}
        </>
      )}
      <DataFolder revision={revision} />
    </>
  );
}

function Trouble({ settings: { view, error, reload, kept } }: { settings: Settings }) {
  const { t } = useLanguage();
  return (
    <>
      {error && (
        <Alert color="red" role="alert" mb="md">
          {t(error.words)}
          {!view && (
            <div>
              <Button size="xs" mt="xs" variant="default" onClick={reload}>
                {t(settingTexts.again)}
              </Button>
            </div>
          )}
        </Alert>
      )}
      {!kept && (
        <Alert color="yellow" role="status" mb="md">
          {t(settingTexts.notKept)}
        </Alert>
      )}
    </>
  );
}

/** What waits for a restart, and how to restart. */
function Pending({ fields }: { fields: SettingView[] }) {
  const { language, t } = useLanguage();
  const pending = fields.filter((field) => field.pending);
  if (pending.length === 0) return null;
  const say = (field: SettingView, value: SettingView['value']) => settingText(field, value, language);
  return (
    <Alert color="yellow" role="status" mb="md" title={t(settingTexts.restartNeeded)}>
      <ul className={styles.pending}>
        {pending.map((field) => (
          <li key={`${field.section}.${field.name}`}>
            {t(settingWords(field).label)}: {t(settingTexts.fromTo(say(field, field.running), say(field, field.value)))}
          </li>
        ))}
      </ul>
      {t(settingTexts.restartHow)}
    </Alert>
  );
}

function DataFolder({ revision }: { revision: number }) {
  const { t } = useLanguage();
  const { answer } = useAnswer('about', {}, revision);
  if (!answer) return null;
  return (
    <Section title={t(settingTexts.data)}>
      <Panel>
        <Address label={t(settingTexts.dataFolder)} url={answer.dataFolder} />
        <Text size="sm" c="dimmed" mt="xs">
          {t(settingTexts.dataHint)}
        </Text>
      </Panel>
    </Section>
  );
}
