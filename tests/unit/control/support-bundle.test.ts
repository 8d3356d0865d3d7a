import { homedir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configSchema } from '../../../src-main/contract/config.ts';
import { LiveSettings } from '../../../src-main/control/live-settings.ts';
import { supportBundle } from '../../../src-main/control/support-bundle.ts';
import { HistoryBench } from '../../helpers/history-bench.ts';
import { sampleAccount, sampleApp, sampleClient, sampleSession } from '../../helpers/sample-views.ts';

let bench: HistoryBench;
beforeEach(async () => {
  bench = await HistoryBench.open();
});
afterEach(() => bench.close());

function bundleWith(lines: string[], settings: Parameters<typeof configSchema.parse>[0] = {}) {
  const { bus, clock, history, notices } = bench;
  return supportBundle({
    startedAt: clock.now() - 5000,
    clock,
    notices,
    history,
    settings: new LiveSettings({ running: configSchema.parse(settings), bus }),
    accounts: { list: () => [sampleAccount(), sampleAccount({ id: 'acc_2', name: '周舟', state: 'sign_in_needed' })] },
    apps: {
      list: () => [sampleApp()],
      add: unasked,
      setDefault: unasked,
      forget: unasked,
      examine: unasked,
    },
    clients: { list: () => [sampleClient()], bind: unasked },
    sessions: { views: () => [sampleSession()] },
    about: () => ({
      version: '1.2.3',
      node: '24.0.0',
      electron: null,
      sqlite: '3.50.0',
      platform: 'linux',
      arch: 'x64',
      startedAt: 0,
      dataFolder: `${homedir()}/.config/larkgate`,
      definitions: { name: 'x', version: '1', tools: 2 },
    }),
    logLines: async (count) => lines.slice(-count),
  });
}

const unasked = () => Promise.reject(new Error('not asked in this test'));

test('a bundle counts people and clients without naming them', async () => {
  bench.finish('call_1');
  const { filename, text } = await bundleWith([]);
  expect(filename).toBe('larkgate-support-2026-11-02.json');
  expect(JSON.parse(text)).toMatchObject({
    about: { version: '1.2.3', uptimeMs: 5000 },
    health: { status: 'degraded' },
    counts: {
      accounts: { 'feishu device signed_in': 1, 'feishu device sign_in_needed': 1 },
      clients: 1,
      sessions: { 'streamable-http 2025-11-25': 1 },
      calls: { total: 1 },
    },
    settings: { 'limits.perSession': 50 },
    log: [],
  });
  expect(text).not.toContain('周舟');
  expect(text).not.toContain(sampleAccount().name);
});

test('what looks like a secret is masked wherever it stands, and the text stays a JSON document', async () => {
  const lines = [
    JSON.stringify({ level: 'error', msg: 'refused Bearer u-Canary9.0123456789abc' }),
    JSON.stringify({ err: { message: '{"refresh_token":"Canary9refreshtoken"}' }, app_secret: 'Canary9secret' }),
    'not JSON at all: client_secret=Canary9secret&x=1',
    JSON.stringify({ url: 'http://person:Canary9pass@proxy.example:8080/' }),
  ];
  const { text } = await bundleWith(lines, { lark: { openUrl: 'https://person:Canary9pass@open.example/' } });
  expect(text).not.toContain('Canary9');
  const bundle: { log: unknown[] } = JSON.parse(text);
  expect(bundle.log).toHaveLength(4);
  expect(bundle).toMatchObject({ settings: { 'lark.openUrl': 'https://***@open.example/' } });
});

test('the home folder, which names the person, is a tilde', async () => {
  const { text } = await bundleWith([JSON.stringify({ file: `${homedir()}/x` })]);
  expect(text).not.toContain(`"${homedir()}/`);
  expect(JSON.parse(text)).toMatchObject({ about: { dataFolder: '~/.config/larkgate' }, log: [{ file: '~/x' }] });
});

test('no more than the last 200 lines of the log are in it', async () => {
  const { text } = await bundleWith(Array.from({ length: 500 }, (_, at) => JSON.stringify({ at })));
  const { log }: { log: unknown[] } = JSON.parse(text);
  expect(log).toHaveLength(200);
  expect(log.at(-1)).toEqual({ at: 499 });
});
