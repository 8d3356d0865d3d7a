import { z } from 'zod';
import { colleaguesOf, departmentsOf, findPerson, type Person } from '../company/people.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import {
  type OpenCall,
  type OpenRoute,
  pageOf,
  pageOfViews,
  pageQuery,
  repeated,
  required,
  route,
  userRoute,
} from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const batchIdBody = z.object({
  emails: z.array(z.string()).max(50).default([]),
  mobiles: z.array(z.string()).max(50).default([]),
});
const basicBatchBody = z.object({ user_ids: z.array(z.string()).min(1).max(10) });
const searchBody = z.object({ query: z.string().min(1).max(64) });
const batchQuery = z.object({ user_ids: repeated });
const departmentQuery = pageQuery.extend({ department_id: z.string().optional() });

const status = { is_frozen: false, is_resigned: false, is_activated: true, is_exited: false, is_unjoin: false };

export function contactRoutes(): OpenRoute[] {
  return [
    userRoute('GET', '/authen/v1/user_info', [], (call) => ok(userInfoOf(call))),
    route('POST', '/contact/v3/users/batch_get_id', scopes.userIds, (call) => {
      const { emails, mobiles } = call.body(batchIdBody);
      const colleagues = colleaguesOf(call.tenantKey);
      const idOf = (person: Person | undefined) => (person ? { user_id: call.idOf(person), status } : {});
      const mobileOf = (mobile: string) =>
        colleagues.find((one) => one.mobile === mobile || one.mobile === `+86${mobile}`);
      return ok({
        user_list: [
          ...emails.map((email) => ({ email, ...idOf(colleagues.find((one) => one.email === email)) })),
          ...mobiles.map((mobile) => ({ mobile, ...idOf(mobileOf(mobile)) })),
        ],
      });
    }),
    route('POST', '/contact/v3/users/basic_batch', scopes.userBasics, (call) => {
      const found = call
        .body(basicBatchBody)
        .user_ids.map((id) => findPerson(id))
        .filter((one) => one !== undefined);
      const users = found.map((one) => ({
        user_id: call.idOf(one),
        name: one.name,
        i18n_name: { zh_cn: one.name, en_us: one.enName },
      }));
      return ok({ users });
    }),
    userRoute('POST', '/contact/v3/users/search', scopes.userSearch, (call) => {
      return ok(pageOfViews(matching(call, call.body(searchBody).query), call.query(pageQuery), (one) => hitOf(one)));
    }),
    userRoute('GET', '/search/v1/user', scopes.userSearch, (call) => {
      const query = call.query(pageQuery.extend({ query: required }));
      const { items, ...rest } = pageOf(matching(call, query.query), query);
      return ok({
        ...rest,
        users: items.map((one) => ({
          open_id: one.openId,
          user_id: one.userId,
          name: one.name,
          department_ids: [one.departmentId],
        })),
      });
    }),
    route('GET', '/contact/v3/users/batch', scopes.userRead, (call) =>
      ok({ items: call.query(batchQuery).user_ids.map((id) => userOf(visible(call, id))) }),
    ),
    route('GET', '/contact/v3/users/:user_id', scopes.userRead, (call) =>
      ok({ user: userOf(visible(call, call.param('user_id'))) }),
    ),
    ...departmentRoutes(),
  ];
}

function departmentRoutes(): OpenRoute[] {
  const usersIn = (call: OpenCall) => {
    const query = call.query(departmentQuery);
    const wanted = departmentsOf(call.tenantKey).find(
      (one) => one.id === query.department_id || one.openId === query.department_id,
    );
    const inside = (person: Person) =>
      query.department_id === undefined || query.department_id === '0' || person.departmentId === wanted?.id;
    return ok(
      pageOfViews(
        colleaguesOf(call.tenantKey).filter((one) => inside(one)),
        query,
        (one) => userOf(one),
      ),
    );
  };
  return [
    route('GET', '/contact/v3/users', scopes.userRead, usersIn),
    route('GET', '/contact/v3/users/find_by_department', scopes.userRead, usersIn),
    route('GET', '/contact/v3/departments/:department_id/children', scopes.departmentRead, (call) => {
      const page = pageOf(
        departmentsOf(call.tenantKey).filter((one) => one.parentId === call.param('department_id')),
        call.query(pageQuery),
      );
      const items = page.items.map((one) => ({
        name: one.name,
        parent_department_id: one.parentId,
        department_id: one.id,
        open_department_id: one.openId,
        member_count: colleaguesOf(call.tenantKey).filter((person) => person.departmentId === one.id).length,
        status: { is_deleted: false },
      }));
      return ok({ ...page, items });
    }),
  ];
}

function visible(call: OpenCall, id: string): Person {
  const person = findPerson(id);
  if (person?.tenantKey !== call.tenantKey)
    throw new Refusal(99_992_351, `The user id ${id} is unknown or not visible to the app.`);
  return person;
}

function matching(call: OpenCall, query: string): Person[] {
  const wanted = query.toLowerCase();
  return colleaguesOf(call.tenantKey).filter((one) =>
    [one.name, one.enName, one.email].some((text) => text.toLowerCase().includes(wanted)),
  );
}

/** Nobody has a description, and nobody's chats are told here. */
function hitOf(person: Person) {
  return {
    id: person.openId,
    display_info: `${person.name}\n${person.title.zh}`,
    meta_data: {
      i18n_names: { zh_cn: person.name, en_us: person.enName },
      mail_address: '',
      enterprise_mail_address: person.email,
      is_registered: true,
      chat_id: '',
      is_cross_tenant: false,
      tenant_id: person.tenantKey,
      description: '',
    },
  };
}

/** More than name and ids is told only under its own scope (page user_info). */
function userInfoOf(call: OpenCall) {
  const person = call.self;
  const granted = new Set(call.incoming.bearer.token?.scopes);
  return {
    name: person.name,
    en_name: person.enName,
    avatar_url: avatarOf(person, 0),
    avatar_thumb: avatarOf(person, 72),
    avatar_middle: avatarOf(person, 240),
    avatar_big: avatarOf(person, 640),
    open_id: person.openId,
    union_id: person.unionId,
    tenant_key: person.tenantKey,
    ...(granted.has('contact:user.employee_id:readonly') && { user_id: person.userId, employee_no: person.employeeNo }),
    ...(granted.has('contact:user.email:readonly') && { email: person.email, enterprise_email: person.email }),
    ...(granted.has('contact:user.phone:readonly') && { mobile: person.mobile }),
  };
}

function avatarOf(person: Person, pixels: number): string {
  return `https://avatars.feishu.invalid/${person.key}${pixels ? `_${pixels}x${pixels}` : ''}.png`;
}

function userOf(person: Person) {
  return {
    union_id: person.unionId,
    user_id: person.userId,
    open_id: person.openId,
    name: person.name,
    en_name: person.enName,
    email: person.email,
    mobile: person.mobile,
    mobile_visible: true,
    avatar: {
      avatar_72: avatarOf(person, 72),
      avatar_240: avatarOf(person, 240),
      avatar_640: avatarOf(person, 640),
      avatar_origin: avatarOf(person, 0),
    },
    status,
    department_ids: [person.departmentId],
    employee_no: person.employeeNo,
    employee_type: 1,
    job_title: person.title.zh,
  };
}
