import { Anchor, Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { appName } from '../app-name.ts';
import { useLanguage } from '../language.tsx';
import { linkTo, useRoute } from '../route.ts';
import { addTexts } from '../texts/sign-in.ts';
import styles from './add-account.module.css';
import { CreateAppForm } from './create-app-form.tsx';
import { OwnAppForm } from './own-app-form.tsx';
import { Panel } from './section.tsx';
import { SignInWays } from './sign-in-ways.tsx';
import { TokenForm } from './token-form.tsx';

/** The steps of adding an account; the address says at which one we are, so that reload and back work. */
export function AddAccount({ snapshot }: { snapshot: Snapshot }) {
  const { parameters } = useRoute();
  const app = snapshot.apps.find(({ id }) => id === parameters.get('app'));
  switch (parameters.get('add')) {
    case 'create':
      return step(<CreateAppForm />);
    case 'own':
      return step(app ? <SignInWays app={app} redirectUrl={snapshot.redirectUrl} /> : <OwnAppForm />);
    case 'token':
      return step(<TokenForm />);
    default:
      return <Choices apps={snapshot.apps} />;
  }
}

function step(form: ReactNode) {
  return (
    <Panel>
      {form}
      <Back />
    </Panel>
  );
}

function Back() {
  const { t } = useLanguage();
  return (
    <Anchor className={styles.back} href={linkTo('accounts', { add: 'choose' })}>
      ← {t(addTexts.back)}
    </Anchor>
  );
}

function Choices({ apps }: { apps: Snapshot['apps'] }) {
  const { t } = useLanguage();
  const known = apps.find((app) => app.isDefault) ?? apps[0];
  const choices: { title: Words; hint: Words; href: string }[] = [
    { title: addTexts.create, hint: addTexts.createHint, href: linkTo('accounts', { add: 'create' }) },
    { title: addTexts.own, hint: addTexts.ownHint, href: linkTo('accounts', { add: 'own' }) },
    { title: addTexts.token, hint: addTexts.tokenHint, href: linkTo('accounts', { add: 'token' }) },
  ];
  if (known) {
    const href = linkTo('accounts', { add: 'own', app: known.id });
    choices.unshift({ title: addTexts.knownApp(appName(known)), hint: addTexts.knownAppHint, href });
  }
  return (
    <ul className={styles.choices}>
      {choices.map(({ title, hint, href }, index) => (
        <li key={href}>
          <a className={styles.choice} href={href} data-recommended={index === 0}>
            <strong>{t(title)}</strong>
            {index === 0 && (
              <Badge variant="light" color="blue">
                {t(addTexts.recommended)}
              </Badge>
            )}
            <span className={styles.hint}>{t(hint)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
