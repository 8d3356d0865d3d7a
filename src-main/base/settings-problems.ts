import type { z } from 'zod';
import type { SettingProblem } from '../contract/settings-views.ts';

/** What is wrong with settings, without the values: one may be a secret that was put into the wrong place. */
export function settingsProblems(error: z.ZodError): SettingProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue));
}

function problemsOf(issue: z.core.$ZodIssue): SettingProblem[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [problem(path, ...wordsOf(issue))];
  return issue.keys.map((key) => problem(path ? `${path}.${key}` : key, '没有这个设置项', 'is not a setting'));
}

function wordsOf(issue: z.core.$ZodIssue): [zh: string, en: string] {
  switch (issue.code) {
    case 'invalid_value':
      return [`只能是 ${issue.values.join('、')}`, `must be one of ${issue.values.join(', ')}`];
    case 'too_small':
      return [`不能小于 ${least(issue)}`, `must be at least ${least(issue)}`];
    case 'too_big':
      return [`不能大于 ${issue.maximum}`, `must be at most ${issue.maximum}`];
    case 'invalid_type':
      return [`类型应为 ${issue.expected}`, `must be of type ${issue.expected}`];
    default:
      return ['格式不正确', 'has the wrong form'];
  }
}

/** "More than 0" is 1 where only whole numbers are taken. */
function least({ minimum, inclusive }: { minimum: number | bigint; inclusive?: boolean }): number {
  return Number(minimum) + (inclusive === false ? 1 : 0);
}

function problem(path: string, zh: string, en: string): SettingProblem {
  return { path, words: { zh, en } };
}
