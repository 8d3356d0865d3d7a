import { formatSpan } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { loginTexts } from '../texts/sign-in.ts';
import { useNow } from '../use-now.ts';
import styles from './login.module.css';

const shortMs = 30_000;

/** How long a link still works. It alone is drawn anew each second. */
export function Countdown({ until }: { until: number }) {
  const { language, t } = useLanguage();
  const left = until - useNow(1000);
  return (
    <p className={styles.countdown}>
      {t(loginTexts.timeLeft)}{' '}
      {/* A timer that is read aloud each second helps nobody; that it is nearly over is said once. */}
      <strong role="timer" aria-live="off">
        {formatSpan(left, language)}
      </strong>{' '}
      <span role="status">{left <= 0 ? t(loginTexts.expired) : left < shortMs && t(loginTexts.expiring)}</span>
    </p>
  );
}
