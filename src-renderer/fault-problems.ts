import type { Words } from '../src-main/contract/words.ts';
import type { ControlError } from './control-client.ts';
import type { FieldProblem } from './tool-arguments.ts';
import { tryTexts } from './texts/tool-try.ts';
import { isRecord } from './tool-form.ts';

/** What the gateway says is wrong, field by field; nothing when it does not say. */
export function faultProblems(error: ControlError | null): FieldProblem[] {
  const problems = error?.details['problems'];
  if (!Array.isArray(problems)) return [];
  return problems.flatMap((problem: unknown) => {
    if (!isRecord(problem)) return [];
    const path = problem['path'] ?? problem['field'];
    return typeof path === 'string' ? [{ path, words: wordsOf(problem) }] : [];
  });
}

/** What is expected of a tool's argument is told in English only; the whole sentence is there in both languages. */
function wordsOf({ words, expected }: Record<string, unknown>): Words {
  if (isWords(words)) return words;
  if (isWords(expected)) return expected;
  return typeof expected === 'string' ? { ...tryTexts.doesNotFit, en: expected } : tryTexts.doesNotFit;
}

function isWords(value: unknown): value is Words {
  return isRecord(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string';
}
