import { Alert, Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Brand } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { addTexts } from '../texts/sign-in.ts';
import { useBegin } from '../use-begin.ts';
import styles from './add-account.module.css';
import { BrandSelect } from './brand-select.tsx';
import { FormHeading } from './form-heading.tsx';

/** Two scans: the first creates an app of the person's own, the second signs in to it. */
export function CreateAppForm() {
  const { t } = useLanguage();
  const { busy, error, begin } = useBegin();
  const [name, setName] = useState('');
  const [brand, setBrand] = useState<Brand>('feishu');
  const create = (submit: FormEvent) => {
    submit.preventDefault();
    const chosen = name.trim();
    begin({ method: 'createApp', input: { brand, ...(chosen && { name: chosen }) } });
  };
  return (
    <form className={styles.form} onSubmit={create}>
      <FormHeading>{t(addTexts.create)}</FormHeading>
      <ol className={styles.steps}>
        <li>
          <strong>{t(addTexts.createFirst)}</strong>
          <div className={styles.hint}>{t(addTexts.createFirstHint)}</div>
        </li>
        <li>
          <strong>{t(addTexts.createThen)}</strong>
          <div className={styles.hint}>{t(addTexts.createThenHint)}</div>
        </li>
      </ol>
      <TextInput
        label={t(addTexts.appName)}
        description={t(addTexts.appNameHint)}
        maxLength={40}
        value={name}
        onChange={(change) => setName(change.currentTarget.value)}
      />
      <BrandSelect value={brand} onChange={setBrand} />
      {error && (
        <Alert color="red" role="alert">
          {t(error)}
        </Alert>
      )}
      <Button type="submit" loading={busy}>
        {t(addTexts.createAct)}
      </Button>
    </form>
  );
}
