import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { CatalogEntry, CostRow } from '../../src-main/providers/lark/catalog-format.ts';
import { nameCases, toNameCase } from '../../src-main/providers/lark/name-case.ts';

/**
 * What an entry of tools/list costs a model under each case of names. The tokenizer cuts a text at quotation marks
 * before it does anything else, so the entry has to be counted once only.
 */
export function costRowOf(entry: CatalogEntry): CostRow {
  const withoutName = countTokens(JSON.stringify(entry)) - countTokens(entry.name);
  const costs = nameCases.map((nameCase) => withoutName + countTokens(toNameCase(entry.name, nameCase)));
  return [entry.title, ...costs];
}
