import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildCatalog } from '../../../../scripts/build-catalog.ts';
import { Catalog } from '../../../../src-main/providers/lark/catalog.ts';
import { commonScopes } from '../../../../src-main/providers/lark/common-scopes.ts';
import { scopes, scopesWithoutRoutes } from '../../../../src-main/sandbox/routes/scopes.ts';

const known = new Set<string>([...Object.values(scopes).flat(), ...scopesWithoutRoutes]);

/** Feishu's API and the permissions of the sandbox, any of which is enough, for each tool of the default preset. */
const ofTools: Record<string, keyof typeof scopes> = {
  'im.v1.chat.create': 'chatCreate',
  'im.v1.chat.list': 'chatRead',
  'im.v1.chatMembers.get': 'chatMembersRead',
  'im.v1.message.create': 'messageSend',
  'im.v1.message.list': 'messageRead',
  'bitable.v1.app.create': 'baseCreate',
  'bitable.v1.appTable.create': 'tableCreate',
  'bitable.v1.appTable.list': 'tableRead',
  'bitable.v1.appTableField.list': 'fieldRead',
  'bitable.v1.appTableRecord.search': 'recordRead',
  'bitable.v1.appTableRecord.create': 'recordCreate',
  'bitable.v1.appTableRecord.update': 'recordUpdate',
  'docx.v1.document.rawContent': 'documentRead',
  'docx.builtin.import': 'documentImport',
  'docx.builtin.search': 'documentSearch',
  'drive.v1.permissionMember.create': 'permissionMemberCreate',
  'wiki.v2.space.getNode': 'wikiNodeRead',
  'wiki.v1.node.search': 'wikiSearch',
  'contact.v3.user.batchGetId': 'userIds',
};

/** lark-cli 1.0.85: all of these are needed. */
const ofCuratedTools: [string, string[]][] = [
  ['im +messages-send', ['im:message.send_as_user', 'im:message']],
  ['im +messages-search', ['search:message', 'contact:user.basic_profile:readonly']],
  ['im +chat-list, +chat-search', ['im:chat:read']],
  [
    'im +chat-messages-list',
    ['im:message.group_msg:get_as_user', 'im:message.p2p_msg:get_as_user', 'contact:user.base:readonly'],
  ],
  ['calendar +agenda', ['calendar:calendar.event:read']],
  ['calendar +create', ['calendar:calendar.event:create', 'calendar:calendar.event:update']],
  ['calendar +freebusy, +room-find', ['calendar:calendar.free_busy:read']],
  ['docs +create', ['docx:document:create']],
  ['docs +fetch', ['docx:document:readonly']],
  ['docs +search, drive +search', ['search:docs:read']],
  ['docs +update', ['docx:document:write_only', 'docx:document:readonly']],
  ['base +base-get', ['base:app:read']],
  ['base +data-query', ['base:table:read']],
  ['base +record-batch-create', ['base:record:create']],
  ['base +record-search', ['base:record:read']],
  ['drive +upload', ['drive:file:upload', 'drive:drive.metadata:readonly']],
  ['drive +download', ['drive:file:download', 'drive:drive.metadata:readonly']],
  ['task +create, +complete', ['task:task:write']],
  ['task +get-my-tasks', ['task:task:read']],
  ['contact +search-user', ['contact:user:search']],
  ['contact +get-user', ['contact:user.basic_profile:readonly']],
  ['sheets +read', ['sheets:spreadsheet:read']],
  ['sheets +write', ['sheets:spreadsheet:write_only', 'sheets:spreadsheet:read']],
];

describe('the permissions asked of a new app and at a first sign-in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'larkgate-scopes-'));
  buildCatalog(folder);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('fit into one request with room to spare, offline_access first and each once', () => {
    expect(commonScopes[0]).toBe('offline_access');
    expect(commonScopes.length).toBeLessThanOrEqual(45);
    expect(new Set(commonScopes).size).toBe(commonScopes.length);
  });

  test('are all known to Feishu', () => {
    expect(commonScopes.filter((scope) => !known.has(scope))).toEqual([]);
  });

  test('take nothing away and reach into no mailbox', () => {
    expect(commonScopes.filter((scope) => /delete|^mail:|admin|:manage|transfer/.test(scope))).toEqual([]);
    expect(commonScopes).not.toEqual(expect.arrayContaining(['drive:drive']));
  });

  test('are enough for each tool of the default preset', () => {
    const catalog = new Catalog(folder, 'en');
    const preset = catalog.presets.get('preset.default') ?? [];
    catalog.close();
    expect(preset).toHaveLength(19);
    for (const name of preset) {
      const anyOf: readonly string[] = scopes[ofTools[name] ?? 'chatRead'];
      expect(ofTools, name).toHaveProperty([name]);
      expect(
        anyOf.some((scope) => commonScopes.includes(scope)),
        `${name} needs one of ${anyOf.join(', ')}`,
      ).toBe(true);
    }
  });

  test.each(ofCuratedTools)('are enough for %s', (_, all) => {
    expect(all.filter((scope) => !commonScopes.includes(scope))).toEqual([]);
  });
});
