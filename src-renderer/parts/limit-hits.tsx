import { Anchor } from '@mantine/core';
import { memo } from 'react';
import type { RecordedLimitHit, Snapshot } from '../../src-main/contract/control.ts';
import { formatCount, formatMoment, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { bySession, withKeys } from '../limit-hits.ts';
import { linkTo } from '../route.ts';
import { common, limitKinds } from '../texts/common.ts';
import { limitTexts } from '../texts/limits.ts';
import { Panel } from './section.tsx';
import table from './table.module.css';

interface HitsProps {
  hits: RecordedLimitHit[];
  snapshot: Snapshot;
  now: number;
}

/** Who met limits, and how often. */
export function HitsBySession({ hits, snapshot, now }: HitsProps) {
  const { language, t } = useLanguage();
  return (
    <Panel>
      <table className={table.table} aria-label={t(limitTexts.bySession)}>
        <thead>
          <tr>
            <th scope="col">{t(limitTexts.who)}</th>
            <th scope="col" className={table.number}>
              {t(limitTexts.hitCount)}
            </th>
            <th scope="col">{t(limitTexts.lastHit)}</th>
          </tr>
        </thead>
        <tbody>
          {bySession(hits).map(({ id, keyId, count, lastAt }) => (
            <tr key={id ?? keyId ?? ''}>
              <td>
                {id === null ? (
                  whoIs({ sessionId: id, keyId }, snapshot, t(common.unknownClient))
                ) : (
                  <Anchor size="sm" href={linkTo('sessions', { session: id })}>
                    {whoIs({ sessionId: id, keyId }, snapshot, t(common.unknownClient))}
                  </Anchor>
                )}
              </td>
              <td className={table.number}>{formatCount(count, language)}</td>
              <td className={table.time}>{formatMoment(lastAt, language, now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Each hit, the newest first. */
export function HitTable({ hits, snapshot, now }: HitsProps) {
  const { t } = useLanguage();
  return (
    <Panel>
      <table className={table.table} aria-label={t(limitTexts.hits)}>
        <thead>
          <tr>
            <th scope="col">{t(common.time)}</th>
            <th scope="col">{t(limitTexts.kind)}</th>
            <th scope="col">{t(common.client)}</th>
            <th scope="col" className={table.wide}>
              {t(common.tool)}
            </th>
            <th scope="col" className={table.number}>
              {t(limitTexts.wait)}
            </th>
          </tr>
        </thead>
        <tbody>
          {withKeys(hits).map(({ key, hit }) => (
            <Hit key={key} hit={hit} who={whoIs(hit, snapshot, t(common.unknownClient))} now={now} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

const Hit = memo(function Hit({ hit, who, now }: { hit: RecordedLimitHit; who: string; now: number }) {
  const { language, t } = useLanguage();
  return (
    <tr>
      <td className={table.time}>{formatMoment(hit.at, language, now)}</td>
      <td>{t(limitKinds[hit.kind])}</td>
      <td>{who}</td>
      <td className={`${table.wide} ${table.code}`}>{hit.tool ?? hit.method ?? '–'}</td>
      <td className={table.number}>{formatMs(hit.retryAfterMs)}</td>
    </tr>
  );
});

function whoIs(
  { sessionId, keyId }: Pick<RecordedLimitHit, 'sessionId' | 'keyId'>,
  { sessions, clients }: Snapshot,
  otherwise: string,
): string {
  const session = sessions.find((other) => other.id === sessionId);
  const key = clients.find((other) => other.keyId === keyId);
  return session?.client?.name ?? sessionId ?? key?.name ?? keyId ?? otherwise;
}
