import { beforeEach, describe, expect, test } from 'vitest';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Fault } from '../../../src-main/base/fault.ts';
import { type Config, type ConfigInput, configSchema } from '../../../src-main/contract/config.ts';
import type { SettingView } from '../../../src-main/contract/settings-views.ts';
import { LiveSettings } from '../../../src-main/control/live-settings.ts';
import { settingFields, valueOf } from '../../../src-main/control/setting-fields.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

let bus: EventBus;
let running: Config;
let kept: [string, Record<string, unknown>][];
let live: LiveSettings;

function start(input: ConfigInput = {}): void {
  running = configSchema.parse(input);
  kept = [];
  live = new LiveSettings({ running, bus, keep: async (section, change) => void kept.push([section, change]) });
}

beforeEach(() => {
  bus = new EventBus(new FakeClock());
  start();
});

function field(path: string): SettingView {
  const found = live.view().fields.find(({ section, name }) => `${section}.${name}` === path);
  if (!found) throw new Error(`no field ${path}`);
  return found;
}

const refusal = (section: keyof Config, change: Record<string, unknown>): Promise<Fault> =>
  live.change(section, change).then(
    () => {
      throw new Error('it was not refused');
    },
    (thrown: unknown) => Fault.from(thrown),
  );

describe('the fields', () => {
  test('are all that the schema has, each with its default', () => {
    const defaults = configSchema.parse({});
    const sections = Object.entries(defaults).flatMap(([section, values]) =>
      Object.keys(values).map((name) => `${section}.${name}`),
    );
    const paths = settingFields().map(({ section, name }) => `${section}.${name}`);
    expect(paths).toEqual(expect.arrayContaining(sections));
    expect(paths).toContain('network.extraCa');
    for (const one of settingFields()) expect(one.default, one.name).toEqual(valueOf(defaults, one));
    expect(new Set(settingFields().map(({ type }) => type)).size).toBe(6);
  });

  test('say what may be put in', () => {
    expect(field('server.port')).toMatchObject({ type: 'integer', min: 0, max: 65535, default: 5275 });
    expect(field('limits.perSession')).toMatchObject({ type: 'integer', min: 1, max: null });
    expect(field('log.level')).toMatchObject({ type: 'choice', choices: ['debug', 'info', 'warn', 'error', 'silent'] });
    expect(field('server.origins')).toMatchObject({ type: 'list', default: [] });
    expect(field('lark.openUrl')).toMatchObject({ type: 'url', value: null, default: null });
    expect(field('network.proxyFromEnvironment')).toMatchObject({ type: 'boolean', default: true });
  });
});

