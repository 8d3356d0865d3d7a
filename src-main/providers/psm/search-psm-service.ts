import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { Language } from '../../contract/words.ts';
import type { ToolResult } from '../provider.ts';
import { chooseResult, type RegionResult } from './choose-result.ts';
import { errandFor } from './errand-for.ts';
import { jsonResult, type PsmToolDefinition } from './psm-tool.ts';
import { Trouble } from './psm-trouble.ts';
import { searchRegions, type ServiceSearchParts } from './service-search.ts';

/** Names of services, and Chinese words for them. */
const keywordSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9._\-\p{Script=Han}]{1,128}$/u);
const inputSchema = z.strictObject({ keyword: keywordSchema });

export interface SearchToolParts extends ServiceSearchParts {
  clock: Clock;
  language: Language;
  /** The longest that one call may take. */
  totalMs(): number;
  /** Told how each search went. */
  onResults(results: readonly RegionResult[]): void;
}

export function searchPsmService(parts: SearchToolParts): PsmToolDefinition {
  return {
    name: 'search_psm_service',
    texts: {
      zh: {
        title: '搜索 PSM 服务',
        description: '搜索 PSM 服务信息，返回匹配服务的 PSM、描述、负责人、框架、等级、部署平台等。',
      },
      en: {
        title: 'Search PSM services',
        description:
          'Searches the service registries for a PSM: its description, owners, framework, level and platform.',
      },
    },
    inputSchema: {
      type: 'object',
      properties: { keyword: { type: 'string', description: keywordTexts[parts.language] } },
      required: ['keyword'],
      additionalProperties: false,
    },
    perform: async (input, context) => {
      const parsed = inputSchema.safeParse(input);
      if (!parsed.success) throw new Trouble({ kind: 'BUSINESS_ERROR', words: wrongKeyword, cause: parsed.error });
      const { keyword } = parsed.data;
      const results = await errandFor({ clock: parts.clock, totalMs: parts.totalMs() }, context, (errand) =>
        searchRegions(keyword, errand, parts),
      );
      parts.onResults(results);
      return toResult(keyword, results, parts.language);
    },
  };
}

function toResult(keyword: string, results: readonly RegionResult[], language: Language): ToolResult {
  const choice = chooseResult(keyword, results);
  const warnings = choice.failed.map(({ region, trouble }) => notAnswered(region, trouble)[language]);
  const said = warnings.length > 0 ? { warnings } : {};
  if (choice.found) {
    const { found, region, match } = choice;
    const data = found.map((service) => ({ ...service, region }));
    return jsonResult({
      error_code: 0,
      error_type: '',
      error_message: '',
      data,
      region,
      match_type: match,
      ...said,
    });
  }
  if (choice.trouble) throw choice.trouble;
  return jsonResult({ error: 'No matching service found', ...said }, true);
}

/** The region by its host: what comes behind it may carry what a person wrote. */
function notAnswered(region: string, trouble: Trouble | undefined) {
  const { host } = new URL(region);
  return {
    zh: `${host} 没有给出结果：${trouble?.words.zh ?? ''}`,
    en: `${host} gave no result: ${trouble?.words.en ?? ''}`,
  };
}

const wrongKeyword = {
  zh: 'keyword 须为 1 到 128 个字符，只能包含字母、数字、点、下划线、连字符和汉字。',
  en: 'keyword must have 1 to 128 characters: letters, digits, dots, underscores, hyphens and Chinese characters.',
};
const keywordTexts = {
  zh: '服务关键词（如: oec.affiliate.monitor）',
  en: 'Keyword of the service, such as oec.affiliate.monitor',
};
