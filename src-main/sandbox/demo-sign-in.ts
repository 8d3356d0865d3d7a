import type { Sandbox } from './sandbox.ts';

/** What the demo person grants: enough for every tool that the sandbox answers. */
export const demoScopes = [
  'offline_access',
  'im:message',
  'im:message.send_as_user',
  'im:resource',
  'im:chat',
  'search:message',
  'contact:contact:readonly',
  'contact:user.id:readonly',
  'contact:user.basic_profile:readonly',
  'contact:user:search',
  'bitable:app',
  'base:table:read',
  'docx:document',
  'drive:drive',
  'wiki:wiki',
  'search:docs:read',
  'calendar:calendar',
  'vc:room:readonly',
  'task:task:write',
  'task:tasklist:write',
  'sheets:spreadsheet',
  'mail:user_mailbox:readonly',
  'mail:user_mailbox.message:readonly',
  'mail:user_mailbox.message:modify',
  'mail:user_mailbox.message:send',
];

/** Signs the demo person in the way a browser would: to the consent page, back with the code and the cookie. */
export async function signInDemoPerson(sandbox: Pick<Sandbox, 'consent'>, startUrl: string): Promise<void> {
  const start = await fetch(startUrl, { redirect: 'manual' });
  const location = start.headers.get('location');
  if (location === null) throw new Error(`Signing in did not start: HTTP ${start.status}`);
  const cookie = start.headers.get('set-cookie')?.split(';')[0] ?? '';
  const done = await fetch(await sandbox.consent(new URL(location)), { headers: { cookie } });
  if (!done.ok) throw new Error(`Signing in did not end: HTTP ${done.status}`);
}
