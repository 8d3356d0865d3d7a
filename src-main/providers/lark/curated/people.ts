import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { type Desk, ifAllowed, orDocumented } from './desk.ts';
import { inParts, paged, text, wrong } from './fields.ts';

export interface Found {
  open_id: string;
  name: string;
  email?: string;
  /** What tells people of one name apart, such as their department. */
  note?: string;
}

const selfAnswer = z.object({ open_id: z.string(), name: text });

/** Whoever is signed in. */
function whoAmI(desk: Desk): Promise<{ open_id: string; name: string }> {
  return desk.read({ path: '/authen/v1/user_info', answer: selfAnswer });
}

const names = z.looseObject({ zh_cn: text, en_us: text }).catch({ zh_cn: '', en_us: '' });
const searchAnswer = paged.extend({
  items: z
    .array(
      z.object({
        id: text,
        display_info: text,
        meta_data: z.object({
          i18n_names: names,
          enterprise_mail_address: text,
          mail_address: text,
          description: text,
        }),
      }),
    )
    .catch([]),
});
const olderAnswer = paged.extend({ users: z.array(z.object({ open_id: text, name: text })).catch([]) });

export interface Page<T> {
  found: T[];
  has_more: boolean;
  page_token: string;
}

/** People by name or mail address. */
export function searchPeople(
  desk: Desk,
  { query, ...page }: { query: string; page_size: number; page_token?: string | undefined },
): Promise<Page<Found>> {
  return orDocumented(
    async () => {
      const ask = { method: 'POST', path: '/contact/v3/users/search', query: page, body: { query } } as const;
      const { items, ...rest } = await desk.read({ ...ask, answer: searchAnswer });
      return { ...rest, found: items.map((item) => toFound(desk, item)) };
    },
    async () => {
      const { users, ...rest } = await desk.read({
        path: '/search/v1/user',
        query: { query, ...page },
        answer: olderAnswer,
      });
      return { ...rest, found: users };
    },
  );
}

function toFound(desk: Desk, { id, display_info, meta_data }: z.output<typeof searchAnswer>['items'][number]): Found {
  const { zh_cn, en_us } = meta_data.i18n_names;
  const email = meta_data.enterprise_mail_address || meta_data.mail_address;
  // Feishu marks the words that were found.
  const note = (meta_data.description || display_info)
    .replaceAll(/<\/?h>/g, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 120);
  return {
    open_id: id,
    name: (desk.language === 'zh' ? zh_cn || en_us : en_us || zh_cn) || id,
    ...(email !== '' && { email }),
    ...(note !== '' && { note }),
  };
}

/** The open_id of a person given by id, mail address, name or "me". Throws `invalid_arguments` naming the candidates. */
export async function toOpenId(desk: Desk, given: string, field: string): Promise<string> {
  const who = given.trim();
  if (/^ou_[\w-]{1,64}$/.test(who)) return who;
  return (await onePerson(desk, who, field)).open_id;
}

export function toOpenIds(desk: Desk, given: readonly string[], field: string): Promise<string[]> {
  return Promise.all([...new Set(given)].map((one, index) => toOpenId(desk, one, `${field}[${index}]`)));
}

/** One person by mail address, name or "me". */
export async function onePerson(desk: Desk, who: string, field: string): Promise<Found> {
  if (who === 'me' || who === '我') return whoAmI(desk);
  if (who === '' || who.length > 64) throw nobody(field);
  const { found } = await searchPeople(desk, { query: who, page_size: 10 });
  const same = (value: string | undefined) => value?.toLowerCase() === who.toLowerCase();
  const exact = found.filter((one) => same(one.name) || same(one.email));
  const [only, ...others] = exact.length > 0 ? exact : found;
  if (!only) throw nobody(field);
  if (others.length > 0) throw several(field, [only, ...others]);
  return only;
}

function nobody(field: string): Fault {
  return wrong(
    field,
    `找不到 ${field} 指的人。请用姓名、邮箱或 open_id，或先用 lark_contact_search_user 查找。`,
    `There is nobody whom ${field} names. Give a name, a mail address or an open_id, or look with lark_contact_search_user.`,
  );
}

function several(field: string, candidates: readonly Found[]): Fault {
  return new Fault('invalid_arguments', {
    words: {
      zh: `${field} 可能是几个人，请从 candidates 中选一个 open_id；不确定时请问用户。`,
      en: `${field} may be several people. Choose an open_id from candidates; ask the user when in doubt.`,
    },
    details: { field, candidates },
  });
}

const basicsAnswer = z.object({
  users: z.array(z.object({ user_id: text, name: z.union([z.string(), names]).catch('') })).catch([]),
});

/** Names by open_id, as far as they may be known. */
export async function namesOf(desk: Desk, openIds: readonly string[]): Promise<Map<string, string>> {
  const people = [...new Set(openIds)].filter((id) => id.startsWith('ou_'));
  const parts = await Promise.all(
    inParts(people, 10).map((user_ids) =>
      ifAllowed(
        desk.read({
          method: 'POST',
          path: '/contact/v3/users/basic_batch',
          query: { user_id_type: 'open_id' },
          body: { user_ids },
          answer: basicsAnswer,
        }),
      ),
    ),
  );
  const users = parts.flatMap((part) => part?.users ?? []);
  return new Map(
    users.map(({ user_id, name }) => [user_id, typeof name === 'string' ? name : name.zh_cn || name.en_us]),
  );
}
