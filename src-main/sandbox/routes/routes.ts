import type { World } from '../company/world.ts';
import type { OpenRoute } from '../wire/open-route.ts';
import { baseQueryRoutes } from './base-query.ts';
import { baseRoutes } from './base.ts';
import { calendarRoutes } from './calendar.ts';
import { chatRoutes } from './chats.ts';
import { contactRoutes } from './contacts.ts';
import { docImportRoutes } from './doc-imports.ts';
import { docSearchRoutes } from './doc-search.ts';
import { docsRoutes } from './docs.ts';
import { driveRoutes } from './drive.ts';
import { eventRoutes } from './events.ts';
import { messageSearchRoutes } from './message-search.ts';
import { mailRoutes } from './mail.ts';
import { messageFileRoutes } from './message-files.ts';
import { messageRoutes } from './messages.ts';
import { permissionRoutes } from './permissions.ts';
import { recordRoutes } from './records.ts';
import { roomRoutes } from './rooms.ts';
import { sheetRoutes } from './sheets.ts';
import { tasklistRoutes } from './tasklists.ts';
import { taskRoutes } from './tasks.ts';
import { uploadRoutes } from './uploads.ts';
import { wikiRoutes } from './wiki.ts';

/** Every OpenAPI method that the sandbox knows. */
export function openRoutes(world: World): OpenRoute[] {
  return [
    ...contactRoutes(),
    ...chatRoutes(world),
    ...messageRoutes(world),
    ...messageSearchRoutes(world),
    ...messageFileRoutes(world),
    ...baseRoutes(world),
    ...recordRoutes(world),
    ...baseQueryRoutes(world),
    ...docsRoutes(world),
    ...docImportRoutes(world),
    ...docSearchRoutes(world),
    ...driveRoutes(world),
    ...uploadRoutes(world),
    ...permissionRoutes(world),
    ...wikiRoutes(world),
    ...calendarRoutes(world),
    ...eventRoutes(world),
    ...roomRoutes(world),
    ...taskRoutes(world),
    ...tasklistRoutes(world),
    ...sheetRoutes(world),
    ...mailRoutes(world),
  ];
}
