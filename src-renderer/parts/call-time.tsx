import { formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { callTexts } from '../texts/calls.ts';
import styles from './call-time.module.css';

/** Where the time of a call went. */
export function CallTime({ ms, upstreamMs }: { ms: number; upstreamMs: number }) {
  const { t } = useLanguage();
  const share = ms === 0 ? 0 : Math.min(1, upstreamMs / ms);
  const parts = [
    { name: t(callTexts.upstream), ms: upstreamMs, style: styles.upstream },
    { name: t(callTexts.gateway), ms: Math.max(0, ms - upstreamMs), style: styles.gateway },
  ];
  return (
    <div className={styles.time}>
      <div className={styles.bar} aria-hidden>
        <div className={styles.upstream} style={{ width: `${share * 100}%` }} />
      </div>
      <dl className={styles.parts}>
        {parts.map((part) => (
          <div key={part.name}>
            <dt>
              <span className={`${styles.swatch} ${part.style}`} aria-hidden /> {part.name}
            </dt>
            <dd>{formatMs(part.ms)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
