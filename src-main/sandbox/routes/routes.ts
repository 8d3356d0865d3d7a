import type { World } from '../company/world.ts';
import type { OpenRoute } from '../wire/open-route.ts';
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
import { messageRoutes } from './messages.ts';
import { permissionRoutes } from './permissions.ts';
import { recordRoutes } from './records.ts';
import { sheetRoutes } from './sheets.ts';
import { tasklistRoutes } from './tasklists.ts';
import { taskRoutes } from './tasks.ts';
import { wikiRoutes } from './wiki.ts';

/** Every OpenAPI method that the sandbox knows. */
export function openRoutes(world: World): OpenRoute[] {
  return [
    ...contactRoutes(),
    ...chatRoutes(world),
    ...messageRoutes(world),
    ...messageSearchRoutes(world),
    ...baseRoutes(world),
    ...recordRoutes(world),
    ...docsRoutes(world),
    ...docImportRoutes(world),
    ...docSearchRoutes(world),
    ...driveRoutes(world),
    ...permissionRoutes(world),
    ...wikiRoutes(world),
    ...calendarRoutes(world),
    ...eventRoutes(world),
    ...taskRoutes(world),
    ...tasklistRoutes(world),
    ...sheetRoutes(world),
  ];
}
