import { Alert, Button, Loader, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { LoginStep, LoginView } from '../../src-main/contract/views.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { isUnderWay, retryOf } from '../login-steps.ts';
import { linkTo, useRoute } from '../route.ts';
import { common } from '../texts/common.ts';
import { brands, loginTexts } from '../texts/sign-in.ts';
import { useAction } from '../use-action.ts';
import { useBegin } from '../use-begin.ts';
import { LoginWaiting } from './login-waiting.tsx';
import styles from './login.module.css';
import { Panel } from './section.tsx';
import { SignedIn } from './signed-in.tsx';

interface LoginPanelProps {
  login: LoginView;
  snapshot: Snapshot;
  /** Whether the person came here for it, so that it may take the focus when it moves on. */
  chosen: boolean;
}

/** One attempt to sign in: what to do now, or how it ended and what to do next. */
export function LoginPanel({ login, snapshot, chosen }: LoginPanelProps) {
  if (login.state === 'done') return <Done login={login} snapshot={snapshot} />;
  return (
    <Panel>
      <Heading login={login} chosen={chosen} />
      {login.state === 'starting' && <Starting login={login} />}
      {login.state === 'waiting' && <LoginWaiting login={login} />}
      {isUnderWay(login) ? <Cancel login={login} /> : <Failed login={login} />}
    </Panel>
  );
}

function Heading({ login, chosen }: { login: LoginView; chosen: boolean }) {
  const { t } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  const { steps, step, state } = login;
  const ended = !isUnderWay(login);
  useEffect(() => {
    if (chosen) heading.current?.focus();
  }, [chosen, step, state]);
  const name: LoginStep = steps[step] ?? 'sign_in';
  return (
    <h3 ref={heading} tabIndex={-1} className={styles.head}>
      {ended ? t(loginTexts.failed) : t(loginTexts.heading(name, step + 1, steps.length))} · {t(brands[login.brand])}
    </h3>
  );
}

function Starting({ login }: { login: LoginView }) {
  const { t } = useLanguage();
  return (
    <Text role="status">
      <Loader size="xs" mr="sm" aria-hidden /> {t(login.note ?? loginTexts.starting)}
    </Text>
  );
}

function Cancel({ login }: { login: LoginView }) {
  const { t } = useLanguage();
  const { busy, error, run } = useAction();
  const { parameters } = useRoute();
  const cancel = () =>
    run(async () => {
      await callControl('cancelLogin', { loginId: login.id });
      // Where one is when it is over: with the words that say what became of it.
      location.hash = linkTo('accounts', { ...Object.fromEntries(parameters), login: login.id });
    });
  return (
    <Acts error={error && t(error)}>
      <Button size="xs" variant="default" loading={busy} onClick={() => void cancel()}>
        {t(loginTexts.cancel)}
      </Button>
    </Acts>
  );
}

function Failed({ login }: { login: LoginView }) {
  const { t } = useLanguage();
  const { busy, error, begin } = useBegin();
  const name = useRoute().parameters.get('name');
  return (
    <>
      <Alert color={login.state === 'canceled' ? 'gray' : 'red'} role="alert">
        {t(login.fault?.words ?? loginTexts.unexplained)}
      </Alert>
      <Acts error={error && t(error)}>
        <Button size="xs" loading={busy} onClick={() => begin(retryOf(login, name))}>
          {t(loginTexts.retry)}
        </Button>
        <Button size="xs" variant="default" component="a" href={linkTo('accounts')}>
          {t(common.close)}
        </Button>
      </Acts>
    </>
  );
}

function Done({ login, snapshot }: { login: LoginView; snapshot: Snapshot }) {
  const { t } = useLanguage();
  const account = snapshot.accounts.find(({ id }) => id === login.accountId);
  if (account) return <SignedIn account={account} mcpUrl={snapshot.mcpUrl} />;
  return (
    <Panel>
      <Text role="status">{t(loginTexts.doneExtended)}</Text>
      <Acts error={null}>
        <Button size="xs" variant="default" component="a" href={linkTo('accounts')}>
          {t(common.close)}
        </Button>
      </Acts>
    </Panel>
  );
}

function Acts({ error, children }: { error: string | null; children: ReactNode }) {
  return (
    <>
      {error !== null && (
        <Alert color="red" role="alert" mt="sm">
          {error}
        </Alert>
      )}
      <div className={styles.acts}>{children}</div>
    </>
  );
}
