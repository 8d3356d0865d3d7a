import type { ActivityView } from '../../src-main/contract/views.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import styles from './activity-chart.module.css';

const minutes = 60;
const minute = 60_000;
const height = 40;

/** One bar per minute of the last hour: what failed stands at the bottom of its bar, limit hits as a mark above it. */
export function ActivityChart({ activity, now }: { activity: ActivityView[]; now: number }) {
  const { language, t } = useLanguage();
  const last = Math.floor(now / minute) * minute;
  const shown = activity.filter((entry) => entry.at > last - minutes * minute && entry.at <= last);
  const most = Math.max(1, ...shown.map((entry) => entry.calls));
  const { calls, errors, limitHits } = totalOf(shown);
  const scale = (height - 6) / most;
  return (
    <figure style={{ margin: 0 }}>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${minutes * 4} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t(overview.chart(calls, errors, limitHits))}
      >
        <line className={styles.base} x1="0" x2={minutes * 4} y1={height - 0.5} y2={height - 0.5} />
        {shown.map((entry) => {
          const x = (minutes - 1 - (last - entry.at) / minute) * 4 + 0.5;
          return (
            <g key={entry.at}>
              <rect className={styles.calls} x={x} width="3" {...bar(entry.calls * scale)} />
              <rect className={styles.errors} x={x} width="3" {...bar(entry.errors * scale)} />
              {entry.limitHits > 0 && <rect className={styles.hits} x={x} width="3" y="0" height="3" />}
            </g>
          );
        })}
      </svg>
      <div className={styles.ends} aria-hidden>
        <span>{formatMoment(last - (minutes - 1) * minute, language, now).replace(/:\d\d$/, '')}</span>
        <span>{formatMoment(last, language, now).replace(/:\d\d$/, '')}</span>
      </div>
    </figure>
  );
}

/** The sums of the last hour. */
export function totalOf(activity: ActivityView[]): Omit<ActivityView, 'at'> {
  return activity.reduce(
    (sum, entry) => ({
      calls: sum.calls + entry.calls,
      errors: sum.errors + entry.errors,
      limitHits: sum.limitHits + entry.limitHits,
    }),
    { calls: 0, errors: 0, limitHits: 0 },
  );
}

function bar(length: number): { y: number; height: number } {
  return { y: height - length, height: length };
}
