import { useCallback, useMemo } from 'react';
import type { LimitPointView } from '../../src-main/contract/record-views.ts';
import type { LimitKind } from '../../src-main/contract/views.ts';
import { formatCount, formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { chartTexts } from '../texts/charts.ts';
import { limitKinds } from '../texts/common.ts';
import { limitTexts } from '../texts/limits.ts';
import { type ChartSeries, TimeChart } from './time-chart.tsx';

const looks: Record<LimitKind, Pick<ChartSeries, 'color' | 'pattern'>> = {
  session: { color: '--gate-hits', pattern: 'solid' },
  address: { color: '--gate-errors', pattern: 'stripes' },
  sessions: { color: '--gate-calls', pattern: 'dots' },
  streams: { color: '--gate-life', pattern: 'dashes' },
};
const kinds: LimitKind[] = ['session', 'address', 'sessions', 'streams'];

/** Limit hits over time, by which limit was met. */
export function LimitChart({ points, range }: { points: LimitPointView[]; range: 'hour' | 'week' }) {
  const { language, t } = useLanguage();
  const formatTime = useCallback(
    (at: number) => formatMoment(at, language, Date.now()).replace(/:\d\d$/, ''),
    [language],
  );
  const formatNumber = useCallback((count: number) => formatCount(count, language), [language]);
  const series = useMemo(
    () => kinds.map((kind) => ({ key: kind, label: t(limitKinds[kind]), shape: 'bars' as const, ...looks[kind] })),
    [t],
  );
  const drawn = useMemo(
    () =>
      points.map(({ at, session, address, sessions, streams }) => ({
        at,
        values: { session, address, sessions, streams },
      })),
    [points],
  );
  const total = points.reduce((sum, point) => sum + kinds.reduce((hits, kind) => hits + point[kind], 0), 0);
  return (
    <TimeChart
      title={t(limitTexts.byKind)}
      summary={t(limitTexts.chart(chartTexts[range], formatNumber(total)))}
      points={drawn}
      series={series}
      formatTime={formatTime}
      formatValue={formatNumber}
    />
  );
}
