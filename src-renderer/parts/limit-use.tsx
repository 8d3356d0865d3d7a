import type { Snapshot } from '../../src-main/contract/control.ts';
import type { BucketView, SessionBucketView } from '../../src-main/contract/record-views.ts';
import { formatCount, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import { limitTexts } from '../texts/limits.ts';
import { useAnswer } from '../use-answer.ts';
import styles from './limit-use.module.css';
import { Empty, Panel } from './section.tsx';
import table from './table.module.css';

const askEveryMs = 3000;

interface Row {
  key: string;
  who: string;
  what: string;
  bucket: BucketView;
}

/** How much of each limit is used now. */
export function LimitUse({ snapshot, now }: { snapshot: Snapshot; now: number }) {
  const { language, t } = useLanguage();
  const { answer } = useAnswer('buckets', {}, Math.floor(now / askEveryMs));
  const buckets = answer?.buckets;
  const rows: Row[] = [
    ...(buckets?.sessions ?? []).map((bucket, index) => ({
      key: `session ${bucket.sessionId ?? bucket.keyId ?? index}`,
      who: nameOf(bucket, snapshot) ?? t(common.unknownClient),
      what: t(limitTexts.ofSession),
      bucket,
    })),
    ...(buckets?.addresses ?? []).map((bucket, index) => ({
      key: `address ${index}`,
      who: bucket.address === 'loopback' ? t(limitTexts.thisMachine) : bucket.address,
      what: t(bucket.counts === 'visits' ? limitTexts.ofVisits : limitTexts.ofAddress),
      bucket,
    })),
  ];
  if (buckets && rows.length === 0) return <Empty title={t(limitTexts.unused)} hint={t(limitTexts.unusedHint)} />;
  return (
    <Panel>
      <table className={table.table} aria-label={t(limitTexts.inUse)}>
        <thead>
          <tr>
            <th scope="col">{t(limitTexts.who)}</th>
            <th scope="col" className={table.wide}>
              {t(limitTexts.kind)}
            </th>
            <th scope="col">{t(limitTexts.used)}</th>
            <th scope="col" className={`${table.number} ${table.wide}`}>
              {t(limitTexts.freesIn)}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, who, what, bucket }) => (
            <tr key={key}>
              <td>{who}</td>
              <td className={table.wide}>{what}</td>
              <td>
                <div className={styles.use}>
                  <span className={styles.track} aria-hidden>
                    <span
                      className={styles.used}
                      data-full={bucket.used >= bucket.limit}
                      style={{ width: `${Math.min(1, bucket.used / bucket.limit) * 100}%` }}
                    />
                  </span>
                  {t(limitTexts.usedOf(formatCount(bucket.used, language), formatCount(bucket.limit, language)))}
                </div>
              </td>
              <td className={`${table.number} ${table.wide}`}>
                {bucket.used === 0 ? '–' : formatMs(bucket.freesInMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function nameOf({ sessionId, keyId }: SessionBucketView, { sessions, clients }: Snapshot): string | null {
  const session = sessions.find((other) => other.id === sessionId);
  const key = clients.find((other) => other.keyId === keyId);
  return session?.client?.name ?? key?.name ?? sessionId ?? keyId;
}
