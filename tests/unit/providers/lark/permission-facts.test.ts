import { describe, expect, test } from 'vitest';
import { acceptedScopes, scopeWords } from '../../../../src-main/providers/lark/permission-facts.ts';

const subjects = (...names: string[]) => names.map((subject) => ({ subject }));

describe('the permissions of which any one is enough', () => {
  test.each([
    [
      ['im:chat', 'im:chat:readonly', 'im:chat:read'],
      ['im:chat:readonly', 'im:chat:read', 'im:chat'],
    ],
    [
      ['drive:drive', 'drive:drive:readonly', 'space:document:retrieve'],
      ['space:document:retrieve', 'drive:drive:readonly', 'drive:drive'],
    ],
    [
      ['calendar:calendar', 'calendar:calendar:readonly', 'calendar:calendar.event:read'],
      ['calendar:calendar.event:read', 'calendar:calendar:readonly', 'calendar:calendar'],
    ],
    [
      ['im:message', 'im:message.send_as_user'],
      ['im:message.send_as_user', 'im:message'],
    ],
    [
      ['task:task:write', 'task:task:read'],
      ['task:task:read', 'task:task:write'],
    ],
  ])('of %j begin with the one that allows least', (given, ordered) => {
    expect(acceptedScopes(subjects(...given), '')).toEqual(ordered);
  });

  test('are read from the message where older services list them nowhere else', () => {
    const msg =
      'Access denied. One of the following scopes is required: [im:chat, im:chat:read].应用尚未开通所需的应用身份权限：[im:chat, im:chat:read]，点击链接申请：https://open.feishu.cn/app/cli_1/auth?q=im:chat';
    expect(acceptedScopes([], msg)).toEqual(['im:chat:read', 'im:chat']);
    expect(acceptedScopes(subjects('a:b'), msg)).toEqual(['a:b']);
  });

  test.each(['', 'no brackets', '[not a scope]', '[<script>:x]', `[${'x:y,'.repeat(5000)}]`])(
    'are none in the message %.40j',
    (msg) => {
      expect(acceptedScopes([], msg)).toEqual([]);
    },
  );
});

describe('what is said', () => {
  test('names each permission, that any one is enough, and what to do', () => {
    const words = scopeWords('scope', ['im:chat:read', 'im:chat']);
    expect(words?.en).toBe(
      'You have not granted a permission this needs: im:chat:read, im:chat (any one is enough). Open the link to grant it, then try again.',
    );
    expect(words?.zh).toMatch(/im:chat:read、im:chat（任一即可）。请/);
    expect(scopeWords('app_scope', ['im:chat:read'])?.en).toMatch(
      /: im:chat:read\. Enable it in the developer console/,
    );
  });

  test('stays short where Feishu lists very many', () => {
    const many = Array.from({ length: 40 }, (_, at) => `a:b${at}:read`);
    expect(scopeWords('scope', many)?.en.length).toBeLessThan(300);
  });
});