describe('a change', () => {
  test('that applies at once is in effect when it is answered, is kept, and is told', async () => {
    const before = bus.lastId;
    expect(await live.change('limits', { perSession: 7 })).toBe(true);
    expect(running.limits.perSession).toBe(7);
    expect(kept).toEqual([['limits', { perSession: 7 }]]);
    expect(field('limits.perSession')).toMatchObject({
      value: 7,
      running: 7,
      applies: 'now',
      changed: true,
      pending: false,
    });
    expect(bus.since(before)).toMatchObject([
      { kind: 'limits.changed', limits: { perSession: 7 } },
      { kind: 'settings.changed', paths: ['limits.perSession'] },
    ]);
  });

  test('that needs a restart is kept and shown, and the running gateway goes on as it was', async () => {
    await live.change('server', { port: 6000 });
    expect(running.server.port).toBe(5275);
    expect(field('server.port')).toMatchObject({ value: 6000, running: 5275, applies: 'restart', pending: true });
    expect(live.view().restartNeeded).toBe(true);
    await live.change('server', { port: 5275 });
    expect(live.view().restartNeeded).toBe(false);
    expect(field('server.port').changed).toBe(false);
  });

  test('of a limit that is built in at the start tells nobody that the limits changed', async () => {
    const before = bus.lastId;
    await live.change('limits', { bodyBytes: 1000 });
    expect(bus.since(before)?.map(({ kind }) => kind)).toEqual(['settings.changed']);
  });

  test('to null puts a field back to its default, and out of the file', async () => {
    await live.change('network', { extraCa: '/etc/ca.pem' });
    await live.change('limits', { perSession: 7 });
    await live.change('network', { extraCa: null });
    await live.change('limits', { perSession: null });
    expect(field('network.extraCa').value).toBeNull();
    expect(running.limits.perSession).toBe(50);
    expect(kept.slice(2)).toEqual([
      ['network', { extraCa: undefined }],
      ['limits', { perSession: undefined }],
    ]);
  });

  test('that is wrong changes nothing and says of every field what is wrong, without the values', async () => {
    const fault = await refusal('limits', { perSession: 0, perAddress: 'Canary9', canary: 1, callMs: 5 });
    expect(fault).toMatchObject({ code: 'config_invalid' });
    expect(fault.details?.['problems']).toEqual([
      { path: 'limits.perSession', words: { zh: '不能小于 1', en: 'must be at least 1' } },
      { path: 'limits.perAddress', words: { zh: '类型应为 number', en: 'must be of type number' } },
      { path: 'limits.canary', words: { zh: '没有这个设置项', en: 'is not a setting' } },
    ]);
    expect(JSON.stringify(fault.toBody())).not.toContain('Canary9');
    expect(running.limits).toMatchObject({ perSession: 50, callMs: 60_000 });
    expect(kept).toEqual([]);
  });

  test('that cannot be kept is not in effect either', async () => {
    live = new LiveSettings({ running, bus, keep: () => Promise.reject(new Fault('storage')) });
    const before = bus.lastId;
    expect((await refusal('limits', { perSession: 7 })).code).toBe('storage');
    expect(running.limits.perSession).toBe(50);
    expect(field('limits.perSession').value).toBe(50);
    expect(bus.lastId).toBe(before);
    expect((await refusal('server', { paused: true })).code).toBe('storage');
  });

  test('that nothing keeps says that it ends with the process', async () => {
    live = new LiveSettings({ running, bus });
    expect(await live.change('limits', { perSession: 7 })).toBe(false);
    expect(running.limits.perSession).toBe(7);
  });

  test('waits for the one before it, so that none is lost', async () => {
    await Promise.all([
      live.change('limits', { perSession: 7 }),
      live.change('limits', { perAddress: 70 }),
      live.change('server', { paused: true }),
    ]);
    expect(running.limits).toMatchObject({ perSession: 7, perAddress: 70 });
    expect(running.server.paused).toBe(true);
  });

  test('of a field with an effect asks first whether it may, and acts after it was kept', async () => {
    const seen: string[] = [];
    live.onChange('tools.enabled', (wanted) => {
      if (wanted.tools.enabled.includes('wrong')) throw new Fault('config_invalid');
      return () => void seen.push(`${wanted.tools.enabled.join(' ')} after ${kept.length}`);
    });
    await live.change('tools', { enabled: ['im.v1.chat.list'] });
    expect(seen).toEqual(['im.v1.chat.list after 1']);
    expect((await refusal('tools', { enabled: ['wrong'] })).code).toBe('config_invalid');
    expect(running.tools.enabled).toEqual(['im.v1.chat.list']);
    await live.change('tools', { enabled: ['im.v1.chat.list'] });
    expect(seen).toHaveLength(1);
  });

  test('of the log level is in effect at once, unless the log began silent and has no file', async () => {
    expect(field('log.level').applies).toBe('now');
    start({ log: { level: 'silent' } });
    expect(field('log.level').applies).toBe('restart');
  });

  test('that somebody else makes and puts into effect is kept and known', async () => {
    await live.keep('lark', { appId: 'cli_0123456789abcdef' });
    expect(field('lark.appId')).toMatchObject({ value: 'cli_0123456789abcdef', pending: false });
    expect(kept).toHaveLength(1);
  });
});
