import { lazy, memo, Suspense } from 'react';
import { useLanguage } from '../language.tsx';
import { chartTexts } from '../texts/charts.ts';
import { useCalm } from '../use-calm.ts';
import table from './table.module.css';
import styles from './time-chart.module.css';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

/** One quantity over time. Its pattern says what its colour says. */
export interface ChartSeries {
  key: string;
  label: string;
  /** A colour of the style sheet, such as `--gate-calls`. */
  color: string;
  shape: 'bars' | 'line';
  pattern: 'solid' | 'stripes' | 'dots' | 'dashes';
}

export interface ChartPoint {
  at: number;
  values: Record<string, number | null>;
}

interface TimeChartProps {
  title: string;
  /** What it shows in a sentence, for who does not see it. */
  summary: string;
  points: ChartPoint[];
  series: readonly ChartSeries[];
  formatTime: (at: number) => string;
  formatValue: (value: number) => string;
}

/** Quantities over time as a drawing, and as a table for who prefers to read. It is drawn once a second at most. */
export const TimeChart = memo(function TimeChart(props: TimeChartProps) {
  const { title, summary, series, formatTime, formatValue } = props;
  const points = useCalm(props.points, 1000);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <strong>{title}</strong>
        <span className={styles.legend}>
          {series.map((one) => (
            <span key={one.key}>
              <Swatch series={one} /> {one.label}
            </span>
          ))}
        </span>
      </figcaption>
      <div className={styles.plot} role="img" aria-label={summary}>
        <Suspense fallback={null}>
          <Plot points={points} series={series} formatTime={formatTime} formatValue={formatValue} />
        </Suspense>
      </div>
      <AsTable title={title} points={points} series={series} formatTime={formatTime} formatValue={formatValue} />
    </figure>
  );
});

function Swatch({ series }: { series: ChartSeries }) {
  return (
    <span
      className={styles.swatch}
      data-shape={series.shape}
      data-pattern={series.pattern}
      style={{ color: `var(${series.color})` }}
    />
  );
}

/** Stretches without anything are left out. */
const AsTable = memo(function AsTable(props: Omit<TimeChartProps, 'summary'>) {
  const { title, points, series, formatTime, formatValue } = props;
  const { t } = useLanguage();
  const told = points.filter(({ values }) => series.some(({ key }) => values[key]));
  return (
    <details className={styles.details}>
      <summary>{t(chartTexts.asTable)}</summary>
      {told.length === 0 ? (
        <p>{t(chartTexts.nothing)}</p>
      ) : (
        <table className={table.table} aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t(chartTexts.time)}</th>
              {series.map(({ key, label }) => (
                <th key={key} scope="col" className={table.number}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {told.toReversed().map(({ at, values }) => (
              <tr key={at}>
                <th scope="row">{formatTime(at)}</th>
                {series.map(({ key }) => (
                  <td key={key} className={table.number}>
                    {formatCell(values[key], formatValue)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
});

function formatCell(value: number | null | undefined, formatValue: (value: number) => string): string {
  return value === null || value === undefined ? '–' : formatValue(value);
}
