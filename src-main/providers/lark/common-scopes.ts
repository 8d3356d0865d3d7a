/**
 * Asked of a new app and at a first sign-in: what everyday tools need to read and write, each the narrowest that
 * does. Deleting, mail and administration are not among them: they are asked for when a call first needs
 * them. Feishu takes at most 50 at once.
 */
export const commonScopes: readonly string[] = [
  // Without it a sign-in ends after two hours.
  'offline_access',

  'im:chat:read',
  'im:chat:create_by_user',
  'im:chat.members:read',
  'im:message',
  'im:message.send_as_user',
  'im:message.group_msg:get_as_user',
  'im:message.p2p_msg:get_as_user',
  'search:message',

  'contact:user:search',
  'contact:user.id:readonly',
  'contact:user.base:readonly',
  'contact:user.basic_profile:readonly',

  'calendar:calendar:read',
  'calendar:calendar.event:read',
  'calendar:calendar.event:create',
  'calendar:calendar.event:update',
  'calendar:calendar.free_busy:read',

  'search:docs:read',
  'docx:document:create',
  'docx:document:readonly',
  'docx:document:write_only',
  'docs:document:import',
  'docs:document.content:read',
  'docs:document.media:upload',
  'docs:permission.member:create',
  'wiki:wiki:readonly',

  'drive:file:upload',
  'drive:file:download',
  'drive:drive.metadata:readonly',
  'space:document:retrieve',

  'base:app:read',
  'base:app:create',
  'base:table:read',
  'base:table:create',
  'base:field:read',
  // The first is what bitable/v1 asks for, the second what base/v3 does.
  'base:record:retrieve',
  'base:record:read',
  'base:record:create',
  'base:record:update',

  'task:task:read',
  'task:task:write',

  'sheets:spreadsheet:read',
  'sheets:spreadsheet:write_only',
];
