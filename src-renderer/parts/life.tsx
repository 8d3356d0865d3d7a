import { formatSpan } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import styles from './life.module.css';

interface LifeProps {
  label: string;
  expiresAt: number;
  /** The length of a full bar: how long such a token lives at most. */
  fullMs: number;
  now: number;
}

/** How much life is left in something, drawn as time. */
export function Life({ label, expiresAt, fullMs, now }: LifeProps) {
  const { language, t } = useLanguage();
  const left = Math.max(0, expiresAt - now);
  const share = Math.min(1, left / fullMs);
  const words = left === 0 ? t(overview.over) : t(overview.left(formatSpan(left, language)));
  return (
    <div className={styles.life}>
      <span>{label}</span>
      <div className={styles.track} aria-hidden>
        <div className={`${styles.left} ${share < 0.15 ? styles.low : ''}`} style={{ width: `${share * 100}%` }} />
      </div>
      <span className={styles.words}>{words}</span>
    </div>
  );
}
