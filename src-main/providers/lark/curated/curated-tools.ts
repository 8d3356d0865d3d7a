import type { Config } from '../../../contract/config.ts';
import type { LarkToolDefinition } from '../lark-tool.ts';
import { dataQuery } from './base-query.ts';
import { baseGet, recordBatchCreate, recordSearch } from './base-tools.ts';
import { roomFind } from './calendar-rooms.ts';
import { agenda, createEvent, freebusy } from './calendar-tools.ts';
import { getUser, searchUser } from './contact-tools.ts';
import type { CuratedTool } from './curated-tool.ts';
import { docsCreate, docsFetch } from './doc-tools.ts';
import { docsUpdate } from './doc-update.ts';
import { driveDownload, driveUpload } from './drive-tools.ts';
import { messagesSearch } from './im-search.ts';
import { messagesSend } from './im-send.ts';
import { chatList, chatMessagesList, chatSearch } from './im-tools.ts';
import { LocalFiles } from './local-files.ts';
import { mailSend } from './mail-tools.ts';
import { docsSearch, driveSearch } from './search-docs.ts';
import { sheetsRead, sheetsWrite } from './sheet-tools.ts';
import { completeTask, createTask, getMyTasks } from './task-tools.ts';

const tools = {
  lark_im_messages_send: messagesSend,
  lark_im_messages_search: messagesSearch,
  lark_im_chat_list: chatList,
  lark_im_chat_messages_list: chatMessagesList,
  lark_im_chat_search: chatSearch,
  lark_calendar_agenda: agenda,
  lark_calendar_create: createEvent,
  lark_calendar_freebusy: freebusy,
  lark_calendar_room_find: roomFind,
  lark_docs_create: docsCreate,
  lark_docs_fetch: docsFetch,
  lark_docs_search: docsSearch,
  lark_docs_update: docsUpdate,
  lark_base_base_get: baseGet,
  lark_base_data_query: dataQuery,
  lark_base_record_batch_create: recordBatchCreate,
  lark_base_record_search: recordSearch,
  lark_drive_search: driveSearch,
  lark_drive_upload: driveUpload,
  lark_drive_download: driveDownload,
  lark_task_create: createTask,
  lark_task_get_my_tasks: getMyTasks,
  lark_task_complete: completeTask,
  lark_contact_search_user: searchUser,
  lark_contact_get_user: getUser,
  lark_sheets_read: sheetsRead,
  lark_sheets_write: sheetsWrite,
  lark_mail_send: mailSend,
} satisfies Record<string, CuratedTool>;

/** The preset that has them all. */
export const curatedPreset = 'larkgate.curated';

export const curatedNames: readonly string[] = Object.keys(tools);

/** The tools made for everyday work: few words, names instead of ids, results that a model can read. */
export function curatedTools(settings: Pick<Config['tools'], 'language' | 'folders'>): Map<string, LarkToolDefinition> {
  const parts = { language: settings.language, files: new LocalFiles(settings.folders) };
  return new Map(Object.entries(tools).map(([name, tool]) => [name, tool(parts)]));
}
