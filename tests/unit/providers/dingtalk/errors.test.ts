import { beforeEach, describe, expect, test } from 'vitest';
import { useDingtalk } from './dingtalk-bench.ts';

const bench = useDingtalk();

const bodies = {
  AUTH_ERROR: { error: 'Authentication failed', code: 'AUTH_ERROR' },
  PERMISSION_DENIED: { error: 'Insufficient permissions', code: 'PERMISSION_DENIED' },
  NOT_FOUND: { error: 'Document not found', code: 'NOT_FOUND' },
  CONFLICT_ERROR: { error: 'Content conflict', code: 'CONFLICT_ERROR' },
  INVALID_PARAMS: { error: 'Invalid parameters', code: 'INVALID_PARAMS', details: expect.any(String) },
  DINGTALK_ERROR: { error: 'DingTalk API error', code: 'DINGTALK_ERROR', details: expect.any(String) },
};
type Code = keyof typeof bodies;
type Row = [
  what: string,
  answer: { status: number; body: unknown },
  codes: [create: Code, get: Code, update: Code, list: Code],
];

const no = (status: number, code: string) => ({ status, body: { code, requestid: 'REQ-7', message: '说明' } });
const everywhere = (code: Code): [Code, Code, Code, Code] => [code, code, code, code];
const place: [Code, Code, Code, Code] = ['INVALID_PARAMS', 'DINGTALK_ERROR', 'DINGTALK_ERROR', 'INVALID_PARAMS'];
const missing: [Code, Code, Code, Code] = ['INVALID_PARAMS', 'NOT_FOUND', 'NOT_FOUND', 'INVALID_PARAMS'];
const conflict: [Code, Code, Code, Code] = ['DINGTALK_ERROR', 'DINGTALK_ERROR', 'CONFLICT_ERROR', 'DINGTALK_ERROR'];
const other = everywhere('DINGTALK_ERROR');

