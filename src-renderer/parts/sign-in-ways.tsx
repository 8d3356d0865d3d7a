import { Alert, Anchor, Button } from '@mantine/core';
import type { AppView } from '../../src-main/contract/views.ts';
import { appName } from '../app-name.ts';
import { useLanguage } from '../language.tsx';
import { linkTo, useRoute } from '../route.ts';
import { addTexts } from '../texts/sign-in.ts';
import { useBegin } from '../use-begin.ts';
import styles from './add-account.module.css';
import { Address } from './address.tsx';
import { DoctorReport } from './doctor-report.tsx';
import { FormHeading } from './form-heading.tsx';

interface SignInWaysProps {
  app: AppView;
  redirectUrl: string;
}

/** An app is known: by a scan, or in the browser of this computer? */
export function SignInWays({ app, redirectUrl }: SignInWaysProps) {
  const { t } = useLanguage();
  const { busy, error, begin } = useBegin();
  const byBrowser = useRoute().parameters.get('way') === 'browser';
  const way = byBrowser ? 'browser' : 'device';
  const act = (
    <Button loading={busy} onClick={() => begin({ method: 'login', input: { way, appId: app.id } })}>
      {t(byBrowser ? addTexts.browserAct : addTexts.device)}
    </Button>
  );
  return (
    <div className={styles.stack}>
      <FormHeading key={way}>{t(addTexts.ways(appName(app)))}</FormHeading>
      <span className={styles.hint}>{t(byBrowser ? addTexts.browserHint : addTexts.deviceHint)}</span>
      {byBrowser && (
        <div className={styles.wide}>
          <Address label={t(addTexts.redirectUrl)} url={redirectUrl} />
          <p className={styles.hint}>{t(addTexts.redirectHint)}</p>
          <DoctorReport app={app} />
        </div>
      )}
      {act}
      {error && (
        <Alert color="red" role="alert">
          {t(error)}
        </Alert>
      )}
      <Anchor size="sm" href={linkTo('accounts', { add: 'own', app: app.id, way: byBrowser ? undefined : 'browser' })}>
        {t(byBrowser ? addTexts.device : addTexts.browser)}
      </Anchor>
    </div>
  );
}
