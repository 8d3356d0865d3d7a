import { Alert, Button, Group } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Config } from '../../src-main/contract/config.ts';
import type { SettingValue, SettingView } from '../../src-main/contract/settings-views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { ControlError } from '../control-client.ts';
import { faultProblems } from '../fault-problems.ts';
import { useLanguage } from '../language.tsx';
import { type Draft, draftOf, draftProblem, settingPath, valueOfDraft } from '../setting-draft.ts';
import { settingSections, settingTexts } from '../texts/settings.ts';
import { Panel, Section } from './section.tsx';
import { SettingField } from './setting-field.tsx';
import styles from './setting-field.module.css';

interface SettingGroupProps {
  section: keyof Config;
  fields: SettingView[];
  /** Names of those to show: a search leaves some out, and what was typed into them stays. */
  shown: ReadonlySet<string>;
  onSave: (section: keyof Config, change: Record<string, SettingValue>) => Promise<void>;
}

/** The settings of one section. They are saved together, or not at all. */
export function SettingGroup({ section, fields, shown, onSave }: SettingGroupProps) {
  const { t } = useLanguage();
  const form = useDrafts(section, fields, onSave);
  const words = Object.hasOwn(settingSections, section) ? settingSections[section] : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.save();
  };
  if (shown.size === 0 && form.drafts.size === 0) return null;
  return (
    <Section title={words ? t(words) : section}>
      <Panel>
        <form className={styles.fields} onSubmit={submit} noValidate>
          {fields
            .filter(({ name }) => shown.has(name) || form.drafts.has(name))
            .map((field) => (
              <SettingField
                key={field.name}
                field={field}
                draft={form.drafts.get(field.name) ?? draftOf(field.value)}
                problem={form.problems.get(settingPath(field))}
                onChange={(draft) => form.set(field, draft)}
              />
            ))}
          {form.error && (
            <Alert color="red" role="alert">
              {t(form.error.words)}
            </Alert>
          )}
          {form.drafts.size > 0 && (
            <Group gap="xs">
              <Button type="submit" loading={form.busy} disabled={form.isWrong}>
                {t(settingTexts.save)}
              </Button>
              <Button variant="default" disabled={form.busy} onClick={form.discard}>
                {t(settingTexts.discard)}
              </Button>
            </Group>
          )}
          <div className={styles.status} role="status">
            {form.saved && t(form.saved)}
          </div>
        </form>
      </Panel>
    </Section>
  );
}

/** The setting that a path is in: `server.origins.1` is a line of `server.origins`. */
function fieldOf(path: string): string {
  return path.split('.').slice(0, 2).join('.');
}

function useDrafts(section: keyof Config, fields: SettingView[], onSave: SettingGroupProps['onSave']) {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ControlError | null>(null);
  const [saved, setSaved] = useState<Words | null>(null);
  const changed = fields.filter(({ name }) => drafts.has(name));
  const own = changed.flatMap((field): [string, Words][] => {
    const problem = draftProblem(field, drafts.get(field.name) ?? '');
    return problem ? [[settingPath(field), problem]] : [];
  });
  const discard = () => {
    setDrafts(new Map());
    setError(null);
  };
  const save = async () => {
    if (busy || own.length > 0 || changed.length === 0) return;
    setBusy(true);
    setError(null);
    const change = changed.map((field) => [field.name, valueOfDraft(field, drafts.get(field.name) ?? '')] as const);
    try {
      await onSave(section, Object.fromEntries(change));
      setDrafts(new Map());
      setSaved(
        changed.some(({ applies }) => applies === 'restart') ? settingTexts.savedForRestart : settingTexts.saved,
      );
    } catch (thrown) {
      setError(ControlError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    drafts,
    busy,
    error,
    saved,
    isWrong: own.length > 0,
    problems: new Map<string, Words>([
      ...faultProblems(error).map(({ path, words }): [string, Words] => [fieldOf(path), words]),
      ...own,
    ]),
    set: (field: SettingView, draft: Draft) => {
      const next = new Map(drafts);
      if (draft === draftOf(field.value)) next.delete(field.name);
      else next.set(field.name, draft);
      setDrafts(next);
      setError(null);
      setSaved(null);
    },
    discard,
    save,
  };
}
