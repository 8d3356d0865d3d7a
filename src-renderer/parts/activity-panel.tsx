import { NativeSelect } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import { type ActivityPoint, lastHour, slowest, totalOf } from '../activity.ts';
import { formatCount, formatMoment, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { chartTexts } from '../texts/charts.ts';
import { overview } from '../texts/overview.ts';
import { useAnswer } from '../use-answer.ts';
import styles from './activity-panel.module.css';
import { Panel, Section } from './section.tsx';
import { TimeChart } from './time-chart.tsx';

const askEveryMs = 15_000;

/** How much was called lately, what came of it and how long it took. */
export function ActivityPanel({ snapshot, now }: { snapshot: Snapshot; now: number }) {
  const { t } = useLanguage();
  const [range, setRange] = useState<'hour' | 'week'>('hour');
  const turn = Math.floor((now - snapshot.startedAt) / askEveryMs);
  const { answer } = useAnswer('activity', { range }, turn);
  const told = answer?.activity;
  const minute = Math.floor(now / 60_000) * 60_000;
  const points = useMemo((): ActivityPoint[] => {
    const known = told?.points ?? [];
    if (range === 'week') return told && told.bucketMs > 60_000 ? known : [];
    return lastHour(snapshot.activity, told?.bucketMs === 60_000 ? known : [], minute);
  }, [told, range, snapshot.activity, minute]);
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
    <Section title={t(overview.activity)} aside={select}>
      <Panel>
        <Numbers snapshot={snapshot} now={now} />
        <Charts points={points} range={range} />
      </Panel>
    </Section>
  );
}

/** Of the last hour, always. */
function Numbers({ snapshot, now }: { snapshot: Snapshot; now: number }) {
  const { language, t } = useLanguage();
  const { calls, errors, limitHits } = totalOf(snapshot.activity, now);
  const numbers: [string, number][] = [
    [t(overview.callCount), calls],
    [t(overview.errorCount), errors],
    [t(overview.hitCount), limitHits],
  ];
  return (
    <dl className={styles.numbers} aria-label={t(chartTexts.hour)}>
      {numbers.map(([name, number]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{formatCount(number, language)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Charts({ points, range }: { points: ActivityPoint[]; range: 'hour' | 'week' }) {
  const { language, t } = useLanguage();
  const formatTime = useCallback(
    (at: number) => formatMoment(at, language, Date.now()).replace(/:\d\d$/, ''),
    [language],
  );
  const formatNumber = useCallback((count: number) => formatCount(count, language), [language]);
  const series = useMemo(
    () => ({
      counts: [
        { key: 'done', label: t(overview.doneCount), color: '--gate-calls', shape: 'bars', pattern: 'solid' },
        { key: 'errors', label: t(overview.errorCount), color: '--gate-errors', shape: 'bars', pattern: 'stripes' },
        { key: 'limitHits', label: t(overview.hitCount), color: '--gate-hits', shape: 'bars', pattern: 'dots' },
      ] as const,
      times: [
        { key: 'p50', label: t(overview.typical), color: '--gate-calls', shape: 'line', pattern: 'solid' },
        { key: 'p95', label: t(overview.slow), color: '--gate-hits', shape: 'line', pattern: 'dashes' },
      ] as const,
    }),
    [t],
  );
  const counts = useMemo(() => points.map(countsOf), [points]);
  const times = useMemo(() => points.map(({ at, p50, p95 }) => ({ at, values: { p50, p95 } })), [points]);
  const { calls, errors, limitHits } = totalOf(points, 0);
  const { p50, p95 } = slowest(points);
  const span = chartTexts[range];
  return (
    <div className={styles.charts}>
      <TimeChart
        title={t(range === 'hour' ? overview.perMinute : overview.perHour)}
        summary={t(overview.chart(span, formatNumber(calls), formatNumber(errors), formatNumber(limitHits)))}
        points={counts}
        series={series.counts}
        formatTime={formatTime}
        formatValue={formatNumber}
      />
      <TimeChart
        title={t(overview.latency)}
        summary={t(
          overview.latencyChart(span, p50 === null ? null : formatMs(p50), p95 === null ? null : formatMs(p95)),
        )}
        points={times}
        series={series.times}
        formatTime={formatTime}
        formatValue={formatMs}
      />
    </div>
  );
}

function countsOf({ at, calls, errors, limitHits }: ActivityPoint) {
  return { at, values: { done: Math.max(0, calls - errors), errors, limitHits } };
}
