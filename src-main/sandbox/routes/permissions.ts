import { z } from 'zod';
import { findFile } from '../company/drive-files.ts';
import { findPerson } from '../company/people.ts';
import type { World } from '../company/world.ts';
import { ok, Refusal } from '../wire/envelope.ts';
import { type OpenRoute, required, route } from '../wire/open-route.ts';
import { scopes } from './scopes.ts';

const codes = { missing: 1_063_005, forbidden: 1_063_002 };
const typeQuery = z.object({
  type: z.enum(['doc', 'sheet', 'file', 'wiki', 'bitable', 'docx', 'folder', 'mindnote', 'minutes', 'slides']),
});
const memberBody = z.object({
  member_type: z.enum([
    'email',
    'openid',
    'unionid',
    'openchat',
    'opendepartmentid',
    'userid',
    'groupid',
    'wikispaceid',
  ]),
  member_id: required,
  perm: z.enum(['view', 'edit', 'full_access']),
  perm_type: z.enum(['container', 'single_page']).optional(),
  type: z.string().optional(),
});
const settingBody = z.record(z.string(), z.union([z.string(), z.boolean()]));

/** Who may open a document, and how far its link reaches. */
export function permissionRoutes(world: World): OpenRoute[] {
  return [
    route('POST', '/drive/v1/permissions/:token/members', scopes.permissionMemberCreate, (call) => {
      call.query(typeQuery);
      const member = call.body(memberBody);
      const file = findFile(world, call, call.param('token'), codes);
      if (['openid', 'unionid', 'userid'].includes(member.member_type) && !findPerson(member.member_id)) {
        throw new Refusal(1_063_001, 'Invalid parameter: member_id');
      }
      const others = file.members.filter((one) => one.id !== member.member_id);
      world.files.put(file.token, {
        ...file,
        members: [...others, { type: member.member_type, id: member.member_id, perm: member.perm }],
      });
      return ok({ member });
    }),
    route('GET', '/drive/v1/permissions/:token/members', scopes.permissionMemberRead, (call) => {
      call.query(typeQuery);
      const { members } = findFile(world, call, call.param('token'), codes);
      return ok({
        items: members.map((one) => ({
          member_type: one.type,
          member_id: one.id,
          perm: one.perm,
          name: findPerson(one.id)?.name ?? '',
        })),
      });
    }),
    route('GET', '/drive/v1/permissions/:token/public', scopes.permissionSettingRead, (call) => {
      call.query(typeQuery);
      return ok({ permission_public: findFile(world, call, call.param('token'), codes).publicSetting });
    }),
    route('PATCH', '/drive/v1/permissions/:token/public', scopes.permissionSettingWrite, (call) => {
      call.query(typeQuery);
      const file = findFile(world, call, call.param('token'), codes);
      const publicSetting = { ...file.publicSetting, ...call.body(settingBody) };
      world.files.put(file.token, { ...file, publicSetting });
      return ok({ permission_public: publicSetting });
    }),
  ];
}
