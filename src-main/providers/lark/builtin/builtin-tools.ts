import type { Language } from '../../../contract/words.ts';
import type { LarkToolDefinition } from '../lark-tool.ts';
import { docxImport } from './docx-import.ts';
import { docxSearch } from './docx-search.ts';
import { imBatchSend } from './im-batch-send.ts';

/** The three tools that the official server writes by hand, under its names. */
export function builtinTools(language: Language): ReadonlyMap<string, LarkToolDefinition> {
  return new Map([
    ['docx.builtin.search', docxSearch(language)],
    ['docx.builtin.import', docxImport(language)],
    ['im.builtin.batchSend', imBatchSend(language)],
  ]);
}
