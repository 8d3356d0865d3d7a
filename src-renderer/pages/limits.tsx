import { Anchor, NativeSelect, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import { useLanguage } from '../language.tsx';
import { LimitChart } from '../parts/limit-chart.tsx';
import { LimitForm } from '../parts/limit-form.tsx';
import { HitsBySession, HitTable } from '../parts/limit-hits.tsx';
import { LimitUse } from '../parts/limit-use.tsx';
import { Empty, Panel, Section } from '../parts/section.tsx';
import { linkTo } from '../route.ts';
import { chartTexts } from '../texts/charts.ts';
import { limitTexts } from '../texts/limits.ts';
import { useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { useRevision } from '../use-revision.ts';
import styles from './calls.module.css';

const shown = 50;

/** How much is allowed and how much is used, who met a limit, and the place to change it. */
export function Limits({ snapshot }: { snapshot: Snapshot }) {
  const { t } = useLanguage();
  const now = useNow(3000);
  const [kept, setKept] = useState<boolean>();
  const { limits } = snapshot;
  return (
    <>
      <Title order={1} size="h3">
        {t(limitTexts.title)}
      </Title>
      <p className={styles.hint}>{t(limitTexts.hint)}</p>
      <Section
        title={t(limitTexts.current)}
        aside={<Anchor href={linkTo('settings')}>{t(limitTexts.otherLimits)}</Anchor>}
      >
        <Panel>
          <LimitForm key={`${limits.perSession} ${limits.perAddress}`} limits={limits} onSaved={setKept} />
          <Text size="sm" mt="sm" c="dimmed" role="status">
            {kept !== undefined && t(kept ? limitTexts.saved : limitTexts.savedForNow)}
          </Text>
        </Panel>
      </Section>
      <Section title={t(limitTexts.inUse)}>
        <LimitUse snapshot={snapshot} now={now} />
      </Section>
      <OverTime snapshot={snapshot} now={now} />
      <Hits snapshot={snapshot} now={now} />
    </>
  );
}

interface PartProps {
  snapshot: Snapshot;
  now: number;
}

function OverTime({ snapshot, now }: PartProps) {
  const { t } = useLanguage();
  const [range, setRange] = useState<'hour' | 'week'>('hour');
  const newest = snapshot.limitHits[0];
  const revision = useRevision(
    [snapshot.startedAt, Math.floor(now / 60_000), newest?.at, snapshot.limitHits.length].join(),
  );
  const { answer } = useAnswer('limitActivity', { range }, revision);
  const select = (
    <NativeSelect
      size="xs"
      aria-label={t(chartTexts.range)}
      value={range}
      data={(['hour', 'week'] as const).map((value) => ({ value, label: t(chartTexts[value]) }))}
      onChange={(change) => setRange(change.currentTarget.value === 'week' ? 'week' : 'hour')}
    />
  );
  return (
    <Section title={t(limitTexts.overTime)} aside={select}>
      <Panel>
        <LimitChart points={answer?.limitActivity.points ?? nothing} range={range} />
      </Panel>
    </Section>
  );
}

const nothing: never[] = [];

function Hits({ snapshot, now }: PartProps) {
  const { t } = useLanguage();
  const hits = snapshot.limitHits.filter((hit) => hit.at > now - 60 * 60_000);
  if (hits.length === 0) {
    return (
      <Section title={t(limitTexts.hits)}>
        <Empty title={t(limitTexts.empty)} hint={t(limitTexts.emptyHint)} />
      </Section>
    );
  }
  return (
    <>
      <Section title={t(limitTexts.bySession)}>
        <HitsBySession hits={hits} snapshot={snapshot} now={now} />
      </Section>
      <Section title={t(limitTexts.hits)}>
        <HitTable hits={hits.slice(0, shown)} snapshot={snapshot} now={now} />
      </Section>
    </>
  );
}
