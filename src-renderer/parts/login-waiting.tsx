import { Button, Text } from '@mantine/core';
import type { LoginStep, LoginView } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { canBeScanned } from '../login-steps.ts';
import { loginTexts } from '../texts/sign-in.ts';
import { Countdown } from './countdown.tsx';
import styles from './login.module.css';
import { QrCode } from './qr-code.tsx';

/** A link that waits for the person: to be scanned or opened, the code to compare, and how long it still works. */
export function LoginWaiting({ login }: { login: LoginView }) {
  const { t } = useLanguage();
  const { url, userCode, expiresAt, note } = login;
  const step: LoginStep = login.steps[login.step] ?? 'sign_in';
  const scanned = canBeScanned(login);
  return (
    <div className={styles.waiting}>
      {scanned && url !== null && <QrCode text={url} label={t(loginTexts.qr)} />}
      <div className={styles.words}>
        <p>{t(scanned ? loginTexts.scan[step] : loginTexts.inBrowser)}</p>
        {url !== null && (
          <Button component="a" href={url} target="_blank" rel="noopener noreferrer">
            {t(loginTexts.open)}
          </Button>
        )}
        {userCode !== null && (
          <p>
            {t(loginTexts.userCode)} <strong className={styles.code}>{userCode}</strong>
          </p>
        )}
        {expiresAt !== null && <Countdown until={expiresAt} />}
        <Text size="sm" c="dimmed" role="status">
          {note && t(note)}
        </Text>
      </div>
    </div>
  );
}
