import type { Words } from '../src-main/contract/words.ts';
import { categoryTexts } from './texts/tools.ts';

/** What people call a service; its own name where nobody has given it another. */
export function categoryName(category: string, t: (words: Words) => string): string {
  const words = Object.hasOwn(categoryTexts, category) ? categoryTexts[category] : undefined;
  return words ? t(words) : category;
}
