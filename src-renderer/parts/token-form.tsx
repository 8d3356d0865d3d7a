import { Alert, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Brand } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { addTexts } from '../texts/sign-in.ts';
import { useSecretForm } from '../use-secret-form.ts';
import styles from './add-account.module.css';
import { BrandSelect } from './brand-select.tsx';
import { FormHeading } from './form-heading.tsx';

/** A user_access_token from elsewhere: works for two hours. */
export function TokenForm() {
  const { t } = useLanguage();
  const [brand, setBrand] = useState<Brand>('feishu');
  const form = useSecretForm(async (token) => {
    const { account } = await callControl('addToken', { token, brand });
    location.hash = linkTo('accounts', { added: account.id });
  });
  const { error } = form;
  const malformed = error?.code === 'invalid_request' && error.isAbout('token');
  return (
    <form className={styles.form} onSubmit={form.submit}>
      <FormHeading>{t(addTexts.token)}</FormHeading>
      <Alert color="yellow">{t(addTexts.tokenHint)}</Alert>
      <TextInput
        ref={form.secret}
        type="password"
        label={t(addTexts.tokenLabel)}
        description={t(addTexts.tokenFieldHint)}
        required
        autoComplete="off"
        error={error && t(malformed ? addTexts.tokenWrong : error.words)}
      />
      <BrandSelect value={brand} onChange={setBrand} />
      <Button type="submit" loading={form.busy}>
        {t(addTexts.tokenAct)}
      </Button>
    </form>
  );
}
