import type { Language } from '../../../contract/words.ts';
import type { LarkToolDefinition } from '../lark-tool.ts';

const path = '/open-apis/suite/docs-api/search/object';

/** Full-text search over the person's cloud documents. The endpoint is in no generated definition. */
export function docxSearch(language: Language): LarkToolDefinition {
  const text = texts[language];
  return {
    risk: 'read',
    entry: () => ({
      title: text.title,
      description: text.description,
      inputSchema: {
        type: 'object',
        properties: {
          data: {
            type: 'object',
            properties: {
              search_key: { type: 'string', description: text.searchKey },
              count: { type: 'integer', minimum: 0, maximum: 50, description: text.count },
              offset: { type: 'integer', minimum: 0, maximum: 199, description: text.offset },
              owner_ids: { type: 'array', items: { type: 'string' }, description: text.owners },
              chat_ids: { type: 'array', items: { type: 'string' }, description: text.chats },
              docs_types: {
                type: 'array',
                items: { type: 'string', enum: ['doc', 'sheet', 'slides', 'bitable', 'mindnote', 'file'] },
                description: text.types,
              },
            },
            required: ['search_key'],
          },
        },
        required: ['data'],
      },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    }),
    perform: (call, input) => call.send({ method: 'POST', path, query: [], body: input.data }, 'read'),
  };
}

const texts = {
  en: {
    title: 'Search documents',
    description:
      'Finds cloud documents that you can read by keyword. Page with offset; offset plus count stays below 200.',
    searchKey: 'Words to look for',
    count: 'How many to return, at most 50',
    offset: 'How many to skip',
    owners: 'Only documents of these owners (open_id)',
    chats: 'Only documents in these chats (chat_id)',
    types: 'Only documents of these types',
  },
  zh: {
    title: '搜索文档',
    description: '按关键词搜索你有权限查看的云文档。用 offset 翻页，offset 与 count 之和须小于 200。',
    searchKey: '要查找的词',
    count: '返回条数，最多 50',
    offset: '跳过的条数',
    owners: '只查这些所有者的文档（open_id）',
    chats: '只查这些群里的文档（chat_id）',
    types: '只查这些类型的文档',
  },
};
