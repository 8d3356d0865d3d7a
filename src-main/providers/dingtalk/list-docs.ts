import { z } from 'zod';
import type { Language } from '../../contract/words.ts';
import type { DingtalkCall } from './dingtalk-call.ts';
import type { DingtalkToolDefinition } from './dingtalk-tool.ts';
import { optionalId } from './create-doc.ts';
import type { Memory } from './memory.ts';
import type { ListedDocument } from './listing.ts';

const sortFields = ['create_time', 'update_time', 'title'] as const;

function input(language: Language) {
  const of = descriptions[language];
  return z.strictObject({
    space_id: optionalId().describe(of.space),
    folder_id: optionalId().describe(of.folder),
    keyword: z.string().trim().max(200).optional().describe(of.keyword),
    page: z.int().min(1).max(100_000).default(1).describe(of.page),
    page_size: z.int().min(1).max(100).default(20).describe(of.pageSize),
    sort_by: z.enum(sortFields).default('update_time').describe(of.sortBy),
    sort_order: z.enum(['asc', 'desc']).default('desc').describe(of.sortOrder),
  });
}

type Input = z.infer<ReturnType<typeof input>>;

export const listDocs: DingtalkToolDefinition<Input> = {
  name: 'list_docs',
  risk: 'read',
  idempotent: true,
  hasInvalidParams: true,
  input,
  texts: {
    zh: {
      title: '列出钉钉文档',
      description:
        '列出操作人有权访问的钉钉文档，可按空间、文件夹、关键词过滤，支持分页和排序。结果带 truncated 时表示还有未列出的文档。',
    },
    en: {
      title: 'List DingTalk documents',
      description:
        'Lists the DingTalk documents that the operator may see, by space, folder or keyword, in pages and sorted. `truncated` in the result means that there are more than were gathered.',
    },
  },
  perform,
};

async function perform(call: DingtalkCall, asked: Input, memory: Memory) {
  const { page, page_size } = asked;
  const filters = {
    spaceId: asked.space_id || undefined,
    folderId: asked.folder_id || undefined,
    keyword: asked.keyword || undefined,
  };
  const { language } = call.parts;
  const key = JSON.stringify(filters);
  return memory.queue.run(`list ${key}`, async () => {
    const listing = memory.listings.of(key, filters);
    // One page more than asked for: it is asked for next, and then costs nothing.
    await listing.fill(call, { needed: page * page_size, wanted: (page + 1) * page_size });
    const documents = listing.sorted(comparison(asked));
    const warnings = listing.warnings.map((words) => words[language]);
    if (filters.folderId !== undefined && filters.keyword !== undefined) warnings.push(titlesOnly[language]);
    return {
      documents: documents.slice((page - 1) * page_size, page * page_size),
      pagination: {
        page,
        page_size,
        total: documents.length,
        total_pages: Math.ceil(documents.length / page_size),
      },
      ...(!listing.finished && { truncated: true }),
      ...(warnings.length > 0 && { warnings }),
    };
  });
}

const titles = new Intl.Collator('zh-CN', { numeric: true });

function comparison({ sort_by, sort_order }: Input): (a: ListedDocument, b: ListedDocument) => number {
  const compare = (a: string, b: string) => {
    if (sort_by === 'title') return titles.compare(a, b);
    return a === b ? 0 : a < b ? -1 : 1;
  };
  const sign = sort_order === 'asc' ? 1 : -1;
  return (a, b) => sign * compare(a[sort_by], b[sort_by]);
}

const titlesOnly = {
  zh: '在文件夹中只按标题匹配关键词。',
  en: 'Within a folder the keyword is looked for in titles only.',
};

const descriptions = {
  zh: {
    space: '空间 ID（可选，用于过滤特定空间的文档）',
    folder: '文件夹 ID（可选，只列出其中直接的文档）',
    keyword: '搜索关键词（可选，用于标题和内容搜索）',
    page: '页码，从 1 开始，默认为 1',
    pageSize: '每页数量，默认为 20，最大 100',
    sortBy: '排序字段，默认为 update_time',
    sortOrder: '排序顺序，默认为 desc',
  },
  en: {
    space: 'Id of a space (optional): only its documents',
    folder: 'Id of a folder (optional): only the documents right in it',
    keyword: 'What to look for in titles and contents (optional)',
    page: 'Page, from 1; 1 by default',
    pageSize: 'Documents per page; 20 by default, 100 at most',
    sortBy: 'What to sort by; update_time by default',
    sortOrder: 'Order; desc by default',
  },
};
