import { Alert, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Brand } from '../../src-main/contract/views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { callControl, type ControlError } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { addTexts } from '../texts/sign-in.ts';
import { useSecretForm } from '../use-secret-form.ts';
import styles from './add-account.module.css';
import { BrandSelect } from './brand-select.tsx';
import { FormHeading } from './form-heading.tsx';

/** App ID and App Secret from the developer console; Feishu is asked at once whether they are right. */
export function OwnAppForm() {
  const { t } = useLanguage();
  const [appId, setAppId] = useState('');
  const [brand, setBrand] = useState<Brand>('feishu');
  const form = useSecretForm(async (appSecret) => {
    const { app } = await callControl('addApp', { appId, appSecret, brand });
    location.hash = linkTo('accounts', { add: 'own', app: app.id });
  });
  const wrong = form.error && placeOf(form.error);
  return (
    <form className={styles.form} onSubmit={form.submit}>
      <FormHeading>{t(addTexts.own)}</FormHeading>
      <TextInput
        label={t(addTexts.appId)}
        description={t(addTexts.appIdHint)}
        required
        autoComplete="off"
        spellCheck={false}
        value={appId}
        onChange={(change) => setAppId(change.currentTarget.value)}
        error={wrong?.appId && t(wrong.appId)}
      />
      <TextInput
        ref={form.secret}
        type="password"
        label={t(addTexts.appSecret)}
        description={t(addTexts.appSecretHint)}
        required
        autoComplete="off"
        error={wrong?.appSecret && t(wrong.appSecret)}
      />
      <BrandSelect value={brand} onChange={setBrand} />
      {wrong?.form && (
        <Alert color="red" role="alert">
          {t(wrong.form)}
        </Alert>
      )}
      <Button type="submit" loading={form.busy}>
        {t(addTexts.addAppAct)}
      </Button>
    </form>
  );
}

/** Where on the form a refusal is shown. */
function placeOf(error: ControlError): { appId?: Words; appSecret?: Words; form?: Words } {
  if (error.code === 'invalid_request') {
    if (error.isAbout('appId')) return { appId: addTexts.appIdWrong };
    if (error.isAbout('appSecret')) return { appSecret: addTexts.appSecretWrong };
  }
  if (error.isAbout('appId')) return { appId: error.words };
  if (error.code === 'app_credentials') return { appSecret: error.words };
  return { form: error.words };
}
