import { join } from 'node:path';
import type { z } from 'zod';
import { type Config, configSchema } from '../contract/config.ts';
import { Fault } from './fault.ts';
import { readText, writeTextAtomically } from './files.ts';

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
    throw invalid([{ path: '(file)', zh: '不是合法的 JSON 对象', en: 'is not a JSON object' }]);
  }
}

function parseSettings(raw: Record<string, unknown>): Config {
  const parsed = configSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap((issue) => problemsOf(issue)));
}

interface Problem {
  path: string;
  zh: string;
  en: string;
}

/** What is wrong, without the value: it may be a secret that was put into the wrong place. */
function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: path ? `${path}.${key}` : key,
        zh: '没有这个设置项',
        en: 'is not a setting',
      }));
    case 'invalid_value':
      return [{ path, zh: `只能是 ${issue.values.join('、')}`, en: `must be one of ${issue.values.join(', ')}` }];
    case 'too_small':
      return [{ path, zh: `不能小于 ${issue.minimum}`, en: `must be at least ${issue.minimum}` }];
    case 'too_big':
      return [{ path, zh: `不能大于 ${issue.maximum}`, en: `must be at most ${issue.maximum}` }];
    case 'invalid_type':
      return [{ path, zh: `类型应为 ${issue.expected}`, en: `must be of type ${issue.expected}` }];
    default:
      return [{ path, zh: '格式不正确', en: 'has the wrong form' }];
  }
}

function invalid(problems: Problem[]): Fault {
  const list = (language: 'zh' | 'en') => problems.map((problem) => `${problem.path}: ${problem[language]}`).join('; ');
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
