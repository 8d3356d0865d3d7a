import { Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { RecordedLimitHit, Snapshot } from '../../src-main/contract/control.ts';
import { formatMoment, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { LimitForm } from '../parts/limit-form.tsx';
import { Empty, Panel, Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { common, limitKinds } from '../texts/common.ts';
import { limitTexts } from '../texts/pages.ts';
import { useNow } from '../use-now.ts';
import styles from './calls.module.css';

/** How much is allowed, who met a limit lately, and the place to change it. */
export function Limits({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const [saved, setSaved] = useState(false);
  const { limits } = snapshot;
  return (
    <>
      <Title order={1} size="h3">
        {t(limitTexts.title)}
      </Title>
      <p className={styles.hint}>{t(limitTexts.hint)}</p>
      <Section title={t(limitTexts.current)}>
        <Panel>
          <LimitForm key={`${limits.perSession} ${limits.perAddress}`} limits={limits} onSaved={() => setSaved(true)} />
          <Text size="sm" mt="sm" c="dimmed" role="status">
            {saved && t(limitTexts.saved)}
          </Text>
        </Panel>
      </Section>
      <Section title={t(limitTexts.hits)}>
        <Hits snapshot={snapshot} />
      </Section>
    </>
  );
}

function Hits({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const now = useNow();
  const hits = snapshot.limitHits.filter((hit) => hit.at > now - 60 * 60_000);
  if (hits.length === 0) return <Empty title={t(limitTexts.empty)} hint={t(limitTexts.emptyHint)} />;
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
          {hits.map((hit, index) => (
            <Hit key={`${hit.at} ${hits.length - index}`} hit={hit} snapshot={snapshot} now={now} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Hit({ hit, snapshot, now }: { hit: RecordedLimitHit; snapshot: Snapshot; now: number }) {
  const { language, t } = useLanguage();
  const session = snapshot.sessions.find((other) => other.id === hit.sessionId);
  return (
    <tr>
      <td className={table.time}>{formatMoment(hit.at, language, now)}</td>
      <td>{t(limitKinds[hit.kind])}</td>
      <td>{session?.client?.name ?? hit.sessionId ?? hit.keyId ?? t(common.unknownClient)}</td>
      <td className={`${table.wide} ${table.code}`}>{hit.tool ?? hit.method ?? '–'}</td>
      <td className={table.number}>{formatMs(hit.retryAfterMs)}</td>
    </tr>
  );
}
