import { expect, test } from 'vitest';
import { leastOf } from '../../../src-main/gateway/least-scope.ts';

test.each([
  [['im:chat', 'im:chat:readonly'], 'im:chat:readonly'],
  [['im:chat:read_write', 'im:chat:update', 'im:chat:read'], 'im:chat:read'],
  [['docx:document', 'docx:document:write_only'], 'docx:document:write_only'],
  [['sheets:spreadsheet', 'drive:drive'], 'sheets:spreadsheet'],
  [['wiki:wiki', 'wiki:node:retrieve', 'wiki:node:create'], 'wiki:node:retrieve'],
  [['contact:user:search'], 'contact:user:search'],
])('of %j, any of which would do, %s is asked for', (anyOf, least) => {
  expect(leastOf(anyOf, null)).toEqual([least]);
});

test.each([[undefined], ['im:chat'], [[]], [[7, null]]])('of %j nothing can be asked for', (anyOf) => {
  expect(leastOf(anyOf, null)).toEqual([]);
});

test('what the app has enabled goes before what allows less, where that is known', () => {
  const anyOf = ['im:chat', 'im:chat:readonly', 'im:chat:update'];
  expect(leastOf(anyOf, ['im:chat', 'im:chat:update'])).toEqual(['im:chat:update']);
  expect(leastOf(anyOf, ['im:message'])).toEqual(['im:chat:readonly']);
});
