import { z } from 'zod';
import { curated } from './curated-tool.ts';
import type { Desk } from './desk.ts';
import { nextOf, nextPage, paged, pageSize, pageToken, text, told } from './fields.ts';
import { folderToken } from './links.ts';
import { toOpenIds } from './people.ts';
import { isoOfStamp, moment, toSeconds } from './times.ts';

const kinds = z.enum(['doc', 'docx', 'sheet', 'bitable', 'mindnote', 'file', 'wiki', 'folder', 'slides']);
const people = z.array(z.string()).max(20).optional();
const query = z.string().max(50).default('');
const sort = z.enum(['default_type', 'open_time', 'edit_time', 'edit_time_asc', 'create_time']).optional();

const found = z.object({
  title: z.string(),
  type: z.string(),
  token: z.string(),
  url: z.string().optional(),
  owner: z.string().optional(),
  edited: z.string().optional(),
  excerpt: z.string().optional(),
});
const output = z.object({ results: z.array(found), total: z.int().optional(), next_page_token: nextPage });

export const docsSearch = curated({
  risk: 'read',
  title: { zh: '搜索文档', en: 'Search documents' },
  description: {
    zh: '按关键词搜索我能看到的云文档和知识库页面。',
    en: 'Finds documents and wiki pages that I can read by their words.',
  },
  input: z.object({
    query,
    filter: z
      .object({
        creator_ids: people.meta({ zh: '姓名、邮箱或 open_id', en: 'Names, emails or open_ids' }),
        doc_types: z.array(kinds).optional(),
        only_title: z.boolean().optional(),
        space_ids: z.array(z.string()).max(50).optional(),
        sort_type: sort,
      })
      .optional(),
    page_size: pageSize(20, 15),
    page_token: pageToken,
  }),
  output,
  run: async (desk, { filter = {}, ...given }) => search(desk, { ...given, ...filter }),
});

export const driveSearch = curated({
  risk: 'read',
  title: { zh: '搜索云空间', en: 'Search Drive' },
  description: {
    zh: '按关键词、类型、所有者、文件夹和时间搜索云空间里的一切文件。',
    en: 'Finds anything in Drive by words, type, creator, folder and time.',
  },
  input: z.object({
    query,
    doc_types: z.array(kinds).optional(),
    creator: people.meta({ zh: '姓名、邮箱、open_id 或 me', en: 'Names, emails, open_ids or me' }),
    folder: z.string().optional().meta({ zh: '链接或 token', en: 'Link or token' }),
    space: z.string().optional().meta({ zh: '知识库 space_id', en: 'Wiki space_id' }),
    only_title: z.boolean().optional(),
    created_since: moment.optional(),
    created_until: moment.optional(),
    opened_since: moment.optional().meta({ zh: '最多 90 天内', en: 'At most 90 days ago' }),
    sort_type: sort,
    page_size: pageSize(20, 15),
    page_token: pageToken,
  }),
  output,
  run: async (desk, { creator, folder, space, created_since, created_until, opened_since, ...given }) =>
    search(desk, {
      ...given,
      creator_ids: creator,
      folder_tokens: folder === undefined ? undefined : [folderToken(folder, 'folder')],
      space_ids: space === undefined ? undefined : [space],
      create_time: range({ since: created_since, until: created_until }, 'created'),
      open_time: range({ since: opened_since, until: undefined }, 'opened'),
    }),
});

function range({ since, until }: { since: string | undefined; until: string | undefined }, field: string) {
  if (since === undefined && until === undefined) return undefined;
  return {
    ...(since !== undefined && { start: toSeconds(since, `${field}_since`) }),
    ...(until !== undefined && { end: toSeconds(until, `${field}_until`, 'end') }),
  };
}

interface Wanted {
  query: string;
  page_size: number;
  page_token?: string | undefined;
  creator_ids?: string[] | undefined;
  doc_types?: string[] | undefined;
  only_title?: boolean | undefined;
  sort_type?: string | undefined;
  folder_tokens?: string[] | undefined;
  space_ids?: string[] | undefined;
  create_time?: Record<string, number> | undefined;
  open_time?: Record<string, number> | undefined;
}

const stamp = z.union([z.string(), z.number()]).catch('');
const searchAnswer = paged.extend({
  total: z.int().optional().catch(undefined),
  res_units: z
    .array(
      z.object({
        title_highlighted: text,
        summary_highlighted: text,
        entity_type: text,
        result_meta: z.object({ doc_types: text, token: text, url: text, owner_name: text, update_time: stamp }),
      }),
    )
    .catch([]),
});

async function search(desk: Desk, wanted: Wanted): Promise<z.input<typeof output>> {
  const { query: words, page_size, page_token, folder_tokens, space_ids, ...given } = wanted;
  const filter = told({
    ...given,
    creator_ids: given.creator_ids && (await toOpenIds(desk, given.creator_ids, 'creator_ids')),
    doc_types: given.doc_types?.map((type) => type.toUpperCase()),
    sort_type: given.sort_type?.toUpperCase(),
  });
  // A folder is asked about among documents only, a space among wiki pages only; otherwise both.
  const body = {
    query: words,
    page_size,
    ...(page_token !== undefined && { page_token }),
    ...(space_ids === undefined && { doc_filter: { ...filter, ...told({ folder_tokens }) } }),
    ...(folder_tokens === undefined && { wiki_filter: { ...filter, ...told({ space_ids }) } }),
  };
  const page = await desk.read({ method: 'POST', path: '/search/v2/doc_wiki/search', body, answer: searchAnswer });
  const results = page.res_units.map(({ title_highlighted, summary_highlighted, entity_type, result_meta }) => ({
    title: plain(title_highlighted),
    type: entity_type === 'WIKI' ? 'wiki' : result_meta.doc_types.toLowerCase(),
    token: result_meta.token,
    ...told({
      url: result_meta.url,
      owner: result_meta.owner_name,
      edited: isoOfStamp(result_meta.update_time),
      excerpt: plain(summary_highlighted).slice(0, 200),
    }),
  }));
  return { results, ...told({ total: page.total }), ...nextOf(page) };
}

/** Feishu marks the words that were found with tags. */
function plain(marked: string): string {
  return marked.replaceAll(/<\/?hb?>|<\/?em>/g, '');
}