/** What DingTalk answers, and what the client reads of it: the tables of the specification. */
const rows: Row[] = [
  ['400 InvalidAuthentication', no(400, 'InvalidAuthentication'), everywhere('AUTH_ERROR')],
  ['400 AuthenticationFailed.*', no(400, 'AuthenticationFailed.MissingParameter'), everywhere('AUTH_ERROR')],
  ['400 accesstoken.expired', no(400, 'accesstoken.expired'), everywhere('AUTH_ERROR')],
  ['400 invalidClientIdOrSecret', no(400, 'invalidClientIdOrSecret'), everywhere('AUTH_ERROR')],
  ['401', no(401, 'whatever'), everywhere('AUTH_ERROR')],
  ...[
    'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    'Forbidden.AccessDenied.IpNotInWhiteList',
    'forbidden.accessDenied',
    'forbidden.accessDenied.node',
    'forbidden.acrossOrg',
    'forbidden.user.notInOrg',
    'permissionDenied',
    'spaceNotAccessible',
    'workspaceNotAccessible',
    'orgAuthLevelNotEnough',
  ].map((code): Row => [`403 ${code}`, no(403, code), everywhere('PERMISSION_DENIED')]),
  ...[
    'docNotExist',
    'documentNotExist',
    'nodeNotExist',
    'dentryNotExist',
    'invalidRequest.resource.notFound',
    'invalidRequest.document.deleted',
  ].map((code): Row => [`404 ${code}`, no(404, code), missing]),
  ...[
    'parentNodeNotExist',
    'workspaceNotExist',
    'invalidRequest.workspaceNode.parentNotFound',
    'invalidRequest.workspace.deleted',
    'invalidRequest.workspaceNode.nameConflict',
  ].map((code): Row => [`404 ${code}`, no(404, code), place]),
  ['400 paramError', no(400, 'paramError'), place],
  ['400 paramErrorMissing', no(400, 'paramErrorMissing'), place],
  ['400 invalidRequest.inputArgs.*', no(400, 'invalidRequest.inputArgs.invalid'), place],
  ['400 Missing*', no(400, 'MissingoperatorId'), place],
  ['409', no(409, 'whatever'), conflict],
  ['400 operationConcurrentControl', no(400, 'operationConcurrentControl'), conflict],
  ['400 concurrentError', no(400, 'concurrentError'), conflict],
  ['400 a code with conflict in it', no(400, 'document.versionConflict'), conflict],
  ['403 Qps per app', no(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'), other],
  ['403 Qpm per app', no(403, 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi'), other],
  ['403 Qps of all', no(403, 'Forbidden.AccessDenied.QpsLimitForApi'), other],
  ['403 the month is used up', no(403, 'Forbidden.AccessDenied.ApiCountLimitForOrg'), other],
  ['429', no(429, 'system.busy'), other],
  ['500', no(500, 'systemError'), other],
  ['503', no(503, 'operationTimeout'), other],
  ['404 InvalidAction.NotFound', no(404, 'InvalidAction.NotFound'), other],
  ['200 with success: false', { status: 200, body: { success: false, requestid: 'REQ-7' } }, other],
  ['200 with an errcode', { status: 200, body: { errcode: 404, errmsg: 'x' } }, other],
  ['200 that is no JSON', { status: 200, body: undefined }, other],
  ['200 punish: deny', { status: 200, body: { status: 1111, wait: 5, source: 'x5', punish: 'deny' } }, other],
  ['403 with a code nobody knows', no(403, 'brandNewCode'), other],
];

let spaceId: string;
let documentId: string;
beforeEach(() => {
  const { space, documents } = bench.space('文档');
  bench.dingtalk.world.addSpace('我的文档', 'PERSONAL');
  spaceId = space.workspaceId;
  documentId = documents[0]?.dentryUuid ?? '';
});

/** A call of each tool, and the requests that are answered in another way. */
const calls = () =>
  [
    ['create_doc', { title: 'a', space_id: spaceId }, '/v1.0/doc/workspaces/*'],
    ['get_doc', { document_id: documentId }, '/v1.0/doc/suites/*'],
    ['update_doc', { document_id: documentId, content: 'x' }, '/v1.0/doc/suites/*'],
    ['list_docs', { space_id: spaceId }, '/v2.0/wiki/*'],
  ] as const;

describe.each(rows)('DingTalk answering %s', (_what, { status, body }, codes) => {
  test.each([0, 1, 2, 3])('is told in the words of the specification by tool %i', async (index) => {
    const [tool, input, path] = calls()[index] ?? [];
    const text = body === undefined ? 'not json' : JSON.stringify(body);
    bench.api.faults.add({ path: path ?? '', status, body: text, times: 100 });
    const told = await bench.call(tool ?? '', input);
    expect(told.isError).toBe(true);
    expect(told.body).toEqual(bodies[codes[index] ?? 'AUTH_ERROR']);
    expect(told.said.at(-1)).not.toBe('');
  });
});

test("DingTalk's code and request id are in the details, and its text without control characters", async () => {
  bench.api.faults.add({
    path: '/v2.0/wiki/*',
    status: 400,
    body: JSON.stringify({ code: 'brandNewCode', requestid: 'REQ-42', message: `line\u0007\n${'x'.repeat(2000)}` }),
  });
  const { body } = await bench.call('list_docs', { space_id: spaceId });
  expect(body.details).toContain('[brandNewCode, HTTP 400, requestid REQ-42] line');
  expect(body.details).not.toMatch(/\p{Cc}/u);
  expect(body.details.length).toBeLessThan(600);
});

describe('wrong arguments', () => {
  test.each([
    ['create_doc', {}, 'title'],
    ['create_doc', { title: '   ' }, 'title'],
    ['create_doc', { title: 'x'.repeat(201) }, 'title'],
    ['create_doc', { title: 'a\u0000b' }, 'title'],
    ['create_doc', { title: 'a', space_id: '../..' }, 'space_id'],
    ['create_doc', { title: 'a', colour: 'red' }, 'colour'],
    ['list_docs', { page: 0 }, 'page'],
    ['list_docs', { page_size: 101 }, 'page_size'],
    ['list_docs', { page_size: 'many' }, 'page_size'],
    ['list_docs', { sort_by: 'size' }, 'sort_by'],
    ['list_docs', { sort_order: 'up' }, 'sort_order'],
    ['list_docs', { folder_id: 'a/b' }, 'folder_id'],
  ])('of %s (%j) are told with the field, and nothing is sent', async (tool, input, field) => {
    const { isError, body } = await bench.call(tool, input);
    expect(isError).toBe(true);
    expect(body).toEqual({
      error: 'Invalid parameters',
      code: 'INVALID_PARAMS',
      details: expect.stringContaining(field),
    });
    expect(bench.api.count('/v*')).toBe(bench.api.count('/v1.0/oauth2/*'));
  });

  test.each([
    ['get_doc', {}],
    ['get_doc', { document_id: 'abc', format: 'pdf' }],
    ['update_doc', { document_id: 'abc' }],
    ['update_doc', { document_id: 'abc', content: 'x', mode: 'prepend' }],
  ])('of %s (%j) never reach the tool, for its table has no word for them', async (tool, input) => {
    await expect(bench.call(tool, input)).rejects.toMatchObject({ code: 'invalid_arguments' });
  });

  test('are explained in the language of the tools, without their values', async () => {
    bench.start({}, { language: 'zh' });
    const { body } = await bench.call('list_docs', { sort_by: 'CANARY-value' });
    expect(body.details).toContain('无效');
    expect(JSON.stringify(body)).not.toContain('CANARY');
  });
});
