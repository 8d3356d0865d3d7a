import type { EventBus } from '../base/event-bus.ts';
import { Fault } from '../base/fault.ts';
import { settingsProblems } from '../base/settings-problems.ts';
import { type Config, configSchema } from '../contract/config.ts';
import type { SettingProblem, SettingsView } from '../contract/settings-views.ts';
import { type SettingField, settingFields, valueOf } from './setting-fields.ts';

type Section = keyof Config;
type Keep = (section: Section, change: Record<string, unknown>) => Promise<void>;

/** Judges checked settings and throws a Fault that refuses them, or returns what makes them so. Both are synchronous. */
export type Effect = (wanted: Config) => () => void;

export interface LiveSettingsParts {
  /** What the gateway runs on. Fields that apply at once are changed in it; whoever reads it at each use needs no more. */
  running: Config;
  bus: Pick<EventBus, 'publish'>;
  /** Without it a change ends with the process. */
  keep?: Keep | undefined;
}

/**
 * Fields that are in effect at once, because they are read at each use or have an effect of their own. All others are
 * built into something at the start. `log.level` is among them unless the log began silent, without a file.
 */
const live: ReadonlySet<string> = new Set([
  'server.paused',
  'server.origins',
  ...['perSession', 'perAddress', 'sessions', 'batch', 'answerBytes', 'resultBytes'].map((name) => `limits.${name}`),
  ...['callMs', 'upstreamMs', 'idleMs', 'graceMs'].map((name) => `limits.${name}`),
  'lark.scopes',
  'tools.enabled',
  'records.days',
  'records.calls',
  'log.level',
]);

/** The settings of the running gateway, and what a person wants them to be. */
export class LiveSettings {
  readonly #parts: LiveSettingsParts;
  readonly #effects = new Map<string, Effect>();
  readonly #atStart: Config;
  #wanted: Config;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LiveSettingsParts) {
    this.#parts = parts;
    this.#atStart = structuredClone(parts.running);
    this.#wanted = structuredClone(parts.running);
  }

  get running(): Config {
    return this.#parts.running;
  }

  /** What has to happen when a field that is read only once changes. */
  onChange(path: `${Section}.${string}`, effect: Effect): void {
    this.#effects.set(path, effect);
  }

  view(): SettingsView {
    const fields = settingFields().map((field) => this.#viewOf(field));
    return { fields, restartNeeded: fields.some(({ pending }) => pending) };
  }

  /** Changes fields of one section; null puts one back to its default. Resolves to whether it outlives the process. */
  change(section: Section, change: Record<string, unknown>): Promise<boolean> {
    const turn = this.#turn.then(() => this.#change(section, change));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** For who puts a change into effect without us: it is kept, and is what holds. */
  readonly keep: Keep = async (section, change) => {
    await this.#parts.keep?.(section, change);
    for (const config of [this.#wanted, this.#parts.running]) Object.assign(config[section], change);
  };

  async #change(section: Section, change: Record<string, unknown>): Promise<boolean> {
    const given = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value ?? undefined]));
    const wanted = parse({ ...this.#wanted, [section]: { ...this.#wanted[section], ...given } });
    const changed = settingFields().filter((field) => !isEqual(valueOf(wanted, field), valueOf(this.#wanted, field)));
    const now = changed.filter((field) => this.#appliesNow(field));
    const effects = new Set(now.flatMap((field) => this.#effects.get(pathOf(field)) ?? []));
    const acts = [...effects].map((effect) => effect(wanted));
    const { keep, running } = this.#parts;
    await keep?.(section, given);
    this.#wanted = wanted;
    const values: Record<string, unknown> = wanted[section];
    for (const { name } of now) Object.assign(running[section], { [name]: values[name] });
    for (const act of acts) act();
    this.#tell(changed, now);
    return keep !== undefined;
  }

  #tell(changed: SettingField[], now: SettingField[]): void {
    const { bus, running } = this.#parts;
    if (now.some(({ section }) => section === 'limits'))
      bus.publish({ kind: 'limits.changed', limits: { ...running.limits } });
    if (now.some((field) => pathOf(field) === 'server.paused'))
      bus.publish({ kind: 'paused.changed', paused: running.server.paused });
    if (changed.length > 0) bus.publish({ kind: 'settings.changed', paths: changed.map((field) => pathOf(field)) });
  }

  #viewOf(field: SettingField): SettingsView['fields'][number] {
    const value = valueOf(this.#wanted, field);
    const running = valueOf(this.#parts.running, field);
    const appliesNow = this.#appliesNow(field);
    return {
      ...field,
      value,
      running,
      applies: appliesNow ? 'now' : 'restart',
      changed: !isEqual(value, valueOf(this.#atStart, field)),
      pending: !isEqual(value, running),
    };
  }

  #appliesNow(field: SettingField): boolean {
    if (!live.has(pathOf(field))) return false;
    return pathOf(field) !== 'log.level' || this.#atStart.log.level !== 'silent';
  }
}

function pathOf({ section, name }: SettingField): string {
  return `${section}.${name}`;
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parse(raw: Record<string, unknown>): Config {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw refused(settingsProblems(parsed.error));
}

function refused(problems: SettingProblem[]): Fault {
  const list = (language: 'zh' | 'en', join: string) =>
    problems.map(({ path, words }) => `${path} ${words[language]}`).join(join);
  return new Fault('config_invalid', {
    words: {
      zh: `设置没有改动：${list('zh', '；')}。请改正后重试。`,
      en: `Nothing was changed: ${list('en', '; ')}. Correct it and try again.`,
    },
    details: { problems },
  });
}
