import type { Brand } from '../../contract/views.ts';
import type { Words } from '../../contract/words.ts';
import { Refusal } from '../wire/envelope.ts';

export interface Tenant {
  key: string;
  name: Words;
  brand: Brand;
  /** Of mail addresses. */
  domain: string;
}

export interface Person {
  /** Names the person in tests and on the consent page. */
  key: string;
  name: string;
  enName: string;
  title: Words;
  openId: string;
  unionId: string;
  userId: string;
  email: string;
  mobile: string;
  employeeNo: string;
  departmentId: string;
  tenantKey: string;
}

export interface Department {
  id: string;
  openId: string;
  name: string;
  parentId: string;
  tenantKey: string;
}

const home: Tenant = {
  key: '2ed263bf32cf1651',
  name: { zh: '青禾科技（演示）', en: 'Qinghe Tech (demo)' },
  brand: 'feishu',
  domain: 'qinghe.example.com',
};
const away: Tenant = {
  key: '736588c9260f175d',
  name: { zh: '远山咨询（演示）', en: 'Yuanshan Consulting (demo)' },
  brand: 'feishu',
  domain: 'yuanshan.example.com',
};
const abroad: Tenant = {
  key: '15c8f2d04b7a9e63',
  name: { zh: 'Maple Labs（演示）', en: 'Maple Labs (demo)' },
  brand: 'lark',
  domain: 'maple.example.com',
};
export const tenants: readonly Tenant[] = [home, away, abroad];

const departments: readonly Department[] = [
  { id: 'D001', openId: 'od-4e6ac4d14bcd5071a37a39de902c7141', name: '产品部', parentId: '0', tenantKey: home.key },
  { id: 'D002', openId: 'od-8b1f0c0d5d2e4f7f8a9b3f5f6c7d8e9a', name: '研发部', parentId: '0', tenantKey: home.key },
  { id: 'D003', openId: 'od-c1a2b3d4e5f60718293a4b5c6d7e8f90', name: '市场部', parentId: '0', tenantKey: home.key },
  { id: 'D101', openId: 'od-0f9e8d7c6b5a49382716a5b4c3d2e1f0', name: '顾问部', parentId: '0', tenantKey: away.key },
  { id: 'D201', openId: 'od-5a6b7c8d9e0f1a2b3c4d5e6f70819203', name: 'Growth', parentId: '0', tenantKey: abroad.key },
];

const person = (
  key: string,
  [name, enName, userId]: [name: string, enName: string, userId: string],
  title: Words,
  [departmentId, tenant, number]: [departmentId: string, tenant: Tenant, number: number],
): Person => ({
  key,
  name,
  enName,
  title,
  userId,
  departmentId,
  tenantKey: tenant.key,
  openId: `ou_${String(number).padStart(2, '0').repeat(16)}`,
  unionId: `on_${String(number + 50).repeat(16)}`,
  email: `${key}@${tenant.domain}`,
  mobile: `+861380000${String(number).padStart(4, '0')}`,
  employeeNo: `QH${String(number).padStart(4, '0')}`,
});

/** Everybody, of both services. */
export const people: readonly [Person, ...Person[]] = [
  person('lin.xiaoyu', ['林晓雨', 'Lin Xiaoyu', 'g1a2b3c1'], { zh: '产品经理', en: 'Product manager' }, [
    'D001',
    home,
    1,
  ]),
  person('chen.zhiyuan', ['陈志远', 'Chen Zhiyuan', 'g1a2b3c2'], { zh: '研发工程师', en: 'Engineer' }, [
    'D002',
    home,
    2,
  ]),
  person('wang.siqi', ['王思琪', 'Wang Siqi', 'g1a2b3c3'], { zh: '设计师', en: 'Designer' }, ['D001', home, 3]),
  person('zhang.weiming', ['张伟明', 'Zhang Weiming', 'g1a2b3c4'], { zh: '市场负责人', en: 'Head of marketing' }, [
    'D003',
    home,
    4,
  ]),
  person('zhou.zihan', ['周子涵', 'Zhou Zihan', 'h9x8y7z1'], { zh: '顾问', en: 'Consultant' }, ['D101', away, 11]),
  person('olivia.carter', ['Olivia Carter', 'Olivia Carter', 'k3m4n5p1'], { zh: '增长负责人', en: 'Head of growth' }, [
    'D201',
    abroad,
    21,
  ]),
  person('noah.tanaka', ['Noah Tanaka', 'Noah Tanaka', 'k3m4n5p2'], { zh: '数据分析师', en: 'Data analyst' }, [
    'D201',
    abroad,
    22,
  ]),
];

/** Whoever can sign in to one of the two services; the first of them signs in when nobody is named. */
export function peopleOf(brand: Brand): Person[] {
  return people.filter((one) => brandOf(one) === brand);
}

export function brandOf(person: Person): Brand {
  return tenantOf(person).brand;
}

export function tenantOf(person: Person): Tenant {
  return tenants.find((one) => one.key === person.tenantKey) ?? home;
}

export type UserIdType = 'open_id' | 'union_id' | 'user_id';

const byId = new Map(
  people.flatMap((one) => [one.openId, one.unionId, one.userId, one.key].map((id) => [id, one] as const)),
);

/** Finds a person by any of their ids or by key. */
export function findPerson(id: string): Person | undefined {
  return byId.get(id);
}

export function requirePerson(id: string): Person {
  const found = findPerson(id);
  if (!found) throw new Refusal(99_992_351, `The user id ${id} is unknown or not visible to the app.`);
  return found;
}

export function idOf(one: Person, type: UserIdType): string {
  if (type === 'union_id') return one.unionId;
  return type === 'user_id' ? one.userId : one.openId;
}

export function departmentsOf(tenantKey: string): Department[] {
  return departments.filter((one) => one.tenantKey === tenantKey);
}

export function colleaguesOf(tenantKey: string): Person[] {
  return people.filter((one) => one.tenantKey === tenantKey);
}
