import { Anchor, Badge, Button, NativeSelect, Switch, Textarea, TextInput } from '@mantine/core';
import type { SettingView } from '../../src-main/contract/settings-views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { type Draft, draftOf, readable, settingPath, settingText, settingWords } from '../setting-draft.ts';
import { settingTexts } from '../texts/settings.ts';
import styles from './setting-field.module.css';
import { SettingPort } from './setting-port.tsx';

interface SettingFieldProps {
  field: SettingView;
  draft: Draft;
  problem: Words | undefined;
  onChange: (draft: Draft) => void;
}

/** One setting: what it does, what it is, what it is by default, and when a change holds. */
export function SettingField({ field, draft, problem, onChange }: SettingFieldProps) {
  const { language, t } = useLanguage();
  const { label } = settingWords(field);
  const path = settingPath(field);
  return (
    <div className={styles.field} data-type={field.type}>
      {path === 'tools.enabled' ? (
        <p className={styles.elsewhere}>
          {t(settingTexts.onToolsPage)}{' '}
          <Anchor underline="always" href={linkTo('tools')}>
            {t(settingTexts.toolsPage)}
          </Anchor>
        </p>
      ) : (
        <Control field={field} draft={draft} problem={problem} onChange={onChange} />
      )}
      {path === 'server.port' && !problem && (
        <SettingPort port={Number(draft)} onTake={(port) => onChange(String(port))} />
      )}
      <div className={styles.facts}>
        {field.applies === 'restart' && (
          <Badge size="sm" variant="light" color={field.pending ? 'yellow' : 'gray'}>
            {t(settingTexts.afterRestart)}
          </Badge>
        )}
        {field.changed && (
          <Badge size="sm" variant="light" color="blue">
            {t(settingTexts.changed)}
          </Badge>
        )}
        {field.type !== 'list' && <span>{t(settingTexts.byDefault(settingText(field, field.default, language)))}</span>}
        {draft !== draftOf(field.default) && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={t(settingTexts.toDefaultOf(t(label)))}
            onClick={() => onChange(draftOf(field.default))}
          >
            {t(settingTexts.toDefault)}
          </Button>
        )}
      </div>
    </div>
  );
}

function Control({ field, draft, problem, onChange }: SettingFieldProps) {
  const { language, t } = useLanguage();
  const { label, hint, unit, choices } = settingWords(field);
  const common = { label: t(label), description: t(hint), error: problem && t(problem) };
  if (typeof draft === 'boolean') {
    return <Switch {...common} checked={draft} onChange={(change) => onChange(change.currentTarget.checked)} />;
  }
  if (field.choices) {
    const data = field.choices.map((value) => {
      const words = choices?.[value];
      return { value, label: words ? t(words) : value };
    });
    return (
      <NativeSelect {...common} value={draft} data={data} onChange={(change) => onChange(change.currentTarget.value)} />
    );
  }
  if (field.type === 'list') {
    return (
      <Textarea
        {...common}
        description={`${t(hint)} ${t(settingTexts.onePerLine)}`}
        autosize
        minRows={2}
        maxRows={10}
        spellCheck={false}
        value={draft}
        onChange={(change) => onChange(change.currentTarget.value)}
      />
    );
  }
  const means = unit && !problem ? readable(Number(draft), unit, language) : null;
  return (
    <TextInput
      {...common}
      description={means === null ? t(hint) : `${t(hint)} ${t(settingTexts.means(means))}`}
      inputMode={field.type === 'integer' ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      value={draft}
      onChange={(change) => onChange(change.currentTarget.value)}
    />
  );
}
