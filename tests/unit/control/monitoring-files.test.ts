import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Metrics } from '../../../src-main/control/metrics.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

const read = (path: string) => readFile(new URL(`../../../resources/${path}`, import.meta.url), 'utf8');

/** Every name that can follow from the metrics, a histogram's three included. */
async function existingNames(): Promise<Set<string>> {
  const parts = {
    bus: new EventBus(new FakeClock()),
    version: '0',
    notices: { standing: () => [] },
    accounts: { list: () => [] },
  };
  const metrics = new Metrics(parts);
  const text = await metrics.text();
  metrics.close();
  const names = new Set<string>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) names.add(name + suffix);
  }
  return names;
}

const namesIn = (expression: string) => expression.match(/\b(?:larkgate|process|nodejs)_\w+/g) ?? [];

describe('the files for Prometheus and Grafana', () => {
  it('ask only for metrics that exist', async () => {
    const existing = await existingNames();
    const asked = [...namesIn(await read('prometheus/alerts.yml')), ...namesIn(await read('grafana/dashboard.json'))];
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((name) => !existing.has(name))).toEqual([]);
  });

  it('hold a dashboard with a title and a query in every panel, over a data source that the reader picks', async () => {
    const dashboard = JSON.parse(await read('grafana/dashboard.json'));
    const ids = dashboard.panels.map((panel: { id: number }) => panel.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const panel of dashboard.panels) {
      expect(panel.title).toBeTruthy();
      expect(panel.datasource.uid).toBe('${source}');
      for (const target of panel.targets) expect(target.expr).toMatch(/larkgate_|process_|nodejs_|up\{/);
    }
  });

  it('hold alerts that each say how bad it is and what to do', async () => {
    const text = await read('prometheus/alerts.yml');
    const alerts = text.split(/^\s*- alert: /m).slice(1);
    expect(alerts.length).toBeGreaterThan(5);
    for (const alert of alerts) {
      expect(alert).toMatch(/expr: /);
      expect(alert).toMatch(/severity: (warning|critical)/);
      expect(alert).toMatch(/summary: \S/);
      expect(alert).toMatch(/description: \S/);
    }
  });
});
