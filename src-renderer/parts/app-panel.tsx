import { Alert, Badge, Button } from '@mantine/core';
import { useState } from 'react';
import type { AppView } from '../../src-main/contract/views.ts';
import { appName } from '../app-name.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { accountTexts, origins } from '../texts/accounts.ts';
import { overview } from '../texts/overview.ts';
import { brands } from '../texts/sign-in.ts';
import { useAction } from '../use-action.ts';
import styles from './account-card.module.css';
import { Confirm } from './confirm.tsx';
import { DoctorReport } from './doctor-report.tsx';
import { Panel } from './section.tsx';

/** An app that people sign in through, and what can be done about it. */
export function AppPanel({ app }: { app: AppView }) {
  const { t } = useLanguage();
  const [checking, setChecking] = useState(false);
  return (
    <Panel>
      <article className={styles.card} aria-label={appName(app)}>
        <div className={styles.head}>
          <span className={styles.name}>{appName(app)}</span>
          {app.isDefault && (
            <Badge variant="light" color="gray">
              {t(overview.isDefault)}
            </Badge>
          )}
          <AppActs app={app} checking={checking} onCheck={() => setChecking(!checking)} />
        </div>
        <div className={styles.small}>
          {[app.name === null ? null : app.id, t(brands[app.brand]), t(origins[app.origin])]
            .filter(Boolean)
            .join(' · ')}
        </div>
        {checking && <DoctorReport app={app} />}
      </article>
    </Panel>
  );
}

interface AppActsProps {
  app: AppView;
  checking: boolean;
  onCheck: () => void;
}

function AppActs({ app, checking, onCheck }: AppActsProps) {
  const { t } = useLanguage();
  const { error, run } = useAction();
  const [forgetting, setForgetting] = useState(false);
  const name = appName(app);
  const appId = app.id;
  return (
    <div className={styles.acts}>
      <Button
        size="xs"
        variant="default"
        component="a"
        href={linkTo('accounts', { add: 'own', app: appId })}
        aria-label={t(accountTexts.useAppOf(name))}
      >
        {t(accountTexts.useApp)}
      </Button>
      <Button
        size="xs"
        variant="default"
        aria-expanded={checking}
        aria-label={t(accountTexts.checkOf(name))}
        onClick={onCheck}
      >
        {t(accountTexts.check)}
      </Button>
      {!app.isDefault && (
        <Button
          size="xs"
          variant="default"
          onClick={() => void run(async () => void (await callControl('setDefaultApp', { appId })))}
        >
          {t(overview.makeDefault)}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        aria-label={t(accountTexts.forgetOf(name))}
        onClick={() => setForgetting(true)}
      >
        {t(accountTexts.forget)}
      </Button>
      {error && (
        <Alert color="red" role="alert">
          {t(error)}
        </Alert>
      )}
      <Confirm
        opened={forgetting}
        title={t(accountTexts.forgetTitle(name))}
        hint={t(accountTexts.forgetHint)}
        act={t(accountTexts.forget)}
        onAct={async () => void (await callControl('forgetApp', { appId }))}
        onClose={() => setForgetting(false)}
      />
    </div>
  );
}
