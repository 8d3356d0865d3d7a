import { join } from 'node:path';
import { type Config, configSchema } from '../contract/config.ts';
import type { SettingProblem } from '../contract/settings-views.ts';
import { Fault } from './fault.ts';
import { readText, writeTextAtomically } from './files.ts';
import { settingsProblems } from './settings-problems.ts';

/** The settings file of a data folder. Absent means defaults; wrong means a fault that lists every problem at once. */
export class SettingsFile {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'settings.json');
  }

  async read(): Promise<Config> {
    return parseSettings(await this.#readRaw());
  }

  /** Changes settings and keeps the rest of the file as a person wrote it. */
  async merge(section: keyof Config, change: Record<string, unknown>): Promise<Config> {
    const raw = await this.#readRaw();
    const before = isObject(raw[section]) ? raw[section] : {};
    const after = { ...raw, [section]: { ...before, ...change } };
    const config = parseSettings(after);
    await writeTextAtomically(this.path, `${JSON.stringify(after, undefined, 2)}\n`);
    return config;
  }

  async #readRaw(): Promise<Record<string, unknown>> {
    const text = await readText(this.path);
    if (text === undefined) return {};
    const raw = parseJson(text.replace(/^\uFEFF/, ''));
    if (isObject(raw)) return raw;
    throw invalid([{ path: '(file)', words: { zh: '不是合法的 JSON 对象', en: 'is not a JSON object' } }]);
  }
}

function parseSettings(raw: Record<string, unknown>): Config {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw invalid(settingsProblems(parsed.error));
}

function invalid(problems: SettingProblem[]): Fault {
  const list = (language: 'zh' | 'en') =>
    problems.map((problem) => `${problem.path}: ${problem.words[language]}`).join('; ');
  return new Fault('config_invalid', {
    words: { zh: `settings.json 有问题：${list('zh')}`, en: `settings.json has problems: ${list('en')}` },
    details: { fields: problems.map(({ path }) => path) },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
