import { memo, useId } from 'react';
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import styles from './time-chart.module.css';
import type { ChartPoint, ChartSeries } from './time-chart.tsx';

interface PlotProps {
  points: ChartPoint[];
  series: readonly ChartSeries[];
  formatTime: (at: number) => string;
  formatValue: (value: number) => string;
}

/** The drawing of a chart. It is loaded when a page first shows one. */
export const Plot = memo(function Plot({ points, series, formatTime, formatValue }: PlotProps) {
  const id = useId();
  const rows = points.map(({ at, values }) => ({ at, ...values }));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 300, height: 160 }}>
      <ComposedChart
        data={rows}
        margin={{ top: 6, right: 4, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        barCategoryGap={1}
      >
        <defs>
          {series.map((one) => (
            <Pattern key={one.key} id={`${id}${one.key}`} series={one} />
          ))}
        </defs>
        <CartesianGrid vertical={false} stroke="var(--gate-line)" />
        <XAxis
          dataKey="at"
          tickFormatter={formatTime}
          minTickGap={48}
          tickLine={false}
          stroke="var(--mantine-color-dimmed)"
          fontSize={12}
        />
        <YAxis
          width={64}
          allowDecimals={false}
          tickFormatter={(value: number) => formatValue(value).replaceAll(' ', '\u00a0')}
          tickLine={false}
          axisLine={false}
          stroke="var(--mantine-color-dimmed)"
          fontSize={12}
        />
        <Tooltip
          isAnimationActive={false}
          wrapperClassName={styles.tip ?? ''}
          labelFormatter={(at) => formatTime(Number(at))}
          formatter={(value, name) => [formatValue(Number(value)), name]}
        />
        {series.map(({ key, label, color, shape, pattern }) =>
          shape === 'bars' ? (
            <Bar
              key={key}
              dataKey={key}
              name={label}
              stackId="all"
              fill={pattern === 'solid' ? `var(${color})` : `url(#${id}${key})`}
              isAnimationActive={false}
            />
          ) : (
            <Line
              key={key}
              dataKey={key}
              name={label}
              type="monotone"
              stroke={`var(${color})`}
              strokeWidth={2}
              {...(pattern === 'dashes' && { strokeDasharray: '5 3' })}
              dot={{ r: 1.5, fill: `var(${color})`, strokeDasharray: '' }}
              connectNulls={false}
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
});

function Pattern({ id, series }: { id: string; series: ChartSeries }) {
  const color = `var(${series.color})`;
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" fill={color} fillOpacity="0.3" />
      {series.pattern === 'dots' ? (
        <circle cx="2.5" cy="2.5" r="1.4" fill={color} />
      ) : series.pattern === 'dashes' ? (
        <rect width="5" height="2.5" fill={color} />
      ) : (
        <rect width="2.5" height="5" fill={color} />
      )}
    </pattern>
  );
}
