/**
 * APIs that the official definitions mark as tenant-only and that are offered to a signed-in person all the same. Where
 * Feishu refuses one (code 99991668, "not support"), the fault says so.
 */
export const alsoAsUser: ReadonlySet<string> = new Set([
  // The official CLI sends, answers and reads messages as the person.
  'im.v1.message.create',
  'im.v1.message.reply',
  'im.v1.message.get',
  'im.v1.message.list',
  'im.v1.message.forward',
  // There is a scope for persons: im:chat:create_by_user.
  'im.v1.chat.create',
  // In the official default preset, and the only way from an address to a person.
  'contact.v3.user.batchGetId',
]);
