import { z } from 'zod';
import { curated } from './curated-tool.ts';
import { type Desk, ifAllowed } from './desk.ts';
import { nextOf, nextPage, pageSize, pageToken, text, told, wrong } from './fields.ts';
import { onePerson, searchPeople } from './people.ts';

export const searchUser = curated({
  risk: 'read',
  title: { zh: '找人', en: 'Find people' },
  description: { zh: '按姓名或邮箱找人，得到 open_id。', en: 'Finds people by name or email and gives their open_id.' },
  input: z.object({ query: z.string().min(1).max(64), page_size: pageSize(30, 10), page_token: pageToken }),
  output: z.object({
    users: z.array(
      z.object({ open_id: z.string(), name: z.string(), email: z.string().optional(), note: z.string().optional() }),
    ),
    next_page_token: nextPage,
  }),
  run: async (desk, given) => {
    const page = await searchPeople(desk, given);
    return { users: page.found, ...nextOf(page) };
  },
});

const names = z.object({ zh_cn: text, en_us: text }).catch({ zh_cn: '', en_us: '' });
const basics = z.object({
  users: z.array(z.object({ user_id: text, name: z.union([z.string(), names]).catch(''), i18n_name: names })).catch([]),
});
const self = z.object({
  open_id: text,
  union_id: text,
  user_id: text,
  name: text,
  en_name: text,
  email: text,
  enterprise_email: text,
  mobile: text,
  tenant_key: text,
});

export const getUser = curated({
  risk: 'read',
  title: { zh: '看一个人', en: 'Look at a person' },
  description: {
    zh: '一个人的姓名与 id；不给 user_id 就是我自己。',
    en: 'Names and ids of a person; of me without user_id.',
  },
  input: z.object({
    user_id: z.string().optional().meta({ zh: 'id、姓名或邮箱', en: 'An id, a name or an email' }),
    user_id_type: z.enum(['open_id', 'union_id', 'user_id']).default('open_id'),
  }),
  output: z.object({
    id: z.string(),
    name: z.string(),
    en_name: z.string().optional(),
    union_id: z.string().optional(),
    email: z.string().optional(),
    mobile: z.string().optional(),
    note: z.string().optional(),
  }),
  run: async (desk, { user_id = 'me', user_id_type }) => {
    if (user_id === 'me') return showSelf(await desk.read({ path: '/authen/v1/user_info', answer: self }));
    if (user_id_type !== 'open_id' || user_id.startsWith('ou_')) return showOther(desk, user_id, user_id_type);
    const { open_id, name, email, note } = await onePerson(desk, user_id, 'user_id');
    // Who was found by name is known already; more is told where it may be.
    const more = await ifAllowed(showOther(desk, open_id, 'open_id'));
    return { id: open_id, ...more, name: more?.name || name, ...told({ email, note }) };
  },
});

function showSelf(me: z.output<typeof self>) {
  const { open_id, name, en_name, union_id, mobile, email, enterprise_email } = me;
  return { id: open_id, name, ...told({ en_name, union_id, mobile, email: enterprise_email || email }) };
}

async function showOther(desk: Desk, id: string, user_id_type: string) {
  const { users } = await desk.read({
    method: 'POST',
    path: '/contact/v3/users/basic_batch',
    query: { user_id_type },
    body: { user_ids: [id] },
    answer: basics,
  });
  const [user] = users;
  if (!user) throw wrong('user_id', '没有这个人，或对你不可见。', 'There is no such person, or you may not see them.');
  const { zh_cn, en_us } = user.i18n_name;
  const name = typeof user.name === 'string' ? user.name : user.name.zh_cn;
  return { id, name: name || zh_cn || id, ...told({ en_name: en_us }) };
}
