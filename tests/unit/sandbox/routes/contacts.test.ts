import { afterAll, beforeAll, expect, test } from 'vitest';
import { SandboxClient } from '../sandbox-client.ts';

let client: SandboxClient;
let lin: ReturnType<SandboxClient['callWith']>;
let chen: { openId: string; unionId: string; userId: string; email: string; mobile: string };
beforeAll(async () => {
  client = await SandboxClient.open();
  lin = client.callWith((await client.signIn()).access_token);
  [, chen] = await client.control('GET', '/__people');
});
afterAll(() => client.close());

test('people are found by mail address and mobile, in the id type asked for', async () => {
  const body = { emails: [chen.email, 'nobody@example.com'], mobiles: [chen.mobile, chen.mobile.slice(3)] };
  const { user_list } = (await lin('POST', '/contact/v3/users/batch_get_id?user_id_type=union_id', body)).data;
  expect(user_list).toMatchObject([
    { email: chen.email, user_id: chen.unionId },
    { email: 'nobody@example.com' },
    { mobile: chen.mobile, user_id: chen.unionId },
    { mobile: chen.mobile.slice(3), user_id: chen.unionId },
  ]);
  expect(user_list[1]).not.toHaveProperty('user_id');
});

test('people are found by part of their name, in Chinese or English', async () => {
  for (const query of ['志远', 'zhiyuan', 'chen.z']) {
    expect((await lin('POST', '/contact/v3/users/search', { query })).data.items).toMatchObject([
      { id: chen.openId, meta_data: { enterprise_mail_address: chen.email } },
    ]);
  }
  expect((await lin('GET', '/search/v1/user?query=陈')).data.users).toMatchObject([
    { open_id: chen.openId, name: '陈志远' },
  ]);
  expect((await lin('POST', '/contact/v3/users/search', { query: '子涵' })).data.items).toEqual([]);
});

test('one person or several are looked up by any id', async () => {
  for (const id of [chen.openId, chen.unionId, chen.userId]) {
    expect((await lin('GET', `/contact/v3/users/${id}`)).data.user).toMatchObject({
      name: '陈志远',
      job_title: '研发工程师',
    });
  }
  expect(
    (await lin('GET', `/contact/v3/users/batch?user_ids=${chen.openId}&user_ids=${chen.unionId}`)).data.items,
  ).toHaveLength(2);
  const basics = await lin('POST', '/contact/v3/users/basic_batch', { user_ids: [chen.openId] });
  expect(basics.data.users).toEqual([
    { user_id: chen.openId, name: '陈志远', i18n_name: { zh_cn: '陈志远', en_us: 'Chen Zhiyuan' } },
  ]);
});

test('departments have people', async () => {
  const { items } = (await lin('GET', '/contact/v3/departments/0/children')).data;
  expect(items).toMatchObject([{ name: '产品部', member_count: 2 }, { name: '研发部' }, { name: '市场部' }]);
  const inside = await lin('GET', `/contact/v3/users/find_by_department?department_id=${items[1].open_department_id}`);
  expect(inside.data.items).toMatchObject([{ name: '陈志远' }]);
  expect((await lin('GET', '/contact/v3/users')).data.items).toHaveLength(4);
});

test('99992351: strangers and people of other companies are not shown', async () => {
  expect((await lin('GET', '/contact/v3/users/ou_nobody')).code).toBe(99992351);
  const people = await client.control('GET', '/__people');
  expect((await lin('GET', `/contact/v3/users/${people.at(-1).openId}`)).code).toBe(99992351);
});
